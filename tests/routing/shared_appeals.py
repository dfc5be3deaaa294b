"""The real appeals and the classification that lie beside the checkout, with the classes that we gave by hand.

`level1_by_hand.csv` was written before anything was learnt, from title and text, in doubt also from who replied. Where
a matter touches two classes, the one counts whose office would have to act, and what the classification itself names
goes before what one would expect: a traffic light is 政法 (交通管理), a bus 城乡建设 (公共汽车).
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from infra.routing.learning import Lesson
from infra.routing.text_model import document

_SHARED = Path(__file__).parents[3] / "shared" / "data"
_LABELS = Path(__file__).with_name("level1_by_hand.csv")
ARE_THERE = _SHARED.is_dir()


def matters() -> list[str]:
    """The classes as `level1/level2/level3`."""
    return ["/".join((row["level1"], row["level2"], row["level3"])) for row in _rows(_SHARED / "matter_taxonomy.csv")]


def labels() -> dict[str, str]:
    """The first level of each appeal, by its external id."""
    return {row["external_id"]: row["level1"] for row in _rows(_LABELS)}


def external_ids() -> list[str]:
    return [row["external_id"] for row in _rows(_SHARED / "appeals_with_replies.csv")]


def lessons() -> list[Lesson]:
    """The appeals as the model reads them, in the order of the file."""
    known = labels()
    appeals = _rows(_SHARED / "appeals_with_replies.csv")
    return [Lesson(document(row["title"], row["text"]), known[row["external_id"]]) for row in appeals]


def _rows(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
