"""Publishing what happened: the timeline, and the read model folded from it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.notices import Notices
from infra.child_cases import take_in_children
from infra.database import Sessions
from infra.tables import Case, ClockRow, EffectRow, Fault, Task, TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import DeliverTask, EffectStatus
from workflows.contracts.events import Recorded
from workflows.contracts.start import EventBatch
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import TASK_CLOCKS, ClockName, Rung
from workflows.rules.digest import batch_digest, digest
from workflows.rules.evolve import evolve
from workflows.rules.flags import flags
from workflows.rules.ladder import earliest
from workflows.rules.ownership import owner

_log = structlog.get_logger()


class RecordsFaultError(Exception):
    """What is on record and what happened do not fit together: `seq_conflict` or `seq_gap`, at this seq."""

    def __init__(self, code: str, seq: int) -> None:
        super().__init__(code)
        self.code = code
        self.seq = seq


class Records:
    """Writes the process tables; nothing else does, but the intake. `notices` writes those that events issue."""

    def __init__(self, sessions: Sessions, notices: Notices) -> None:
        self._sessions = sessions
        self._notices = notices

    @activity.defn
    async def record_events(self, batch: EventBatch) -> str:
        """Appends the batch to the timeline and moves the read model forward; the same batch twice is once.

        Returns the batch's digest.

        Raises:
            ApplicationError: `seq_conflict` if a recorded event differs, `seq_gap` if one is missing before it; both
                are tried again, because only a person can put them right and the case waits for that.
        """
        try:
            async with self._sessions.begin() as session:
                await self._record(session, batch)
        except RecordsFaultError as fault:
            await self._report(batch.case_no, fault)
            raise ApplicationError(fault.code, type=fault.code) from None
        kinds = [record.event.kind for record in batch.events]
        _log.info("recorded", case=batch.case_no, last=batch.events[-1].seq, kinds=kinds)
        return batch_digest(batch.events)

    async def _record(self, session: AsyncSession, batch: EventBatch) -> None:
        connection = await session.connection()
        locked = select(Case.seq, Case.snapshot).where(Case.case_no == batch.case_no).with_for_update()
        seq, snapshot = (await connection.execute(locked)).one()
        if batch.events[0].seq > seq + 1:
            raise RecordsFaultError("seq_gap", seq + 1)
        await _refuse_differences(connection, batch.case_no, [record for record in batch.events if record.seq <= seq])
        fresh = [record for record in batch.events if record.seq > seq]
        if not fresh:
            return
        state = CaseState.model_validate(snapshot) if snapshot else None
        for record in fresh:
            state = evolve(state, record)
        if state is not None:
            await connection.execute(insert(TimelineEvent), [_timeline_row(batch.case_no, record) for record in fresh])
            await _move_forward(connection, state, fresh)
            await self._notices.write(connection, state, fresh)
            await take_in_children(session, state, fresh)

    async def _report(self, case_no: str, fault: RecordsFaultError) -> None:
        found = insert(Fault).values(case_no=case_no, code=fault.code, seq=fault.seq, found_at=datetime.now(UTC))
        async with self._sessions.begin() as session:
            await session.execute(found.on_conflict_do_nothing())


async def _refuse_differences(connection: AsyncConnection, case_no: str, known: Sequence[Recorded]) -> None:
    if not known:
        return
    on_record = select(TimelineEvent.seq, TimelineEvent.digest).where(
        TimelineEvent.case_no == case_no, TimelineEvent.seq.in_([record.seq for record in known])
    )
    digests = {row.seq: row.digest for row in await connection.execute(on_record)}
    for record in known:
        if digests.get(record.seq) != digest(record):
            raise RecordsFaultError("seq_conflict", record.seq)


async def _move_forward(connection: AsyncConnection, state: CaseState, fresh: Sequence[Recorded]) -> None:
    await connection.execute(update(Case).where(Case.case_no == state.case_no).values(_case_columns(state, fresh)))
    dispatched = {r.event.task_no: r.at for r in fresh if isinstance(r.event, e.TaskDispatched)}
    for task in state.tasks.values():
        clocks = [c for c in state.clocks.values() if c.task_no == task.task_no and c.name in TASK_CLOCKS]
        # A task passes on to another unit when its own is succeeded.
        row = {"unit_id": task.unit.unit_id, "status": task.status.value, **_dues(clocks)}
        if task.task_no in dispatched:
            new = {"task_no": task.task_no, "role": task.role.value}
            at = dispatched[task.task_no]
            await connection.execute(insert(Task).values(case_no=state.case_no, dispatched_at=at, **new, **row))
        else:
            await connection.execute(update(Task).where(Task.task_no == task.task_no).values(row))
    touched = [_clock_columns(clock) for clock in _touched_clocks(state, fresh)]
    if touched:
        changed = insert(ClockRow)
        updated = {name: changed.excluded[name] for name in ("met_at", "breached_at", "stopped_at", "due_at")}
        changed = changed.on_conflict_do_update(index_elements=["case_no", "clock_id"], set_=updated)
        await connection.execute(changed, [{"case_no": state.case_no, **columns} for columns in touched])
    for record in fresh:
        await _record_effect(connection, state.case_no, record)


def _case_columns(state: CaseState, fresh: Sequence[Recorded]) -> dict[str, Any]:
    owing, armed = owner(state), earliest(state)
    running = [clock for clock in state.clocks.values() if clock.name is not ClockName.ARCHIVE_AFTER]
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
        "snapshot": _slim(state),
        **_dues(running),
    }
    ends = e.CaseClosed | e.CaseAnswered | e.CaseDeclined | e.CaseWithdrawn
    ends |= e.CaseMerged | e.CaseTransferred | e.LegalRouteTaken
    turns = [record for record in fresh if isinstance(record.event, ends | e.CaseReopened | e.SplitFromMain)]
    return columns | ({"ended_at": turns[-1].at if isinstance(turns[-1].event, ends) else None} if turns else {})


def _slim(state: CaseState) -> dict[str, Any]:
    """The state without the fields that are as by default: it is written and read with every step of the case."""
    fields = CaseState.model_fields.items()
    optional = {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
    usual = {name for name, default in optional.items() if getattr(state, name) == default}
    return state.model_dump(mode="json", exclude=usual)


def _dues(clocks: Sequence[Clock]) -> dict[str, Any]:
    """What lists show and sort by: the earliest due time of the open clocks, how sure and how near it is."""
    running = [clock for clock in clocks if clock.is_open]
    due_at = min((clock.due_at for clock in running), default=None)
    return {
        "due_at": due_at,
        "due_provisional": any(clock.provisional for clock in running if clock.due_at == due_at),
        "due_soon": any(clock.rung is Rung.DUE_SOON for clock in running),
        "overdue": any(clock.breached_at is not None for clock in running),
    }


def _touched_clocks(state: CaseState, fresh: Sequence[Recorded]) -> list[Clock]:
    touched = {
        record.event.clock.id if isinstance(record.event, e.ClockStarted) else record.event.clock_id
        for record in fresh
        if isinstance(
            record.event,
            e.ClockStarted
            | e.ClockMet
            | e.ClockStopped
            | e.ClockResumed
            | e.ClockMoved
            | e.RungReached
            | e.BreachWithdrawn,
        )
    }
    return [state.clocks[clock_id] for clock_id in sorted(touched)]


def _clock_columns(clock: Clock) -> dict[str, Any]:
    names = ("task_no", "started_at", "due_at", "met_at", "breached_at", "stopped_at")
    columns = {name: getattr(clock, name) for name in names}
    return {"clock_id": clock.id, "name": clock.name.value, "level": clock.level.value, **columns}


def _timeline_row(case_no: str, record: Recorded) -> dict[str, Any]:
    return {
        "case_no": case_no,
        "seq": record.seq,
        "kind": record.event.kind,
        "at": record.at,
        "recorded_at": record.recorded_at,
        "record": record.model_dump(mode="json"),
        "digest": digest(record),
    }


async def _record_effect(connection: AsyncConnection, case_no: str, record: Recorded) -> None:
    match record.event:
        case e.EffectRequested(effect=effect):
            about = {"task_no": effect.task_no, "unit_id": effect.unit_id} if isinstance(effect, DeliverTask) else {}
            requested = {"effect_id": effect.id, "case_no": case_no, "kind": effect.kind, "requested_at": record.at}
            await connection.execute(insert(EffectRow).values(status=EffectStatus.PENDING.value, **requested, **about))
        case e.EffectDone(effect_id=effect_id):
            await _effect_became(connection, effect_id, EffectStatus.DONE.value, ended_at=record.at)
        case e.EffectFailed(effect_id=effect_id, code=code):
            await _effect_became(connection, effect_id, EffectStatus.FAILED.value, code=code, ended_at=record.at)
        case e.EffectRetried(effect_id=effect_id):
            await _effect_became(connection, effect_id, EffectStatus.PENDING.value, ended_at=None)
        case e.EffectSkipped(effect_id=effect_id):
            await _effect_became(connection, effect_id, EffectStatus.SKIPPED.value, ended_at=record.at)
        case e.EffectLapsed(effect_id=effect_id):
            await _effect_became(connection, effect_id, EffectStatus.LAPSED.value, ended_at=record.at)
        case _:
            pass


async def _effect_became(
    connection: AsyncConnection,
    effect_id: str,
    status: str,
    *,
    ended_at: datetime | None,
    code: str | None = None,
) -> None:
    changed = update(EffectRow).where(EffectRow.effect_id == effect_id)
    await connection.execute(changed.values(status=status, code=code, ended_at=ended_at))
