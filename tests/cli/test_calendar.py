"""`yingshao calendar` on an installation of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_import import yingshao
from tests.publishing import SNOW_DAY, written


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


def test_an_exception_is_tried_dry_published_once_and_shown(running: Path, tmp_path: Path) -> None:
    file = written(tmp_path, SNOW_DAY)
    dry = yingshao("calendar", "publish", file, "--dry-run", data_dir=running)
    assert dry.returncode == 0, dry.stderr
    assert "0 open cases" in dry.stdout
    assert "nothing was changed" in dry.stdout
    first = yingshao("calendar", "publish", file, data_dir=running)
    assert first.returncode == 0, first.stderr
    assert "version 2" in first.stdout
    again = yingshao("calendar", "publish", file, data_dir=running)
    assert (again.returncode, again.stdout) == (
        0,
        "无变化，现行日历已是如此 · nothing new: the calendar says so already\n",
    )
    shown = yingshao("calendar", "status", data_dir=running)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("版本 version 2")
    assert "暴雪停工（市应急指挥部通告）" in shown.stdout
    assert "0/0 reached, 0 left, 0 refused or gone; 完成 ended" in shown.stdout


def test_a_file_with_mistakes_names_each_and_starts_nothing(data_dir: Path, tmp_path: Path) -> None:
    file = written(tmp_path, SNOW_DAY + "workdays: [2026-03-04, 2026-02-30]\n")
    done = yingshao("calendar", "publish", file, data_dir=data_dir)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{file}:4: workdays.0: 2026-03-04 is both off and worked",
        f"{file}:4: workdays.1: '2026-02-30': expected a date, 2027-02-05, or a range, 2027-02-05/2027-02-11",
        "未作改动 nothing was changed",
    ]
    assert not data_dir.exists()


def test_a_file_that_is_not_there_is_wrong_use(data_dir: Path, tmp_path: Path) -> None:
    done = yingshao("calendar", "publish", tmp_path / "没有.yaml", data_dir=data_dir)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
