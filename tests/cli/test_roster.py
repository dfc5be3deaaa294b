"""`yingshao roster` on an installation of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_import import yingshao

_HEADER = "unit_id,day,user_id,presence\n"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


def written(folder: Path, *rows: str) -> Path:
    file = folder / "值班.csv"
    file.write_text(_HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def test_a_roster_is_loaded_and_shown_by_unit_and_by_day(running: Path, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "housing,2030-03-05,handler-housing,on_call",
        "finance,2030-03-05,leader-finance,stationed",
        "finance,2030-03-06,leader-finance,stationed",
    )
    loaded = yingshao("roster", "load", file, data_dir=running)
    assert (loaded.returncode, loaded.stdout) == (0, "已载入 3 班，2 个单位 · 3 duties of 2 units\n"), loaded.stderr
    day = yingshao("roster", "show", "--date", "2030-03-05", data_dir=running)
    assert [line.split()[1:3] for line in day.stdout.splitlines()] == [
        ["常驻", "stationed"],
        ["随叫随驻", "on"],
    ], day.stderr
    fallback = yingshao("roster", "show", "--unit", "housing", "--date", "2030-03-06", data_dir=running)
    assert "general duty office" in fallback.stdout
    assert fallback.stdout.endswith(" 安海 leader-housing\n")
    bad = written(tmp_path, "housing,2030-03-07,handler-housing,on_call", "housing,2030-03-08,handler-finance,on_call")
    refused = yingshao("roster", "load", bad, data_dir=running)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"{bad}:3: user handler-finance does not work for housing",
        "未作改动 nothing was changed",
    ]
    unchanged = yingshao("roster", "show", "--date", "2030-03-07", data_dir=running)
    assert unchanged.stdout == "2030-03-07 没有排班 · nobody is entered for 2030-03-07\n"
    nobody = yingshao("roster", "show", "--unit", "nobody", data_dir=running)
    assert nobody.returncode == 2
    assert nobody.stderr.endswith("--unit: the city has no unit nobody\n")


def test_a_file_with_mistakes_in_itself_starts_nothing(data_dir: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "housing,2030-02-30,handler-housing,on_call")
    done = yingshao("roster", "load", file, data_dir=data_dir)
    assert done.returncode == 1
    assert f"{file}:2: day '2030-02-30' is not a date" in done.stderr
    assert not data_dir.exists()


def test_a_date_that_is_none_is_wrong_use(data_dir: Path) -> None:
    done = yingshao("roster", "show", "--date", "tomorrow", data_dir=data_dir)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "'tomorrow' is not a date like 2026-01-31" in done.stderr
    assert not data_dir.exists()
