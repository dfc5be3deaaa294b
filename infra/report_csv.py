"""Reports from a CSV file, for taking them in one after the other."""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from infra.csv_records import BadRow, Record, read_records
from infra.intake import Report
from workflows.contracts.vocabulary import CaseKind
from workflows.rules.calendar import LOCAL

REQUIRED = ("external_id", "title", "text", "submitted_at")
OPTIONAL = ("kind", "urgency", "region_code", "category", "requester_name", "requester_phone")
_LONGEST = {"external_id": 128, "title": 200, "text": 20_000, "requester_name": 64, "requester_phone": 32}


def read_reports(path: Path, source: str) -> list[Report | BadRow]:
    """Every row as a report or with the reason why not. Unknown columns are left alone.

    Raises:
        UnreadableFile: if it is not there, in neither encoding, or lacks a required column.
    """
    return [row if isinstance(row, BadRow) else _report(row, source) for row in read_records(path, REQUIRED)]


def _report(record: Record, source: str) -> Report | BadRow:
    line = record.line
    cells = {name: record.cells.get(name, "") for name in (*REQUIRED, *OPTIONAL)}
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
