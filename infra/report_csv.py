"""Reports from a CSV file, as cities keep them: UTF-8 with or without BOM, or GB18030."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from infra.intake import Report
from workflows.contracts.vocabulary import CaseKind
from workflows.rules.calendar import LOCAL

REQUIRED = ("external_id", "title", "text", "submitted_at")
OPTIONAL = ("kind", "urgency", "region_code", "category", "requester_name", "requester_phone")
_LONGEST = {"external_id": 128, "title": 200, "text": 20_000, "requester_name": 64, "requester_phone": 32}
_LARGEST_FIELD = 1_000_000


class UnreadableFile(Exception):  # noqa: N818 - says what is the matter
    """The file as a whole cannot be read; the message says what would help."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken in, by the line it begins on. `reason` never repeats what the row says."""

    line: int
    reason: str


def read_reports(path: Path, source: str) -> list[Report | BadRow]:
    """Every row as a report or with the reason why not. Unknown columns are left alone.

    Raises:
        UnreadableFile: if it is not there, in neither encoding, or lacks a required column.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    missing = [name for name in REQUIRED if name not in (_header(reader) or ())]
    if missing:
        raise UnreadableFile(f"{path} has no column {', '.join(missing)}; it needs {', '.join(REQUIRED)}")
    return list(_rows(reader, source))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"cannot read {path}: {error.strerror}") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(f"{path} is neither UTF-8 nor GB18030; save it as UTF-8")


def _header(reader: "csv.DictReader[str]") -> list[str] | None:
    try:
        return list(reader.fieldnames or ())
    except csv.Error:
        return None


def _rows(reader: "csv.DictReader[str]", source: str) -> Iterator[Report | BadRow]:
    line = reader.line_num + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # What follows an unfinished quotation cannot be told apart from it.
            yield BadRow(line, f"not well-formed CSV ({error}); the rest of the file is not read")
            return
        yield _report(row, source, line)
        line = reader.line_num + 1


def _report(row: dict[str, str], source: str, line: int) -> Report | BadRow:
    # DictReader files surplus cells under None and gives None for cells that are not there.
    if None in row or any(value is None for value in row.values()):
        return BadRow(line, "the row has not as many cells as the header")
    cells = {name: row.get(name, "").strip() for name in (*REQUIRED, *OPTIONAL)}
    if (reason := _fault_in(cells)) is not None:
        return BadRow(line, reason)
    try:
        submitted = datetime.fromisoformat(cells["submitted_at"])
    except ValueError:
        return BadRow(line, "submitted_at is no ISO 8601 time")
    requester = {"name": cells["requester_name"] or None, "phone": cells["requester_phone"] or None}
    optional = {name: cells[name] for name in ("urgency", "region_code", "category") if cells[name]}
    try:
        return Report.model_validate(
            {
                "source": source,
                "kind": cells["kind"] or CaseKind.HELP,
                "title": cells["title"],
                "description": cells["text"],
                "external_id": cells["external_id"],
                "submitted_at": submitted if submitted.tzinfo else submitted.replace(tzinfo=LOCAL),
                "requester": requester if any(requester.values()) else None,
                **optional,
            }
        )
    except ValidationError as error:
        wrong = "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_input=False))
        return BadRow(line, wrong)


def _fault_in(cells: dict[str, str]) -> str | None:
    for name, value in cells.items():
        longest = _LONGEST.get(name, 200)
        if not value and name in REQUIRED:
            return f"{name} is empty"
        if "\0" in value:
            return f"{name} contains a NUL byte"
        if len(value) > longest:
            return f"{name} is longer than {longest} characters"
    return None
