"""How the stories of a run go: by chance, yet the same every time, because it hangs on an appeal's place in the run."""

from pathlib import Path
from random import Random

import yaml

from cli.demo.filing import Filed
from infra.intake import Report

_KEYWORDS = Path(__file__).parent / "keywords.yaml"
_UNIT_FOR_ALL_ELSE = "petition"

_SEED = 8
_EVERY = 9
"""Of so many appeals the first result of one does not stand, one is accepted late, and one is withdrawn."""
_BOTCHED, _LATE, _WITHDRAWN = 0, 4, 7
_QUICKEST, _SLOWEST = 0.3, 1.8
_TOO_LATE = 7.0


class Story:
    """Decides what the centre's people and the requesters do of their own accord."""

    def __init__(self) -> None:
        self._units: list[tuple[str, list[str]]] = yaml.safe_load(_KEYWORDS.read_text(encoding="utf-8"))
        self._looked_at: set[str] = set()

    def chance(self, place: int, about: str) -> Random:
        """Dice for one decision about one appeal."""
        return Random(f"{_SEED}/{place}/{about}")  # noqa: S311 - a rehearsal, to be repeated exactly

    def reaction_to(self, place: int, status: str) -> float:
        """Seconds until somebody sees to it: a little, or more than the rehearsal's limit of six."""
        if status == "registered" and place % _EVERY == _LATE:
            return _TOO_LATE
        return self.chance(place, status).uniform(_QUICKEST, _SLOWEST)

    def unit_for(self, report: Report) -> str:
        """The unit that a dispatcher would think of on reading an appeal without a class."""
        words = report.title + report.description
        return next((unit for unit, signs in self._units if any(sign in words for sign in signs)), _UNIT_FOR_ALL_ELSE)

    def is_withdrawn(self, place: int) -> bool:
        """Whether the requester takes the matter back."""
        return place % _EVERY == _WITHDRAWN

    def is_botched(self, filed: Filed) -> bool:
        """Whether the first result does not stand."""
        return filed.place % _EVERY == _BOTCHED and filed.case_no not in self._looked_at

    def looked_at(self, filed: Filed) -> None:
        """Notes that the result was looked at once; the next one will stand."""
        self._looked_at.add(filed.case_no)
