"""The public HTTP interface as an outside program calls it: one caller, one token, and no request made twice."""

import asyncio
from typing import Any

import httpx

_AGAIN = frozenset({429, 502, 503, 504})
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_BASE = "/api/v1"


class Refused(Exception):  # noqa: N818 - the interface's word for it
    """An answer that trying again will not change; `code` is the problem's stable code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class PublicApi:
    """Calls as the holder of `token`. `http` knows the root of the interface as its base URL.

    What is temporarily unable, or away, is asked again until the caller is cancelled; the `Idempotency-Key` keeps a
    repetition from counting twice.
    """

    def __init__(self, http: httpx.AsyncClient, token: str | None) -> None:
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    async def get(self, path: str, **asked: str | int | bool) -> Any:
        """What is at `path` below the base.

        Raises:
            Refused: for any answer that says no for good.
        """
        return await self._ask("GET", path, params=asked)

    async def post(self, path: str, body: dict[str, Any], *, key: str, headers: dict[str, str] | None = None) -> Any:
        """What the command at `path` answers; the same `key` again is the same command.

        Raises:
            Refused: for any answer that says no for good.
        """
        return await self._ask("POST", path, json=body, headers={"idempotency-key": key, **(headers or {})})

    async def _ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **content: Any) -> Any:
        pause = _FIRST_PAUSE
        while True:
            wait = pause
            try:
                answer = await self._http.request(
                    method, _BASE + path, headers=self._headers | (headers or {}), **content
                )
            except httpx.TransportError:
                pass
            else:
                if answer.is_success:
                    return answer.json()
                if answer.status_code not in _AGAIN:
                    raise Refused(answer.status_code, _code_of(answer))
                asked_for = answer.headers.get("retry-after", "")
                wait = float(asked_for) if asked_for.isdigit() else pause
            await asyncio.sleep(min(wait, _LONGEST_PAUSE))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _code_of(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except (ValueError, AttributeError):
        return ""
