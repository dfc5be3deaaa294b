"""Attachments that mediations name: applications, records of sessions, scans of what was signed, proofs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.mediation_scope import is_concerned
from api.mediation_sight import note_look, sight_of
from api.scope import not_kept_from
from api.tokens import Caller
from infra.mediation_tables import NAMING_FILES, Mediation, MediationEvent
from infra.tables import Attachment, Case
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.state import MediationState


def files_of(event: e.AnyMediationEvent) -> Sequence[str]:
    """The attachments that an event names, by their ids."""
    match event:
        case e.AppliedFor(paper=str(paper)):
            return (paper,)
        case e.SessionRecorded(attachments=attachments):
            return attachments
        case e.AgreementSigned(scan=str(scan)):
            return (scan,)
        case e.FulfilmentProven(evidence=evidence):
            return evidence
        case _:
            return ()


async def require_own_files(session: AsyncSession, by: Caller, named: Mapping[str, UUID]) -> None:
    """Lets attachments pass that the caller or her unit uploaded; `named` holds their ids by the path of the field.

    Whoever takes part in talks reads what they name: to name a file of another matter would open it.

    Raises:
        Problem: 422 `unknown_attachment` for the first other one, whether or not it is there.
    """
    own = Attachment.uploaded_by == by.id
    if by.unit is not None:
        own = or_(own, Attachment.uploaded_for == by.unit)
    known = set(await session.scalars(select(Attachment.id).where(Attachment.id.in_(named.values()), own)))
    for field, attachment_id in named.items():
        if attachment_id not in known:
            raise Problem.of_field(field, "unknown_attachment", "upload it first, then name its id")


async def is_named_in_talks(session: AsyncSession, attachment_id: UUID) -> bool:
    """Whether any mediation names it."""
    named = select(MediationEvent.mediation_no).where(_names(attachment_id)).limit(1)
    return await session.scalar(named) is not None


async def looks_at_talks(session: AsyncSession, attachment_id: UUID, by: Caller, now: datetime) -> bool:
    """Whether the caller takes part in talks that name it, in the step that it belongs to; if so, it is noted."""
    found = (
        select(MediationEvent.record, Mediation.snapshot, Case.concerned)
        .join(Mediation, Mediation.mediation_no == MediationEvent.mediation_no)
        .join(Case, Case.case_no == Mediation.case_no)
        .where(_names(attachment_id), not_kept_from(by))
    )
    for record, snapshot, concerned in await session.execute(found):
        state = MediationState.model_validate(snapshot)
        if is_concerned(by, concerned):
            continue
        if track_of(MediationRecorded.model_validate(record).event, state) in sight_of(by, state).tracks:
            note_look(session, state, by, "attachment", now)
            return True
    return False


def track_of(event: e.AnyMediationEvent, state: MediationState) -> int | None:
    """The step of the plan that an event with attachments belongs to; None if it came to nothing."""
    match event:
        case e.AppliedFor(track=track):
            return track
        case e.SessionRecorded(session_no=session_no):
            return state.sessions[session_no].track
        case e.AgreementSigned() | e.FulfilmentProven():
            return state.agreement.track if state.agreement is not None else None
        case _:
            return None


def _names(attachment_id: UUID) -> ColumnElement[bool]:
    event, named = MediationEvent.record["event"], str(attachment_id)
    several = [event.contains({field: [named]}) for field in ("attachments", "evidence")]
    one = [event.contains({field: named}) for field in ("scan", "paper")]
    # The kinds are said without parameters, so that the index of such events serves it.
    kinds: list[ColumnElement[str]] = [literal_column(f"'{kind}'") for kind in NAMING_FILES]
    return and_(MediationEvent.kind.in_(kinds), or_(*several, *one))
