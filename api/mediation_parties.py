"""Who the people of a mediation are and how to reach them: for those whose task needs it, and each look is recorded."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.mediation_people import TakesPartAs
from api.mediation_seal import reads_people
from api.mediation_sight import note_look
from api.tokens import Caller
from infra.mediation_tables import MediationPerson
from workflows.contracts.mediation.state import MediationState


class PersonDetail(BaseModel):
    """Somebody who takes part, for the party `party_no` (null: an interpreter); what was erased is null.

    `standing` is a guardian's relation to the party, or a representative's authority.
    """

    party_no: str | None
    role: TakesPartAs
    person_id: str
    name: str | None
    phone: str | None
    id_document: str | None
    address: str | None
    language: str | None
    standing: str | None


class People(BaseModel):
    """Those who take part, party by party."""

    items: list[PersonDetail]


async def look_at_people(session: AsyncSession, state: MediationState, by: Caller, now: datetime) -> People:
    """Names and phones, after noting who looked.

    Raises:
        Problem: 403 `people_sealed` for who neither talks with them nor has the matter at the centre now.
    """
    if not reads_people(by, state):
        raise Problem(403, "people_sealed", "who the parties are is known to host, mediators and the centre at work")
    note_look(session, state, by, "contacts", now)
    found = select(MediationPerson).where(MediationPerson.case_no == state.case_no)
    known = {str(person.person_id): person for person in await session.scalars(found)}
    return People(
        items=[_detail(party_no, known[who]) for party_no, who in _taking_part(state) if who in known],
    )


def _taking_part(state: MediationState) -> Iterator[tuple[str | None, str]]:
    for party in state.parties.values():
        for who in (party.person_id, party.guardian, *party.representatives):
            if who is not None:
                yield party.party_no, who
    for who in state.interpreters.values():
        yield None, who


def _detail(party_no: str | None, person: MediationPerson) -> PersonDetail:
    fields = ("name", "phone", "id_document", "address", "language", "standing")
    return PersonDetail(
        party_no=party_no,
        role=TakesPartAs(person.role),
        person_id=str(person.person_id),
        **{name: getattr(person, name) for name in fields},
    )
