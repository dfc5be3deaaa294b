"""What operators look at: cases that cannot go on by themselves, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import select, text, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.paging import Cursor, cut, read_key
from api.scope import WITHOUT_CONTENTS, visible
from api.tokens import Caller
from infra.tables import AuditEntry, Case, EffectRow, Fault, Intake
from workflows.contracts.effects import EffectStatus
from workflows.contracts.vocabulary import CaseStatus, Level

_ORDER = "case_no"
_ASKED, _DONE, _REFUSED = "asked", "done", "refused"


class Cause(BaseModel):
    """Why a case is stuck: an effect that failed for good, a fault the process found, or an intake not startable.

    `code` is a class of failure; `effect_id` is what to retry or skip.
    """

    kind: Literal["effect", "fault", "intake"]
    code: str
    since: datetime | None
    effect_id: str | None = None
    task_no: str | None = None
    unit_id: str | None = None


class StuckCase(BaseModel):
    """A case that waits for an operator, beside the owner of its next step."""

    case_no: str
    status: CaseStatus
    level: Level
    region_code: str | None
    registered_at: datetime
    causes: list[Cause]


async def find_stuck(
    session: AsyncSession, caller: Caller, cursor: str | None, limit: int
) -> tuple[list[StuckCase], str | None]:
    """A page of the stuck cases that the caller sees, and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    stuck = union(
        select(Case.case_no).where(Case.needs_operator),
        select(Fault.case_no),
        select(Intake.case_no).where(Intake.fault.is_not(None)),
    )
    rows = await session.scalars(
        select(Case)
        .where(Case.case_no > read_key(cursor, _ORDER), visible(caller), Case.case_no.in_(stuck))
        .order_by(Case.case_no)
        .limit(limit + 1)
        .options(*WITHOUT_CONTENTS)
    )
    page, following = cut(rows.all(), limit, lambda case: Cursor(order=_ORDER, key=case.case_no))
    causes = await _causes(session, [case.case_no for case in page])
    return [
        StuckCase(
            case_no=case.case_no,
            status=CaseStatus(case.status),
            level=Level(case.level),
            region_code=case.region_code,
            registered_at=case.registered_at,
            causes=causes[case.case_no],
        )
        for case in page
    ], following


async def note_asked(
    session: AsyncSession, by: Caller, command_id: str, kind: str, detail: Mapping[str, Any], now: datetime
) -> None:
    """Puts on record that an operator asks for a command; asking again under the same key is no new entry.

    `kind` is the command's; `detail` names at least its `case_no`.
    """
    entry = insert(AuditEntry).values(
        at=now,
        actor=by.id,
        action=kind,
        case_no=detail["case_no"],
        command_id=command_id,
        outcome=_ASKED,
        detail=detail,
    )
    # What was refused may be asked for anew under its key: that is another entry. The condition is written out, since
    # the server finds the partial index by it and cannot once a parameter stands in its place.
    unrefused = text("outcome <> 'refused'")
    await session.execute(entry.on_conflict_do_nothing(index_elements=["command_id"], index_where=unrefused))


async def note_outcome(session: AsyncSession, command_id: str, *, refused: bool) -> None:
    """Puts on record what became of it; as long as nobody knows, it stays `asked`."""
    await session.execute(
        update(AuditEntry)
        .where(AuditEntry.command_id == command_id, AuditEntry.outcome == _ASKED)
        .values(outcome=_REFUSED if refused else _DONE)
    )


async def _causes(session: AsyncSession, case_nos: Sequence[str]) -> dict[str, list[Cause]]:
    causes: dict[str, list[Cause]] = defaultdict(list)
    failed = EffectRow.status == EffectStatus.FAILED.value
    for effect in await session.scalars(select(EffectRow).where(EffectRow.case_no.in_(case_nos), failed)):
        causes[effect.case_no].append(
            Cause(
                kind="effect",
                code=effect.code or "unknown",
                since=effect.ended_at,
                effect_id=effect.effect_id,
                task_no=effect.task_no,
                unit_id=effect.unit_id,
            )
        )
    for fault in await session.scalars(select(Fault).where(Fault.case_no.in_(case_nos))):
        causes[fault.case_no].append(Cause(kind="fault", code=fault.code, since=fault.found_at))
    unstartable = select(Intake).where(Intake.case_no.in_(case_nos), Intake.fault.is_not(None))
    for intake in await session.scalars(unstartable):
        causes[intake.case_no].append(Cause(kind="intake", code=intake.fault or "", since=intake.received_at))
    return causes
