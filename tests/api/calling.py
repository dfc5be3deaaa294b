"""Calling the API as the people and systems of the test city do."""

from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from api.tokens import Claims, Tokens
from workflows.contracts.vocabulary import Role

SECRET = "a secret that is long enough for tests"  # noqa: S105 - signs nothing outside these tests
VILLAGE = "990102001001"
TOWNSHIP = "990102001000"
OTHER_COUNTY = "990101000000"

REPORT: dict[str, Any] = {
    "source": "test",
    "kind": "help",
    "title": "路灯不亮",
    "description": "巷口的路灯坏了三天,夜里看不见路",
    "region_code": VILLAGE,
}


class Caller:
    """One token's calls; bodies come back as JSON."""

    def __init__(self, app: FastAPI, headers: dict[str, str]) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://yingshao.test/api/v1", headers=headers
        )

    async def get(self, path: str, expected: int = 200, /, **params: Any) -> Any:
        answer = await self.http.get(path, params=params)
        assert answer.status_code == expected, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, expected: int = 200, /, **headers: str) -> Any:
        answer = await self.http.post(path, json=body or {}, headers=_named(headers))
        assert answer.status_code == expected, answer.text
        return answer.json()

    async def report(self, **fields: Any) -> Any:
        """A report that was taken in."""
        return await self.post("/cases", REPORT | fields, 201)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Callers:
    """Hands out tokens."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._tokens = Tokens(SECRET)

    def role(
        self, role: Role, *, region: str | None = None, unit: str | None = None, user: str | None = None
    ) -> Caller:
        claims = Claims(sub=user or f"{role}-{uuid4().hex[:8]}", role=role, region=region, unit=unit)
        return Caller(self._app, {"Authorization": f"Bearer {self._tokens.issue(claims)}"})

    def nobody(self, **headers: str) -> Caller:
        return Caller(self._app, _named(headers))

    @property
    def dispatcher(self) -> Caller:
        return self.role(Role.DISPATCHER)

    def handler(self, unit: str = "housing") -> Caller:
        return self.role(Role.HANDLER, unit=unit)
