"""Appending to the timeline of a process, exactly once and without gaps."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from temporalio.exceptions import ApplicationError

from infra.database import Sessions
from infra.mediation_tables import MediationEvent
from infra.tables import Fault, TimelineEvent
from workflows.contracts.recorded import RecordedEvent
from workflows.rules.digest import batch_digest, digest

_log = structlog.get_logger()

S = TypeVar("S")
R = TypeVar("R", bound=RecordedEvent)


class RecordsFaultError(Exception):
    """What is on record and what happened do not fit together: `seq_conflict` or `seq_gap`, at this seq."""

    def __init__(self, code: str, seq: int) -> None:
        super().__init__(code)
        self.code = code
        self.seq = seq


class Journal(ABC, Generic[S, R]):
    """Writes records R to a timeline and moves a read model forward that is folded from them to S.

    `number` is the timeline's column for the number of the process.
    """

    def __init__(
        self,
        sessions: Sessions,
        timeline: type[TimelineEvent] | type[MediationEvent],
        number: InstrumentedAttribute[str],
    ) -> None:
        self._sessions = sessions
        self._timeline = timeline
        self._number = number

    @abstractmethod
    async def _locked(self, connection: AsyncConnection, number: str, first: R) -> tuple[int, S | None]:
        """The seq and the state on record, kept from others until the transaction ends; `first` is the batch's."""

    @abstractmethod
    def _evolved(self, state: S | None, record: R) -> S:
        """The state after one more record."""

    @abstractmethod
    async def _move_forward(self, session: AsyncSession, state: S, fresh: Sequence[R]) -> None:
        """Writes the read model as these records left it; they are on the timeline already."""

    async def _append(self, number: str, records: Sequence[R]) -> str:
        """Appends what is not there yet; the same records twice are once. Returns their digest.

        Raises:
            ApplicationError: `seq_conflict` if a recorded event differs, `seq_gap` if one is missing before it; both
                are tried again, because only a person can put them right and the process waits for that.
        """
        try:
            async with self._sessions.begin() as session:
                await self._record(session, number, records)
        except RecordsFaultError as fault:
            await self._report(number, fault)
            raise ApplicationError(fault.code, type=fault.code) from None
        kinds = [record.event.kind for record in records]
        _log.info("recorded", number=number, last=records[-1].seq, kinds=kinds)
        return batch_digest(records)

    async def _record(self, session: AsyncSession, number: str, records: Sequence[R]) -> None:
        connection = await session.connection()
        seq, state = await self._locked(connection, number, records[0])
        if records[0].seq > seq + 1:
            raise RecordsFaultError("seq_gap", seq + 1)
        await self._refuse_differences(connection, number, [record for record in records if record.seq <= seq])
        fresh = [record for record in records if record.seq > seq]
        for record in fresh:
            state = self._evolved(state, record)
        if fresh and state is not None:
            await connection.execute(insert(self._timeline), [self._row(number, record) for record in fresh])
            await self._move_forward(session, state, fresh)

    async def _refuse_differences(self, connection: AsyncConnection, number: str, known: Sequence[R]) -> None:
        if not known:
            return
        on_record = select(self._timeline.seq, self._timeline.digest).where(
            self._number == number, self._timeline.seq.in_([record.seq for record in known])
        )
        digests = {row.seq: row.digest for row in await connection.execute(on_record)}
        for record in known:
            if digests.get(record.seq) != digest(record):
                raise RecordsFaultError("seq_conflict", record.seq)

    def _row(self, number: str, record: R) -> dict[str, Any]:
        return {
            self._number.key: number,
            "seq": record.seq,
            "kind": record.event.kind,
            "at": record.at,
            "recorded_at": record.recorded_at,
            "record": record.model_dump(mode="json"),
            "digest": digest(record),
        }

    async def _report(self, number: str, fault: RecordsFaultError) -> None:
        found = insert(Fault).values(case_no=number, code=fault.code, seq=fault.seq, found_at=datetime.now(UTC))
        async with self._sessions.begin() as session:
            await session.execute(found.on_conflict_do_nothing())
