"""Publishing what happened to cases: the timeline, and the read model folded from it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from temporalio import activity

from activities.journal import Journal
from activities.notices import Notices
from activities.read_models import CLOCK_CHANGES, clock_columns, dues, record_effects, slim, touched
from infra.child_cases import take_in_children
from infra.database import Sessions
from infra.tables import Case, ClockRow, Task, TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.start import EventBatch
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import NO_DUE_DATES, TASK_CLOCKS
from workflows.rules.evolve import evolve
from workflows.rules.flags import flags
from workflows.rules.ladder import earliest
from workflows.rules.ownership import owner


class Records(Journal[CaseState, Recorded]):
    """Writes the process tables of cases, beside the intake alone; `notices` writes those that events issue."""

    def __init__(self, sessions: Sessions, notices: Notices) -> None:
        super().__init__(sessions, TimelineEvent, TimelineEvent.case_no)
        self._notices = notices

    @activity.defn
    async def record_events(self, batch: EventBatch) -> str:
        """Appends the batch to the timeline and moves the read model forward; the same batch twice is once.

        Returns the batch's digest.

        Raises:
            ApplicationError: `seq_conflict` if a recorded event differs, `seq_gap` if one is missing before it.
        """
        return await self._append(batch.case_no, batch.events)

    async def _locked(self, connection: AsyncConnection, number: str, first: Recorded) -> tuple[int, CaseState | None]:
        locked = select(Case.seq, Case.snapshot).where(Case.case_no == number).with_for_update()
        seq, snapshot = (await connection.execute(locked)).one()
        return seq, CaseState.model_validate(snapshot) if snapshot else None

    def _evolved(self, state: CaseState | None, record: Recorded) -> CaseState:
        return evolve(state, record)

    async def _move_forward(self, session: AsyncSession, state: CaseState, fresh: Sequence[Recorded]) -> None:
        connection = await session.connection()
        await _write(connection, state, fresh)
        await self._notices.write(connection, state, fresh)
        await take_in_children(session, state, fresh)


async def _write(connection: AsyncConnection, state: CaseState, fresh: Sequence[Recorded]) -> None:
    await connection.execute(update(Case).where(Case.case_no == state.case_no).values(_case_columns(state, fresh)))
    dispatched = {r.event.task_no: r.at for r in fresh if isinstance(r.event, e.TaskDispatched)}
    for task in state.tasks.values():
        clocks = [c for c in state.clocks.values() if c.task_no == task.task_no and c.name in TASK_CLOCKS]
        # A task passes on to another unit when its own is succeeded.
        columns = {"unit_id": task.unit.unit_id, "status": task.status.value, **dues(clocks)}
        if task.task_no in dispatched:
            new = {"task_no": task.task_no, "role": task.role.value}
            at = dispatched[task.task_no]
            await connection.execute(insert(Task).values(case_no=state.case_no, dispatched_at=at, **new, **columns))
        else:
            await connection.execute(update(Task).where(Task.task_no == task.task_no).values(columns))
    changed = [clock_columns(clock) | {"task_no": clock.task_no} for clock in touched(state.clocks, fresh)]
    if changed:
        row = insert(ClockRow)
        updated = {name: row.excluded[name] for name in CLOCK_CHANGES}
        row = row.on_conflict_do_update(index_elements=["case_no", "clock_id"], set_=updated)
        await connection.execute(row, [{"case_no": state.case_no, **columns} for columns in changed])
    await record_effects(connection, state.case_no, fresh)


def _case_columns(state: CaseState, fresh: Sequence[Recorded]) -> dict[str, Any]:
    owing, armed = owner(state), earliest(state)
    running = [clock for clock in state.clocks.values() if clock.name not in NO_DUE_DATES]
    columns: dict[str, Any] = {
        "status": state.status.value,
        "level": state.level.value,
        "region_code": state.region_code,
        "regions": list(state.regions),
        "owner_role": owing.role.value if owing else None,
        "owner_unit": owing.unit_id if owing else None,
        "next_at": armed.next_at if armed else None,
        "needs_operator": state.needs_operator,
        "flags": [flag.value for flag in flags(state)],
        "rating": state.rating,
        "solved": state.solved.value if state.solved else None,
        "risk": state.risk.value if state.risk else None,
        "calendar_version": state.calendar.version,
        "policy_name": state.policy.name,
        "policy_version": state.policy.version,
        "seq": state.seq,
        "snapshot": slim(state),
        **dues(running),
    }
    ends = e.CaseClosed | e.CaseAnswered | e.CaseDeclined | e.CaseWithdrawn
    ends |= e.CaseMerged | e.CaseTransferred | e.LegalRouteTaken
    turns = [record for record in fresh if isinstance(record.event, ends | e.CaseReopened | e.SplitFromMain)]
    return columns | ({"ended_at": turns[-1].at if isinstance(turns[-1].event, ends) else None} if turns else {})
