"""`yingshao policy`: checking a file, and the versions of an installation."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.main import application, run
from infra.cities.load import YUNJIANG
from tests.cli.test_import import yingshao


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(YUNJIANG, tmp_path / "city"))


def changed(file: Path, old: str, new: str) -> int:
    """Replaces a piece of the file; returns its line."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def check(*arguments: str | Path) -> int:
    words = ["policy", "check", *map(str, arguments)]
    return run(application(words), words)


def test_a_sound_policy_is_told_with_every_limit_and_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(YUNJIANG / "policies" / "city.yaml") == 0
    said = capsys.readouterr().out
    assert said.startswith("云江市诉求办理时限 yunjiang：没有问题 no faults\n")
    for piece in (
        "urgency=emergency → 突发事项 emergency",
        "60 calendar_days from accepted",
        "[law] 信访工作条例34",
        "≤ 10 working_days，调度员 dispatcher",
        "pause medical_appraisal",
        "退单期限 send-back",
        "卫生计生/医患纠纷",
        "已核查 回访席",
        "15 minutes 督办",
    ):
        assert piece in said


def test_every_fault_is_named_by_file_line_and_reason(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = pack / "policies" / "city.yaml"
    base = pack / "policies" / "centre_desk.yaml"
    unknown = changed(file, "urgency: urgent}", "category: 航天}")
    unit = changed(base, "3 working_days", "3 workdays")
    assert check(file) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{base}:{unit}: case_limits.callback.limit: not a limit: unknown unit 'workdays'")
    assert lines[1] == f"{file}:{unknown}: selection.2.when.category: class 航天 is not in matters.csv"
    assert len(lines) == 2


def test_a_policy_is_checked_against_the_pack_that_is_named(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changed(pack / "matters.csv", "政法,交通管理,交通事故\n", "")
    file = YUNJIANG / "policies" / "city.yaml"
    assert check(file, "--city", pack) == 1
    assert "class 政法/交通管理/交通事故 is not in matters.csv" in capsys.readouterr().out
    (pack / "matters.csv").unlink()
    assert check(file, "--city", pack) == 1
    assert capsys.readouterr().out.startswith(f"{pack / 'matters.csv'}:0: cannot be read")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "nowhere.yaml"),
        ("apply", "nowhere.yaml"),
        ("migrate", "yunjiang", "--to", "0"),
        ("migrate", "yunjiang", "--to", "2", "--where", "colour=red"),
    ],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    words = ["policy", *arguments]
    assert run(application(words), words) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_faulty_policy_starts_and_changes_nothing(pack: Path, data_dir: Path) -> None:
    file = pack / "policies" / "city.yaml"
    line = changed(file, "preset: graded_urgent", "preset: graded")
    done = yingshao("policy", "apply", file, data_dir=data_dir)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"{file}:{line}: selection.2.preset: unknown preset graded"
    assert "nothing was changed" in done.stderr
    assert not data_dir.exists()


def test_versions_are_applied_listed_and_moved_to(pack: Path, running: Path) -> None:
    file = pack / "policies" / "city.yaml"
    same = yingshao("policy", "apply", file, data_dir=running)
    assert (same.returncode, same.stdout) == (0, "无变化 nothing new: yunjiang 版本 version 1\n"), same.stderr
    changed(pack / "policies" / "centre_desk.yaml", "3 working_days", "4 working_days")
    new = yingshao("policy", "apply", file, data_dir=running)
    assert new.returncode == 0
    assert "yunjiang 版本 version 2" in new.stdout
    assert "running cases keep theirs" in new.stdout
    changed(file, "urgency: urgent}", "category: 航天}")
    refused = yingshao("policy", "apply", file, data_dir=running)
    assert refused.returncode == 1
    assert "class 航天 is not in matters.csv" in refused.stderr
    listed = yingshao("policy", "list", data_dir=running).stdout
    assert [line.split()[3] for line in listed.splitlines() if " yunjiang " in line] == ["1", "2"]
    moved = yingshao("policy", "migrate", "--to", "2", data_dir=running)
    assert (moved.returncode, moved.stdout) == (0, "完成 0 件，被拒 0 件 · 0 done, 0 refused\n"), moved.stderr
    unknown = yingshao("policy", "migrate", "yunjiang", "--to", "3", "--dry-run", data_dir=running)
    assert unknown.returncode == 2
    assert "yunjiang has no version 3; it has 1, 2" in unknown.stderr
