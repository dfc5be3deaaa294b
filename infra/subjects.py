"""Whom a matter is about (被反映对象): who carries it for that reason, and who may not know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.cities.routing import is_succeeded
from infra.directory import centres_for, with_successors
from infra.directory_tables import Region, Unit, User
from workflows.contracts.events import Subject
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import CaseKind, Level, SubjectType, UnitKind

_AGAINST_SOMEBODY = frozenset({CaseKind.COMPLAINT, CaseKind.TIP_OFF, CaseKind.DISPUTE})
_GO_ABOVE = frozenset({CaseKind.COMPLAINT, CaseKind.TIP_OFF})


@dataclass(frozen=True)
class Bearing:
    """Who carries a matter and from whom it is kept.

    `hidden_from` are prefixes of regions; `concerned` the ids of the units and staff that it is about, the unit of such
    a person among them; `subjects` those of them that may not handle or judge it.
    """

    centres: dict[Level, str]
    hidden_from: tuple[str, ...] = ()
    concerned: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()

    @property
    def level(self) -> Level:
        """The lowest level whose centre may carry it: where it begins."""
        return min(self.centres, key=_rank)


async def bearing_of(
    session: AsyncSession, kind: CaseKind, region_code: str | None, told: Sequence[Mapping[str, Any]], on: date
) -> Bearing:
    """What follows from the subjects that were told with a report, those that the directory does not know left out.

    A complaint or tip-off about a governance centre or its people, grid workers among them, is carried by the centres
    above it alone and hidden from its subtree [信访工作条例 30: not in the hands of whom it is about]. Above the city's
    centre there is nobody: it carries the matter itself, and only the person is kept away from it. Of a unit that
    another has taken over from by that day, `on`, both are kept away, for the staff went along.

    Raises:
        UnknownRegionError: if the region, or the city itself, is not in the directory.
    """
    centres = await centres_for(session, region_code)
    if kind not in _AGAINST_SOMEBODY:
        return Bearing(centres)
    staff = await _staff(session, told)
    named = await with_successors(session, _ids(told, SubjectType.UNIT), on)
    employers = await with_successors(session, filter(None, staff.values()), on)
    below_top = [
        unit
        for unit in (*named, *employers)
        if unit.kind == UnitKind.GOVERNANCE_CENTRE.value and Level(unit.level).rank < max(centres, key=_rank).rank
    ]
    hidden_from: set[str] = set()
    if kind in _GO_ABOVE and below_top:
        highest = max(Level(unit.level).rank for unit in below_top)
        centres = {level: centre for level, centre in centres.items() if level.rank > highest}
        hidden_from = {region_prefix(unit.region_code) for unit in below_top}
    # Whoever is only a colleague may look into a complaint; a tip-off is kept from the whole unit.
    to_blame = [*named, *employers] if kind is CaseKind.TIP_OFF else named
    barred = {unit.unit_id for unit in to_blame if not is_succeeded(unit, on)} - set(centres.values())
    concerned = {unit.unit_id for unit in (*named, *employers)} - set(centres.values())
    return Bearing(
        centres=centres,
        hidden_from=tuple(sorted(hidden_from)),
        concerned=tuple(sorted(concerned | set(staff))),
        subjects=(
            *(Subject(type=SubjectType.UNIT, id=unit_id) for unit_id in sorted(barred)),
            *(Subject(type=SubjectType.STAFF, id=user_id) for user_id in sorted(staff)),
        ),
    )


async def first_unknown(session: AsyncSession, told: Sequence[Mapping[str, Any]]) -> tuple[int, SubjectType] | None:
    """The place in the list and the type of the first unit or member of staff that the directory does not have."""
    known_units = select(Unit.unit_id).where(Unit.unit_id.in_(_ids(told, SubjectType.UNIT)))
    known = {
        SubjectType.UNIT: set(await session.scalars(known_units)),
        SubjectType.STAFF: set(await _staff(session, told)),
    }
    for place, subject in enumerate(told):
        among = known.get(SubjectType(subject["type"]))
        if among is not None and subject.get("id") is not None and subject["id"] not in among:
            return place, SubjectType(subject["type"])
    return None


def _ids(told: Sequence[Mapping[str, Any]], wanted: SubjectType) -> list[str]:
    return [subject["id"] for subject in told if subject["type"] == wanted and subject.get("id") is not None]


def _rank(level: Level) -> int:
    return level.rank


async def _staff(session: AsyncSession, told: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """The unit of each person by her id; of one who belongs to no unit, the centre of her region."""
    found = (
        select(User.user_id, User.unit_id, Region.centre)
        .outerjoin(Region, Region.code == User.region_code)
        .where(User.user_id.in_(_ids(told, SubjectType.STAFF)))
    )
    return {user_id: unit_id or centre for user_id, unit_id, centre in await session.execute(found)}
