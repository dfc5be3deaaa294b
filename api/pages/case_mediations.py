"""The mediations of a case on its page: how far each is, as the case knows it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import ALLOWED, Action
from api.mediation_list import MediationItem, in_reach, mediations_of
from api.tokens import Caller
from infra.mediation_tables import Mediation
from infra.tables import Case
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.state import CaseState


@dataclass(frozen=True)
class MediationLine:
    """A mediation: `due` is the local day of its next step; `item` is missing until it is on record.

    `opens`: its page is the viewer's to read.
    """

    number: str
    status: MediationStatus
    due: date | None
    lost: bool
    item: MediationItem | None
    opens: bool


async def mediation_lines(session: AsyncSession, state: CaseState, by: Caller, today: date) -> list[MediationLine]:
    """In the order in which they were opened."""
    if not state.mediations:
        return []
    items = {item.mediation_no: item for item in await mediations_of(session, state.case_no, today)}
    reach = select(Mediation.mediation_no).join(Case, Case.case_no == Mediation.case_no)
    may_read = by.role in ALLOWED[Action.READ_MEDIATION]
    own = set(await session.scalars(reach.where(Case.case_no == state.case_no, in_reach(by)))) if may_read else set()
    known = sorted(state.mediations.items(), key=lambda named: (len(named[0]), named[0]))
    return [
        MediationLine(number, one.status, one.due, one.lost, items.get(number), number in own) for number, one in known
    ]
