"""Trouble spots as they are read."""

from uuid import UUID

from sqlalchemy import ColumnElement, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import not_found
from api.paging import Cursor, bad_cursor, cut, read_cursor
from api.sweep_items import SpotView, spot_view
from api.tokens import Caller
from infra.directory_tables import Region
from infra.sweeps.levels import beat
from infra.sweeps.tables import TroubleSpot

_BY_LISTING = "-listed_at"


def _within(caller: Caller) -> ColumnElement[bool]:
    return true() if caller.region is None else TroubleSpot.region_code.startswith(beat(caller.region))


async def find_spot(session: AsyncSession, caller: Caller, spot_id: UUID) -> TroubleSpot:
    """The spot, kept from others until the transaction ends.

    Raises:
        Problem: 404 if it is not there, or not where the caller goes.
    """
    found = select(TroubleSpot).where(TroubleSpot.spot_id == spot_id, _within(caller)).with_for_update()
    spot = await session.scalar(found)
    if spot is None:
        raise not_found("trouble spot")
    return spot


async def list_spots(
    session: AsyncSession, caller: Caller, cursor_text: str | None, limit: int
) -> tuple[list[SpotView], str | None]:
    """A page of the spots where the caller goes, the latest first, ended ones among them; and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    asked = (
        select(TroubleSpot, Region.name)
        .outerjoin(Region, Region.code == TroubleSpot.region_code)
        .where(_within(caller))
        .order_by(TroubleSpot.listed_at.desc(), TroubleSpot.spot_id.desc())
        .limit(limit + 1)
    )
    if (cursor := read_cursor(cursor_text, _BY_LISTING)) is not None:
        try:
            last = UUID(cursor.key)
        except ValueError:
            raise bad_cursor() from None
        asked = asked.where(tuple_(TroubleSpot.listed_at, TroubleSpot.spot_id) < (cursor.value, last))
    page, following = cut(
        (await session.execute(asked)).all(),
        limit,
        lambda row: Cursor(order=_BY_LISTING, key=str(row[0].spot_id), value=row[0].listed_at),
    )
    return [spot_view(spot, name) for spot, name in page], following
