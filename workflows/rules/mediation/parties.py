"""Who takes part, and whether they want to: nobody is made to mediate (自愿) [人民调解法 3, 17, 23]."""

from collections.abc import Iterable

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.policy import ChannelRow
from workflows.contracts.mediation.vocabulary import Channel, TrackStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import meet, start, stop
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import end
from workflows.rules.mediation.guards import acting, known_party, require_nothing_agreed
from workflows.rules.mediation.steps import ask_consent

_MOST_PARTIES = 50


def add_party(d: Hearing, command: c.AddParty) -> None:
    """One more party; it is asked for its consent to every channel that has begun.

    Raises:
        RuleViolation: `agreement_reached`, `signed_already`, `party_number_taken`, `too_many_parties`,
            `mediator_is_party`, `suspect_not_represented`, `not_represented_here`, `too_many_representatives`.
    """
    require_nothing_agreed(d)
    party = command.party
    if d.state.agreement is not None and d.state.agreement.marks:
        raise RuleViolation("signed_already", "a text that somebody signed is not changed")
    if party.party_no in d.state.parties:
        raise RuleViolation("party_number_taken", "the mediation has a party of that number; try again")
    if len(d.state.parties) >= _MOST_PARTIES:
        raise RuleViolation("too_many_parties", "let groups take part as one party with representatives")
    _require_no_mediator(d, {party.person_id, party.guardian, *party.representatives})
    _require_allowed_representatives(d, party)
    d.record(e.PartyAdded(party=party))
    for track in d.state.running_tracks:
        if not track.fact_finding:
            ask_consent(d, track, party.party_no)


def change_party(d: Hearing, command: c.ChangeParty) -> None:
    """Who acts for the party from now on.

    Raises:
        RuleViolation: `unknown_party`, `mediator_is_party`, `suspect_not_represented`, `not_represented_here`,
            `too_many_representatives`.
    """
    party = known_party(d.state, command.party_no)
    _require_no_mediator(d, {command.guardian, *command.representatives})
    _require_allowed_representatives(d, party.model_copy(update={"representatives": command.representatives}))
    changed = e.PartyChanged(
        party_no=party.party_no, guardian=command.guardian, representatives=command.representatives
    )
    d.record(changed)


def consent(d: Hearing, command: c.Consent) -> None:
    """The party's answer about this channel. With the last yes the host may take it up; one no ends the mediation.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `unknown_party`, `guardian_missing`, `consent_not_asked`,
            `suspect_not_represented`, `not_represented_here`, `too_many_representatives`.
    """
    track = d.track(command.track)
    party = acting(d.state, command.party_no) if command.agreed else known_party(d.state, command.party_no)
    tag = f"{track.tag}{party.party_no}"
    if track.fact_finding or party.party_no in track.consents:
        raise RuleViolation("consent_not_asked", "nobody waits for this party's answer")
    if not command.agreed:
        meet(d, ClockName.CONSENT, tag)
        d.record(e.ConsentRefused(track=track.number, party_no=party.party_no, note=command.note))
        end(d, e.MediationRefused(party_no=party.party_no))
        return
    _require_allowed_representatives(d, party, [d.state.row(track.form)])
    d.record(e.ConsentGiven(track=track.number, party_no=party.party_no, note=command.note))
    meet(d, ClockName.CONSENT, tag)
    if track.status is TrackStatus.CONSENT_ASKED and all_consent(d, track.number):
        d.record(e.TrackConsented(track=track.number))
        start(d, ClockName.TAKE_UP, event="consented", about=track.tag)


def all_consent(d: Hearing, number: int) -> bool:
    """Whether every party agreed to that channel."""
    return set(d.state.parties) <= set(d.state.tracks[number].consents)


def leave(d: Hearing, command: c.LeaveMediation) -> None:
    """A party will not go on: the mediation ends, its legal ways stay open. After its signature it is bound.

    Raises:
        RuleViolation: `unknown_party`, `agreement_reached`, `signed_already`.
    """
    require_nothing_agreed(d)
    party = known_party(d.state, command.party_no)
    marks = d.state.agreement.marks if d.state.agreement is not None else ()
    if any(mark.party_no == party.party_no for mark in marks):
        raise RuleViolation("signed_already", "a party that signed is bound by its signature")
    d.record(e.PartyLeft(party_no=party.party_no, reason=command.reason))
    end(d, e.MediationRefused(party_no=party.party_no, left=True))


def lapse(d: Hearing, tag: str) -> None:
    """No answer in time is no consent."""
    number, _, party = tag.removeprefix("K").partition("P")
    stop(d, ClockName.CONSENT, tag)
    d.record(e.ConsentRefused(track=int(number), party_no=f"P{party}", lapsed=True))
    end(d, e.MediationRefused(party_no=f"P{party}"))


def _require_no_mediator(d: Hearing, people: set[str | None]) -> None:
    neutral = {who for track in d.state.tracks.values() if track.is_open for who in track.mediators}
    if people & (neutral | set(d.state.interpreters.values())):
        raise RuleViolation("mediator_is_party", "whoever mediates or interprets takes part for no side")


def _require_allowed_representatives(d: Hearing, party: Party, rows: Iterable[ChannelRow] = ()) -> None:
    """How far a channel lets others speak for a party; of the channels that have begun unless rows are given.

    A suspect of a minor violation speaks for itself [公安机关办理行政案件程序规定 181]; in medical talks a side has
    five representatives at most [医疗纠纷预防和处理条例 30].
    """
    asked = list(rows) or [d.state.row(track.form) for track in d.state.running_tracks]
    for row in asked:
        if party.representatives and party.suspect and row.channel is Channel.POLICE:
            raise RuleViolation("suspect_not_represented", "a suspect may not be represented before the police")
        if party.representatives and not row.represented:
            raise RuleViolation("not_represented_here", "in this channel parties come in person")
        same_side = [other for other in d.state.parties.values() if other.side is party.side]
        others = [other for other in same_side if other.party_no != party.party_no]
        count = len(party.representatives) + sum(len(other.representatives) for other in others)
        if row.most_representatives is not None and count > row.most_representatives:
            raise RuleViolation("too_many_representatives", f"a side has {row.most_representatives} at most")
