"""The people of the city that the demo acts for, each with a token of the right role, region and unit."""

from collections.abc import Sequence

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.tokens import Claims, Tokens
from cli.simulator.public_api import PublicApi
from infra.directory_tables import Region, User
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Level, Role


class Staff:
    """Hands out the public interface as somebody of the city's directory would call it."""

    def __init__(self, http: httpx.AsyncClient, tokens: Tokens, users: Sequence[User], city: Region) -> None:
        self._http = http
        self._tokens = tokens
        self._users = users
        self._city = city

    @classmethod
    async def of(cls, session: AsyncSession, http: httpx.AsyncClient, tokens: Tokens) -> "Staff":
        """The staff of the loaded city."""
        users = (await session.scalars(select(User).order_by(User.user_id))).all()
        city = (await session.scalars(select(Region).where(Region.level == Level.CITY))).one()
        return cls(http, tokens, users, city)

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
        return self._member(Role.SUPERVISOR, self._city.centre)

    def dispatcher(self, centre: str) -> PublicApi:
        """A dispatcher of this centre."""
        return self._member(Role.DISPATCHER, centre)

    def handler(self, unit_id: str) -> PublicApi:
        """A handler of this unit."""
        return self._member(Role.HANDLER, unit_id, bound_to=unit_id)

    def mediator(self, mediator_id: str, unit_id: str) -> PublicApi:
        """A mediator of the unit that hosts."""
        return self._as(Claims(sub=mediator_id, role=Role.MEDIATOR, unit=unit_id))

    def verifier(self, region_code: str | None, centre: str) -> PublicApi:
        """A grid worker of the region, or the supervisor of the centre where there is none."""
        if region_code is not None:
            for user in self._users:
                if user.role == Role.GRID_WORKER and (user.region_code or "").startswith(region_prefix(region_code)):
                    return self._as(Claims(sub=user.user_id, role=Role.GRID_WORKER, region=region_code))
        return self._member(Role.SUPERVISOR, centre)

    def _member(self, role: Role, unit_id: str, *, bound_to: str | None = None) -> PublicApi:
        user = next((user for user in self._users if user.role == role and user.unit_id == unit_id), None)
        # Who works for the city sees all of it, cases without a region too: a token for no region in particular.
        region = user.region_code if user and user.region_code != self._city.code and not bound_to else None
        return self._as(Claims(sub=user.user_id if user else role.value, role=role, region=region, unit=bound_to))

    def _as(self, claims: Claims) -> PublicApi:
        return PublicApi(self._http, self._tokens.issue(claims))
