"""What of a clock decides how a case goes on: whether it runs, and how far up its ladder it is."""

from datetime import datetime
from typing import NamedTuple

from tests.explorer.moments import AHEAD, PAST, RAN_OUT
from workflows.contracts.clocks import Clock, Limit, Pause
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, OUTLIVE_THE_CASE, CaseStatus, ClockName, Level, Rung
from workflows.rules.calendar import local_date
from workflows.rules.clock_starts import ENDS_BY_ITSELF, policy_of

_DATED = Limit.parse("30 calendar_days")
_DATED_BY_HAND = frozenset({ClockName.SUPERVISION, ClockName.COMMITMENT, ClockName.SUSPENSION, ClockName.MEDIATION})
_TAKEN_BACK = frozenset({ClockName.CITIZEN, ClockName.COMMITMENT})
_PERIODS = frozenset({ClockName.REVIEW, ClockName.OBJECTION})
"""Somebody's time to do something elsewhere; of several the latest stands for all."""
_ENDS_BY_ITSELF = ENDS_BY_ITSELF | {ClockName.LIMITATION}


def may_matter(state: CaseState, clock: Clock, task_nos: dict[str, str]) -> bool:
    """Whether any rule may look at the clock again; `task_nos` are the tasks at which one may."""
    if clock.name is ClockName.RISK_REVIEW:
        # It runs beside everything else, and all that it can do to the case a person can do by hand: to raise it.
        return False
    if clock.is_open:
        return clock.name not in _PERIODS or _is_latest(state, clock)
    if clock.task_no is not None and clock.task_no not in task_nos:
        return False
    if any(task.send_back_clock == clock.id for task in state.tasks.values()):
        # A decision counts as received no earlier than the latest step.
        return state.last_at <= clock.due_at
    if state.status is CaseStatus.MERGED:
        return clock.name is ClockName.CITIZEN and clock.met_at is None and _is_latest(state, clock)
    over = state.is_archived or state.status in END_STATUSES or state.status is CaseStatus.VERIFIED
    met = clock.met_at is not None and clock.started_at >= state.round_began
    return met and not over and _may_be_taken_back(state, clock) and _is_latest(state, clock)


def _is_latest(state: CaseState, clock: Clock) -> bool:
    """Whether none of its kind came after it."""
    same = [known for known in state.clocks.values() if known.name is clock.name and known.task_no == clock.task_no]
    return same[-1] is clock


def standing_clock(state: CaseState, clock: Clock, task_no: str | None, number: int) -> Clock:
    """The clock that stands for all that go on alike; `number` tells it from others of its name."""
    level = _level(state, clock)
    ladder = _ladder(state, clock, level)
    ran_out = clock.breached_at is not None
    due_at = RAN_OUT if ran_out else AHEAD
    suspension = state.suspension
    stands_still = clock.is_open and bool(clock.pauses and suspension and clock.pauses[-1].until == suspension.until)
    return clock.model_copy(
        update={
            "round": number,
            "task_no": task_no,
            "limit": _DATED if clock.name in _DATED_BY_HAND else clock.limit,
            "started_from": "",
            "source": "",
            "level": level,
            "started_at": PAST,
            "due_at": due_at,
            "due_date": local_date(due_at),
            "raw_due_date": local_date(due_at),
            "provisional": False,
            "pauses": (Pause(since=PAST, until=AHEAD),) if stands_still else (),
            "extended_by": min(clock.extended_by, 1),
            "warned_at": None,
            "met_at": clock.met_at and PAST,
            "breached_at": due_at if ran_out else None,
            "stopped_at": clock.stopped_at and PAST,
            **ladder._asdict(),
        }
    )


class _Ladder(NamedTuple):
    rung: Rung | None
    next_rung: Rung | None
    next_at: datetime | None


def _ladder(state: CaseState, clock: Clock, level: Level) -> _Ladder:
    """Before its due time it is warned of, after it supervised already: neither does anything more than to mark it."""
    if clock.name in _ENDS_BY_ITSELF:
        # A limitation period has warned by then, which does nothing more than to mark it.
        return _Ladder(None, None, AHEAD if clock.is_open else None)
    at_the_top = state.level_above(level) is None
    spent = clock.rung in {Rung.ESCALATE, Rung.URGE_AGAIN} or (at_the_top and clock.breached_at is not None)
    if not clock.is_open:
        before = Rung.SUPERVISE if clock.breached_at else Rung.DUE_SOON
        return _Ladder(Rung.ESCALATE if spent else before, None, None)
    if clock.breached_at is None:
        return _Ladder(Rung.DUE_SOON, Rung.URGE, AHEAD)
    if at_the_top:
        return _Ladder(Rung.ESCALATE, Rung.URGE_AGAIN, AHEAD)
    if clock.next_at is None:
        return _Ladder(Rung.ESCALATE, None, None)
    return _Ladder(Rung.SUPERVISE, Rung.ESCALATE, AHEAD)


def _level(state: CaseState, clock: Clock) -> Level:
    """At which level the clock was started, which tells whether it raises the case and whether it ever falls silent.

    Forgotten while a level's own clock runs beside it in a case with one level above its first: then it is walked as
    one that may do both.
    """
    if clock.name in _ENDS_BY_ITSELF:
        return state.level
    if len(state.centres) != 2:
        return clock.level
    watched = any(known.name is ClockName.LEVEL and known.is_open for known in state.clocks.values())
    outlived = clock.name in {ClockName.LEVEL, *OUTLIVE_THE_CASE} or _may_be_taken_back(state, clock)
    return state.origin_level if watched and not outlived else clock.level


def _may_be_taken_back(state: CaseState, clock: Clock) -> bool:
    """A failed verification takes back that it was met; of the units' clocks where the law set the limit."""
    if clock.name is not ClockName.FINISH:
        return clock.name in _TAKEN_BACK
    policy = policy_of(state, clock)
    return policy is not None and policy.statutory
