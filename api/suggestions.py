"""What the city's own decisions suggest for the words of a matter."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.routing import Suggestion, units_by_class
from infra.cities.routing import is_in_office
from infra.directory import UnknownRegionError
from infra.directory_tables import Unit
from infra.routing.learnt import Target, learnt, read_model
from infra.routing.text_model import Guess, document
from infra.routing_tables import RoutingModel

_MOST = 3


class Guessed(BaseModel):
    """How likely it is, 0 to 1, and the pieces of the text that spoke for it, the strongest first."""

    probability: float
    because: list[str]


class GuessedClass(Guessed):
    """A class, in full or its first level, with the catalogue's units for it."""

    category: str
    units: list[Suggestion]


class GuessedUnit(Guessed):
    """A unit that led such matters to their result."""

    unit_id: str
    name: str


class Learnt(BaseModel):
    """The likeliest, best first; a list is empty where too little was learnt for it or the words are new.

    `accuracy` is the share of held-out decisions whose first level was found, of `decisions` learnt from.
    """

    trained_at: datetime
    decisions: int
    accuracy: float
    top_classes: list[GuessedClass]
    classes: list[GuessedClass]
    lead_units: list[GuessedUnit]


async def suggest_from_words(
    session: AsyncSession, title: str, description: str, region_code: str | None, today: date
) -> Learnt:
    """Classes and units for a text, each with its probability and reasons; a person decides.

    Raises:
        Problem: 404 `nothing_learnt` before the first training; 422 `unknown_region`.
    """
    row = await learnt(session, Target.TOP_CLASS)
    if row is None:
        raise Problem(404, "nothing_learnt", "nothing has been learnt yet: run `yingshao routing train`")
    text = document(title, description)
    at_the_top = await _guesses(row, text)
    in_full = await _guesses(await learnt(session, Target.CLASS), text)
    try:
        guessed = [guess.name for guess in (*at_the_top, *in_full)]
        units = await units_by_class(session, guessed, region_code, today)
    except UnknownRegionError as error:
        raise Problem.of_field("region_code", "unknown_region", "the city has no such region") from error
    return Learnt(
        trained_at=row.trained_at,
        decisions=row.figures["decisions"],
        accuracy=row.figures["accuracy"],
        top_classes=_with_units(at_the_top, units),
        classes=_with_units(in_full, units),
        lead_units=await _units(session, await _guesses(await learnt(session, Target.LEAD_UNIT), text), today),
    )


async def _guesses(row: RoutingModel | None, text: str) -> list[Guess]:
    # In a thread: a large model takes longer to read than the other requests should wait.
    return await asyncio.to_thread(lambda: read_model(row).guesses(text, _MOST)) if row else []


def _with_units(guesses: Sequence[Guess], units: Mapping[str, list[Suggestion]]) -> list[GuessedClass]:
    return [
        GuessedClass(
            category=guess.name,
            units=units[guess.name],
            probability=guess.probability,
            because=list(guess.because),
        )
        for guess in guesses
    ]


async def _units(session: AsyncSession, guesses: Sequence[Guess], today: date) -> list[GuessedUnit]:
    """Those of the guessed units that are still there."""
    rows = await session.scalars(select(Unit).where(Unit.unit_id.in_([guess.name for guess in guesses])))
    names = {unit.unit_id: unit.name for unit in rows if is_in_office(unit, today)}
    return [
        GuessedUnit(
            unit_id=guess.name, name=names[guess.name], probability=guess.probability, because=list(guess.because)
        )
        for guess in guesses
        if guess.name in names
    ]
