"""What of a case decides how it goes on, and nothing else: every state has a standing, and of those there are few.

A standing is a `CaseState` itself, so the rules take it like any other. Told apart in it are

- status, level, what was asked, promised or signed, and every field that this module does not know: a new field of
  `CaseState` is kept as it is, so that nothing that a rule reads is forgotten by oversight;
- the tasks that units are at, and the lead unit's when it is done: role, status, designated, sent back, objected;
- every open clock, and each that a rule may look at again: before its due time, after it, past the top of its ladder.

Abstracted from are

- time. A clock is due later or it ran out, and it is left open which one runs out next: every order is walked, also
  those that a policy's limits would never lead to;
- how often. The first send-back, rework, callback and dissatisfaction are told from later ones as far as a rule does
  (`walk.py` tries a rework as an early one and as the third): what is walked holds for any number of them;
- a ladder's warning and supervision, which mark a clock and do nothing more; who in person acted; which unit has a
  task; what ended tasks and clocks came to; what is kept only to be shown.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta
from operator import attrgetter

from tests.explorer.clock_standing import may_matter, standing_clock
from tests.explorer.moments import AHEAD, LAST_DAY, PAST
from tests.rules.case_builder import department
from workflows.contracts.clocks import Clock
from workflows.contracts.ids import mediation_no, notice_no, referral_no, task_no
from workflows.contracts.limitation import Limitation
from workflows.contracts.mediation.of_case import MediationOfCase
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.state import CaseState, ExtensionRequest, Notice, Referral, Suspension, TaskState
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus, ClockName, Rung, TaskRole
from workflows.rules.calendar import local_date

_CALLBACKS_THAT_COUNT = 3
_SAME_FOR_ALL = frozenset({"policy", "calendar", "centres"})
_told_apart = attrgetter(*(name for name in CaseState.model_fields if name not in _SAME_FOR_ALL))


def standing(state: CaseState, origin: CaseState, forgotten: Iterable[str]) -> CaseState:
    """The one state that stands for all that go on alike; `origin` is the registered case they all come from.

    The `forgotten` fields stay what they were then: those that only the commands of another world ask about.
    """
    tasks = _tasks(state)
    numbers = {old: task.task_no for old, task in tasks.items()}
    clocks = _clocks(state, numbers)
    ids = {old: clock.id for old, clock in clocks.items()}
    over = state.is_archived or state.status in END_STATUSES
    return state.model_copy(
        update={
            "policy": origin.policy,
            "calendar": origin.calendar,
            "centres": origin.centres,
            "region_code": origin.region_code,
            "risk": origin.risk,
            "registered_at": PAST,
            "accepted_at": PAST,
            "last_at": PAST,
            "seq": origin.seq,
            "effects": {},
            "recent": {},
            "renewal_asked": False,
            "rework": 0,
            "round": 1,
            "contacts": 0,
            "verifiers": (),
            "send_backs": 0 if over else min(state.send_backs, 1),
            "failed_callbacks": _attempts(state),
            "rating": state.rating and "satisfied",
            "dissatisfied": min(state.dissatisfied, 2),
            "settled_by": state.settled_by and "settler",
            "whistle_asked_by": state.whistle_asked_by and "asker",
            "explanation_signed_by": state.explanation_signed_by and "signer",
            "tasks": {task.task_no: _on_clocks(task, ids) for task in tasks.values()},
            "clocks": {clock.id: clock for clock in sorted(clocks.values(), key=lambda known: known.id)},
            "disputed": numbers.get(state.disputed or ""),
            "escalated_by": _raised_by(state, ids),
            "extension_requests": dict(_requests(state, numbers, ids)),
            "suspensions": _in_force(state, ids),
            "referrals": _referrals(state),
            "notices": _notices(state),
            "danger": None if state.is_archived else state.danger and state.danger.model_copy(update={"since": PAST}),
            "limitations": dict(_limitations(state, ids)),
            "mediations": _mediations(state),
            "main_units": (),
            "main_judges": (),
            "alone_since": None,
            "power_holder": None,
            "merged": state.merged[:1],
            "gathered": (),
            "common_issue": None,
            "children": (),
            **{name: getattr(origin, name) for name in forgotten},
        }
    )


def key(stands: CaseState) -> Hashable:
    """Equal for equal standings."""
    return tuple([tuple(value.items()) if isinstance(value, dict) else value for value in _told_apart(stands)])


def _tasks(state: CaseState) -> dict[str, TaskState]:
    """The tasks that matter by their old numbers, the lead unit's first."""
    if state.is_archived or state.status in END_STATUSES:
        return {}
    lead = state.lead_task
    kept = [task for task in state.tasks.values() if task.is_open or task == lead]
    ordered = sorted(kept, key=lambda task: (task.role is not TaskRole.LEAD, task.task_no))
    return {
        task.task_no: task.model_copy(
            update={
                "task_no": task_no(state.case_no, number),
                "unit": department(f"unit-{number}"),
                "last_at": PAST,
                "dispatched_at": PAST,
                "round": 1,
                "report_in_rated": False,
                "whistle_rated": False,
            }
        )
        for number, task in enumerate(ordered, start=1)
    }


def _on_clocks(task: TaskState, ids: dict[str, str]) -> TaskState:
    """The task with the clocks on which others decide about it; an objection is made once."""
    objection = task.objection_clock and ids.get(task.objection_clock, "decided")
    return task.model_copy(
        update={"send_back_clock": ids.get(task.send_back_clock or ""), "objection_clock": objection}
    )


def _clocks(state: CaseState, task_nos: dict[str, str]) -> dict[str, Clock]:
    """The clocks that matter by their old ids."""
    seen: Counter[tuple[ClockName, str | None]] = Counter()
    kept: dict[str, Clock] = {}
    for clock in state.clocks.values():
        if may_matter(state, clock, task_nos):
            seen[clock.name, clock.task_no] += 1
            new_no = task_nos[clock.task_no] if clock.task_no else None
            kept[clock.id] = standing_clock(state, clock, new_no, seen[clock.name, clock.task_no])
    return kept


def _raised_by(state: CaseState, ids: dict[str, str]) -> str | None:
    """The clock that raised the case, while it may still turn out that it had not run out."""
    by = state.clocks.get(state.escalated_by or "")
    if by is None or by.id not in ids:
        return None
    gone = [clock for known, clock in state.clocks.items() if known not in ids and clock.name is not ClockName.LEVEL]
    raised = [clock for clock in gone if by.level.rank <= clock.level.rank < state.level.rank]
    return None if any(clock.rung is Rung.ESCALATE for clock in raised) else ids[by.id]


def _requests(state: CaseState, numbers: dict[str, str], ids: dict[str, str]) -> Iterator[tuple[str, ExtensionRequest]]:
    for asked_by, request in sorted(state.extension_requests.items(), key=lambda known: numbers[known[0]]):
        asked = ExtensionRequest(
            clock_id=ids[request.clock_id],
            until=LAST_DAY + timedelta(days=7),
            asked_at=PAST,
            decision_clock=ids[request.decision_clock],
        )
        yield numbers[asked_by], asked


def _in_force(state: CaseState, ids: dict[str, str]) -> tuple[Suspension, ...]:
    suspension = state.suspension
    if suspension is None:
        return ()
    still = tuple(sorted(ids[known] for known in suspension.clock_ids if known in ids))
    return (Suspension(ground=suspension.ground, since=PAST, until=AHEAD, clock_ids=still),)


def _attempts(state: CaseState) -> tuple[date, ...]:
    """Each failed callback on a day of its own."""
    asked = state.status in {CaseStatus.VERIFIED, CaseStatus.MERGED}
    count = min(len(state.failed_callbacks), _CALLBACKS_THAT_COUNT) if asked else 0
    return tuple(local_date(PAST) - timedelta(days=number) for number in range(count))


def _referrals(state: CaseState) -> dict[str, Referral]:
    """One that waits for its outcome stands for all."""
    waiting = any(not referral.ended for referral in state.referrals.values()) and not state.is_archived
    number = referral_no(state.case_no, 1)
    return {number: Referral(unit=next(iter(state.referrals.values())).unit)} if waiting else {}


def _limitations(state: CaseState, ids: dict[str, str]) -> Iterator[tuple[str, Limitation]]:
    """Those that are counted down."""
    for clock_id, known in state.limitations.items():
        if clock_id in ids and state.clocks[clock_id].is_open:
            yield ids[clock_id], Limitation(kind=known.kind, began_on=local_date(PAST))


def _mediations(state: CaseState) -> dict[str, MediationOfCase]:
    """The one that has not ended: whether anything is agreed. Who owes its next step, and when, is its own to say."""
    running = state.mediations.get(state.running_mediation or "")
    if running is None or state.is_archived:
        return {}
    agreed = running.status is MediationStatus.AGREED
    status = MediationStatus.AGREED if agreed else MediationStatus.UNDER_WAY
    return {mediation_no(state.case_no, 1): MediationOfCase(status=status)}


def _notices(state: CaseState) -> dict[str, Notice]:
    """Of each kind one that has not been served."""
    waiting = sorted({notice.notice for notice in state.notices.values() if notice.served_at is None})
    return {
        notice_no(state.case_no, number): Notice(notice=kind, issued_at=PAST)
        for number, kind in enumerate([] if state.is_archived else waiting, start=1)
    }
