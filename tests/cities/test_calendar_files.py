"""Calendar files: what they change, and that every mistake is named by file and line."""

from datetime import date
from pathlib import Path

import pytest

from infra.calendar_files import CalendarLayer, layered, read_calendar_file
from infra.calendars import FIRST_YEAR, LAST_YEAR, from_year
from infra.cities.faults import CityPackFault
from tests.publishing import calendar_file, written
from tests.rules.calendar_2026 import WINDOW_2026
from workflows.contracts.clocks import CalendarWindow

HEAD = "title: 放假安排\nsource: 国办发明电\n"
YEAR_2027 = f"""{HEAD}year: 2027
days_off:
  - 2027-01-01
  - 2027-02-05/2027-02-11
workdays:
  - 2027-02-20
"""
ESTIMATED = WINDOW_2026.model_copy(update={"days_off": (*WINDOW_2026.days_off, date(2027, 1, 1), date(2027, 6, 9))})


def layer(folder: Path, text: str) -> CalendarLayer:
    return calendar_file(folder, text).layer


def in_2027(window: CalendarWindow) -> tuple[list[date], list[date]]:
    days = [list(window.days_off), list(window.makeup_workdays)]
    return [day for day in days[0] if day.year == 2027], [day for day in days[1] if day.year == 2027]


def test_a_published_year_replaces_the_estimate_and_is_provisional_no_more(tmp_path: Path) -> None:
    window = layer(tmp_path, YEAR_2027).laid_on(ESTIMATED)
    spring = [date(2027, 2, day) for day in (5, 8, 9, 10, 11)]
    assert in_2027(window) == ([date(2027, 1, 1), *spring], [date(2027, 2, 20)])
    assert window.published_through == date(2027, 12, 31)
    assert [day for day in window.days_off if day.year == 2026] == list(WINDOW_2026.days_off)


def test_an_exception_changes_its_days_alone(tmp_path: Path) -> None:
    text = f"{HEAD}days_off: [2026-03-04, 2026-02-28]\nworkdays: [2026-03-07, 2026-05-04]\n"
    window = layer(tmp_path, text).laid_on(WINDOW_2026)
    assert set(window.days_off) ^ set(WINDOW_2026.days_off) == {date(2026, 3, 4), date(2026, 5, 4)}
    assert set(window.makeup_workdays) ^ set(WINDOW_2026.makeup_workdays) == {date(2026, 2, 28), date(2026, 3, 7)}
    assert window.published_through == WINDOW_2026.published_through


def test_an_exception_stays_on_top_of_a_year_published_after_it(tmp_path: Path) -> None:
    local = layer(tmp_path, f"{HEAD}days_off: [2027-03-03]\n")
    window = layered(ESTIMATED, [local, layer(tmp_path, YEAR_2027)])
    assert date(2027, 3, 3) in window.days_off


def test_the_later_of_two_exceptions_counts(tmp_path: Path) -> None:
    off, worked = (layer(tmp_path, f"{HEAD}{key}: [2026-03-04]\n") for key in ("days_off", "workdays"))
    assert layered(WINDOW_2026, [off, worked]) == layered(WINDOW_2026, [worked]) == WINDOW_2026


def test_a_year_with_a_hole_before_it_is_not_published(tmp_path: Path) -> None:
    text = f"{HEAD}year: 2028\ndays_off: [2028-01-03]\n"
    with pytest.raises(CityPackFault, match=r"日历.yaml:3: year: 2028 cannot be published before 2027 is"):
        calendar_file(tmp_path, text).must_follow(WINDOW_2026)


def test_a_case_carries_three_years_beyond_the_present_and_no_more_counts_as_published(tmp_path: Path) -> None:
    every_new_year = tuple(date(year, 1, 1) for year in range(2020, 2040))
    whole = CalendarWindow(published_through=date(2035, 12, 31), days_off=every_new_year)
    born = from_year(whole, 2026, 2026)
    assert [day.year for day in born.days_off] == [2026, 2027, 2028, 2029]
    assert born.published_through == date(2029, 12, 31)
    assert [day.year for day in from_year(whole, 2026, 2028).days_off][-1] == 2031


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "expected a mapping"),
        ("- 2027-01-01\n", 1, "expected a mapping"),
        (HEAD, 1, "names no day"),
        ("title: 雪\ndays_off: [2026-03-04]\n", 1, "source"),
        (f"{HEAD}days_of: [2026-03-04]\n", 3, "days_of"),
        (f"{HEAD}days_off: 2026-03-04\n", 3, "days_off"),
        (f"{HEAD}days_off:\n  - 2026-03-04\n  - 2026-02-30\n", 5, "expected a date"),
        (f"{HEAD}days_off:\n  - 2026-03-04\n  - 2026-03-02/2026-03-05\n", 5, "2026-03-04 is given twice"),
        (f"{HEAD}days_off:\n  - 2026-03-04\nworkdays:\n  - 2026-03-04\n", 6, "2026-03-04 is both off and worked"),
        (f"{HEAD}days_off:\n  - 2026-03-05/2026-03-04\n", 4, "ends before it begins"),
        (f"{HEAD}year: 2027\ndays_off:\n  - 2026-11-30/2027-01-03\n", 5, "lies outside 2027"),
        (f"{HEAD}year: 2027\n", 3, "2027 has no days_off"),
        (f"{HEAD}year: soon\n", 3, "year"),
        (f"{HEAD}year: {LAST_YEAR + 1}\ndays_off: [{LAST_YEAR + 1}-01-01]\n", 4, f"{FIRST_YEAR} to {LAST_YEAR}"),
        (f"{HEAD}days_off:\n  - {FIRST_YEAR - 1}-05-05\n", 4, f"{FIRST_YEAR} to {LAST_YEAR}"),
        (f"{HEAD}days_off: [2026-03-04\n", 4, "not valid YAML"),
        (f"{HEAD}{HEAD}days_off: [2026-03-04]\n", 3, "given twice"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(text: str, line: int, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CityPackFault) as error:
        calendar_file(tmp_path, text)
    (fault,) = error.value.faults[:1]
    assert (fault.file, fault.line) == ("日历.yaml", line)
    assert reason in fault.reason
    assert "\n" not in str(fault)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    text = f"{HEAD}year: 2027\ndays_off:\n  - 2026-01-01\n  - 2027-13-01\n  - 2027-01-01\n  - 2027-01-01\n"
    with pytest.raises(CityPackFault) as error:
        calendar_file(tmp_path, text)
    assert [fault.line for fault in error.value.faults] == [5, 6, 8]


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "")
    file.write_bytes(YEAR_2027.encode("gb18030"))
    with pytest.raises(CityPackFault, match="UTF-8"):
        read_calendar_file(file)
