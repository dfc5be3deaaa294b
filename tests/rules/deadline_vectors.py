"""Deadlines worked out by hand on the published calendar of 2026, for the rules and for the command alike."""

import csv
from pathlib import Path
from typing import NamedTuple

_OWN = Path(__file__).with_suffix(".csv")
_SHARED = Path(__file__).parents[3] / "shared" / "data" / "deadline_vectors.csv"


class Vector(NamedTuple):
    """One deadline in local time; `pauses` are written `begin/end`, a `due` of 24:00 as 00:00 of the next day."""

    name: str
    start: str
    limit: str
    pauses: tuple[str, ...]
    due_date: str
    due: str
    raw_due_date: str | None


def vectors() -> list[Vector]:
    """Our own, and those of the shared file where it is at hand; that one does not tell the unrolled date."""
    return [vector for path in (_OWN, _SHARED) if path.exists() for vector in _read(path)]


def _read(path: Path) -> list[Vector]:
    with path.open(encoding="utf-8", newline="") as rows:
        return [
            Vector(
                name=row["name"],
                start=row["start"],
                limit=row["limit"],
                pauses=tuple(row["pauses"].split()),
                due_date=row["due_date"],
                due=row["due"],
                raw_due_date=row.get("raw_due_date"),
            )
            for row in csv.DictReader(rows)
        ]
