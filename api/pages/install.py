"""Adds the pages to the app: routes, static files, and friendly errors for browsers."""

import json
from urllib.parse import quote

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import PROBLEM_JSON
from api.pages import (
    batch_pages,
    case_pages,
    inbox_pages,
    list_pages,
    login_pages,
    mediation_lists,
    mediation_pages,
    notice_pages,
    spot_pages,
    sweep_pages,
    tracking_pages,
)
from api.pages.refusals import sentence
from api.pages.view import STATIC, View
from api.watching import Edge

_A_YEAR = "public, max-age=31536000, immutable"


def install_pages(app: FastAPI) -> None:
    """Everything that a browser is shown. Call it last: its errors replace those of all that is inside."""
    view = View()
    app.state.view = view
    for pages in (login_pages, list_pages, inbox_pages, case_pages, notice_pages, batch_pages, tracking_pages):
        app.include_router(pages.router)
    # Before the addresses that take a mediation's number.
    for pages in (mediation_lists, mediation_pages, sweep_pages, spot_pages):
        app.include_router(pages.router)
    app.mount("/static", _Assets(directory=STATIC), name="static")
    app.add_middleware(ErrorPages, view=view)
    # What goes wrong while an error is made a page has no other layer around it.
    app.add_middleware(Edge)


class _Assets(StaticFiles):
    """Static files; their addresses change with their contents."""

    def file_response(self, *args: object, **kwargs: object) -> ASGIApp:  # type: ignore[override]
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = _A_YEAR
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


class ErrorPages:
    """Shows a problem as a page to a browser outside the API; whoever is not signed in is asked to do so."""

    def __init__(self, app: ASGIApp, *, view: View) -> None:
        self._app = app
        self._view = view

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_a_browsers(scope):
            await self._app(scope, receive, send)
            return
        begun: Message | None = None
        body = bytearray()

        async def watched(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start" and _is_problem(message):
                begun = message
            elif begun is not None and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
            else:
                await send(message)

        await self._app(scope, receive, watched)
        if begun is not None:
            await self._page(scope, begun, bytes(body))(scope, receive, send)

    def _page(self, scope: Scope, begun: Message, body: bytes) -> ASGIApp:
        status, code = begun["status"], json.loads(body)["code"]
        if status == 401 and scope["method"] == "GET":
            query = scope["query_string"].decode("latin-1")
            asked = scope["path"] + (f"?{query}" if query else "")
            return RedirectResponse(f"/login?next={quote(asked, safe='')}", 303)
        page = self._view.page("error.html", status=status, code=code, sentence=sentence(code))
        retry_after = Headers(raw=begun["headers"]).get("retry-after")
        if retry_after:
            page.headers["Retry-After"] = retry_after
        return page


def _is_a_browsers(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["path"].startswith("/api/"):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _is_problem(begun: Message) -> bool:
    return Headers(raw=begun["headers"]).get("content-type", "").startswith(PROBLEM_JSON)
