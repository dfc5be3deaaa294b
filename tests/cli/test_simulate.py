"""`yingshao simulate`: a policy over past matters, without an installation."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.main import application, run
from infra.calendars import LAST_YEAR
from infra.cities.load import YUNJIANG

_REAL_APPEALS = Path(__file__).parents[3] / "shared" / "data" / "appeals_with_replies.csv"
_TIMES = "submitted_at,replied_at"
_FRIDAY = "2026-02-13T16:40:00"
"""Before the Spring Festival; 5 working days from here end on 2026-02-27 at 17:30, by the make-up day of 02-14."""


class Ran(NamedTuple):
    """What a run of the command left."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        assert len(self.out.splitlines()) == 1
        return json.loads(self.out)


Simulate = Callable[..., Ran]


@pytest.fixture
def simulate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Simulate:
    """Runs the command over these lines or bytes, under hotline_general if no policy is named."""

    def simulated(content: str | bytes, *options: str | Path) -> Ran:
        file = tmp_path / "past.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        words = ["simulate", str(file), *map(str, options)]
        words += [] if "--policy" in options else ["--policy", "hotline_general"]
        code = run(application(words), words)
        return Ran(code, *capsys.readouterr())

    return simulated


def in_all(ran: Ran, *names: str) -> list[Any]:
    (policy,) = ran.answer["policies"]
    return [policy[name] for name in names]


def test_the_appeal_that_waited_893_days_would_have_reached_the_city_in_a_month(
    capsys: pytest.CaptureFixture[str],
) -> None:
    if not _REAL_APPEALS.exists():
        return
    words = ["simulate", str(_REAL_APPEALS), "--policy", "hotline_general", "--json"]
    assert run(application(words), words) == 0
    found = json.loads(capsys.readouterr().out)
    (policy,) = found["policies"]
    assert (found["matters"], policy["matters"]) == (118, 118)
    assert round(policy["median_days"], 1) == 10.5
    assert round(policy["p90_days"], 1) == 36.6
    assert policy["due_soon"] >= policy["overdue"] >= policy["escalated"] == sum(policy["escalated_to"].values())
    assert len(found["longest"]) == 10
    longest = found["longest"][0]
    assert (longest["external_id"], int(longest["days"])) == ("165105", 893)
    (story,) = longest["policies"]
    assert story["due_at"] == story["overdue_since"] == "2011-04-12T17:30:00+08:00"
    assert story["escalated"] == [
        {"level": "township", "at": "2011-04-14T17:30:00+08:00"},
        {"level": "county", "at": "2011-04-21T17:30:00+08:00"},
        {"level": "city", "at": "2011-04-28T17:30:00+08:00"},
    ]
    assert story["reminders"] == 590


def test_each_level_gets_its_own_time_before_the_matter_climbs_on(simulate: Simulate) -> None:
    ran = simulate(f"{_TIMES}\n{_FRIDAY},2026-03-20T09:00:00\n", "--json")
    (story,) = ran.answer["longest"][0]["policies"]
    assert story["due_at"] == "2026-02-27T17:30:00+08:00"
    assert [(one["level"], one["at"][:10]) for one in story["escalated"]] == [
        ("township", "2026-03-02"),
        ("county", "2026-03-09"),
        ("city", "2026-03-16"),
    ]


@pytest.mark.parametrize(
    ("replied_at", "due_soon", "overdue", "escalated_to"),
    [
        ("2026-02-13T17:00:00", 0, 0, {}),
        ("2026-02-27T15:00:00", 1, 0, {}),
        ("2026-02-27T17:30:00", 1, 0, {}),
        ("2026-02-27T17:30:01", 1, 1, {}),
        ("2026-03-02T17:30:00", 1, 1, {"township": 1}),
    ],
)
def test_an_answer_is_judged_to_the_second(
    simulate: Simulate, replied_at: str, due_soon: int, overdue: int, escalated_to: dict[str, int]
) -> None:
    ran = simulate(f"{_TIMES}\n{_FRIDAY},{replied_at}\n", "--json")
    assert in_all(ran, "due_soon", "overdue", "escalated_to") == [due_soon, overdue, escalated_to]


@pytest.mark.parametrize(
    ("region", "levels"),
    [
        ("", ["township", "county", "city"]),
        ("990102001001003", ["township", "county", "city"]),
        ("990102001001", ["township", "county", "city"]),
        ("990102001000", ["county", "city"]),
        ("990102000000", ["city"]),
        ("990100000000", []),
    ],
)
def test_a_matter_begins_at_the_level_of_its_region(simulate: Simulate, region: str, levels: list[str]) -> None:
    ran = simulate(f"{_TIMES},region_code\n{_FRIDAY},2026-06-01T09:00:00,{region}\n", "--json")
    (story,) = ran.answer["longest"][0]["policies"]
    assert [one["level"] for one in story["escalated"]] == levels
    assert in_all(ran, "overdue", "escalated") == [1, len(levels[:1])]


def test_figures_are_given_for_every_class_and_add_up(simulate: Simulate) -> None:
    rows = [
        f"{_FRIDAY},2026-02-15T16:40:00,路灯",
        f"{_FRIDAY},2026-02-17T16:40:00,路灯",
        f"{_FRIDAY},2026-03-20T16:40:00,欠薪",
        f"{_FRIDAY},2026-02-23T16:40:00,",
    ]
    ran = simulate("\n".join([f"{_TIMES},class", *rows]), "--json")
    (policy,) = ran.answer["policies"]
    lamps, none, wages = policy["classes"]
    assert (lamps["class"], lamps["matters"], lamps["median_days"], lamps["p90_days"]) == ("路灯", 2, 3.0, 3.8)
    assert (wages["class"], wages["overdue"], wages["escalated_to"]) == ("欠薪", 1, {"city": 1})
    assert (none["class"], none["matters"]) == (None, 1)
    assert sum(one["matters"] for one in policy["classes"]) == policy["matters"] == 4
    assert sum(share["matters"] for share in policy["spread"]) == 4
    assert policy["limits"] == {"5 working_days from registered": 4}
    assert round(wages["median_of_limit"], 2) == round(35 * 24 / (14 * 24 + 5 / 6), 2)


def test_a_policy_file_chooses_by_class_and_a_preset_is_for_all(simulate: Simulate, tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(YUNJIANG / "policies", folder)
    trial = folder / "trial.yaml"
    trial.write_text(
        "name: trial\nversion: 1\ntitle: 试行\nextends: [hotline_graded, petition]\n"
        "selection:\n  - {when: {category: 欠薪}, preset: petition}\n  - {preset: graded_important}\n",
        encoding="utf-8",
    )
    rows = f"{_TIMES},class\n{_FRIDAY},2026-03-20T09:00:00,欠薪/工地\n{_FRIDAY},2026-03-20T09:00:00,路灯\n"
    ran = simulate(rows, "--policy", trial, "--against", "graded_ordinary", "--json")
    by_class, for_all = ran.answer["policies"]
    assert by_class["policy"] == str(trial)
    assert by_class["limits"] == {"75 calendar_days from registered": 1, "7 calendar_days from registered": 1}
    assert for_all["limits"] == {"15 calendar_days from registered": 2}
    assert [story["policy"] for story in ran.answer["longest"][0]["policies"]] == [str(trial), "graded_ordinary"]


def test_two_policies_stand_side_by_side_with_their_difference(simulate: Simulate) -> None:
    ran = simulate(f"{_TIMES},class\n{_FRIDAY},2026-03-20T09:00:00,路灯\n", "--against", "petition")
    assert ran.code == 0
    assert re.search(r"超期 overdue +│ +1 \(100%\) +│ +0 \(0%\) +│ +-1 ", ran.out)
    assert re.search(r"最高到市 to city +│ +1 \(100%\) +│ +0 \(0%\) +│ +-1 ", ran.out)
    assert re.search(r"差异 difference +│ +-1 +│ +-1 +│ +-1 +│", ran.out)
    (told,) = [line for line in ran.out.splitlines() if line.startswith("    hotline_general：")]
    assert "应于2026年2月27日（周五）17:30前答复" in told
    assert told.index("升级到乡镇街道") < told.index("升级到县区") < told.index("升级到市")
    (told,) = [line for line in ran.out.splitlines() if line.startswith("    petition：")]
    assert told.endswith("前答复，未超期")


def test_bad_rows_are_listed_by_line_and_the_rest_is_simulated(simulate: Simulate, tmp_path: Path) -> None:
    rows = [
        f"{_TIMES},external_id,region_code",
        f"{_FRIDAY},2026-02-14T09:00:00,好,",
        ",2026-02-14T09:00:00,1,",
        "昨天,2026-02-14T09:00:00,2,",
        "",
        f"{_FRIDAY},2026-02-12T09:00:00,3,",
        f"{_FRIDAY},,4,",
        f"{_FRIDAY},2026-02-14T09:00:00,5,9901",
        f"1999-02-13T16:40:00,{_FRIDAY},6,",
        f"{_FRIDAY},{LAST_YEAR + 1}-02-13T16:40:00,7,",
        f"{_FRIDAY},2026-02-14T09:00:00,8",
        f"{_FRIDAY},2026-02-14T09:00:00,\x1b[2J,",
    ]
    ran = simulate("\n".join(rows).encode("gb18030"), "--json")
    assert ran.code == 1
    assert (ran.answer["matters"], ran.answer["left_out"]) == (1, 9)
    assert ran.answer["longest"][0]["external_id"] == "好"
    reasons = {
        3: "submitted_at is empty",
        4: "submitted_at is no ISO 8601 time",
        6: "replied_at is before submitted_at",
        7: "not answered yet",
        8: "region_code",
        9: "submitted_at is outside the years",
        10: "replied_at is outside the years",
        11: "not as many cells",
        12: "external_id holds characters",
    }
    for (line, reason), said in zip(reasons.items(), ran.err.splitlines(), strict=True):
        assert said.startswith(f"{tmp_path / 'past.csv'}:{line}: ")
        assert reason in said


def test_times_without_an_offset_are_local_and_those_with_one_stand(simulate: Simulate) -> None:
    local = simulate(f"\ufeff{_TIMES}\n{_FRIDAY},2026-02-14 09:00\n", "--json")
    same = simulate(f"{_TIMES}\n2026-02-13T08:40:00Z,2026-02-14T10:00:00+09:00\n", "--json")
    assert local.answer == same.answer


def test_what_is_not_answered_waits_until_the_time_given(simulate: Simulate) -> None:
    rows = f"{_TIMES}\n{_FRIDAY},\n{_FRIDAY},2026-02-14T16:40:00\n"
    ran = simulate(rows, "--until", "2026-02-28T09:00", "--json")
    assert ran.code == 0
    assert (ran.answer["matters"], ran.answer["unanswered"]) == (2, 1)
    assert in_all(ran, "overdue") == [1]
    assert ran.answer["longest"][0]["replied_at"] is None
    early = simulate(rows, "--until", "2026-02-13", "--json")
    assert (early.code, early.answer["matters"]) == (1, 1)
    assert "submitted_at is after --until" in early.err
    assert simulate(rows, "--until", "soon").code == 2


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "has no column submitted_at, replied_at"),
        (b"submitted_at,answered\n", "has no column replied_at"),
        (b"\x81\x20\xff\xfe not text", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_wrong_use(
    simulate: Simulate, content: bytes, complaint: str
) -> None:
    ran = simulate(content, "--json")
    assert (ran.code, ran.out) == (2, "")
    assert complaint in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_file_without_rows_says_so_and_counts_nothing(simulate: Simulate) -> None:
    ran = simulate(f"{_TIMES}\n", "--json")
    assert ran.code == 1
    assert in_all(ran, "matters", "overdue", "median_days", "p90_of_limit", "classes") == [0, 0, None, None, []]
    assert ran.err.endswith("no row can be simulated\n")
    assert simulate(f"{_TIMES}\n").out == ""


def test_an_unknown_policy_is_one_line_with_the_known_names(simulate: Simulate) -> None:
    ran = simulate(f"{_TIMES}\n", "--policy", "hotline_genera")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert "'hotline_genera'; known: " in ran.err
    assert "graded_urgent, hotline_general, hotline_graded, petition" in ran.err


def test_a_faulty_policy_file_is_named_by_line(simulate: Simulate, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.yaml"
    text = (YUNJIANG / "policies" / "rehearsal.yaml").read_text(encoding="utf-8")
    faulty.write_text(text.replace("citizen: {limit: 30 seconds", "citizen: {limit: 5 fortnights"), encoding="utf-8")
    ran = simulate(f"{_TIMES}\n", "--policy", faulty)
    assert (ran.code, ran.out) == (2, "")
    assert re.match(rf"{re.escape(str(faulty))}:\d+: .*not a limit", ran.err)


def test_the_chart_is_one_file_that_loads_nothing_and_escapes_what_the_rows_say(
    simulate: Simulate, tmp_path: Path
) -> None:
    chart = tmp_path / "试算.html"
    rows = f"{_TIMES},class,external_id\n{_FRIDAY},2026-03-20T09:00:00,<script>alert(1)</script>,<img src=x>\n"
    ran = simulate(rows, "--against", "petition", "--chart", chart, "--json")
    assert ran.code == 0
    page = chart.read_text(encoding="utf-8")
    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert not re.search(r"<script|<img|<link|@import|url\(|https?:", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert 'role="img"' in svg
        assert "<title>" in svg
    assert page.count("<article") == page.count("<figure") == 2
    assert "升级到市" in page


def test_a_chart_takes_the_place_of_no_file_that_is_none(simulate: Simulate, tmp_path: Path) -> None:
    precious = tmp_path / "precious.txt"
    precious.write_text("keep me", encoding="utf-8")
    ran = simulate(f"{_TIMES}\n", "--chart", precious)
    assert (ran.code, precious.read_text(encoding="utf-8")) == (2, "keep me")


def test_a_chart_of_no_matters_is_still_a_page(simulate: Simulate, tmp_path: Path) -> None:
    chart = tmp_path / "empty.html"
    assert simulate(f"{_TIMES}\n", "--chart", chart).code == 1
    assert "0 件诉求" in chart.read_text(encoding="utf-8")
