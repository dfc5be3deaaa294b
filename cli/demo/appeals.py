"""What is reported in the demo: the bundled sample, and any file of one's own."""

from itertools import cycle, islice
from pathlib import Path

from infra.cities.load import YUNJIANG
from infra.intake import Report
from infra.report_csv import BadRow, UnreadableFile, read_reports

_SAMPLE = YUNJIANG / "sample_appeals.csv"
_SOURCES = ("hotline_12345", "grid", "mini_program", "counter")


def sample(count: int | None) -> list[Report]:
    """The first `count` of the bundled appeals, from the beginning again if there are not so many; default all."""
    known = [row for row in read_reports(_SAMPLE, "demo") if isinstance(row, Report)]
    chosen = islice(cycle(known), len(known) if count is None else count)
    return [
        report.model_copy(update={"source": source}) for report, source in zip(chosen, cycle(_SOURCES), strict=False)
    ]


def from_file(path: Path) -> tuple[list[Report], list[BadRow]]:
    """The file's reports, and the rows that are none.

    Raises:
        UnreadableFile: if there is nothing in it to report.
    """
    rows = read_reports(path, "file")
    reports = [row for row in rows if isinstance(row, Report)]
    bad = [row for row in rows if isinstance(row, BadRow)]
    if not reports:
        why = f"; line {bad[0].line}: {bad[0].reason}" if bad else ""
        raise UnreadableFile(f"{path} has no row that can be reported{why}")
    return reports, bad
