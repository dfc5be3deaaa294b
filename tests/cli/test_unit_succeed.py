"""`yingshao unit succeed` on an installation of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_import import yingshao


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


def test_a_unit_passes_on_what_it_has_at_once_or_on_a_day_to_come(running: Path) -> None:
    done = yingshao("unit", "succeed", "housing_fund", "housing", "--on", "2026-03-02", data_dir=running)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "housing_fund 自 2026-03-02 起由 housing 承接 · housing takes over from housing_fund on 2026-03-02",
        "涉及在办 0 件 · 0 open cases",
        "完成 0 件，被拒 0 件 · 0 done, 0 refused",
    ]
    later = yingshao("unit", "succeed", "commerce", "finance", "--on", "2099-01-01", data_dir=running)
    assert later.returncode == 0, later.stderr
    assert "a running up passes everything on when the day has come" in later.stdout
    again = yingshao("unit", "succeed", "housing_fund", "finance", data_dir=running)
    assert again.returncode == 2
    assert len(again.stderr.splitlines()) == 1
    assert "housing_fund was succeeded by housing already; its last day is 2026-03-01" in again.stderr


def test_a_date_that_is_none_is_wrong_use(data_dir: Path) -> None:
    done = yingshao("unit", "succeed", "commerce", "finance", "--on", "spring", data_dir=data_dir)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not data_dir.exists()
