"""The bodies of commands between centres and units: requests, referrals, objections, levels, ratings both ways."""

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope
from api.fields import Flag, Words
from api.linked import centres_of_host
from workflows.contracts import commands as c
from workflows.contracts import dispatch_commands
from workflows.contracts.ids import ReferralNo, RegionCode, TaskNo, UnitId
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import local_date

Score = Annotated[dispatch_commands.Score, Field(strict=True)]


class RequestWhistleBody(CommandBody):
    makes = c.RequestWhistle
    reason: Words


class DecideWhistleRequestBody(CommandBody):
    makes = c.DecideWhistleRequest
    granted: Flag
    reason: Words


class ReferBody(CommandBody):
    makes = c.Refer
    unit: UnitId
    reason: Words


class RecordReferralBody(CommandBody):
    makes = c.RecordReferral
    referral_no: ReferralNo
    receipt: Words | None = None
    outcome: Words | None = None


class DecideObjectionBody(CommandBody):
    """`unit` takes the task if the objection is upheld."""

    makes = c.DecideObjection
    task_no: TaskNo
    upheld: Flag
    unit: UnitId | None = None
    reason: Words


class AssignDownBody(CommandBody):
    makes = c.AssignDown
    level: Level
    instructions: Words


class NameHostBody(CommandBody):
    makes = c.NameHost
    region_code: RegionCode
    reason: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        envelope.centres = await centres_of_host(session, asked.case, self.region_code, local_date(asked.at))

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return super().fields(envelope) | {"centres": envelope.centres}


class RateReportInBody(CommandBody):
    makes = c.RateReportIn
    task_no: TaskNo
    score: Score
    note: Words | None = None


class RateWhistleBody(CommandBody):
    """Was it the right unit, was the reason clear, could the whistle have been avoided?"""

    makes = c.RateWhistle
    score: Score
    right_unit: Flag | None = None
    clear: Flag | None = None
    avoidable: Flag | None = None
    note: Words | None = None
