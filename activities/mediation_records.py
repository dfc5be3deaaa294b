"""Publishing what happened to mediations: their timeline, the read model folded from it, and what they have booked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.journal import Journal, RecordsFaultError
from activities.read_models import CLOCK_CHANGES, clock_columns, dues, record_effects, slim, touched
from infra.database import Sessions
from infra.mediation_tables import Mediation, MediationClockRow, MediationEvent
from infra.mediators.bookings import confirm, free
from infra.tables import TimelineEvent
from workflows.contracts.ids import case_of
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.opening import MediationOpening
from workflows.contracts.mediation.start import MediationBatch, StartMediationRun
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.vocabulary import NO_DUE_DATES
from workflows.rules.ladder import earliest
from workflows.rules.mediation.evolve import evolve, fold
from workflows.rules.mediation.ownership import owner

_ENDS = e.MediationFulfilled | e.MediationFailed | e.MediationRefused | e.MediationStopped


class MediationRecords(Journal[MediationState, MediationRecorded]):
    """Writes the process tables of mediations; nothing else does."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(sessions, MediationEvent, MediationEvent.mediation_no)

    @activity.defn
    async def record_mediation_events(self, batch: MediationBatch) -> str:
        """Appends the batch to the timeline and moves the read model forward; the same batch twice is once.

        Returns the batch's digest.

        Raises:
            ApplicationError: `seq_conflict` if a recorded event differs, `seq_gap` if one is missing before it.
        """
        return await self._append(batch.mediation_no, batch.events)

    @activity.defn
    async def mediation_as_recorded(self, mediation_no: str) -> StartMediationRun:
        """What a lost mediation begins with again: where its records end, or its opening if it has none yet.

        Raises:
            ApplicationError: `nothing_recorded`, which is final, if its case did not ask for it either.
        """
        mine = select(MediationEvent.record).where(MediationEvent.mediation_no == mediation_no)
        effect = TimelineEvent.record["event"]["effect"]
        opening = (
            select(effect["opening"])
            .where(TimelineEvent.case_no == case_of(mediation_no), TimelineEvent.kind == "effect_requested")
            .where(effect["mediation_no"].astext == mediation_no, effect["opening"].astext.is_not(None))
            .order_by(TimelineEvent.seq)
            .limit(1)
        )
        async with self._sessions() as session:
            records = (await session.scalars(mine.order_by(MediationEvent.seq))).all()
            if records:
                return StartMediationRun(begins_with=fold(map(MediationRecorded.model_validate, records)))
            asked = await session.scalar(opening)
        if asked is None:
            raise ApplicationError("nothing_recorded", type="nothing_recorded", non_retryable=True)
        return StartMediationRun(begins_with=MediationOpening.model_validate(asked))

    async def _locked(
        self, connection: AsyncConnection, number: str, first: MediationRecorded
    ) -> tuple[int, MediationState | None]:
        if isinstance(first.event, e.MediationOpened):
            await connection.execute(insert(Mediation).values(_opened(first, first.event)).on_conflict_do_nothing())
        locked = select(Mediation.seq, Mediation.snapshot).where(Mediation.mediation_no == number).with_for_update()
        row = (await connection.execute(locked)).one_or_none()
        if row is None:
            raise RecordsFaultError("seq_gap", 1)
        return row.seq, MediationState.model_validate(row.snapshot) if row.snapshot else None

    def _evolved(self, state: MediationState | None, record: MediationRecorded) -> MediationState:
        return evolve(state, record)

    async def _move_forward(
        self, session: AsyncSession, state: MediationState, fresh: Sequence[MediationRecorded]
    ) -> None:
        connection = await session.connection()
        mine = update(Mediation).where(Mediation.mediation_no == state.mediation_no)
        await connection.execute(mine.values(_columns(state, fresh)))
        if changed := touched(state.clocks, fresh):
            row = insert(MediationClockRow)
            updated = {name: row.excluded[name] for name in CLOCK_CHANGES}
            row = row.on_conflict_do_update(index_elements=["mediation_no", "clock_id"], set_=updated)
            of = {"mediation_no": state.mediation_no}
            await connection.execute(row, [of | clock_columns(clock) for clock in changed])
        await record_effects(connection, state.case_no, fresh, mediation_no=state.mediation_no)
        for record in fresh:
            await _book(session, state, record)


def _opened(record: MediationRecorded, opened: e.MediationOpened) -> dict[str, Any]:
    return {
        "mediation_no": opened.mediation_no,
        "case_no": opened.case_no,
        "dispute_type": opened.dispute.type.value,
        "region_code": opened.region_code,
        "level": opened.level.value,
        "status": MediationStatus.OPENED.value,
        "opened_at": record.at,
    }


def _columns(state: MediationState, fresh: Sequence[MediationRecorded]) -> dict[str, Any]:
    owing, armed, track = owner(state), earliest(state), state.main_track
    columns: dict[str, Any] = {
        "status": state.status.value,
        "level": state.level.value,
        "form": track.form.value if track else None,
        "host_unit": track.host.unit_id if track else None,
        "mediator_ids": list(track.mediators) if track else [],
        "unit_ids": sorted({unit for known in state.tracks.values() for unit in (known.host.unit_id, *known.invited)}),
        "locked": state.locked,
        "owner_role": owing.role.value if owing else None,
        "owner_unit": owing.unit_id if owing else None,
        "next_at": armed.next_at if armed else None,
        "needs_operator": state.needs_operator,
        "taken_up_at": state.taken_up_at,
        "agreed_at": state.agreement.effective_at if state.agreement else None,
        "seq": state.seq,
        "snapshot": slim(state),
        **dues([clock for clock in state.clocks.values() if clock.name not in NO_DUE_DATES]),
    }
    ended = [record.at for record in fresh if isinstance(record.event, _ENDS)]
    return columns | ({"ended_at": ended[-1]} if ended else {})


async def _book(session: AsyncSession, state: MediationState, record: MediationRecorded) -> None:
    """What was held for a session becomes its own when it is set, and is given back when it needs it no more."""
    match record.event:
        case e.SessionScheduled(session_no=session_no) if record.command_id is not None:
            await confirm(session, record.command_id, session_no)
        case e.SessionCalledOff(session_no=session_no):
            await free(session, state.mediation_no, session_no)
        case e.SessionRecorded(session_no=session_no) if record.at < state.sessions[session_no].ends_at:
            await free(session, state.mediation_no, session_no)
        case _:
            pass
