"""Who looks at a page: the bearer token in a cookie, and the mark that tells our own forms from others'."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select
from starlette.datastructures import FormData

from api.authorisation import ALLOWED, Action, identify, permit
from api.errors import Problem
from api.pages.uploads import with_files_kept
from api.reception import received_as
from api.services import App
from api.tokens import COOKIE, UNIT_BOUND, Caller
from infra.directory_tables import Region, Unit, User

FORM_TOKEN = "form_token"  # noqa: S105 - a field's name
_MARK = b"form of a page"


@dataclass(frozen=True)
class Viewer:
    """The caller with what the page's head says of her. `form_token` belongs in every form; `inbox` is her unit's."""

    caller: Caller
    form_token: str
    name: str | None
    place: str

    @property
    def inbox(self) -> str | None:
        """The unit whose inbox is hers."""
        return self.caller.unit if self.caller.role in UNIT_BOUND else None

    @property
    def reads_batches(self) -> bool:
        """Whether the page of changes to many cases is hers to read."""
        return self.caller.role in ALLOWED[Action.READ_STUCK] and self.caller.region is None

    @property
    def reads_mediations(self) -> bool:
        """Whether the pages of mediations are hers to read."""
        return self.caller.role in ALLOWED[Action.READ_MEDIATION]

    @property
    def reads_sweeps(self) -> bool:
        """Whether the pages of sweeps are hers to read."""
        return self.caller.role in ALLOWED[Action.READ_SWEEPS]

    def may(self, action: Action) -> None:
        """Lets the viewer pass.

        Raises:
            Problem: 403 `not_yours_to_do`.
        """
        permit(self.caller, action)


async def _viewer(request: Request, app: App) -> Viewer:
    token = request.cookies.get(COOKIE)
    caller = identify(app.tokens, token)
    looked_up = select(
        select(User.name).where(User.user_id == caller.id).scalar_subquery(),
        select(Unit.name).where(Unit.unit_id == caller.unit).scalar_subquery(),
        select(Region.name).where(Region.code == caller.region).scalar_subquery(),
    )
    async with app.sessions() as session:
        name, unit, region = (await session.execute(looked_up)).one()
    return Viewer(caller, form_token(token or ""), name, unit or region or "全市")


SignedIn = Annotated[Viewer, Depends(_viewer)]


async def _own_form(request: Request, viewer: SignedIn, app: App) -> FormData:
    async with request.form() as form:
        sent = form.get(FORM_TOKEN)
        if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), viewer.form_token.encode()):
            raise Problem(403, "form_expired", "this form is not one that we gave to this session")
        said = await with_files_kept(app, request, viewer.caller, form)
    received_as(request, said)
    return FormData([*said])


OwnForm = Annotated[FormData, Depends(_own_form)]
"""A form that we gave to this very session (against forgery by other sites); a file in it is the id it has now."""


def form_token(token: str) -> str:
    """The mark of a session's forms; whoever does not hold the session's token cannot make it."""
    return hmac.new(token.encode(), _MARK, hashlib.sha256).hexdigest()
