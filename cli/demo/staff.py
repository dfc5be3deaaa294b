"""The people of the city that the demo acts for, each with a token of the right role, region and unit."""

from collections.abc import Sequence

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.tokens import Claims, Tokens
from cli.simulator.public_api import PublicApi
from infra.tables import Region, User
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Level, Role


class Staff:
    """Hands out the public interface as somebody of the city's directory would call it."""

    def __init__(self, http: httpx.AsyncClient, tokens: Tokens, users: Sequence[User], city_centre: str | None) -> None:
        self._http = http
        self._tokens = tokens
        self._by_place = {(user.role, user.unit_id): user for user in reversed(users)}
        self._grid_workers = [user for user in users if user.role == Role.GRID_WORKER]
        self._city_centre = city_centre
        self._known: dict[Claims, PublicApi] = {}

    @classmethod
    async def of(cls, session: AsyncSession, http: httpx.AsyncClient, tokens: Tokens) -> "Staff":
        """The staff of the loaded city."""
        users = (await session.scalars(select(User).order_by(User.user_id))).all()
        city = select(Region.centre).where(Region.level == Level.CITY)
        return cls(http, tokens, users, await session.scalar(city))

    @property
    def requester(self) -> PublicApi:
        """Whoever reports: the caller behind hotline, counter and mini-program."""
        return self._as(Claims(sub="requester", role=Role.REQUESTER))

    @property
    def operator(self) -> PublicApi:
        """The operator on duty."""
        return self._as(Claims(sub="operator-1", role=Role.OPERATOR))

    @property
    def city_supervisor(self) -> PublicApi:
        """Somebody of the city's centre who watches all cases."""
        return self._person(Role.SUPERVISOR, self._city_centre, None)

    def dispatcher(self, centre: str, region_code: str | None) -> PublicApi:
        """A dispatcher of this centre, for a case from this region."""
        return self._person(Role.DISPATCHER, centre, region_code)

    def handler(self, unit_id: str) -> PublicApi:
        """A handler of this unit."""
        user = self._by_place.get((Role.HANDLER, unit_id))
        return self._as(Claims(sub=user.user_id if user else "handler", role=Role.HANDLER, unit=unit_id))

    def verifier(self, region_code: str | None, centre: str) -> PublicApi:
        """A grid worker of the region, or the supervisor of the centre where there is none."""
        if region_code is not None:
            prefix = region_prefix(region_code)
            for user in self._grid_workers:
                if (user.region_code or "").startswith(prefix):
                    return self._as(Claims(sub=user.user_id, role=Role.GRID_WORKER, region=region_code))
        return self._person(Role.SUPERVISOR, centre, region_code)

    def _person(self, role: Role, unit_id: str | None, region_code: str | None) -> PublicApi:
        user = self._by_place.get((role, unit_id))
        if user is None:
            return self._as(Claims(sub=role.value, role=role))
        own = user.region_code
        # A centre may be responsible for a place outside its own code; a case without a place is the whole city's.
        if own is None or region_code is None or not region_code.startswith(region_prefix(own)):
            own = None
        return self._as(Claims(sub=user.user_id, role=role, region=own))

    def _as(self, claims: Claims) -> PublicApi:
        if claims not in self._known:
            self._known[claims] = PublicApi(self._http, self._tokens.issue(claims))
        return self._known[claims]
