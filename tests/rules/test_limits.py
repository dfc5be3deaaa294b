import re
from datetime import date, datetime

import pytest
from pydantic import ValidationError

from tests.rules.calendar_2026 import CALENDAR_2026, SEASONAL_2026, at
from tests.rules.deadline_vectors import Vector, vectors
from tests.rules.limits_at_random import pause
from workflows.contracts.clocks import Due, Limit, Pause
from workflows.rules.limits import due, warn_at


def worked_out(limit: str, start: str, *pauses: str, extended_by: int = 0) -> Due:
    return due(Limit.parse(limit), at(start), CALENDAR_2026, [pause(text) for text in pauses], extended_by)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.name)
def test_a_limit_ends_when_a_careful_clerk_says_so(vector: Vector) -> None:
    ends = worked_out(vector.limit, vector.start, *vector.pauses)
    assert ends.due_at == at(vector.due)
    assert ends.due_date.isoformat() == vector.due_date
    assert vector.raw_due_date is None or ends.raw_due_date.isoformat() == vector.raw_due_date


def test_a_year_into_the_unpublished_ends_on_its_corresponding_day_for_now() -> None:
    ends = worked_out("1 years", "2026-01-08T10:00")
    assert ends == Due(
        due_at=at("2027-01-09T00:00"), due_date=date(2027, 1, 8), raw_due_date=date(2027, 1, 8), provisional=True
    )


@pytest.mark.parametrize(
    ("limit", "start", "extended_by", "due_at", "due_date", "raw_due_date"),
    [
        ("60 calendar_days", "2026-03-02T09:00", 30, "2026-06-02T00:00", "2026-06-01", "2026-05-31"),
        ("5 working_days", "2026-02-13T16:40", 1, "2026-02-28T17:30", "2026-02-28", "2026-02-28"),  # a make-up Saturday
        ("2 working_hours", "2026-03-02T16:30", 2, "2026-03-03T11:30", "2026-03-03", "2026-03-03"),
        ("24 hours next_hour", "2026-03-02T09:10", 3, "2026-03-03T13:00", "2026-03-03", "2026-03-03"),
        ("1 hours office_start", "2026-05-15T11:00", 2, "2026-05-15T14:00", "2026-05-15", "2026-05-15"),
        ("1 months", "2026-01-31T10:00", 5, "2026-03-06T00:00", "2026-03-05", "2026-03-05"),
        ("1 years", "2025-02-27T10:00", 1, "2026-03-01T00:00", "2026-02-28", "2026-02-28"),
    ],
)
def test_an_extension_adds_to_the_unrolled_limit(
    limit: str, start: str, extended_by: int, due_at: str, due_date: str, raw_due_date: str
) -> None:
    ends = worked_out(limit, start, extended_by=extended_by)
    assert ends.due_at == at(due_at)
    assert (ends.due_date.isoformat(), ends.raw_due_date.isoformat()) == (due_date, raw_due_date)


def test_a_paused_date_within_an_extension_is_added_too() -> None:
    pauses = "2026-03-20T10:00/2026-03-20T11:00", "2026-04-17T10:00/2026-04-17T11:00"
    assert worked_out("1 months", "2026-03-16T10:00", *pauses, extended_by=3).due_date.isoformat() == "2026-04-21"


@pytest.mark.parametrize(
    ("limit", "start", "due_at"),
    [
        ("1 working_days", "2026-05-29T10:00", "2026-06-01T18:00"),  # the first day of summer hours
        ("8 working_hours", "2026-05-29T17:00", "2026-06-01T18:00"),  # half an hour, then a day of seven and a half
        ("2 working_hours", "2026-09-30T17:00", "2026-10-08T09:30"),
        ("30 minutes office_start", "2026-07-01T13:40", "2026-07-01T15:00"),
        ("1 hours office_start", "2026-12-31T16:30", "2027-01-01T09:00"),  # nothing is known of 2027 here
        ("1 working_days", "2026-02-28T10:00", "2026-03-02T17:30"),  # a Monday after the winter hours
    ],
)
def test_office_hours_change_with_the_season(limit: str, start: str, due_at: str) -> None:
    assert due(Limit.parse(limit), at(start), SEASONAL_2026).due_at == at(due_at)


def test_a_due_time_is_given_in_utc() -> None:
    assert worked_out("5 working_days", "2026-02-13T16:40").due_at.isoformat() == "2026-02-27T09:30:00+00:00"


@pytest.mark.parametrize(
    ("limit", "start", "provisional"),
    [
        ("1 years", "2026-01-08T10:00", True),
        ("5 working_days", "2026-12-25T10:00", True),
        ("4 working_days", "2026-12-25T10:00", False),
        ("2 working_hours", "2026-12-31T17:00", True),
        ("24 hours office_start", "2026-12-31T17:00", True),
        ("24 hours", "2026-12-31T17:00", False),  # asks no calendar
    ],
)
def test_a_due_time_is_provisional_if_an_unpublished_day_had_a_say(limit: str, start: str, provisional: bool) -> None:
    assert worked_out(limit, start).provisional is provisional


@pytest.mark.parametrize(
    ("limit", "start", "pauses", "warned"),
    [
        ("10 hours", "2026-03-02T20:00", (), "2026-03-03T04:00"),
        ("10 hours", "2026-03-02T20:00", ("2026-03-02T21:00/2026-03-02T22:00",), "2026-03-03T05:00"),
        ("1 hours office_start", "2026-05-15T20:00", (), "2026-05-18T09:18"),
        ("5 working_hours", "2026-03-02T08:30", (), "2026-03-02T14:00"),
        ("5 working_days", "2026-02-13T16:40", (), "2026-02-26T17:20"),  # 38 h 20 min of office time, 30 h 40 min gone
        ("2 calendar_days", "2026-05-08T17:30", (), "2026-05-11T14:30"),  # a make-up Saturday, rolled over the Sunday
    ],
)
def test_a_warning_comes_when_four_fifths_of_the_time_have_gone(
    limit: str, start: str, pauses: tuple[str, ...], warned: str
) -> None:
    ends = worked_out(limit, start, *pauses).due_at
    ledger = [pause(text) for text in pauses]
    assert warn_at(Limit.parse(limit), at(start), ends, CALENDAR_2026, ledger) == at(warned)


def test_without_office_time_in_between_a_warning_goes_by_elapsed_time() -> None:
    start, ends = at("2026-02-16T00:00"), at("2026-02-21T00:00")
    assert warn_at(Limit.parse("5 calendar_days"), start, ends, CALENDAR_2026) == at("2026-02-20T00:00")


def test_a_due_time_moved_before_the_limit_begins_warns_at_once() -> None:
    start, ends = at("2026-05-15T20:00"), at("2026-05-15T21:00")
    assert warn_at(Limit.parse("1 hours office_start"), start, ends, CALENDAR_2026) == ends


def test_overlapping_pauses_are_refused() -> None:
    with pytest.raises(ValueError, match="pauses overlap"):
        worked_out(
            "1 hours", "2026-03-02T09:00", "2026-03-02T10:00/2026-03-02T12:00", "2026-03-02T11:00/2026-03-02T13:00"
        )


def test_an_open_pause_has_no_due_time() -> None:
    with pytest.raises(ValueError, match="latest end"):
        due(Limit.parse("1 hours"), at("2026-03-02T09:00"), CALENDAR_2026, [Pause(since=at("2026-03-02T09:30"))])


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        pause("2026-03-02T10:00/2026-03-02T09:00")


def test_a_start_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        due(Limit.parse("1 hours"), datetime(2026, 3, 2, 9), CALENDAR_2026)  # noqa: DTZ001 - the point of the test


def test_a_negative_extension_is_refused() -> None:
    with pytest.raises(ValueError, match="never shortens"):
        worked_out("5 working_days", "2026-03-02T09:00", extended_by=-1)


@pytest.mark.parametrize("unit", ["minutes", "working_hours", "working_days", "calendar_days", "months", "years"])
def test_an_extension_beyond_all_calendars_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="beyond the year 9999"):
        worked_out(f"1 {unit}", "9990-03-02T09:00", extended_by=10**24)


def test_a_pause_until_the_last_of_all_days_does_not_touch_a_limit_before_it() -> None:
    ends = worked_out("5 calendar_days", "9999-12-06T09:00", "9999-12-30T10:00/9999-12-31T23:59")
    assert ends.due_date.isoformat() == "9999-12-13"


@pytest.mark.parametrize("unit", ["hours", "working_hours", "working_days", "calendar_days", "months", "years"])
def test_a_limit_beyond_all_calendars_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="beyond the year 9999"):
        worked_out(f"999999 {unit}", "9990-03-02T09:00")


def test_the_longest_limit_in_working_days_ends() -> None:
    assert worked_out("999999 working_days", "2026-03-02T09:00").due_date.year == 5859


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0 hours", "from 1 to 999999, not '0'"),
        ("-1 hours", "from 1 to 999999, not '-1'"),
        ("1000000 hours", "from 1 to 999999, not '1000000'"),
        ("five hours", "from 1 to 999999, not 'five'"),
        ("5 fortnights", "unknown unit 'fortnights', expected one of seconds, minutes"),
        ("5", "expected '<n> <unit>"),
        ("", "expected '<n> <unit>"),
        ("5 hours tomorrow", "expected '<n> <unit>"),
        ("1 working_days office_start", "minutes and hours only"),
        ("5 seconds next_hour", "minutes and hours only"),
    ],
)
def test_what_is_not_a_limit_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"\Anot a limit: .*{re.escape(reason)}.*\Z"):
        Limit.parse(text)


@pytest.mark.parametrize("text", ["5 working_days", "1 hours office_start", "24 hours next_hour from served"])
def test_a_limit_reads_back_as_it_is_written(text: str) -> None:
    assert str(Limit.parse(text)) == text
