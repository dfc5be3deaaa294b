"""Folds events into the state of a case. Applies what was decided and decides nothing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import EffectState, EffectStatus
from workflows.contracts.events import Recorded
from workflows.contracts.state import CaseState, ExtensionRequest, Suspension, TaskState
from workflows.contracts.vocabulary import (
    END_STATUSES,
    CallbackOutcome,
    CaseStatus,
    ClockName,
    Role,
    Rung,
    Solved,
    TaskStatus,
)
from workflows.rules.calendar import local_date
from workflows.rules.evolve_links import ENDED, between, linked
from workflows.rules.evolve_risk import at_risk

_RECENT_COMMANDS = 64


def fold(recorded: Iterable[Recorded]) -> CaseState:
    """The state that a case's whole list of events leads to.

    Raises:
        ValueError: if the list is empty or does not begin with the registration.
    """
    state: CaseState | None = None
    for record in recorded:
        state = evolve(state, record)
    if state is None:
        raise ValueError("a case begins with an event")
    return state


def evolve(state: CaseState | None, record: Recorded) -> CaseState:
    """The state after one more event.

    Raises:
        ValueError: if the event is not the next one of this case.
    """
    if isinstance(record.event, e.CaseRegistered):
        return _registered(record, record.event)
    if state is None or record.seq != state.seq + 1:
        raise ValueError(f"event {record.seq} does not follow {state.seq if state else 0}")
    changes = _changes(state, record)
    changes["seq"] = record.seq
    if record.command_id is not None:
        changes["recent"] = remembered(state.recent, record.command_id, record.seq)
        # Steps of different units may be applied in another order than they were received in.
        changes["last_at"] = max(state.last_at, record.at)
    return state.model_copy(update=changes)


def _registered(record: Recorded, event: e.CaseRegistered) -> CaseState:
    return CaseState(
        case_no=event.case_no,
        intake_id=event.intake_id,
        kind=event.case_kind,
        source=event.source,
        urgency=event.urgency,
        category=event.category,
        region_code=event.region_code,
        level=event.level,
        origin_level=event.level,
        centres=event.centres,
        policy=event.policy,
        calendar=event.calendar,
        rules_version=event.rules_version,
        subjects=event.subjects,
        headcount=event.headcount,
        pending_procedure=event.pending_procedure,
        regions=event.regions,
        host_level=event.host_level,
        alone_since=event.divided_at,
        registered_at=record.at,
        last_at=record.at,
        seq=record.seq,
    )


def remembered(recent: dict[str, int], command_id: str, seq: int) -> dict[str, int]:
    """The latest commands with this one: so many that no repetition comes after them."""
    kept = {known: last for known, last in recent.items() if known != command_id}
    while len(kept) >= _RECENT_COMMANDS:
        del kept[next(iter(kept))]
    return {**kept, command_id: seq}


def _changes(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case an event, no logic
    match record.event:
        case e.ClockStarted(clock=clock):
            return {"clocks": {**state.clocks, clock.id: clock}}
        case (
            e.ClockMet(clock_id=clock_id)
            | e.ClockStopped(clock_id=clock_id)
            | e.ClockResumed(clock_id=clock_id)
            | e.ClockMoved(clock_id=clock_id)
            | e.RungReached(clock_id=clock_id)
        ):
            return _clock(state, clock_id, _clock_changes(record)) | _requests_after(state, record, clock_id)
        case e.BreachWithdrawn(clock_id=clock_id, level=level):
            changes = _clock(state, clock_id, {"breached_at": None, "rung": Rung.DUE_SOON})
            return changes if level is None else {**changes, "level": level, "escalated_by": None}
        case e.TaskDispatched() as event:
            task = TaskState(
                task_no=event.task_no,
                unit=event.unit,
                role=event.role,
                preset=event.preset,
                last_at=record.at,
                dispatched_at=record.at,
                round=state.round,
            )
            status = CaseStatus.DISPATCHED if state.status is CaseStatus.ACCEPTED else state.status
            return {"tasks": {**state.tasks, task.task_no: task}, "status": status}
        case (
            e.TaskSigned(task_no=task_no)
            | e.TaskContacted(task_no=task_no)
            | e.TaskReportedIn(task_no=task_no)
            | e.TaskProgressed(task_no=task_no)
            | e.TaskFinished(task_no=task_no)
            | e.TaskCancelled(task_no=task_no)
            | e.TaskSentBack(task_no=task_no)
            | e.TaskReassigned(task_no=task_no)
            | e.TaskReopened(task_no=task_no)
        ):
            return _task(state, task_no, record)
        case (
            e.SendBackAsked(task_no=task_no)
            | e.SendBackRefused(task_no=task_no)
            | e.SendBackLapsed(task_no=task_no)
            | e.DispatchDisputeOpened(task_no=task_no)
            | e.UnitDesignated(task_no=task_no)
            | e.Objected(task_no=task_no)
        ):
            return _disagreement(state, state.tasks[task_no], record)
        case e.EffectRequested(effect=effect):
            requested = EffectState(effect=effect, requested_at=record.at)
            return {"effects": {**state.effects, effect.id: requested}}
        case (
            e.EffectDone(effect_id=effect_id)
            | e.EffectSkipped(effect_id=effect_id)
            | e.EffectLapsed(effect_id=effect_id)
        ):
            return {"effects": {known: effect for known, effect in state.effects.items() if known != effect_id}}
        case e.EffectFailed(effect_id=effect_id, code=code):
            return _effect(state, effect_id, {"status": EffectStatus.FAILED, "code": code})
        case e.EffectRetried(effect_id=effect_id):
            return _effect(state, effect_id, {"status": EffectStatus.PENDING, "code": None})
        case e.RenewalAsked():
            return {"renewal_asked": True}
        case e.RulesRenewed(rules_version=version):
            return {"rules_version": version, "renewal_asked": False}
        case _:
            changed = _case(state, record) or _time(state, record) or between(state, record)
            return changed or linked(state, record) or at_risk(state, record)


_AS_NEW: dict[str, Any] = {
    "status": CaseStatus.ACCEPTED,
    "rating": None,
    "solved": None,
    "failed_callbacks": (),
    "settled_by": None,
    "interim_replied": False,
    "contacts": 0,
    "explanation_signed_by": None,
    "explained": False,
    "merged_into": None,
    "main_status": None,
    "main_units": (),
}
"""What a case that is taken up again does not carry over from the round before."""


def _case(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - one case an event, no logic
    match record.event:
        case e.CaseAccepted():
            return {"status": CaseStatus.ACCEPTED, "accepted_at": record.at}
        case e.CaseDeclined():
            return {**ENDED, "status": CaseStatus.DECLINED}
        case e.CaseAnswered() | e.CaseClosed():
            return {**ENDED, "status": CaseStatus.CLOSED}
        case e.CaseSettled():
            return {"settled_by": record.actor.id, "whistle_asked_by": None}
        case e.CaseFinished():
            return {"status": CaseStatus.FINISHED}
        case e.VerificationWaived():
            return {"status": CaseStatus.VERIFIED}
        case e.VerificationPassed():
            return {"status": CaseStatus.VERIFIED, "verifiers": (*state.verifiers, record.actor.id)}
        case e.CaseReopened(round=round_, rework=rework):
            # She asks for it because it is not solved, whether she was asked or not.
            not_said_yet = record.actor.role is Role.REQUESTER and state.solved is not Solved.NO
            counts = {"round": round_, "rework": rework, "dissatisfied": state.dissatisfied + not_said_yet}
            return {**_AS_NEW, "accepted_at": record.at, **counts}
        case e.ContactAdded(count=count):
            return {"contacts": count}
        case e.VerificationFailed(rework=rework):
            by_units = state.lead_task is not None and state.settled_by is None
            status = CaseStatus.IN_PROGRESS if by_units else CaseStatus.ACCEPTED
            return {"status": status, "rework": rework, "settled_by": None}
        case e.CallbackMade(outcome=CallbackOutcome.UNREACHABLE):
            return {"failed_callbacks": (*state.failed_callbacks, local_date(record.at))}
        case e.CaseRated(rating=rating, solved=solved):
            again = solved is Solved.NO and state.solved is not Solved.NO
            return {"rating": rating, "solved": solved, "dissatisfied": state.dissatisfied + again}
        case e.ExplanationSigned():
            first = state.explanation_signed_by
            return {"explained": True} if first else {"explanation_signed_by": record.actor.id}
        case e.WithdrawalAsked():
            return {"withdrawal_asked": True}
        case e.WithdrawalRefuted():
            return {"withdrawal_asked": False}
        case e.CaseWithdrawn():
            return {**ENDED, "status": CaseStatus.WITHDRAWN, "merged_into": None}
        case e.CaseArchived():
            return {"status": CaseStatus.ARCHIVED, "outcome": state.status}
        case e.Escalated(to_level=level, clock_id=clock_id):
            by_level_clock = clock_id is not None and state.clocks[clock_id].name is ClockName.LEVEL
            return {"level": level, "escalated_by": state.escalated_by if by_level_clock else clock_id}
        case _:
            return {}


def _time(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    match record.event:
        case e.ExtensionAsked() as event:
            asked = ExtensionRequest(
                clock_id=event.clock_id,
                until=event.until,
                asked_at=record.at,
                decision_clock=event.decision_clock,
            )
            return {"extension_requests": {**state.extension_requests, event.task_no: asked}}
        case e.ExtensionGranted(clock_id=clock_id) | e.ExtensionRefused(clock_id=clock_id):
            return _without_request(state, clock_id)
        case e.CaseSuspended() as event:
            begun = Suspension(ground=event.ground, since=record.at, until=event.until, clock_ids=event.clock_ids)
            return {"suspensions": (*state.suspensions, begun)}
        case e.CaseResumed():
            *before, latest = state.suspensions
            return {"suspensions": (*before, latest.model_copy(update={"resumed_at": record.at}))}
        case e.InterimReplied():
            return {"interim_replied": True}
        case e.RiskSet(risk=risk):
            return {"risk": risk}
        case e.CalendarAdopted(calendar=calendar):
            return {"calendar": calendar}
        case e.PolicyAdopted(policy=policy):
            return {"policy": policy}
        case _:
            return {}


def _requests_after(state: CaseState, record: Recorded, clock_id: str) -> dict[str, Any]:
    """A clock that is over needs no more time."""
    over = isinstance(record.event, e.ClockMet | e.ClockStopped)
    return _without_request(state, clock_id) if over and state.extension_requests else {}


def _without_request(state: CaseState, clock_id: str) -> dict[str, Any]:
    kept = {task_no: asked for task_no, asked in state.extension_requests.items() if asked.clock_id != clock_id}
    return {"extension_requests": kept}


OF_ANOTHER = ("limit", "started_at", "source")
"""What a clock takes over from another one only."""


def _clock_changes(record: Recorded) -> dict[str, Any]:
    match record.event:
        case e.ClockMet():
            return {"met_at": record.at, "next_rung": None, "next_at": None}
        case e.ClockStopped():
            return {"stopped_at": record.at, "next_rung": None, "next_at": None}
        case e.ClockResumed(next_rung=next_rung, next_at=next_at):
            return {"met_at": None, "stopped_at": None, "next_rung": next_rung, "next_at": next_at}
        case e.ClockMoved() as event:
            moved = event.model_dump(exclude={"kind", "clock_id", "cause", "was_due_at", "pauses", *OF_ANOTHER})
            moved |= {name: getattr(event, name) for name in OF_ANOTHER if getattr(event, name) is not None}
            # A clock that waits for its warning again is not due soon any more.
            again = {"rung": None} if event.next_rung is Rung.DUE_SOON else {}
            return {**moved, **again, "pauses": event.pauses}
        case e.RungReached() as event:
            changes: dict[str, Any] = {"rung": event.rung, "next_rung": event.next_rung, "next_at": event.next_at}
            return {**changes, **_first_time(event.rung, record.at)}
        case _:
            return {}


def _first_time(rung: Rung, at: datetime) -> dict[str, datetime]:
    return {"warned_at": at} if rung is Rung.DUE_SOON else {}


def _clock(state: CaseState, clock_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    clock: Clock = state.clocks[clock_id]
    if changes.get("rung") is Rung.URGE and clock.breached_at is None:
        changes = {**changes, "breached_at": clock.due_at}
    return {"clocks": {**state.clocks, clock_id: clock.model_copy(update=changes)}}


_STATUS_AFTER = {
    e.TaskSigned: TaskStatus.SIGNED,
    e.TaskContacted: TaskStatus.CONTACTED,
    e.TaskReportedIn: TaskStatus.REPORTED_IN,
    e.TaskFinished: TaskStatus.FINISHED,
    e.TaskSentBack: TaskStatus.SENT_BACK,
    e.TaskReassigned: TaskStatus.REASSIGNED,
    e.TaskCancelled: TaskStatus.CANCELLED,
}
_ORDER = list(TaskStatus)


def _task(state: CaseState, task_no: str, record: Recorded) -> dict[str, Any]:
    task = state.tasks[task_no]
    if isinstance(record.event, e.TaskReopened):
        status = TaskStatus.REPORTED_IN
    else:
        # A contact after the report-in is one more contact, not a step back.
        after = _STATUS_AFTER.get(type(record.event), task.status)
        status = max(task.status, after, key=_ORDER.index)
    last_at = record.at if record.command_id else task.last_at
    now = task.model_copy(update={"status": status, "last_at": last_at})
    if not now.is_open:
        now = now.model_copy(update={"send_back_clock": None})
    changes: dict[str, Any] = {"tasks": {**state.tasks, task_no: now}}
    if state.disputed == task_no and not now.is_open:
        changes["disputed"] = None
    left = state.model_copy(update=changes)
    if left.lead_task is None and not left.open_tasks and state.status not in END_STATUSES and not state.is_talked_out:
        # Every unit is rid of it: the centre has it again.
        changes["status"] = CaseStatus.ACCEPTED
    elif isinstance(record.event, e.TaskReportedIn | e.TaskFinished) and state.status is CaseStatus.DISPATCHED:
        changes["status"] = CaseStatus.IN_PROGRESS
    return changes


def _disagreement(state: CaseState, task: TaskState, record: Recorded) -> dict[str, Any]:
    match record.event:
        case e.SendBackAsked(decision_clock=clock):
            changes: dict[str, Any] = {"send_backs": state.send_backs + 1}
            own: dict[str, Any] = {"send_back_clock": clock}
        case e.DispatchDisputeOpened():
            changes, own = {"disputed": task.task_no}, {}
        case e.UnitDesignated():
            changes, own = {"disputed": None}, {"designated": True}
        case e.SendBackRefused():
            changes, own = {}, {"send_back_clock": None}
        case e.Objected(decision_clock=clock):
            changes, own = {}, {"objection_clock": clock}
        case _:
            changes, own = {}, {}
    if isinstance(record.event, e.SendBackAsked):
        # The centre's steps do not make the unit's own ones, received before them, any later.
        own["last_at"] = record.at
    return {**changes, "tasks": {**state.tasks, task.task_no: task.model_copy(update=own)}}


def _effect(state: CaseState, effect_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    known = state.effects[effect_id]
    attempts = known.attempts + (changes["status"] is EffectStatus.FAILED)
    return {"effects": {**state.effects, effect_id: known.model_copy(update={**changes, "attempts": attempts})}}
