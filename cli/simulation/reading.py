"""Past matters from a CSV file: when each was submitted and when it was answered."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from infra.calendars import FIRST_YEAR, LAST_YEAR
from infra.csv_records import BadRow, Record, read_records
from workflows.contracts.ids import CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, region_prefix
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import LOCAL, local_date

_REQUIRED = ("submitted_at", "replied_at")
_REGION = re.compile(r"\d{12}|\d{15}")
_LEVELS = {CITY_DIGITS: Level.CITY, COUNTY_DIGITS: Level.COUNTY, TOWNSHIP_DIGITS: Level.TOWNSHIP}
"""By how many digits of a region's code say something; all that is deeper is a village's."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody raised, and how long she waited: from `submitted_at` to `ended_at`, both UTC.

    It ended with the answer, or is unanswered still at the moment up to which it is looked at.
    """

    line: int
    external_id: str | None
    category: str | None
    level: Level
    submitted_at: datetime
    ended_at: datetime
    answered: bool

    @property
    def days(self) -> float:
        """How long she waited, in days of 24 hours."""
        return (self.ended_at - self.submitted_at).total_seconds() / 86_400


def read_matters(path: Path, until: datetime | None) -> tuple[list[Matter], list[BadRow]]:
    """The matters of a file, and its rows that are none; those without an answer wait until `until`.

    Raises:
        UnreadableFile: if it is not there, in neither encoding, or lacks a required column.
    """
    matters: list[Matter] = []
    bad: list[BadRow] = []
    for row in read_records(path, _REQUIRED):
        if isinstance(row, BadRow):
            bad.append(row)
            continue
        try:
            matters.append(_matter(row, until))
        except ValueError as error:
            bad.append(BadRow(row.line, str(error)))
    return matters, bad


def moment(text: str) -> datetime:
    """A time in UTC; without an offset it is Asia/Shanghai.

    Raises:
        ValueError: if it is no ISO 8601 time, or in a year that has no working calendar.
    """
    try:
        found = datetime.fromisoformat(text)
        found = (found if found.tzinfo else found.replace(tzinfo=LOCAL)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("no ISO 8601 time; write it like 2026-02-13T16:40") from None
    # The last days of all have no local date.
    if found.year > LAST_YEAR or not FIRST_YEAR <= local_date(found).year <= LAST_YEAR:
        raise ValueError(f"outside the years {FIRST_YEAR} to {LAST_YEAR} that the calendar covers")
    return found


def _matter(record: Record, until: datetime | None) -> Matter:
    cells = record.cells
    for name in ("external_id", "class"):
        if not cells.get(name, "").isprintable():
            raise ValueError(f"{name} holds characters that cannot be printed")
    submitted_at = _moment_under("submitted_at", cells)
    replied_at = _moment_under("replied_at", cells) if cells["replied_at"] else None
    ended_at = replied_at or until
    if ended_at is None:
        raise ValueError("not answered yet, so left out; --until TIME lets it wait until then")
    if ended_at < submitted_at:
        raise ValueError("replied_at is before submitted_at" if replied_at else "submitted_at is after --until")
    return Matter(
        line=record.line,
        external_id=cells.get("external_id") or None,
        category=cells.get("class") or None,
        level=_level(cells.get("region_code", "")),
        submitted_at=submitted_at,
        ended_at=ended_at,
        answered=replied_at is not None,
    )


def _moment_under(name: str, cells: dict[str, str]) -> datetime:
    try:
        return moment(cells[name])
    except ValueError as error:
        raise ValueError(f"{name} is {error}" if cells[name] else f"{name} is empty") from None


def _level(code: str) -> Level:
    """The level at which a matter of that region begins; a village's where nothing is said."""
    if code and not _REGION.fullmatch(code):
        raise ValueError("region_code has neither 12 nor 15 digits")
    return _LEVELS.get(len(region_prefix(code)), Level.VILLAGE)
