"""Files given as evidence."""

import hashlib
from typing import Annotated
from urllib.parse import quote
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from fastapi import UploadFile as SentFile
from pydantic import BaseModel
from sqlalchemy import and_, exists, false, or_, select, true
from sqlalchemy.orm import load_only
from starlette.datastructures import UploadFile

from api.authorisation import Action, may
from api.case_desk import CaseDesk, Desk
from api.errors import Problem, not_found, problems
from api.fields import clean
from api.mediation_files import is_named_in_talks, looks_at_talks
from api.scope import visible
from api.services import App, Services
from api.tokens import Caller
from infra.tables import Attachment, Case, TimelineEvent

router = APIRouter(prefix="/api/v1/attachments", tags=["attachments"])

_SHOWN_AS_IT_IS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf", "text/plain"})


class AttachmentAnswer(BaseModel):
    """The stored file; name the `id` as evidence. `size` in bytes."""

    id: UUID
    size: int
    sha256: str


@router.post("", status_code=201, responses=problems(401, 403, 413))
async def add_attachment(
    file: SentFile, by: Annotated[Caller, may(Action.ADD_ATTACHMENT)], app: App, desk: Desk
) -> AttachmentAnswer:
    """Stores a file; only its uploader sees it, and for the same unit, until it is named as evidence."""
    return await store_attachment(app, desk, by, file)


async def store_attachment(app: Services, desk: CaseDesk, by: Caller, file: UploadFile) -> AttachmentAnswer:
    """Stores a file of the caller's, once under the key of the desk's request.

    Raises:
        Problem: 413 `too_large`, 422 `empty_file` or `idempotency_key_reused`.
    """
    body = await file.read()
    if not body:
        raise Problem.of_field("file", "empty_file", "the file is empty")
    if len(body) > app.settings.attachments_limit:
        raise Problem(413, "too_large", f"a file may have {app.settings.attachments_limit} bytes")
    sha256 = hashlib.sha256(body).hexdigest()
    name = clean(file.filename or "")[-200:] or "file"
    # The boundary between the parts of a form is another one each time, so what is in the file counts.
    once = desk.once(by.key_owner, hashlib.sha256(f"attachment\n{name}\n{sha256}".encode()).hexdigest())
    async with app.sessions.begin() as session:
        earlier = await once.claim(session, app.now())
        if earlier is not None:
            return AttachmentAnswer.model_validate(earlier)
        stored = AttachmentAnswer(id=uuid4(), size=len(body), sha256=sha256)
        session.add(
            Attachment(
                id=stored.id,
                name=name,
                media_type=file.content_type if file.content_type in _SHOWN_AS_IT_IS else "application/octet-stream",
                size=stored.size,
                sha256=sha256,
                body=body,
                uploaded_by=by.id,
                uploaded_for=by.unit,
                uploaded_at=app.now(),
            )
        )
        await once.answered(session, stored.model_dump(mode="json"))
    return stored


@router.get("/{attachment_id}", responses=problems(401, 403, 404), response_class=Response)
async def read_attachment(
    attachment_id: UUID, by: Annotated[Caller, may(Action.READ_ATTACHMENT)], app: App
) -> Response:
    """The file, for its uploader and for those who see a case that it is evidence in.

    What a mediation names is for those who take part in its talks, whoever uploaded it, and each look is recorded.
    """
    is_evidence = exists().where(
        TimelineEvent.case_no == Case.case_no,
        TimelineEvent.record["event"]["evidence"].contains([str(attachment_id)]),
        visible(by),
    )
    is_own = and_(Attachment.uploaded_by == by.id, Attachment.uploaded_for.is_not_distinct_from(by.unit))
    async with app.sessions.begin() as session:
        is_of_talks = await is_named_in_talks(session, attachment_id)
        takes_part = is_of_talks and await looks_at_talks(session, attachment_id, by, app.now())
        own = false() if is_of_talks else is_own
        stored = await session.scalar(
            select(Attachment)
            .where(Attachment.id == attachment_id, true() if takes_part else or_(own, is_evidence))
            .options(load_only(Attachment.name, Attachment.media_type, Attachment.body))
        )
    if stored is None:
        raise not_found("attachment")
    return Response(
        stored.body,
        media_type=stored.media_type,
        headers={
            # Never shown inside a page of ours, whatever it claims to be.
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        },
    )
