"""Trouble spots that staff know: put on the list by hand, ended by hand, never deleted."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from infra.directory_tables import Region
from infra.sweeps.standing import SweepRefused
from infra.sweeps.tables import TroubleSpot
from infra.sweeps.vocabulary import SpotKind


@dataclass(frozen=True, slots=True)
class Known:
    """A place or an issue as staff tell it; `since` is a local date."""

    region_code: str
    kind: SpotKind
    name: str
    note: str | None
    since: date


async def list_spot(session: AsyncSession, known: Known, *, by: str, now: datetime) -> UUID:
    """Puts a spot on the list; its id.

    Raises:
        SweepRefused: `unknown_region`.
    """
    if await session.get(Region, known.region_code) is None:
        raise SweepRefused("unknown_region", "the city has no such region", "region_code")
    spot = TroubleSpot(
        spot_id=uuid4(),
        region_code=known.region_code,
        kind=known.kind.value,
        name=known.name,
        note=known.note,
        since=known.since,
        listed_by=by,
        listed_at=now,
    )
    session.add(spot)
    await session.flush()
    return spot.spot_id


def end_spot(spot: TroubleSpot, until: date, *, by: str) -> None:
    """Its last local day; sweeps that have it on their list keep it.

    Raises:
        SweepRefused: `spot_ended`, or `dates_reversed` for a day before it began.
    """
    if spot.until is not None:
        raise SweepRefused("spot_ended", "this spot was ended already")
    if until < spot.since:
        raise SweepRefused("dates_reversed", "the last day lies before the first", "until")
    spot.until, spot.ended_by = until, by
