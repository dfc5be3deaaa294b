"""People's words, kept in the table `texts`; commands and events carry ids in their place."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.substitution import substituted
from infra.tables import TimelineEvent, Wording
from workflows.contracts.ids import TextId


def text_ids(model: type[BaseModel], data: Mapping[str, Any]) -> set[str]:
    """The ids in the fields of a command or event, also inside of what it holds."""
    found: set[str] = set()
    substituted(model, data, {TextId: lambda path, text_id: found.add(text_id)})
    return found


def in_words(model: type[BaseModel], data: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a command or event with the words in place of their ids; what was erased is None."""
    return substituted(model, data, {TextId: lambda path, text_id: words.get(text_id)})


async def keep(
    session: AsyncSession, words: Mapping[str, str], *, case_no: str, author: str, written_at: datetime
) -> None:
    """Writes down words by their ids; those that are there already stay as they are."""
    rows = [
        {"text_id": text_id, "case_no": case_no, "author": author, "body": body, "written_at": written_at}
        for text_id, body in words.items()
    ]
    if rows:
        await session.execute(insert(Wording).values(rows).on_conflict_do_nothing())


def is_applied(case_no: str, command_id: str) -> ColumnElement[bool]:
    """The condition that a command to the case has left an event."""
    return exists().where(TimelineEvent.case_no == case_no, TimelineEvent.record["command_id"].astext == command_id)


async def forget(session: AsyncSession, text_ids: Collection[str], applied: ColumnElement[bool]) -> None:
    """Removes the words of a refused command, unless an earlier sending of the same command was `applied`."""
    if text_ids:
        await session.execute(delete(Wording).where(Wording.text_id.in_(text_ids), ~applied))


async def look_up(session: AsyncSession, text_ids: Collection[str]) -> dict[str, str]:
    """Words by their ids; what was erased is missing."""
    if not text_ids:
        return {}
    found = await session.execute(select(Wording.text_id, Wording.body).where(Wording.text_id.in_(text_ids)))
    return dict(found.all())
