"""`yingshao import` and `yingshao audit` on an installation of their own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REAL_APPEALS = Path(__file__).parents[3] / "shared" / "data" / "appeals_with_replies.csv"
_HEADER = "external_id,title,text,submitted_at"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


def yingshao(*arguments: str | Path, data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "cli.main", *map(str, arguments), "--data-dir", str(data_dir)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_the_real_appeals_are_taken_once_and_the_audit_is_clean(data_dir: Path) -> None:
    if not REAL_APPEALS.exists():
        return
    first = yingshao("import", REAL_APPEALS, data_dir=data_dir)
    assert (first.returncode, first.stdout) == (0, "118 registered, 0 known already, 0 refused\n"), first.stderr
    again = yingshao("import", REAL_APPEALS, data_dir=data_dir)
    assert (again.returncode, again.stdout) == (0, "0 registered, 118 known already, 0 refused\n"), again.stderr
    audited = yingshao("audit", "--json", data_dir=data_dir)
    report = json.loads(audited.stdout)
    assert audited.returncode == 0
    assert report.pop("intake") == report.pop("pending") + report.pop("running") == 118
    assert report == {"ended": 0, "missing": [], "unowned": [], "gaps": [], "conflicts": [], "outdated": []}


def test_good_rows_go_in_bad_rows_are_listed_and_nothing_is_half_written(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "诉求.csv"
    rows = [
        "1,路灯不亮,巷口的灯坏了,2026-03-02T09:00:00",
        "2,,没有标题,2026-03-02T09:00:00",
        "3,井盖松动,车过就响,不是时间",
        "4,无此区划,正文,2026-03-02T09:00:00",
    ]
    regions = ["", "", "", "110101001001"]
    lines = [f"{row},{region}" for row, region in zip(rows, regions, strict=True)]
    file.write_bytes("\n".join([f"{_HEADER},region_code", *lines]).encode("gb18030"))
    done = yingshao("import", file, data_dir=data_dir)
    assert done.returncode == 1
    assert done.stdout == "1 registered, 0 known already, 3 refused\n"
    assert f"{file}:3: title is empty" in done.stderr
    assert f"{file}:4: submitted_at is no ISO 8601 time" in done.stderr
    assert "external_id 4: the city has no such region (unknown_region)" in done.stderr


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"\x81\x20\xff\xfe not text", "neither UTF-8 nor GB18030"),
        (b"id,title\n1,x\n", "has no column external_id, text, submitted_at"),
        (b"", "has no column external_id"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_wrong_use(
    content: bytes, complaint: str, data_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "broken.csv"
    file.write_bytes(content)
    done = yingshao("import", file, data_dir=data_dir)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not data_dir.exists()


def test_a_dry_run_writes_nothing(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "reports.csv"
    file.write_text(f"{_HEADER}\n1,路灯不亮,巷口的灯坏了,2026-03-02T09:00:00\n", encoding="utf-8-sig")
    done = yingshao("import", file, "--dry-run", data_dir=data_dir)
    assert done.stdout.startswith("1 rows are well-formed, 0 are not; nothing was written")
    assert not data_dir.exists()
