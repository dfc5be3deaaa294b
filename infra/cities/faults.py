"""What is wrong in the files of a city pack, said so that their author finds the place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that must be mended: the file (relative to what was read), its line from 1 (0: the file itself)."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class CityPackFault(Exception):  # noqa: N818 - it carries faults, it is not one error
    """The files cannot be used; `faults` lists all that was found, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
