"""What a body names, looked up before it becomes a command: the city's units, its policies, and what must exist."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.errors import Problem
from api.routing import place_of
from api.tokens import AT_A_CENTRE, Caller
from infra.case_gateway import CaseUnavailable
from infra.cities.routing import find_route, is_in_office
from infra.directory import unit_ref, units_answering
from infra.directory_tables import Region, Route, Unit
from infra.mediators.tables import Mediator
from infra.policies.written import PolicyFile
from infra.tables import Case, PolicyRow
from workflows.contracts.actors import Actor
from workflows.contracts.commands import UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, Level, RiskLevel, Urgency


async def units_named(session: AsyncSession, named: Mapping[str, str], today: date) -> dict[str, UnitRef]:
    """The units by their ids as the directory has them today; `named` holds those ids by the path of their field.

    Raises:
        Problem: 422 `unknown_unit` or `unit_not_valid`.
    """
    if not named:
        return {}
    found = {unit.unit_id: unit for unit in await session.scalars(select(Unit).where(Unit.unit_id.in_(named.values())))}
    for field, unit_id in named.items():
        unit = found.get(unit_id)
        if unit is None:
            raise Problem.of_field(field, "unknown_unit", "the directory has no such unit")
        if not is_in_office(unit, today):
            hint = f"; its successor is {unit.successor}" if unit.successor else ""
            raise Problem.of_field(field, "unit_not_valid", f"this unit does not exist today{hint}")
    return {unit.unit_id: unit_ref(unit) for unit in found.values()}


def refuse_concerned(case: Case, units: Mapping[str, UnitRef]) -> None:
    """Keeps a tip-off from whom it is about, also where its process began before it knew whom.

    Raises:
        RuleViolation: `unit_concerned`.
    """
    if case.kind == CaseKind.TIP_OFF.value and set(case.concerned) & units.keys():
        raise RuleViolation("unit_concerned", "the matter is about that unit")


async def actor_of(session: AsyncSession, caller: Caller) -> Actor:
    """The caller as the record names her: who sits at the centre of a region without being bound to it, as its own."""
    if caller.role not in AT_A_CENTRE or caller.region is None or caller.unit is not None:
        return caller.actor
    centre = await session.scalar(select(Region.centre).where(Region.code == caller.region))
    return caller.actor.model_copy(update={"unit_id": centre})


async def power_holder(session: AsyncSession, case: Case, today: date) -> UnitRef | None:
    """The unit with the legal power over the case's class at its present level, as the routing catalogue has it.

    None where the case has no class, the catalogue names nobody who serves its region, or that unit may not know of it.
    """
    if case.category is None:
        return None
    route = find_route(await session.scalars(select(Route)), case.category, Level(case.level), case.region_code)
    if route is None or route.power_holder is None:
        return None
    place = await place_of(session, case.region_code)
    unit = (await units_answering(session, [route.power_holder], place, today)).get(route.power_holder)
    if unit is None or unit.region_code.startswith(tuple(case.hidden_from)):
        return None
    return unit_ref(unit)


async def own_policy(session: AsyncSession, case: Case, risk: RiskLevel) -> CasePolicy:
    """What the case's own policy, in the version it has now, says for a case of that risk.

    Raises:
        CaseUnavailable: while nothing is recorded of the case, for then nobody knows its policy.
    """
    carried = (PolicyRow.name == Case.policy_name) & (PolicyRow.version == Case.policy_version)
    own = select(PolicyRow).join(Case, carried)
    row = await session.scalar(own.where(Case.case_no == case.case_no))
    if row is None:
        raise CaseUnavailable("PolicyUnknown")
    written = PolicyFile.model_validate(row.data)
    return written.resolve(case.source, CaseKind(case.kind), Urgency(case.urgency), case.category, risk)


async def mediators_named(session: AsyncSession, named: Mapping[str, str], today: date) -> None:
    """Lets mediators pass that the register has today; `named` holds their ids by the path of their field.

    Raises:
        Problem: 422 `unknown_mediator` or `mediator_not_valid`.
    """
    if not named:
        return
    found = {
        mediator.mediator_id: mediator
        for mediator in await session.scalars(select(Mediator).where(Mediator.mediator_id.in_(named.values())))
    }
    for field, mediator_id in named.items():
        mediator = found.get(mediator_id)
        if mediator is None:
            raise Problem.of_field(field, "unknown_mediator", "the register has no such mediator")
        if today < mediator.valid_from or (mediator.valid_to is not None and mediator.valid_to < today):
            raise Problem.of_field(field, "mediator_not_valid", "this mediator is not in office today")


async def require_known(
    session: AsyncSession,
    ids: Sequence[object],
    among: InstrumentedAttribute[Any],
    *,
    field: str,
    code: str,
    hint: str,
) -> None:
    """Lets ids pass that the table has; they were given in the list `field`.

    Raises:
        Problem: 422 with that code for the first one that is not there.
    """
    named = {f"{field}.{place}": given for place, given in enumerate(ids)}
    await require_each(session, named, among, code=code, hint=hint)


async def require_each(
    session: AsyncSession, named: Mapping[str, object], among: InstrumentedAttribute[Any], *, code: str, hint: str
) -> None:
    """Lets ids pass that the table has; `named` holds them by the path of their field.

    Raises:
        Problem: 422 with that code for the first one that is not there.
    """
    if not named:
        return
    known = set(await session.scalars(select(among).where(among.in_(named.values()))))
    for field, given in named.items():
        if given not in known:
            raise Problem.of_field(field, code, hint)
