"""Cases that a command names, or makes, looked up before it is given: whose they are, and whether they can be bound."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem, not_found
from api.scope import visible
from api.tokens import Caller
from infra.directory import UnknownRegionError
from infra.directory_tables import Matter
from infra.main_cases import mains_from
from infra.subjects import bearing_of
from infra.tables import Case, Intake
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus, Level


def is_over(status: str) -> bool:
    """Whether the matter of a case in this status has ended; it may still be taken up again unless it is archived."""
    return status in END_STATUSES or status == CaseStatus.ARCHIVED


async def require_open_cases(session: AsyncSession, by: Caller, of: Case, case_nos: Sequence[str]) -> None:
    """Lets cases be bound to `of` that the caller sees and whose matters are not over.

    Raises:
        Problem: 404, or 409 `main_case_over`, for the first one that is not so.
        RuleViolation: `tip_off_stands_alone`.
    """
    seen = select(Case.case_no, Case.status, Case.kind).where(Case.case_no.in_(case_nos), visible(by))
    found = (await session.execute(seen)).all()
    statuses = {row.case_no: row.status for row in found}
    sealed = {row.case_no: row.kind == CaseKind.TIP_OFF.value for row in found}
    for case_no in case_nos:
        if case_no not in statuses:
            raise not_found("case")
        if sealed[case_no] is not (of.kind == CaseKind.TIP_OFF.value):
            raise RuleViolation("tip_off_stands_alone", "a tip-off is bound to tip-offs only")
        if is_over(statuses[case_no]):
            message = f"{case_no} is {statuses[case_no]}: name a case whose matter is not over"
            raise Problem(409, "main_case_over", message)


async def require_no_circle(session: AsyncSession, case_no: str, into: str) -> None:
    """Lets a case go on in another that does not itself, however many cases lie between, go on in this one.

    Raises:
        RuleViolation: `merges_into_itself`.
    """
    mains = mains_from(into)
    if await session.scalar(select(exists().where(mains.c.case_no == case_no))):
        raise RuleViolation("merges_into_itself", "name another case, and none that goes on in this one")


async def merged_here(session: AsyncSession, main: str, tracking_codes: Sequence[str]) -> tuple[str, ...]:
    """The cases of these codes that go on in this one.

    Raises:
        Problem: 422 `unknown_tracking_code` for a code without such a case.
    """
    found = await session.execute(
        select(Case.tracking_code, Case.case_no)
        .where(Case.tracking_code.in_(tracking_codes), Case.snapshot["merged_into"].astext == main)
        .order_by(Case.case_no)
    )
    rows = found.all()
    known = {code for code, _ in rows}
    for place, code in enumerate(tracking_codes):
        if code not in known:
            message = "no report with this code goes on in this case"
            raise Problem.of_field(f"tracking_codes.{place}", "unknown_tracking_code", message)
    return tuple(case_no for _, case_no in rows)


async def require_known_classes(session: AsyncSession, named: Mapping[str, str | None]) -> None:
    """Lets classes pass that the city has; `named` holds them by the path of their field.

    Raises:
        Problem: 422 `unknown_category`.
    """
    known = set(await session.scalars(select(Matter.path).where(Matter.path.in_(filter(None, named.values())))))
    for field, category in named.items():
        if category is not None and category not in known:
            raise Problem.of_field(field, "unknown_category", "the city's classification has no such class")


async def centres_of_host(session: AsyncSession, case: Case, region_code: str, today: date) -> dict[Level, str]:
    """The centres that would carry the case in that region, those that it is about left out.

    Raises:
        Problem: 422 `unknown_region`.
    """
    details = await session.scalar(select(Intake.details).where(Intake.case_no == case.case_no)) or {}
    try:
        bearing = await bearing_of(session, CaseKind(case.kind), region_code, details.get("subjects", []), today)
    except UnknownRegionError:
        raise Problem.of_field("region_code", "unknown_region", "the city has no such region") from None
    return bearing.centres
