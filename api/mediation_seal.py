"""A mediation's snapshot as its reader may read it; what she reads that is confidential is put on record."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_sight import note_look, sight_of
from api.mediation_views import AgreementView, ItemView, MediationSnapshot
from api.scope import SEALED
from api.tokens import Caller
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.vocabulary import Role


def reads_people(by: Caller, state: MediationState) -> bool:
    """Whether the parties' names are for her: to those who talk with them, and to the centre while it attends to it."""
    return sight_of(by, state).is_inside or (by.role is Role.DISPATCHER and not state.is_over)


def for_reader(
    session: AsyncSession, whole: MediationSnapshot, state: MediationState, by: Caller, now: datetime
) -> MediationSnapshot:
    """The snapshot, sealed where it is not for her."""
    sight = sight_of(by, state)
    seen = whole
    if reads_people(by, state):
        note_look(session, state, by, "talks" if sight.is_inside else "people", now)
    else:
        seen = seen.model_copy(update=_nobody(whole))
    if not sight.reads_agreement(state):
        agreement = _figures(whole.agreement) if whole.agreement is not None else None
        seen = seen.model_copy(update={"agreement": agreement, "why_not_confirmable": None})
    return seen.model_copy(update={"sealed": not sight.is_inside})


def _nobody(whole: MediationSnapshot) -> dict[str, Any]:
    return {
        "parties": [],
        "interpreters": {},
        "supports": [],
        "tracks": [track.model_copy(update={"consents": []}) for track in whole.tracks],
        "sessions": [meeting.model_copy(update={"parties": []}) for meeting in whole.sessions],
    }


def _figures(agreement: AgreementView) -> AgreementView:
    """That there is one, since when it binds and how its promises stand; of a draft that there is one."""
    items = [_figure(item) for item in agreement.items] if agreement.effective_at is not None else []
    sealed = {"terms": SEALED, "items": items, "clauses": [], "marks": [], "fee": 0}
    return agreement.model_copy(update=sealed)


def _figure(item: ItemView) -> ItemView:
    return item.model_copy(update={"promisor": SEALED, "to": SEALED, "what": SEALED, "amount": None})
