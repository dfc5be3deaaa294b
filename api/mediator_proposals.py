"""Who could mediate: proposed to host and parties, decided by them."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from api.routing import place_of
from infra.mediators.choice import Proposal, proposals
from workflows.contracts.mediation.state import MediationState

_MOST = 20


async def proposed_mediators(session: AsyncSession, state: MediationState, today: date) -> list[Proposal]:
    """Mediators of the channels that have begun, of all before any has; nobody to whom a party objected."""
    place = await place_of(session, state.region_code)
    forms = {track.form for track in state.running_tracks} or set(state.policy.channels)
    found: dict[str, Proposal] = {}
    for channel in sorted({state.row(form).channel for form in forms}):
        fits = await proposals(
            session,
            channel=channel,
            region_code=place,
            dispute_type=state.dispute.type,
            languages=[party.language for party in state.parties.values() if party.language is not None],
            barred=[who for track in state.tracks.values() for who in track.rejected],
            day=today,
            limit=_MOST,
        )
        found |= {fit.mediator_id: found.get(fit.mediator_id, fit) for fit in fits}
    return list(found.values())
