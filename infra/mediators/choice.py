"""Proposing mediators: who is near, knows such disputes, speaks the parties' languages and has time.

A proposal decides nothing: the parties choose, or accept whom the host names [人民调解法 19].
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Text, cast, func, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from infra.cities.routing import around
from infra.directory_tables import User
from infra.mediation_tables import Mediation
from infra.mediators.tables import Mediator
from workflows.contracts.ids import CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS, region_prefix
from workflows.contracts.mediation.vocabulary import Channel, DisputeType

_AREAS = {
    VILLAGE_DIGITS: "村（社区）",
    TOWNSHIP_DIGITS: "乡镇（街道）",
    COUNTY_DIGITS: "县（区、旗）",
    CITY_DIGITS: "市",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mediator with what speaks for her, as people read it."""

    mediator_id: str
    name: str
    unit_id: str
    reasons: tuple[str, ...]


async def proposals(
    session: AsyncSession,
    *,
    channel: Channel,
    host: str | None = None,
    region_code: str,
    dispute_type: DisputeType,
    languages: Collection[str] = (),
    barred: Collection[str] = (),
    day: date,
    limit: int,
) -> list[Proposal]:
    """Mediators of the channel in office that day, the best first: the nearest for the region, then its neighbours.

    Among equally near ones by speciality, the `languages` of the parties beside Chinese, and the fewest open
    mediations. With a `host`, its own alone. Nobody outside the county, and nobody of `barred`: parties, their kin and
    whoever else must stay out of it.
    """
    load = (
        select(func.count())
        .where(
            Mediation.ended_at.is_(None),
            Mediation.mediator_ids.bool_op("@>")(array([cast(Mediator.mediator_id, Text)])),
        )
        .correlate(Mediator)
        .scalar_subquery()
    )
    query = (
        select(Mediator, User.name, load)
        .join(User, User.user_id == Mediator.mediator_id)
        .where(
            Mediator.channels.contains([channel.value]),
            Mediator.valid_from <= day,
            or_(Mediator.valid_to.is_(None), Mediator.valid_to >= day),
            Mediator.mediator_id.not_in(barred),
            or_(
                Mediator.region_code.in_(around(region_code)),
                Mediator.region_code.startswith(region_prefix(region_code)[:COUNTY_DIGITS]),
            ),
        )
    )
    if host is not None:
        query = query.where(Mediator.unit_id == host)
    rows = (await session.execute(query)).all()
    fits = [
        _Fit.of(mediator, name, region_code, dispute_type, languages, open_now) for mediator, name, open_now in rows
    ]
    return [fit.proposal() for fit in sorted(fits, key=_Fit.order)[:limit]]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a mediator fits; `shared` are the digits of her region's code and the case's that are the same."""

    mediator: Mediator
    name: str
    serves: bool
    shared: int
    speciality: bool
    spoken: int
    load: int

    @classmethod
    def of(
        cls,
        mediator: Mediator,
        name: str,
        region_code: str,
        dispute_type: DisputeType,
        languages: Collection[str],
        load: int,
    ) -> "_Fit":
        area = region_prefix(mediator.region_code)
        return cls(
            mediator=mediator,
            name=name,
            serves=region_code.startswith(area),
            shared=max(size for size in _AREAS if area[:size] == region_code[:size]),
            speciality=dispute_type.value in mediator.specialities,
            spoken=len(set(languages).intersection(mediator.languages)),
            load=load,
        )

    def order(self) -> tuple[bool, int, bool, int, int, str]:
        return (not self.serves, -self.shared, not self.speciality, -self.spoken, self.load, self.mediator.mediator_id)

    def proposal(self) -> Proposal:
        return Proposal(self.mediator.mediator_id, self.name, self.mediator.unit_id, tuple(self._reasons()))

    def _reasons(self) -> Iterator[str]:
        area = _AREAS[self.shared]
        yield f"负责本{area}" if self.serves else f"在同一{area}"
        if self.speciality:
            yield "擅长此类纠纷"
        if self.spoken:
            yield "会说当事人的语言"
        yield f"在办调解{self.load}件"
