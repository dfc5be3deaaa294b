"""Formal notices: written once each when their issue is recorded, and kept as they were written."""

from collections.abc import Collection, Sequence

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.directory_tables import Unit
from infra.notice_tables import Notice
from infra.notices.contents import TOLD_OF, fill_in, text_ids
from infra.notices.letters import Letter, LetterWriter
from infra.tables import Case, Requester, TimelineEvent, Wording
from workflows.contracts.events import NoticeIssued, Recorded
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import NoticeKind
from workflows.rules.calendar import local_date


class Notices:
    """Writes notices with the templates of `letters`."""

    def __init__(self, letters: LetterWriter) -> None:
        self._letters = letters

    async def write(self, connection: AsyncConnection, state: CaseState, fresh: Sequence[Recorded]) -> None:
        """Writes down the notices that these events issue; they are on the timeline already and led to this state."""
        for record in fresh:
            if isinstance(record.event, NoticeIssued):
                await self._write(connection, state, record, record.event)

    async def _write(
        self, connection: AsyncConnection, state: CaseState, record: Recorded, issued: NoticeIssued
    ) -> None:
        records = await _told_of(connection, state.case_no, record, issued.notice)
        words = await _words(connection, text_ids(records))
        letter = fill_in(await _letter(connection, state, record, issued), issued.notice, state, records, words)
        await connection.execute(
            insert(Notice).values(
                notice_no=issued.notice_no,
                case_no=state.case_no,
                kind=issued.notice.value,
                body=self._letters.write(issued.notice, letter),
                issued_at=record.at,
            )
        )


async def _told_of(connection: AsyncConnection, case_no: str, record: Recorded, notice: NoticeKind) -> list[Recorded]:
    """What happened until the issue, or at one stroke with it."""
    kinds = TOLD_OF[notice]
    if not kinds:
        return []
    at_one_stroke = TimelineEvent.record["command_id"].astext == record.command_id
    rows = await connection.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.kind.in_(kinds))
        .where(or_(TimelineEvent.seq < record.seq, at_one_stroke))
        .order_by(TimelineEvent.seq)
    )
    return [Recorded.model_validate(row) for row in rows]


async def _letter(connection: AsyncConnection, state: CaseState, record: Recorded, issued: NoticeIssued) -> Letter:
    """What every letter has."""
    found = await connection.execute(
        select(Case.title, Case.registered_at, Requester.name, Requester.anonymous, Unit.name.label("centre"))
        .outerjoin(Requester, Requester.id == Case.requester_id)
        .outerjoin(Unit, Unit.unit_id == state.centre)
        .where(Case.case_no == state.case_no)
    )
    row = found.one()
    return Letter(
        notice_no=issued.notice_no,
        case_no=state.case_no,
        title=row.title,
        registered_on=local_date(row.registered_at),
        addressee=None if row.anonymous else row.name,
        centre=row.centre or state.centre,
        issued_on=local_date(record.at),
    )


async def _words(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    if not ids:
        return {}
    found = await connection.execute(select(Wording.text_id, Wording.body).where(Wording.text_id.in_(ids)))
    return {row.text_id: row.body for row in found}
