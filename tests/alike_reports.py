"""Invented reports, told apart by hand: a burst pipe in the words of 19 people, two other pipes, ten other matters."""

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.likeness import Account, Point

_FILE = Path(__file__).with_name("alike_reports.csv")


@dataclass(frozen=True)
class Labelled:
    """A report, and which matter it is about: `alone` if no other is about that."""

    matter: str
    reporter: str
    account: Account
    body: dict[str, Any]
    """As `POST /cases` takes it, but for the source."""


def alike_reports() -> list[Labelled]:
    """All of them, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return [_labelled(row) for row in csv.DictReader(file)]


def _labelled(row: dict[str, str]) -> Labelled:
    point = Point(float(row["lat"]), float(row["lng"])) if row["lat"] else None
    location: dict[str, Any] = {"text": row["place"]} if row["place"] else {}
    if point is not None:
        location |= {"lat": point.lat, "lng": point.lng}
    body: dict[str, Any] = {"kind": "help"} | {name: row[name] for name in ("title", "description", "region_code")}
    body |= {"category": row["category"]} if row["category"] else {}
    body |= {"location": location} if location else {}
    account = Account(
        title=row["title"],
        description=row["description"],
        at=datetime.fromisoformat(row["at"]),
        region_code=row["region_code"],
        point=point,
        category=row["category"] or None,
    )
    return Labelled(row["matter"], row["reporter"], account, body)
