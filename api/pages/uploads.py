"""Files sent with a form of a page: kept as attachments at once, so that a form that comes back still has them."""

import hashlib

from fastapi import Request
from starlette.datastructures import FormData

from api.authorisation import Action, permit
from api.case_desk import CaseDesk
from api.reception import received
from api.routes.attachments import store_attachment
from api.services import Services
from api.tokens import Caller


async def with_files_kept(app: Services, request: Request, by: Caller, form: FormData) -> list[tuple[str, str]]:
    """What the form says, with the id of the attachment in place of each file; a file twice is one attachment.

    Raises:
        Problem: 403 for who may add no attachment, or what storing one raises.
    """
    said: list[tuple[str, str]] = []
    for name, value in form.multi_items():
        if isinstance(value, str):
            said.append((name, value))
        # A browser sends a file without a name where none was picked.
        elif value.filename:
            permit(by, Action.ADD_ATTACHMENT)
            content = hashlib.sha256(await value.read()).hexdigest()
            await value.seek(0)
            # The key of the form belongs to its step; each file has one of its own made from it.
            own = hashlib.sha256(f"{form.get('key')}\n{value.filename}\n{content}".encode()).hexdigest()
            stored = await store_attachment(app, CaseDesk(app, received(request), own), by, value)
            said.append((name, str(stored.id)))
    return said
