"""CSV files as cities keep them, record by record: UTF-8 with or without BOM, or GB18030."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_LARGEST_FIELD = 1_000_000
_BLOCK = 1 << 20


class UnreadableFile(Exception):  # noqa: N818 - says what is the matter
    """The file as a whole cannot be read; the message says what would help."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken in, by the line it begins on. `reason` never repeats what the row says."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row by the line it begins on: what stands under each column, without the spaces around it."""

    line: int
    cells: dict[str, str]


def read_records(path: Path, required: Sequence[str]) -> Iterator[Record | BadRow]:
    """Every row that is not blank, or why it is none.

    Raises:
        UnreadableFile: if it is not there, in neither encoding, or lacks a required column.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    text = _text(path)
    reader = csv.reader(text, strict=True)
    try:
        header = [name.strip() for name in next(reader, ())]
    except csv.Error:
        header = []
    missing = [name for name in required if name not in header]
    if missing:
        raise UnreadableFile(f"{path} has no column {', '.join(missing)}; it needs {', '.join(required)}")
    return _records(text, header, reader.line_num + 1)


def _text(path: Path) -> TextIO:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        # Read through in blocks, then from the start again: a large file is never decoded as a whole.
        text = io.TextIOWrapper(io.BytesIO(raw), encoding, newline="")
        try:
            while text.read(_BLOCK):
                pass
        except UnicodeDecodeError:
            continue
        text.seek(0)
        return text
    raise UnreadableFile(f"{path} is neither UTF-8 nor GB18030; save it as UTF-8")


def _records(text: TextIO, header: Sequence[str], first: int) -> Iterator[Record | BadRow]:
    reader = csv.reader(text, strict=True)
    begins = first
    try:
        for cells in reader:
            if cells and len(cells) != len(header):
                yield BadRow(begins, "the row has not as many cells as the header")
            elif cells:
                yield Record(begins, dict(zip(header, map(str.strip, cells), strict=True)))
            begins = first + reader.line_num
    except csv.Error as error:
        # What follows an unfinished quotation cannot be told apart from it.
        yield BadRow(begins, f"not well-formed CSV ({error}); the rest of the file is not read")
