"""The bodies of commands about a case's risk, a danger in it, and the limitation periods of its parties."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope
from api.errors import Problem
from api.fields import Flag, LocalDate, Moment, Words
from api.tokens import UserId
from infra.directory_tables import User
from workflows.contracts import commands as c
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.limitation import LimitationKind

ClockId = Annotated[str, Field(pattern=r"^limitation(#[1-9][0-9]{0,3})?$")]


class RecordDutyLeaderBody(CommandBody):
    makes = c.RecordDutyLeader
    note: Words


class ReportDangerBody(CommandBody):
    """报告现实危险: `caller` is the member of staff who calls 110, by default whoever reports it."""

    makes = c.ReportDanger
    kinds: Annotated[tuple[DangerKind, ...], Field(min_length=1, max_length=len(DangerKind))]
    minors: Flag = False
    without_capacity: Flag = False
    caller: UserId | None = None
    note: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if self.caller not in {None, asked.by.id} and await session.get(User, self.caller) is None:
            raise Problem.of_field("caller", "unknown_user", "the directory has no such member of staff")

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {"caller": envelope.actor.id} | super().fields(envelope)


class Record110CallBody(CommandBody):
    """已拨打110: without a `called_at` it was when the request came in."""

    makes = c.Record110Call
    receipt_no: Words
    called_at: Moment | None = None

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {"called_at": envelope.received_at} | super().fields(envelope)


class ReportProtectionBody(CommandBody):
    makes = c.ReportProtection
    to: ProtectionBody
    receipt: Words
    note: Words | None = None


class LiftDangerBody(CommandBody):
    makes = c.LiftDanger
    reason: Words


class RecordLimitationBody(CommandBody):
    """`began_on` is the local date from which the period is counted; that day itself does not count."""

    makes = c.RecordLimitation
    limitation: LimitationKind
    began_on: LocalDate
    note: Words | None = None


class ForgetLimitationBody(CommandBody):
    makes = c.ForgetLimitation
    clock_id: ClockId
    reason: Words
