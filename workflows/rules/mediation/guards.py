"""What several rules of a mediation ask before they allow anything."""

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.state import Agreement, MediationState, Track
from workflows.contracts.mediation.vocabulary import Capacity, TrackStatus
from workflows.rules.mediation.decision import Hearing


def require_nothing_agreed(d: Hearing) -> None:
    """No agreement binds yet.

    Raises:
        RuleViolation: `agreement_reached`.
    """
    if d.state.agreement is not None and d.state.agreement.effective_at is not None:
        raise RuleViolation("agreement_reached", "an agreement binds the parties already")


def track_at_work(d: Hearing, number: int | None) -> Track:
    """The track on which people talk.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `not_under_way`, `referral_only`.
    """
    track = d.track(number)
    if d.state.row(track.form).referral_only:
        raise RuleViolation("referral_only", "this is talked out elsewhere: only referral and outcome are kept here")
    if track.status is not TrackStatus.UNDER_WAY:
        raise RuleViolation("not_under_way", "the host has not taken it up yet")
    return track


def known_party(state: MediationState, party_no: str) -> Party:
    """The party of that number.

    Raises:
        RuleViolation: `unknown_party`.
    """
    party = state.parties.get(party_no)
    if party is None:
        raise RuleViolation("unknown_party", "the mediation has no such party")
    return party


def acting(state: MediationState, party_no: str) -> Party:
    """The party of that number, able to act: by itself or by its guardian [民法典 19–23].

    Raises:
        RuleViolation: `unknown_party`, `guardian_missing`.
    """
    party = known_party(state, party_no)
    if party.capacity is not Capacity.FULL and party.guardian is None:
        raise RuleViolation("guardian_missing", "a party without full capacity acts through a guardian: name one")
    return party


def require_acceptable(state: MediationState, person: str) -> None:
    """That person may mediate or interpret: for no side, and nobody objected to.

    Raises:
        RuleViolation: `mediator_objected_to`, `mediator_is_party`.
    """
    if any(person in track.rejected for track in state.tracks.values()):
        raise RuleViolation("mediator_objected_to", "a party objected to that person")
    require_outsider(state, person)


def require_outsider(state: MediationState, person: str) -> None:
    """That person takes part for no side.

    Raises:
        RuleViolation: `mediator_is_party`.
    """
    if any(person in {party.person_id, party.guardian, *party.representatives} for party in state.parties.values()):
        raise RuleViolation("mediator_is_party", "whoever takes part for a side neither mediates nor interprets")


def effective_agreement(d: Hearing) -> Agreement:
    """The agreement that binds.

    Raises:
        RuleViolation: `agreement_not_effective`.
    """
    agreement = d.state.agreement
    if agreement is None or agreement.effective_at is None:
        raise RuleViolation("agreement_not_effective", "no agreement binds the parties yet")
    return agreement
