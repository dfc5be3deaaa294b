"""What a case does about its mediations: it opens and follows them, and goes on whatever becomes of them."""

from datetime import date

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import StartMediation
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import mediation_no
from workflows.contracts.mediation.opening import MediationOpening, Opening
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS, MediationStatus, Remedy, Side
from workflows.contracts.policy import USUAL_LIMITS
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName, LegalRoute
from workflows.rules.calendar import ONE_DAY, local_date
from workflows.rules.clock_starts import running, start_again, start_dated_clock
from workflows.rules.clocks import meet, resume_what_was_promised, stop_clocks
from workflows.rules.decision import Decision
from workflows.rules.finishing import finish_case
from workflows.rules.guards import require_status, take_on
from workflows.rules.ladder import escalate
from workflows.rules.leaving import go_the_legal_way
from workflows.rules.limitations import interrupt, run_again

_LEGAL_WAYS = {
    Remedy.COURT: LegalRoute.COURT,
    Remedy.ENFORCEMENT: LegalRoute.COURT,
    Remedy.PAYMENT_ORDER: LegalRoute.COURT,
    Remedy.TRIAL: LegalRoute.COURT,
    Remedy.ADMINISTRATIVE_SUIT: LegalRoute.COURT,
    Remedy.ARBITRATION: LegalRoute.ARBITRATION,
    Remedy.RECONSIDERATION: LegalRoute.RECONSIDERATION,
    Remedy.RULING: LegalRoute.AUTHORITY,
    Remedy.REVIEW: LegalRoute.AUTHORITY,
    Remedy.POLICE_DECISION: LegalRoute.AUTHORITY,
    Remedy.PROSECUTION_DECISION: LegalRoute.AUTHORITY,
}
"""Which way the case itself takes when its mediation ends with that remedy."""
_WITHOUT_RESULT = MEDIATION_ENDS - {MediationStatus.FULFILLED}


def open_mediation(d: Decision, command: c.OpenMediation) -> None:
    """A dispute is talked out instead of, or beside, the work of units; one mediation at a time.

    Raises:
        RuleViolation: `not_a_dispute`, `case_not_at_work`, `whistle_already_asked`, `mediation_running`,
            `mediation_is_locked`, `two_sides_needed`, `party_number_taken`.
    """
    if d.state.kind is not CaseKind.DISPUTE:
        raise RuleViolation("not_a_dispute", "only a dispute is mediated; register one if there is one in this matter")
    if d.state.running_mediation is not None:
        raise RuleViolation("mediation_running", "one mediation at a time: add a channel to its plan")
    if d.state.status is CaseStatus.REGISTERED:
        take_on(d)
    require_status(d, CaseStatus.ACCEPTED, CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, code="case_not_at_work")
    if d.state.whistle_asked_by is not None:
        raise RuleViolation("whistle_already_asked", "decide first whether units are called in")
    if d.state.danger is not None:
        raise RuleViolation("mediation_is_locked", "there is danger: nothing is talked about until it is lifted")
    numbers = [party.party_no for party in command.parties]
    if len(set(numbers)) < len(numbers):
        raise RuleViolation("party_number_taken", "every party has a number of its own")
    if not {Side.APPLICANT, Side.RESPONDENT} <= {party.side for party in command.parties}:
        raise RuleViolation("two_sides_needed", "name a party on either side")
    number = mediation_no(d.state.case_no, len(d.state.mediations) + 1)
    opening = Opening(
        mediation_no=number,
        case_no=d.state.case_no,
        dispute=command.dispute,
        parties=command.parties,
        region_code=d.state.region_code,
        level=d.state.level,
        centres=d.state.centres,
        policy=command.policy,
        calendar=d.state.calendar,
        rules_version=d.state.rules_version,
        risk=d.state.risk,
    )
    d.record(e.MediationBegun(mediation_no=number))
    effect = StartMediation(
        id=f"{d.state.case_no}-E{d.state.seq + 1}",
        mediation_no=number,
        opening=MediationOpening(at=d.at, actor=command.actor, opening=opening),
    )
    d.record(e.EffectRequested(effect=effect))
    if not d.state.open_tasks:
        # Else a lead unit is missing, and the centre still owes that.
        meet(d, ClockName.DISPATCH)
    # Until it has said for itself when its next step is owed, which it does at once.
    _watch(d, None)


def follow_mediation(d: Decision, command: c.FollowMediation) -> None:
    """Where the mediation stands: its next date is the case's, and its end decides how the case goes on.

    Tellings may overtake each other; an older one changes nothing, nor does any after the end.
    """
    known = d.state.mediations.get(command.mediation_no)
    if known is None or command.seq <= known.seq or known.status in MEDIATION_ENDS:
        return
    at_work = d.state.is_talked_out
    d.record(
        e.MediationFollowed(
            mediation_no=command.mediation_no,
            mediation_seq=command.seq,
            status=command.status,
            owner_role=command.owner_role,
            owner_unit=command.owner_unit,
            due=command.due,
            applied=command.applied,
            remedy=command.remedy,
        )
    )
    if command.applied and not known.applied:
        interrupt(d)
    if command.status in _WITHOUT_RESULT:
        # The periods of the parties outlive the case.
        run_again(d)
    if not at_work:
        return
    if command.status is MediationStatus.AGREED and known.status is not MediationStatus.AGREED:
        meet(d, ClockName.CITIZEN)
    if command.status in MEDIATION_ENDS:
        _conclude(d, command, agreed=known.status is MediationStatus.AGREED)
    elif (command.status, command.due) != (known.status, known.due):
        _watch(d, command.due)


def _watch(d: Decision, due: date | None) -> None:
    """The case keeps the date until which the mediation's next step is owed; missed, it climbs the ladder."""
    meet(d, ClockName.MEDIATION)
    tomorrow = local_date(d.at) + ONE_DAY
    through = max(due or tomorrow, tomorrow)
    start_dated_clock(
        d, ClockName.MEDIATION, through, event="mediation", source=USUAL_LIMITS[ClockName.MEDIATION].source
    )


def _conclude(d: Decision, command: c.FollowMediation, *, agreed: bool) -> None:
    """Fulfilled, the matter is resolved; else it goes the legal way, a level up, or back to the centre."""
    meet(d, ClockName.MEDIATION)
    if command.status is MediationStatus.FULFILLED:
        if not d.state.open_tasks:
            # A unit that was rid of its task meanwhile needs no successor any more.
            stop_clocks(d, ClockName.DISPATCH)
            finish_case(d)
        return
    route = _LEGAL_WAYS.get(command.remedy) if command.remedy is not None else None
    if route is not None:
        go_the_legal_way(d, route)
        return
    above = d.state.level_above(d.state.level)
    if command.remedy is Remedy.LEVEL_UP and above is not None:
        escalate(d, above, at=d.at)
    if agreed:
        # What was agreed does not stand, and what it had met runs on.
        resume_what_was_promised(d)
    _back_to_work(d)


def _back_to_work(d: Decision) -> None:
    """The centre has the matter again, or the units that are at it."""
    if d.state.open_tasks:
        return
    if d.state.lead_task is not None:
        finish_case(d)
    elif not running(d.state, ClockName.DISPATCH):
        start_again(d, ClockName.DISPATCH, event="mediation_ended")


def lost(d: Decision, number: str, code: str) -> None:
    """The process of a mediation ended without a result: an operator is needed, the case goes on with its clocks."""
    known = d.state.mediations.get(number)
    going_on = known is not None and known.status not in MEDIATION_ENDS and not known.lost
    if going_on and not d.state.is_archived:
        d.record(e.MediationLost(mediation_no=number, code=code))


def rebuild_mediation(d: Decision, command: c.RebuildMediation) -> None:
    """A mediation that was lost begins again where its records end; one whose process runs is left alone by that.

    Raises:
        RuleViolation: `unknown_mediation`, `mediation_has_ended`.
    """
    known = d.state.mediations.get(command.mediation_no)
    if known is None:
        raise RuleViolation("unknown_mediation", "the case has no such mediation")
    if known.status in MEDIATION_ENDS:
        raise RuleViolation("mediation_has_ended", "it has ended with a result: there is nothing to begin again")
    d.record(e.MediationRebuilt(mediation_no=command.mediation_no, reason=command.reason))
    effect = StartMediation(id=f"{d.state.case_no}-E{d.state.seq + 1}", mediation_no=command.mediation_no)
    d.record(e.EffectRequested(effect=effect))
