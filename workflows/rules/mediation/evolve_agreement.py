"""Folds what happened to the agreement, its promises and its confirmation into the state of a mediation."""

from typing import Any

from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Agreement, Item, Mark, MediationState
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    ConfirmationStatus,
    FulfilmentStatus,
    MediationStatus,
)


def agreed(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    """The fields that change; empty if the event is about something else."""
    match record.event:
        case e.AgreementDrafted() as event:
            return {"agreement": _drafted(event), "status": MediationStatus.DRAFTED}
        case e.AgreementSigned(by=by, party_no=party_no):
            mark = Mark(by=by, party_no=party_no)
            return _agreement(state, marks=(*_of(state).marks, mark))
        case e.FulfilmentProven(item_no=item_no):
            return _item(state, item_no, status=FulfilmentStatus.PROVEN)
        case e.PromiseKept(item_no=item_no):
            return _item(state, item_no, status=FulfilmentStatus.KEPT, remedy=None)
        case e.PromiseBroken(item_no=item_no):
            return _item(state, item_no, status=FulfilmentStatus.BREACHED)
        case e.PromiseForgone(item_no=item_no):
            return _item(state, item_no, status=FulfilmentStatus.GIVEN_UP)
        case e.PromisePostponed(item_no=item_no, due=due):
            return _item(state, item_no, status=FulfilmentStatus.OPEN, due=due)
        case e.RemedyTaken(item_no=item_no, remedy=remedy, reason=reason):
            return _item(state, item_no, remedy=remedy, reason=reason)
        case e.ConfirmationApplied():
            return {"confirmation": ConfirmationStatus.APPLIED}
        case e.ConfirmationAnswered(status=status):
            return {"confirmation": status}
        case _:
            return {}


def elsewhere(track: int) -> Agreement:
    """An agreement whose wording another authority keeps."""
    return Agreement(track=track, form=AgreementForm.WRITTEN, terms=None, elsewhere=True)


def _drafted(event: e.AgreementDrafted) -> Agreement:
    items = {f"I{n}": _promised(f"I{n}", promise) for n, promise in enumerate(event.promises, start=1)}
    return Agreement(
        track=event.track, form=event.form, terms=event.terms, items=items, clauses=event.clauses, fee=event.fee
    )


def _promised(item_no: str, promise: Any) -> Item:
    # Without a day it was done on the spot.
    status = FulfilmentStatus.KEPT if promise.due is None else FulfilmentStatus.OPEN
    return Item(item_no=item_no, status=status, **promise.model_dump())


def _of(state: MediationState) -> Agreement:
    if state.agreement is None:
        raise ValueError("there is no agreement that this could be about")
    return state.agreement


def _agreement(state: MediationState, **changes: Any) -> dict[str, Any]:
    return {"agreement": _of(state).model_copy(update=changes)}


def _item(state: MediationState, item_no: str, **changes: Any) -> dict[str, Any]:
    items = _of(state).items
    return _agreement(state, items={**items, item_no: items[item_no].model_copy(update=changes)})
