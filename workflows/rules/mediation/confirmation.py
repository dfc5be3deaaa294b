"""Judicial confirmation (司法确认): jointly, within thirty days of effect, and never for what no court confirms."""

from workflows.contracts.effect_events import EffectRequested
from workflows.contracts.effects import AskOutside
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    Channel,
    ConfirmationStatus,
    Outside,
    OutsideAsk,
)
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import meet, running, start
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.fulfilment import settle_if_done
from workflows.rules.mediation.guards import effective_agreement


def why_not_confirmable(state: MediationState) -> tuple[str, str] | None:
    """The first reason for which no court would be asked, as its code and a sentence; None if it can be asked.

    Source: 人民调解法 33, 民诉法 205, 民诉法解释 355 and 358.
    """
    agreement = state.agreement
    if agreement is None or agreement.effective_at is None:
        return "agreement_not_effective", "no agreement binds the parties yet"
    confirmable = not agreement.elsewhere and state.row(state.tracks[agreement.track].form).confirmable
    reasons = (
        (not confirmable, "not_confirmable", "agreements of this channel are not confirmed by a court"),
        (agreement.form is AgreementForm.ORAL, "oral_not_confirmable", "only a written agreement can be confirmed"),
        (
            bool(agreement.clauses),
            "clause_not_confirmable",
            f"it says what no court confirms: {', '.join(agreement.clauses)}",
        ),
        (state.confirmation is not None, "confirmation_asked_already", "a court has been asked"),
        (
            not running(state, ClockName.CONFIRMATION),
            "confirmation_period_over",
            "thirty days after the agreement took effect are over",
        ),
    )
    return next(((code, message) for applies, code, message in reasons if applies), None)


def apply_confirmation(d: Hearing, command: c.ApplyConfirmation) -> None:
    """All parties ask the court; whoever mediated at a court's invitation asks that court.

    Raises:
        RuleViolation: `agreement_not_effective`, `not_confirmable`, `oral_not_confirmable`, `clause_not_confirmable`,
            `confirmation_asked_already`, `confirmation_period_over`, `not_jointly`, `wrong_court`.
    """
    agreement = effective_agreement(d)
    refusal = why_not_confirmable(d.state)
    if refusal is not None:
        raise RuleViolation(*refusal)
    if not set(d.state.parties) <= set(command.parties):
        raise RuleViolation("not_jointly", "all parties ask for it together")
    track = d.state.tracks[agreement.track]
    if d.state.row(track.form).channel is Channel.COURT and command.court != track.host.unit_id:
        raise RuleViolation("wrong_court", "the court that invited the mediator confirms it")
    d.record(e.ConfirmationApplied(court=command.court, parties=command.parties))
    meet(d, ClockName.CONFIRMATION)
    start(d, ClockName.COURT_DECISION, event="applied")
    ask(d, Outside.COURT, OutsideAsk.CONFIRMATION, command.court)


def ask(d: Hearing, system: Outside, what: OutsideAsk, unit_id: str) -> None:
    """The other authority's system is asked, at once."""
    effect = AskOutside(
        id=f"{d.state.mediation_no}-E{d.state.seq + 1}",
        mediation_no=d.state.mediation_no,
        system=system,
        ask=what,
        unit_id=unit_id,
    )
    d.record(EffectRequested(effect=effect))


def answer(d: Hearing, command: c.RecordOutside) -> None:
    """The court has it, or has decided. Refused, the promises are owed all the same.

    Raises:
        RuleViolation: `agreement_not_effective`, `nothing_asked`, `answered_already`, `nothing_to_record`.
    """
    effective_agreement(d)
    if d.state.confirmation is None or command.system is not Outside.COURT:
        raise RuleViolation("nothing_asked", "no court was asked to confirm the agreement")
    if d.state.confirmation in {ConfirmationStatus.CONFIRMED, ConfirmationStatus.REFUSED}:
        raise RuleViolation("answered_already", "the court's decision is on record")
    if command.confirmed is None and command.number is None:
        raise RuleViolation("nothing_to_record", "give the number under which the court has it, or its decision")
    status = ConfirmationStatus.ACCEPTED
    if command.confirmed is not None:
        status = ConfirmationStatus.CONFIRMED if command.confirmed else ConfirmationStatus.REFUSED
    d.record(e.ConfirmationAnswered(status=status, number=command.number, reason=command.outcome))
    meet(d, ClockName.COURT_DECISION)
    if command.confirmed is None:
        start(d, ClockName.COURT_DECISION, event="court_accepted")
    else:
        settle_if_done(d)
