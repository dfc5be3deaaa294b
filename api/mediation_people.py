"""Who takes part in mediations, kept in the table `mediation_people`; commands and events carry ids in their place."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra.mediation_tables import MediationPerson


class TakesPartAs(StrEnum):
    PARTY = "party"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody as the table has it; `standing` is a guardian's relation or what a representative may do.

    `is_requester`: the case's own requester.
    """

    role: TakesPartAs
    name: str
    phone: str | None = None
    id_document: str | None = None
    address: str | None = None
    language: str | None = None
    standing: str | None = None
    is_requester: bool = False


async def keep_people(session: AsyncSession, people: Mapping[UUID, Person], *, case_no: str) -> None:
    """Writes down people by their ids; those that are there already stay as they are."""
    rows = [asdict(person) | {"person_id": person_id, "case_no": case_no} for person_id, person in people.items()]
    if rows:
        await session.execute(insert(MediationPerson).values(rows).on_conflict_do_nothing())


async def forget_people(session: AsyncSession, people: Collection[UUID], applied: ColumnElement[bool]) -> None:
    """Removes the people of a refused command, unless an earlier sending of the same command was `applied`."""
    if people:
        await session.execute(delete(MediationPerson).where(MediationPerson.person_id.in_(people), ~applied))


async def known_interpreter(session: AsyncSession, case_no: str, name: str, phone: str | None) -> UUID | None:
    """The id of an interpreter who was named in the case before, so that an objection to her holds."""
    found = select(MediationPerson.person_id).where(
        MediationPerson.case_no == case_no,
        MediationPerson.role == TakesPartAs.INTERPRETER.value,
        MediationPerson.name == name,
        MediationPerson.phone.is_not_distinct_from(phone),
    )
    return await session.scalar(found.limit(1))
