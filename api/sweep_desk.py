"""Where a request about sweeps takes effect: once under its `Idempotency-Key`, with its record, in one transaction."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import permit_region
from api.case_desk import CaseDesk
from api.errors import Problem, not_found
from api.services import Services
from api.sweep_bodies import CheckBody, CloseSweepBody, EndSpotBody, PassUpBody, SpotBody, SweepBody, VisitBody
from api.sweep_figures import SweepDetail, sweep_detail
from api.sweep_items import ItemView, SpotView, read_item, spot_view
from api.sweeps import find_sweep, on_her_list
from api.tokens import Caller
from api.trouble_spots import find_spot
from infra.cities.routing import level_of
from infra.directory_tables import Region
from infra.sweeps.items import SweepSteps
from infra.sweeps.ordering import Order, order_sweep
from infra.sweeps.spots import Known, end_spot, list_spot
from infra.sweeps.standing import SweepRefused
from infra.sweeps.tables import SweepItem
from infra.tables import Case
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import local_date

ItemBody = VisitBody | PassUpBody | CheckBody
Answer = TypeVar("Answer")


class SweepDesk:
    """Handles one request; `cases` knows the key under which it came."""

    def __init__(self, services: Services, cases: CaseDesk, by: Caller) -> None:
        self._services = services
        self._once = cases.once(by.key_owner)
        self._by = by
        self._now = services.now()

    async def order(self, body: SweepBody) -> SweepDetail:
        """A new sweep with its list.

        Raises:
            Problem: 403 `region_out_of_scope`, 422 for what does not fit.
        """
        permit_region(self._by, body.region_code)

        async def ordered(session: AsyncSession) -> str:
            sweep = await order_sweep(session, Order(**dict(body)), by=self._by.id, now=self._now)
            return sweep.sweep_no

        async def shown(session: AsyncSession, sweep_no: str) -> SweepDetail:
            sweep = await find_sweep(session, self._by, sweep_no)
            return await sweep_detail(session, self._by, sweep, self._now)

        return await self._do(ordered, shown)

    async def take(self, sweep_no: str, item_no: int, body: ItemBody) -> ItemView:
        """A step of an item on the caller's list.

        Raises:
            Problem: 404, 403 `not_yours_to_do` if a higher level owes it, 409 or 422 if it does not fit now.
        """

        async def taken(session: AsyncSession) -> str:
            sweep = await find_sweep(session, self._by, sweep_no, lock=False)
            item = await self._item(session, sweep_no, item_no, lock=True)
            self._require_level(Level(item.level))
            steps = SweepSteps(session, sweep, self._by.actor, self._now)
            match body:
                case VisitBody():
                    await steps.visit(item, body.outcome, body.note, title=body.title, kind=body.kind)
                case PassUpBody():
                    await steps.pass_up(item, body.reason)
                case CheckBody():
                    await steps.check(item, body.note, agrees=body.agrees)
            return sweep_no

        async def shown(session: AsyncSession, _: str) -> ItemView:
            sweep = await find_sweep(session, self._by, sweep_no)
            await self._item(session, sweep_no, item_no)
            return await read_item(session, sweep, item_no, now=self._now)

        return await self._do(taken, shown)

    async def close(self, sweep_no: str, body: CloseSweepBody) -> SweepDetail:
        """The end of a sweep, by who could have ordered it.

        Raises:
            Problem: 404, 403 `region_out_of_scope`, 409 `sweep_closed`, 422 `work_left`.
        """

        async def closed(session: AsyncSession) -> str:
            sweep = await find_sweep(session, self._by, sweep_no, lock=True)
            permit_region(self._by, sweep.region_code)
            await SweepSteps(session, sweep, self._by.actor, self._now).close(body.reason)
            return sweep_no

        async def shown(session: AsyncSession, _: str) -> SweepDetail:
            return await sweep_detail(session, self._by, await find_sweep(session, self._by, sweep_no), self._now)

        return await self._do(closed, shown)

    async def list_spot(self, body: SpotBody) -> SpotView:
        """A new trouble spot.

        Raises:
            Problem: 403 `region_out_of_scope`, 422 `unknown_region`.
        """
        permit_region(self._by, body.region_code)

        async def listed(session: AsyncSession) -> str:
            since = body.since or local_date(self._now)
            known = Known(body.region_code, body.kind, body.name, body.note, since)
            return str(await list_spot(session, known, by=self._by.id, now=self._now))

        return await self._do(listed, self._spot)

    async def end_spot(self, spot_id: UUID, body: EndSpotBody) -> SpotView:
        """The last day of a spot.

        Raises:
            Problem: 404, 409 `spot_ended`, 422 `dates_reversed`.
        """

        async def ended(session: AsyncSession) -> str:
            spot = await find_spot(session, self._by, spot_id)
            end_spot(spot, body.until or local_date(self._now), by=self._by.id)
            return str(spot_id)

        return await self._do(ended, self._spot)

    async def _do(
        self, act: Callable[[AsyncSession], Awaitable[str]], show: Callable[[AsyncSession, str], Awaitable[Answer]]
    ) -> Answer:
        with _as_problems():
            async with self._services.sessions.begin() as session:
                earlier = await self._once.claim(session, self._now)
                about = earlier["about"] if earlier is not None else await act(session)
                if earlier is None:
                    await self._once.answered(session, {"about": about})
                await session.flush()
                return await show(session, about)

    async def _spot(self, session: AsyncSession, spot_id: str) -> SpotView:
        spot = await find_spot(session, self._by, UUID(spot_id))
        region = await session.get(Region, spot.region_code)
        return spot_view(spot, region.name if region else None)

    async def _item(self, session: AsyncSession, sweep_no: str, item_no: int, *, lock: bool = False) -> SweepItem:
        found = (
            select(SweepItem)
            .outerjoin(Case, Case.case_no == SweepItem.case_no)
            .where(SweepItem.sweep_no == sweep_no, SweepItem.item_no == item_no, on_her_list(self._by))
        )
        item = await session.scalar(found.with_for_update(of=SweepItem) if lock else found)
        if item is None:
            raise not_found("item")
        return item

    def _require_level(self, level: Level) -> None:
        own = level_of(self._by.region) if self._by.region else Level.CITY
        if own.rank < level.rank:
            raise Problem(403, "not_yours_to_do", f"this item stands at the {level} now")


@contextmanager
def _as_problems() -> Iterator[None]:
    try:
        yield
    except SweepRefused as refused:
        if refused.field is None:
            raise Problem(409, refused.code, refused.message) from None
        raise Problem.of_field(refused.field, refused.code, refused.message) from None
