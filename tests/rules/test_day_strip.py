from datetime import date, datetime
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.calendar_2026 import CALENDAR_2026, at
from tests.rules.limits_at_random import amounts, calendars, extensions, limits, pause, pauses_after, starts
from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import LimitUnit
from workflows.rules.calendar import WorkCalendar, local_date
from workflows.rules.day_strip import Reason, Verdict, day_strip
from workflows.rules.limits import due


def strip(limit: str, start: str, *pauses: str, extended_by: int = 0) -> dict[str, tuple[Verdict, Reason]]:
    days = day_strip(Limit.parse(limit), at(start), CALENDAR_2026, [pause(text) for text in pauses], extended_by)
    return {f"{day.date:%m-%d}": (day.verdict, day.reason) for day in days}


def test_the_strip_of_a_day_limit_shows_what_became_of_each_day() -> None:
    assert strip("2 working_days", "2026-02-13T16:40", "2026-02-24T10:00/2026-02-24T11:00") == {
        "02-13": (Verdict.SKIPPED, Reason.START),
        "02-14": (Verdict.COUNTED, Reason.MAKEUP),
        "02-15": (Verdict.SKIPPED, Reason.WEEKEND),
        **{f"02-{day}": (Verdict.SKIPPED, Reason.HOLIDAY) for day in (16, 17, 18, 19, 20)},
        **{f"02-{day}": (Verdict.SKIPPED, Reason.WEEKEND) for day in (21, 22)},
        "02-23": (Verdict.SKIPPED, Reason.HOLIDAY),
        "02-24": (Verdict.PAUSED, Reason.PAUSE),
        "02-25": (Verdict.COUNTED, Reason.WORKDAY),
    }


def test_the_strip_shows_the_days_over_which_the_last_day_rolled() -> None:
    assert strip("2 calendar_days", "2026-05-14T10:00") == {
        "05-14": (Verdict.SKIPPED, Reason.START),
        "05-15": (Verdict.COUNTED, Reason.WORKDAY),
        "05-16": (Verdict.COUNTED, Reason.WEEKEND),
        "05-17": (Verdict.ROLLED, Reason.WEEKEND),
        "05-18": (Verdict.ROLLED, Reason.WORKDAY),
    }


def test_the_strip_of_working_hours_skips_a_day_already_closed_and_one_wholly_paused() -> None:
    assert strip("2 working_hours", "2026-03-02T18:00", "2026-03-03T08:00/2026-03-03T18:00") == {
        "03-02": (Verdict.SKIPPED, Reason.CLOSED),
        "03-03": (Verdict.PAUSED, Reason.PAUSE),
        "03-04": (Verdict.COUNTED, Reason.WORKDAY),
    }


def test_the_strip_of_an_extended_limit_shows_the_days_added() -> None:
    assert strip("1 working_days", "2026-05-07T10:00", extended_by=1) == {
        "05-07": (Verdict.SKIPPED, Reason.START),
        "05-08": (Verdict.COUNTED, Reason.WORKDAY),
        "05-09": (Verdict.COUNTED, Reason.MAKEUP),
    }


def test_a_pause_until_the_last_of_all_days_is_no_hindrance() -> None:
    assert strip("1 hours", "2026-03-02T09:00", "2026-03-02T11:00/9999-12-31T23:59") == {
        "03-02": (Verdict.COUNTED, Reason.WORKDAY)
    }


def test_the_days_of_a_strip_are_worked_out_one_by_one_as_they_are_asked_for() -> None:
    days = day_strip(Limit.parse("7900 years"), at("2026-03-02T09:00"), CALENDAR_2026)
    assert [day.verdict for day in islice(days, 2)] == [Verdict.SKIPPED, Verdict.COUNTED]
    assert next(days).date == date(2026, 3, 4)


@given(starts, amounts, st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS]), extensions, st.data())
def test_a_strip_counts_as_many_days_as_the_limit_and_its_extension_have(
    start: datetime, amount: int, unit: LimitUnit, extended_by: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    days = day_strip(Limit(amount=amount, unit=unit), start, CALENDAR_2026, pauses, extended_by)
    assert sum(day.verdict is Verdict.COUNTED for day in days) == amount + extended_by


@given(starts, limits, calendars, extensions, st.data())
def test_a_strip_runs_from_the_start_to_the_due_date(
    start: datetime, limit: Limit, calendar: WorkCalendar, extended_by: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    days = tuple(day_strip(limit, start, calendar, pauses, extended_by))
    assert days[0].date == local_date(start)
    assert days[-1].date == due(limit, start, calendar, pauses, extended_by).due_date
    assert days[-1].verdict in {Verdict.COUNTED, Verdict.ROLLED}
