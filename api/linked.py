"""Cases that a command names, or makes, looked up before it is given: whose they are, and whether they can be bound."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.scope import find_case
from api.tokens import Caller
from infra.directory import UnknownRegionError
from infra.directory_tables import Matter
from infra.subjects import bearing_of
from infra.tables import Case, Intake
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus, Level


async def require_open_case(session: AsyncSession, by: Caller, case_no: str) -> None:
    """Lets a case be named that the caller sees and whose matter is not over.

    Raises:
        Problem: 404, or 409 `main_case_over`.
    """
    case = await find_case(session, by, case_no)
    if case.status in END_STATUSES or case.status == CaseStatus.ARCHIVED:
        raise Problem(409, "main_case_over", f"{case_no} is {case.status}: name a case whose matter is not over")


async def require_no_circle(session: AsyncSession, case_no: str, into: str) -> None:
    """Lets a case go on in another that does not itself, however many cases lie between, go on in this one.

    Raises:
        RuleViolation: `merges_into_itself`.
    """
    main: str | None = into
    seen: set[str] = set()
    while main is not None and main not in seen:
        if main == case_no:
            raise RuleViolation("merges_into_itself", "name another case, and none that goes on in this one")
        seen.add(main)
        main = await session.scalar(select(Case.snapshot["merged_into"].astext).where(Case.case_no == main))


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


async def centres_of_host(session: AsyncSession, case: Case, region_code: str) -> dict[Level, str]:
    """The centres that would carry the case in that region, those that it is about left out.

    Raises:
        Problem: 422 `unknown_region`.
    """
    details = await session.scalar(select(Intake.details).where(Intake.case_no == case.case_no)) or {}
    try:
        bearing = await bearing_of(session, CaseKind(case.kind), region_code, details.get("subjects", []))
    except UnknownRegionError:
        raise Problem.of_field("region_code", "unknown_region", "the city has no such region") from None
    return bearing.centres
