"""CSV files of a city pack as typed rows that know their line."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from infra.cities.faults import Fault

Row = TypeVar("Row")
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """What a file says: its rows with the line each begins in, and what could not be read."""

    file: str
    lines: tuple[tuple[int, Row], ...]
    faults: tuple[Fault, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The rows without their lines."""
        return (row for _, row in self.lines)

    def fault(self, line: int, reason: str) -> Fault:
        """Something wrong in a line of this file."""
        return Fault(self.file, line, reason)


def read_table(
    path: Path, columns: tuple[str, ...], make: Callable[[Cells], Row], *, optional: str | None = None
) -> Table[Row]:
    """Reads a UTF-8 file with exactly these columns; `make` turns cells into a row or raises ValueError saying why.

    The file may do without the `optional` column; its cells are then empty.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Table(path.name, (), (Fault(path.name, 0, f"cannot be read: {error.strerror}"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Table(path.name, (), (Fault(path.name, line, "is not UTF-8"),))
    lines: list[tuple[int, Row]] = []
    there, absent = columns, {optional: ""} if optional else {}
    faults: list[Fault] = []
    try:
        for line, cells in _records(text):
            if line == 1:
                there = tuple(cells)
                if there not in {columns, tuple(column for column in columns if column != optional)}:
                    return Table(path.name, (), (Fault(path.name, 1, f"expected the columns {','.join(columns)}"),))
            elif len(cells) != len(there):
                faults.append(Fault(path.name, line, f"{len(cells)} cells where {len(there)} are expected"))
            elif not "".join(cells).isprintable():
                faults.append(Fault(path.name, line, "holds characters that cannot be printed"))
            else:
                try:
                    lines.append((line, make(absent | dict(zip(there, map(str.strip, cells), strict=True)))))
                except ValueError as error:
                    faults.append(Fault(path.name, line, str(error)))
    except csv.Error as error:
        faults.append(Fault(path.name, 0, f"is not CSV: {error}"))
    if not lines and not faults:
        faults.append(Fault(path.name, 0, "is empty"))
    return Table(path.name, tuple(lines), tuple(faults))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line it begins in."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    begins = 1
    for cells in reader:
        if cells:
            yield begins, cells
        begins = reader.line_num + 1
