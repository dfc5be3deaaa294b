"""What operators look at: cases that cannot go on by themselves, and why; batches, and how far they are."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, select, text, tuple_, union, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.authorisation import permit_whole_city
from api.paging import Cursor, cut, read_cursor, read_key
from api.scope import WITHOUT_CONTENTS, within_reach
from api.tokens import Caller
from infra.batches import CHANGE, REACHED, AnyChange
from infra.database import Sessions
from infra.hook_tables import NEEDS_OPERATOR, Hook
from infra.mediation_tables import Mediation
from infra.tables import AuditEntry, BatchCase, BatchRow, Case, EffectRow, Fault, Intake
from workflows.contracts.effects import EffectStatus
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import case_of
from workflows.contracts.vocabulary import CaseStatus, Level

_ORDER = "case_no"
_BATCH_ORDER = "-requested_at"
_ASKED, _DONE, _REFUSED = "asked", "done", "refused"


class Cause(BaseModel):
    """Why a case is stuck: an effect that failed for good, a fault the process found, or an intake not startable.

    `code` is a class of failure; `effect_id` is what to retry or skip, of the mediation where one is named. A
    `mediation` lost its process, and is to be rebuilt. A `hook` is what another authority told of a mediation: `code`
    is the rule that refused it, `hook_no` what to dismiss once it is dealt with.
    """

    kind: Literal["effect", "fault", "intake", "mediation", "hook"]
    code: str
    since: datetime | None
    effect_id: str | None = None
    mediation_no: str | None = None
    task_no: str | None = None
    unit_id: str | None = None
    hook_no: int | None = None


class StuckCase(BaseModel):
    """A case that waits for an operator, beside the owner of its next step."""

    case_no: str
    status: CaseStatus
    level: Level
    region_code: str | None
    registered_at: datetime
    causes: list[Cause]


class BatchProgress(BaseModel):
    """A change that goes to many open cases: `total` = `reached` + `left` + `gone` + the sum of `refused` by code.

    `gone` are those that were archived, or that a later migration took over, before it came to them. Workers go on with
    it until `ended_at`, whatever is stopped meanwhile.
    """

    batch_id: str
    change: AnyChange = Field(discriminator="kind")
    requested_by: str
    requested_at: datetime
    total: int
    reached: int
    left: int
    refused: dict[str, int]
    gone: int
    started_at: datetime | None
    ended_at: datetime | None


async def list_batches(
    session: AsyncSession, caller: Caller, cursor_text: str | None, limit: int
) -> tuple[list[BatchProgress], str | None]:
    """A page of the batches, the latest first, and its next cursor.

    Raises:
        Problem: 403 `region_out_of_scope`, 422 `bad_cursor`.
    """
    permit_whole_city(caller)
    asked = select(BatchRow).order_by(BatchRow.requested_at.desc(), BatchRow.batch_id.desc()).limit(limit + 1)
    if (cursor := read_cursor(cursor_text, _BATCH_ORDER)) is not None:
        asked = asked.where(tuple_(BatchRow.requested_at, BatchRow.batch_id) < (cursor.value, cursor.key))
    page, following = cut(
        (await session.scalars(asked)).all(),
        limit,
        lambda row: Cursor(order=_BATCH_ORDER, key=row.batch_id, value=row.requested_at),
    )
    refused = await _refused(session, [row.batch_id for row in page])
    return [
        BatchProgress(
            batch_id=row.batch_id,
            change=CHANGE.validate_python(row.change),
            requested_by=row.requested_by,
            requested_at=row.requested_at,
            total=row.total,
            reached=row.reached,
            left=row.left,
            refused=refused[row.batch_id],
            gone=row.total - row.reached - row.left - sum(refused[row.batch_id].values()),
            started_at=row.started_at,
            ended_at=row.ended_at,
        )
        for row in page
    ], following


async def _refused(session: AsyncSession, batch_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """By batch: how many cases refused it, by the code of the rule."""
    counted = (
        select(BatchCase.batch_id, BatchCase.outcome, func.count())
        .where(BatchCase.batch_id.in_(batch_ids), BatchCase.outcome != REACHED)
        .group_by(BatchCase.batch_id, BatchCase.outcome)
        .order_by(BatchCase.outcome)
    )
    refused: dict[str, dict[str, int]] = defaultdict(dict)
    for batch_id, code, count in await session.execute(counted):
        refused[batch_id][str(code)] = count
    return refused


async def find_stuck(
    session: AsyncSession, caller: Caller, cursor: str | None, limit: int
) -> tuple[list[StuckCase], str | None]:
    """A page of the stuck cases that the caller sees, and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    stuck = union(
        select(Case.case_no).where(Case.needs_operator),
        select(Mediation.case_no).where(Mediation.needs_operator),
        select(_case_of(Fault.case_no)),
        select(Intake.case_no).where(Intake.fault.is_not(None)),
        select(Hook.case_no).where(NEEDS_OPERATOR),
    )
    rows = await session.scalars(
        select(Case)
        .where(Case.case_no > read_key(cursor, _ORDER), within_reach(caller), Case.case_no.in_(stuck))
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


async def _note_asked(
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


async def _note_outcome(session: AsyncSession, command_id: str, *, refused: bool) -> None:
    """Puts on record what became of it; as long as nobody knows, it stays `asked`."""
    await session.execute(
        update(AuditEntry)
        .where(AuditEntry.command_id == command_id, AuditEntry.outcome == _ASKED)
        .values(outcome=_REFUSED if refused else _DONE)
    )


@asynccontextmanager
async def on_record(
    sessions: Sessions, by: Caller, command_id: str, kind: str, detail: Mapping[str, Any], now: datetime
) -> AsyncIterator[None]:
    """While an operator's command is carried out: that she asks for it, and afterwards what became of it."""
    async with sessions.begin() as session:
        await _note_asked(session, by, command_id, kind, detail, now)
    try:
        yield
    except RuleViolation:
        async with sessions.begin() as session:
            await _note_outcome(session, command_id, refused=True)
        raise
    async with sessions.begin() as session:
        await _note_outcome(session, command_id, refused=False)


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
                mediation_no=effect.mediation_no,
                task_no=effect.task_no,
                unit_id=effect.unit_id,
            )
        )
    for fault in await session.scalars(select(Fault).where(_case_of(Fault.case_no).in_(case_nos))):
        case_no = case_of(fault.case_no)
        mediation_no = fault.case_no if fault.case_no != case_no else None
        cause = Cause(kind="fault", code=fault.code, since=fault.found_at, mediation_no=mediation_no)
        causes[case_no].append(cause)
    mediations = Case.snapshot["mediations"]
    for case_no, known in await session.execute(select(Case.case_no, mediations).where(Case.case_no.in_(case_nos))):
        lost = [number for number, one in (known or {}).items() if one["lost"]]
        causes[case_no] += [Cause(kind="mediation", code="lost", since=None, mediation_no=number) for number in lost]
    unstartable = select(Intake).where(Intake.case_no.in_(case_nos), Intake.fault.is_not(None))
    for intake in await session.scalars(unstartable):
        causes[intake.case_no].append(Cause(kind="intake", code=intake.fault or "", since=intake.received_at))
    for hook in await session.scalars(select(Hook).where(Hook.case_no.in_(case_nos), NEEDS_OPERATOR)):
        causes[hook.case_no].append(
            Cause(
                kind="hook",
                code=hook.code or "not_delivered",
                since=hook.received_at,
                unit_id=hook.unit_id,
                hook_no=hook.hook_no,
            )
        )
    return causes


def _case_of(number: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The case that a number of a case or of a mediation belongs to."""
    return func.split_part(number, "-", 1)
