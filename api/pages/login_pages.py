"""Coming in with a token, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.pages.refusals import sentence
from api.pages.session import OwnForm
from api.pages.view import Shown
from api.services import App, Services
from api.tokens import COOKIE, InvalidToken

router = APIRouter(include_in_schema=False)


@router.get("/login")
async def login_page(
    app: App, view: Shown, token: Annotated[str, Query()] = "", after: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """The form; with a token in the address it is put away in the cookie, and the address is left at once."""
    if token:
        return _enter(app, view, token, after)
    return view.page("login.html", after=after, error=None)


@router.post("/login")
async def login(request: Request, app: App, view: Shown) -> Response:
    """A pasted token."""
    form = await request.form()
    return _enter(app, view, str(form.get("token", "")), str(form.get("next", "")))


@router.post("/logout")
async def logout(_: OwnForm) -> Response:
    """The browser forgets the token."""
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _enter(app: Services, view: Shown, token: str, after: str) -> Response:
    token = token.strip()
    try:
        app.tokens.read(token)
    except InvalidToken:
        return view.page("login.html", status=401, after=after, error=sentence("bad_token"))
    answer = RedirectResponse(_own_path(after), 303, headers={"Cache-Control": "no-store"})
    secure = app.settings.public_url.startswith("https:")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return answer


def _own_path(path: str) -> str:
    # Two slashes, or a slash and a backslash, would be another host.
    return path if path.startswith("/") and path[1:2] not in {"/", "\\"} else "/cases"
