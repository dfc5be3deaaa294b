"""Who sees a mediation, and who may have a hand in it: the centre, whoever hosts or mediates, the invited."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem, not_found
from api.scope import WITHOUT_CONTENTS, not_kept_from, visible
from api.tokens import UNIT_BOUND, Caller
from infra.case_gateway import CaseUnavailable
from infra.mediation_tables import Mediation
from infra.tables import Case
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import case_of
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.vocabulary import Role


class Part(StrEnum):
    """What the caller is to a mediation."""

    CENTRE = "centre"
    MEDIATES = "mediates"
    INVITED = "invited"


async def find_mediation(session: AsyncSession, caller: Caller, number: str) -> tuple[Mediation, Case, Part]:
    """The mediation with its case, but without what people wrote in that, and what the caller is to it.

    Mediators see what their unit hosts or they are named in, units what they are invited to; others what they see of
    the case.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see.
        CaseUnavailable: if its case has begun it a moment ago and nothing is on record.
    """
    takes_part = caller.role is Role.MEDIATOR or caller.role in UNIT_BOUND
    reach = not_kept_from(caller) if takes_part else visible(caller)
    cases = select(Case).where(Case.case_no == case_of(number), reach).options(*WITHOUT_CONTENTS)
    case = await session.scalar(cases)
    mediation = await session.get(Mediation, number)
    state = recorded_state(mediation) if mediation is not None else None
    if case is None or mediation is None or state is None:
        if case is not None and not takes_part and await _was_begun(session, number):
            raise CaseUnavailable("MediationBeginning")
        raise not_found("mediation")
    part = part_in(caller, state) if takes_part else Part.CENTRE
    if part is None:
        raise not_found("mediation")
    return mediation, case, Part.INVITED if takes_part and is_concerned(caller, case.concerned) else part


def is_concerned(caller: Caller, concerned: Collection[str]) -> bool:
    """Whether the dispute is about the caller or her unit: whoever is a party reads its own side, as every party."""
    return not {caller.id, caller.unit}.isdisjoint(concerned)


def recorded_state(mediation: Mediation) -> MediationState | None:
    """The state as the read model has it."""
    return MediationState.model_validate(mediation.snapshot) if mediation.snapshot is not None else None


def part_in(caller: Caller, state: MediationState) -> Part | None:
    """What a mediator or a unit is to the mediation."""
    tracks = state.tracks.values()
    if any(_mediates(caller, track) for track in tracks):
        return Part.MEDIATES
    if any(caller.unit in track.invited for track in tracks):
        return Part.INVITED
    return None


def require_own_track(caller: Caller, state: MediationState, tracks: Collection[Track]) -> None:
    """Lets a mediator act on what her unit hosts or she is named in; nothing is asked of the centre.

    Raises:
        Problem: 403 `not_yours_to_do`.
    """
    if caller.role is not Role.MEDIATOR:
        return
    if not any(_mediates(caller, track) for track in tracks or state.tracks.values()):
        raise Problem(403, "not_yours_to_do", "another unit hosts this; its mediators do that")


def refuse_concerned(caller: Caller, case: Case, people: Collection[str], hosts: Collection[str]) -> None:
    """Keeps a dispute from those whom it is about.

    Raises:
        RuleViolation: `actor_concerned` for who acts or is to mediate, `unit_concerned` for a unit that is to host.
    """
    concerned = set(case.concerned)
    if concerned & {caller.id, caller.unit, *people}:
        raise RuleViolation("actor_concerned", "nobody has a hand in a matter about themselves or their unit")
    if concerned & set(hosts):
        raise RuleViolation("unit_concerned", "the matter is about that unit")


def _mediates(caller: Caller, track: Track) -> bool:
    return caller.id in track.mediators or caller.unit == track.host.unit_id


async def _was_begun(session: AsyncSession, number: str) -> bool:
    begun = select(func.jsonb_exists(Case.snapshot["mediations"], number)).where(Case.case_no == case_of(number))
    return bool(await session.scalar(begun))
