"""CSV files as they come: encodings, broken rows, hostile cells."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.csv_records import BadRow
from infra.intake import Report
from infra.report_csv import read_reports

_HEADER = "external_id,title,text,submitted_at"
_ROW = "7,路灯不亮,巷口的灯坏了,2026-03-02T09:00:00"


def rows_of(tmp_path: Path, content: bytes) -> list[Report | BadRow]:
    file = tmp_path / "reports.csv"
    file.write_bytes(content)
    return read_reports(file, "test")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_three_usual_encodings_read_alike(encoding: str, tmp_path: Path) -> None:
    (report,) = rows_of(tmp_path, f"{_HEADER}\n{_ROW}\n".encode(encoding))
    assert isinstance(report, Report)
    assert (report.external_id, report.title, report.description) == ("7", "路灯不亮", "巷口的灯坏了")
    assert report.submitted_at == datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("8,t,x", "not as many cells"),
        ("8,t,x,2026-03-02,surplus", "not as many cells"),
        (",t,x,2026-03-02", "external_id is empty"),
        (f"8,{'长' * 201},x,2026-03-02", "title is longer than 200"),
        (f"8,t,{'长' * 20_001},2026-03-02", "text is longer than 20000"),
        ("8,t\0t,x,2026-03-02", "NUL"),
        ("8,t,x,yesterday", "submitted_at"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_the_good_ones_stay(row: str, reason: str, tmp_path: Path) -> None:
    good, bad, *rest = rows_of(tmp_path, f"{_HEADER}\n{_ROW}\n{row}\n{_ROW}\n".encode())
    assert isinstance(good, Report)
    assert isinstance(bad, BadRow)
    assert bad.line == 3
    assert reason in bad.reason
    assert all(isinstance(other, Report) for other in rest)


def test_an_unfinished_quotation_ends_the_reading_with_a_reason(tmp_path: Path) -> None:
    good, bad = rows_of(tmp_path, f'{_HEADER}\n{_ROW}\n8,"t,x,2026-03-02\n{_ROW}\n'.encode())
    assert isinstance(good, Report)
    assert isinstance(bad, BadRow)
    assert "not well-formed" in bad.reason


def test_wrong_codes_are_named_without_repeating_the_cell(tmp_path: Path) -> None:
    header = f"{_HEADER},kind,urgency"
    (bad,) = rows_of(tmp_path, f"{header}\n8,t,x,2026-03-02,秘密,sometime\n".encode())
    assert isinstance(bad, BadRow)
    assert "kind" in bad.reason
    assert "urgency" in bad.reason
    assert "秘密" not in bad.reason
