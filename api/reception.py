"""Takes in a request whole, within bounds, and notes when that was: the moment that limits are measured against."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import Request
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.authorisation import identify
from api.errors import Problem
from api.tokens import COOKIE, Tokens

_JSON_LIMIT = 512 * 1024
"""Bytes; the longest allowed description, written in escapes, still fits."""
_MULTIPART_ROOM = 64 * 1024
"""Bytes that a form may have beside the files in it."""
_TAKEN_FROM_ANYBODY = 64 * 1024
"""Bytes; more is taken in only from whoever holds a token."""
_CLOSE = {"Connection": "close"}
"""What is still on its way is not read; the connection cannot be used again."""
_STATE = "reception"


@dataclass(frozen=True)
class Received:
    """When the last byte was here (UTC), and a hash of what was asked: method, path, query and body."""

    at: datetime
    digest: str


def received(request: Request) -> Received:
    """How this request was received."""
    noted: Received = request.scope["state"][_STATE]
    return noted


def received_as(request: Request, said: Sequence[tuple[str, str]]) -> None:
    """Notes what a form says as what was asked: the same form is sent in other bytes each time if files are in it."""
    digest = _digest(request.scope, json.dumps(said).encode())
    request.scope["state"][_STATE] = replace(received(request), digest=digest)


class Reception:
    """Reads the body before anything else sees the request; one that is too long is refused with 413.

    A long one is read for the holder of a token only: 401 otherwise. In a form there may be files of
    `attachments_limit` bytes, together.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        now: Callable[[], datetime],
        tokens: Tokens,
        attachments_limit: int,
    ) -> None:
        self._app = app
        self._now = now
        self._tokens = tokens
        self._attachments_limit = attachments_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._whole(scope, receive)
        except Problem as problem:
            await problem.response(scope["path"])(scope, receive, send)
            return
        if body is None:
            return
        scope.setdefault("state", {})[_STATE] = Received(self._now(), _digest(scope, body))
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)

    async def _whole(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body, or None if the caller went away before its end."""
        limit = _JSON_LIMIT
        headers = Headers(scope=scope)
        if headers.get("content-type", "").startswith("multipart/form-data"):
            limit = self._attachments_limit + _MULTIPART_ROOM
        announced = headers.get("content-length", "0")
        self._permit(scope, int(announced) if announced.isdecimal() else 0, limit)
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            self._permit(scope, len(body), limit)
            if not message.get("more_body", False):
                return bytes(body)

    def _permit(self, scope: Scope, size: int, limit: int) -> None:
        if size > _TAKEN_FROM_ANYBODY:
            try:
                identify(self._tokens, _token(HTTPConnection(scope)))
            except Problem as problem:
                problem.headers |= _CLOSE
                raise
        if size > limit:
            raise Problem(413, "too_large", f"at most {limit} bytes are taken here", headers=_CLOSE)


def _digest(scope: Scope, said: bytes) -> str:
    digest = hashlib.sha256()
    for part in (scope["method"].encode(), scope["raw_path"], scope["query_string"], said):
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _token(asked: HTTPConnection) -> str | None:
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else asked.cookies.get(COOKIE)
