"""The agreement (调解协议): drawn up, signed as its channel asks, and in force."""

from collections.abc import Sequence

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Agreement, MediationState
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    DisputeType,
    FulfilmentStatus,
    Paper,
    SessionStatus,
    SignatureMeans,
    SignedBy,
)
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import local_date
from workflows.rules.mediation.clocks import meet, start, start_promise, stop, stop_all
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import drop
from workflows.rules.mediation.fulfilment import LONGEST_PROMISE, settle_if_done
from workflows.rules.mediation.guards import acting, known_party, require_nothing_agreed, track_at_work
from workflows.rules.mediation.parties import all_consent

_OF_EACH_PARTY = (SignedBy.PARTIES, SignedBy.RECEIPT)
_NO_CLICK = frozenset({DisputeType.FAMILY, DisputeType.INHERITANCE})
_ON_PAPER = frozenset({SignatureMeans.WET_INK, SignatureMeans.FINGERPRINT, SignatureMeans.SEAL})


def draft_agreement(d: Hearing, command: c.DraftAgreement) -> None:
    """What the parties agreed on is drawn up; agreed by word of mouth, it binds at once [人民调解法 28, 30].

    People's mediation is free [4]; only a licensed commercial body may charge.

    Raises:
        RuleViolation: `agreement_reached`, `unknown_track`, `track_ended`, `not_under_way`, `referral_only`,
            `fact_finding_only`, `consent_missing`, `signed_already`, `oral_not_allowed`, `no_fee_allowed`,
            `unknown_party`, `guardian_missing`, `promise_to_oneself`, `date_not_ahead`, `date_too_far`.
    """
    require_nothing_agreed(d)
    track = track_at_work(d, command.track)
    row = d.state.row(track.form)
    if track.fact_finding:
        raise RuleViolation("fact_finding_only", "this track finds facts; the agreement belongs to the other one")
    if not all_consent(d, track.number):
        raise RuleViolation("consent_missing", "a party that was drawn in has not agreed to this channel yet")
    if d.state.agreement is not None and d.state.agreement.marks:
        raise RuleViolation("signed_already", "a text that somebody signed is not changed")
    if command.form is AgreementForm.ORAL and not row.oral:
        raise RuleViolation("oral_not_allowed", "in this channel agreements are made in writing")
    if command.fee and not row.fee:
        raise RuleViolation("no_fee_allowed", "mediation in this channel is free of charge")
    for party_no in d.state.parties:
        acting(d.state, party_no)
    _require_sound(d, command.promises)
    d.record(
        e.AgreementDrafted(
            track=track.number,
            form=command.form,
            terms=command.terms,
            promises=command.promises,
            clauses=command.clauses,
            fee=command.fee,
        )
    )
    if command.form is AgreementForm.ORAL:
        take_effect(d, track.number)
        return
    stop(d, ClockName.SIGNATURE)
    start(d, ClockName.SIGNATURE, event="drafted")


def _require_sound(d: Hearing, promises: Sequence[c.Promise]) -> None:
    today = local_date(d.at)
    for promise in promises:
        for party_no in (promise.promisor, promise.to):
            known_party(d.state, party_no)
        if promise.promisor == promise.to:
            raise RuleViolation("promise_to_oneself", "a promise is made to somebody else")
        if promise.due is not None and promise.due - today > LONGEST_PROMISE:
            raise RuleViolation("date_too_far", "a promise lies thirty years ahead at most")
        if promise.due is not None and promise.due <= today:
            raise RuleViolation(
                "date_not_ahead", "a promise is due on a later day; leave it out if it was done at once"
            )


def sign(d: Hearing, command: c.Sign) -> None:
    """A mark is put on the written agreement; with the last one that the channel asks for it binds.

    Source: 人民调解法 29; a click is no signature in matters of family and inheritance [电子签名法 3]; on paper by
    default, with its scan.

    Raises:
        RuleViolation: `agreement_reached`, `nothing_to_sign`, `mark_not_needed`, `unknown_party`, `guardian_missing`,
            `party_missing`, `mediator_missing`, `signed_already`, `click_is_no_signature`, `scan_missing`,
            `not_signed_yet`.
    """
    require_nothing_agreed(d)
    agreement = d.state.agreement
    if agreement is None:
        raise RuleViolation("nothing_to_sign", "draw up the agreement first")
    needs = d.state.row(d.state.tracks[agreement.track].form).needs
    if command.by not in needs:
        raise RuleViolation("mark_not_needed", f"in this channel an agreement needs: {', '.join(needs)}")
    party_no = _who(d, command)
    if command.by is SignedBy.MEDIATOR and not d.state.tracks[agreement.track].mediators:
        raise RuleViolation("mediator_missing", "name the mediator that signs")
    if any((mark.by, mark.party_no) == (command.by, party_no) for mark in agreement.marks):
        raise RuleViolation("signed_already", "that mark is on the agreement")
    if command.means is SignatureMeans.ELECTRONIC and d.state.dispute.type in _NO_CLICK:
        raise RuleViolation("click_is_no_signature", "in family and inheritance matters it is signed by hand")
    if command.means in _ON_PAPER and command.scan is None:
        raise RuleViolation("scan_missing", "name the scan of what was signed on paper")
    before = [need for need in needs if need is not SignedBy.RECEIPT]
    if command.by is SignedBy.RECEIPT and not has_all(d.state, agreement, before):
        raise RuleViolation("not_signed_yet", "what is received has to be signed before")
    d.record(e.AgreementSigned(by=command.by, party_no=party_no, means=command.means, scan=command.scan))
    if d.state.agreement is not None and has_all(d.state, d.state.agreement, needs):
        take_effect(d, agreement.track)


def _who(d: Hearing, command: c.Sign) -> str | None:
    if command.by not in _OF_EACH_PARTY:
        return None
    if command.party_no is None:
        raise RuleViolation("party_missing", "name the party that signs")
    return acting(d.state, command.party_no).party_no


def has_all(state: MediationState, agreement: Agreement, needs: Sequence[SignedBy]) -> bool:
    """Whether all those marks are on the agreement: of the parties, every one's."""
    marks = {(mark.by, mark.party_no) for mark in agreement.marks}
    wanted = {(need, who) for need in needs for who in (state.parties if need in _OF_EACH_PARTY else (None,))}
    return wanted <= marks


def take_effect(d: Hearing, number: int) -> None:
    """The agreement binds: other tracks end, its promises and the time for its confirmation run."""
    for track in [known for known in d.state.tracks.values() if known.is_open and known.number != number]:
        drop(d, track)
    for session in d.state.sessions.values():
        if session.status is SessionStatus.SCHEDULED:
            d.record(e.SessionCalledOff(session_no=session.session_no, adjourned=False))
            stop_all(d, about=session.session_no)
    d.record(e.AgreementEffective(track=number))
    d.issue(Paper.AGREEMENT, track=number)
    meet(d, ClockName.SIGNATURE)
    meet(d, ClockName.MEDIATION, d.state.tracks[number].tag)
    stop_all(d)
    agreement = d.state.agreement
    if agreement is None:
        return
    if d.state.row(d.state.tracks[number].form).confirmable and agreement.form is AgreementForm.WRITTEN:
        start(d, ClockName.CONFIRMATION, event="agreed")
    for item in agreement.items.values():
        if item.status is FulfilmentStatus.OPEN:
            start_promise(d, item, event="agreed")
    settle_if_done(d)
