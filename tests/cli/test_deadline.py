import json
import subprocess
import sys
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from cli.deadline import register
from infra.calendars import LAST_PUBLISHED_YEAR, LAST_YEAR
from tests.rules.deadline_vectors import Vector, vectors

app = typer.Typer()
register(app)


def run(start: str, limit: str, *rest: str) -> Result:
    return CliRunner().invoke(app, ["--start", start, "--limit", limit, *rest])


def answer(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    parsed: dict[str, Any] = json.loads(result.stdout.splitlines()[0])
    return parsed


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.name)
def test_the_command_answers_what_a_careful_clerk_says(vector: Vector) -> None:
    pauses = [word for pause in vector.pauses for word in ("--pause", pause)]
    result = run(vector.start, vector.limit, *pauses)
    found = answer(result)
    assert len(result.stdout.splitlines()) == 1
    assert list(found) == ["due", "due_date", "raw_due_date", "provisional"]
    assert found["due"] == f"{vector.due}:00+08:00"
    assert found["due_date"] == vector.due_date
    assert vector.raw_due_date in {None, found["raw_due_date"]}
    assert found["provisional"] is False


def test_a_time_with_an_offset_is_taken_as_it_stands() -> None:
    assert answer(run("2026-02-13T08:40Z", "2 hours")) == answer(run("2026-02-13T16:40", "2 hours"))


def test_an_extension_adds_to_the_limit_before_it_rolls() -> None:
    found = answer(run("2026-03-02T09:00", "60 calendar_days", "--extended-by", "30"))
    assert (found["raw_due_date"], found["due_date"]) == ("2026-05-31", "2026-06-01")


def test_explain_counts_the_days_of_an_extension() -> None:
    result = run("2026-05-07T10:00", "1 working_days", "--extended-by", "1", "--explain")
    assert result.stdout.splitlines()[1:] == [
        "2026-05-07 周四 跳过 起算当日",
        "2026-05-08 周五 计入 工作日",
        "2026-05-09 周六 计入 调休上班",
        "到期 2026-05-09 17:30",
    ]


def test_a_year_not_published_is_provisional() -> None:
    assert answer(run(f"{LAST_PUBLISHED_YEAR + 1}-03-01T09:00", "5 working_days"))["provisional"] is True


def test_explain_shows_each_day_below_the_answer() -> None:
    result = run("2026-05-14T10:00", "3 calendar_days", "--pause", "2026-05-15T09:00/2026-05-15T10:00", "--explain")
    assert answer(result)["raw_due_date"] == "2026-05-18"
    assert result.stdout.splitlines()[1:] == [
        "2026-05-14 周四 跳过 起算当日",
        "2026-05-15 周五 暂停 时限暂停",
        "2026-05-16 周六 计入 周末",
        "2026-05-17 周日 计入 周末",
        "2026-05-18 周一 计入 工作日",
        "到期 2026-05-18 24:00",
    ]


def test_explain_says_which_days_are_not_published() -> None:
    result = run(f"{LAST_PUBLISHED_YEAR}-12-31T10:00", "1 calendar_days", "--explain")
    lines = result.stdout.splitlines()
    assert not lines[1].endswith("(日历未公布)")
    assert lines[2].endswith("(日历未公布)")
    assert lines[-1].endswith("(暂定)")


def test_a_process_of_its_own_prints_chinese_in_a_plain_locale() -> None:
    words = ["deadline", "--start", "2026-02-13T16:40", "--limit", "5 working_days", "--explain"]
    command = [sys.executable, "-P", "-m", "cli.main", *words]
    done = subprocess.run(command, capture_output=True, check=True, env={"LC_ALL": "C"}, timeout=60)
    first, *_, last = done.stdout.decode().splitlines()
    assert json.loads(first)["due"] == "2026-02-27T17:30:00+08:00"
    assert last == "到期 2026-02-27 17:30"


@pytest.mark.parametrize(
    ("start", "limit", "pauses", "names"),
    [
        ("yesterday", "5 working_days", (), "yesterday"),
        ("", "5 working_days", (), "not a time"),
        ("0001-01-01T00:00+14:00", "5 working_days", (), "not a time"),
        ("2026-02-13T16:40", "0 hours", (), "from 1 to 999999, not '0'"),
        ("2026-02-13T16:40", "5 fortnights", (), "unknown unit 'fortnights'"),
        ("2026-02-13T16:40", "5 working_days office_start", (), "office_start"),
        ("9999-12-31T20:00Z", "5 working_days", (), "not a time"),
        ("1999-02-13T16:40", "5 working_days", (), "starts in 1999, but the calendar covers"),
        (f"{LAST_YEAR + 1}-02-13T16:40", "5 working_days", (), f"starts in {LAST_YEAR + 1}"),
        ("2026-02-13T16:40", "90 years", (), f"to {LAST_YEAR}"),
        ("2026-02-13T16:40", "999999 years", (), "beyond the year 9999"),
        ("2026-02-13T16:40", "5 hours", ("2026-02-14T10:00",), "not a pause"),
        ("2026-02-13T16:40", "5 hours", ("2026-02-14T10:00/",), "not a time"),
        ("2026-02-13T16:40", "5 hours", ("2026-02-14T10:00/2026-02-14T09:00",), "before it begins"),
        (
            "2026-02-13T16:40",
            "5 hours",
            ("2026-02-13T17:00/2026-02-13T19:00", "2026-02-13T18:00/2026-02-13T20:00"),
            "one begins at 2026-02-13T18:00:00+08:00",
        ),
    ],
)
def test_wrong_use_is_one_clear_line_and_exits_2(start: str, limit: str, pauses: tuple[str, ...], names: str) -> None:
    refused(run(start, limit, *(word for pause in pauses for word in ("--pause", pause))), names)


@pytest.mark.parametrize(
    ("limit", "extended_by", "names"),
    [
        ("5 working_days", "-5", "never shortens"),
        ("5 working_days", "36500", f"to {LAST_YEAR}"),
        ("5 months", "999999999999999999999999", "beyond the year 9999"),
    ],
)
def test_an_extension_that_cannot_be_is_one_clear_line_and_exits_2(limit: str, extended_by: str, names: str) -> None:
    refused(run("2026-02-13T16:40", limit, "--extended-by", extended_by), names)


def refused(result: Result, names: str) -> None:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert names in result.stderr
    assert result.stderr.startswith("deadline: ")
    assert len(result.stderr.splitlines()) == 1
