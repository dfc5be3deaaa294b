"""The bodies of commands that bind cases to each other, make cases of parts, or lead a matter out of the city."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope, WithdrawBody
from api.errors import Problem
from api.fields import Body, Description, Flag, Name, Title, Words
from api.linked import merged_here, require_known_classes, require_no_circle, require_open_cases
from infra.intake import allot_numbers
from workflows.contracts import commands as c
from workflows.contracts.ids import CaseNo, UnitId
from workflows.contracts.vocabulary import CaseKind, LegalRoute, Role

_MOST = 50
TrackingCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{10,32}$")]


class PartBody(Body):
    """A matter that goes on as a case of its own; without a `kind` it is of the same kind as the case.

    `category` is a class of the city's, as `level1/level2/level3`.
    """

    title: Title
    description: Description
    category: Title | None = None
    kind: CaseKind | None = None


class HazardBody(Body):
    """A danger to others that goes on as a case of its own; `category` is a class, as `level1/level2/level3`."""

    title: Title
    description: Description
    category: Title | None = None


class MergeBody(CommandBody):
    """`into` is a case that the caller sees."""

    makes = c.Merge
    into: CaseNo
    reason: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        await require_no_circle(session, asked.case.case_no, self.into)
        await require_open_cases(session, asked.by, asked.case, [self.into])


class SplitBody(CommandBody):
    """`tracking_codes` are those of reports that go on in this case."""

    makes = c.Split
    tracking_codes: Annotated[tuple[TrackingCode, ...], Field(min_length=1, max_length=_MOST)]
    reason: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        envelope.case_nos = await merged_here(session, asked.case.case_no, self.tracking_codes)

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {"case_nos": envelope.case_nos, "reason": envelope.put_away("reason", self.reason)}


class DivideBody(CommandBody):
    """分案: each part becomes a case of its own; what is left stays in this one."""

    makes = c.Divide
    parts: Annotated[tuple[PartBody, ...], Field(min_length=1, max_length=_MOST)]
    reason: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        classes = {f"parts.{place}.category": part.category for place, part in enumerate(self.parts)}
        await require_known_classes(session, classes)
        await _number(session, asked, envelope, len(self.parts))

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        given = super().fields(envelope)
        numbered = zip(given["parts"], envelope.case_nos, strict=True)
        return given | {"parts": [_part(part, number, envelope.case_kind) for part, number in numbered]}


class GatherBody(CommandBody):
    """`case_nos` are cases that the caller sees."""

    makes = c.Gather
    case_nos: Annotated[tuple[CaseNo, ...], Field(min_length=1, max_length=_MOST)]
    reason: Words

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        await require_open_cases(session, asked.by, asked.case, self.case_nos)


class DecisionBody(Body):
    """What one unit does."""

    unit: UnitId
    what: Words


class ConsultBody(CommandBody):
    """会商纪要: the minutes, and what each unit does; one that has no task yet is given one by its decision."""

    makes = c.Consult
    asks_power_holder = True
    minutes: Words
    decisions: Annotated[tuple[DecisionBody, ...], Field(max_length=_MOST)] = ()


class TransferBody(CommandBody):
    """移交外市: `city` is the one that is asked, by its name."""

    makes = c.Transfer
    city: Name
    reason: Words


class TransferReceiptBody(CommandBody):
    """The `number` under which the other city has the matter; or it is `refused`."""

    makes = c.TransferReceipt
    number: Name | None = None
    refused: Flag = False

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        given = super().fields(envelope)
        return given | {"taken": not given.pop("refused")}


class LegalRouteBody(CommandBody):
    """转法律途径: `reason` says why, and what she can do; the requester reads it."""

    makes = c.TakeLegalRoute
    route: LegalRoute
    reason: Words


class LegalOutcomeBody(CommandBody):
    """What the court or the other body decided."""

    makes = c.RecordLegalOutcome
    outcome: Words


class _WithHazard(CommandBody):
    """A body with which a public danger may go on."""

    hazard: HazardBody | None = None

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if self.hazard is not None:
            await require_known_classes(session, {"hazard.category": self.hazard.category})
            await _number(session, asked, envelope, 1)

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        given = super().fields(envelope)
        if self.hazard is None:
            return given
        (number,) = envelope.case_nos
        return given | {"hazard": _part(given["hazard"], number, CaseKind.HAZARD)}


class WithdrawThroughStaffBody(_WithHazard, WithdrawBody):
    """The centre names the `hazard`: at once, or when it confirms what others ask for."""

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if self.hazard is not None and asked.by.role is not Role.DISPATCHER:
            message = "leave it out: the centre names it when it confirms the withdrawal"
            raise Problem.of_field("hazard", "hazard_at_confirmation", message)
        await super().look_up(session, asked, envelope)


class ConfirmWithdrawalBody(_WithHazard):
    makes = c.ConfirmWithdrawal
    confirmed: Flag
    note: Words | None = None


async def _number(session: AsyncSession, asked: Asked, envelope: Envelope, count: int) -> None:
    """Gives out as many case numbers, of the case's own region."""
    envelope.case_nos = await allot_numbers(session, asked.case.region_code, asked.at, count)
    envelope.case_kind = CaseKind(asked.case.kind)


def _part(given: dict[str, Any], case_no: str, kind: CaseKind | None) -> dict[str, Any]:
    return {"case_no": case_no, "case_kind": given.pop("kind", kind)} | given
