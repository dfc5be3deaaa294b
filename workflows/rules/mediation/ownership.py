"""Who owes the next step of a mediation, and until when: what its case shows and watches."""

from datetime import date

from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import FulfilmentStatus
from workflows.contracts.state import Owner
from workflows.contracts.vocabulary import ClockName, OwnerRole
from workflows.rules.mediation.clocks import running

_FIRST = (
    (ClockName.PLAN, ClockName.PLAN_REVIEW),
    (ClockName.REMEDY,),
    (ClockName.SIGNATURE,),
    (ClockName.MEDIATION, ClockName.SECOND_SESSION, ClockName.MEDIATOR),
    (ClockName.CONSENT, ClockName.TAKE_UP),
    (ClockName.FULFILMENT, ClockName.FULFILMENT_CHECK),
)
"""Which clocks say until when the next step is owed: those that come first, of several the earliest."""


def owner(state: MediationState) -> Owner | None:
    """The centre while a plan is owed, the promisor's side while promises are, else the host; None after the end."""
    if state.is_over:
        return None
    track = state.current or next(iter(state.running_tracks), None)
    if state.agreement is not None and state.agreement.effective_at is not None:
        host = state.tracks[state.agreement.track].host.unit_id
        owed = {item.status for item in state.agreement.items.values() if item.remedy is None}
        # What is proven or broken the host sees to; without promises left it waits for the court's decision.
        promised = FulfilmentStatus.OPEN in owed and not owed & {FulfilmentStatus.PROVEN, FulfilmentStatus.BREACHED}
        return Owner(role=OwnerRole.PROMISOR if promised else OwnerRole.HOST, unit_id=host)
    planless = bool(running(state, ClockName.PLAN)) or state.review_due is not None
    if planless or track is None:
        return Owner(role=OwnerRole.DISPATCHER, unit_id=state.centres[state.level])
    return Owner(role=OwnerRole.HOST, unit_id=track.host.unit_id)


def due_date(state: MediationState) -> date | None:
    """The local day until which the next step is owed; None after the end."""
    if state.is_over:
        return None
    still_open = [clock for clock in state.clocks.values() if clock.is_open]
    for names in _FIRST:
        days = [clock.due_date for clock in still_open if clock.name in names]
        if days:
            return min(days)
    return min((clock.due_date for clock in still_open), default=None)
