"""Pages by opaque cursors: a cursor says after which row to go on, so new rows never shift a page."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from api.errors import Problem
from api.fields import Instant

Item = TypeVar("Item")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="how many at most")]
CursorText = Annotated[str | None, Query(max_length=400, alias="cursor", description="next_cursor of the page before")]


class Page(BaseModel, Generic[Item]):
    """A part of a list; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = None


class Cursor(BaseModel):
    """The last row of a page: its order's name, the value it is ordered by, and the key that makes it unique."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    order: str
    key: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.:-]{1,64}$")]
    value: Instant | None = None

    def write(self) -> str:
        """The opaque form."""
        return base64.urlsafe_b64encode(self.model_dump_json(exclude_none=True).encode()).decode().rstrip("=")


def read_cursor(text: str | None, order: str) -> Cursor | None:
    """The row to go on after, for a list in this order; None at its beginning.

    Raises:
        Problem: 422 `bad_cursor` if the text is no cursor of such a list.
    """
    if text is None:
        return None
    try:
        cursor = Cursor.model_validate_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError as error:  # also what bad base64 and a failed validation are
        raise bad_cursor() from error
    if cursor.order != order:
        raise bad_cursor()
    return cursor


def read_key(text: str | None, order: str) -> str:
    """The key to go on after; empty at the beginning.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    cursor = read_cursor(text, order)
    return cursor.key if cursor else ""


def cut(rows: Sequence[Row], limit: int, after: Callable[[Row], Cursor]) -> tuple[Sequence[Row], str | None]:
    """The rows of a page and its next cursor, from up to one row more than the page holds."""
    page = rows[:limit]
    return page, after(page[-1]).write() if len(rows) > limit else None


def bad_cursor() -> Problem:
    """422 for a cursor that this list never gave out."""
    return Problem.of_field("cursor", "bad_cursor", "not a cursor of this list; begin again without one")
