from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.rules.calendar_2026 import CALENDAR_2026, at
from tests.rules.deadline_vectors import Vector, vectors
from workflows.contracts.clocks import Due, Limit, Pause
from workflows.contracts.vocabulary import LimitUnit
from workflows.rules.calendar import local_date
from workflows.rules.day_strip import Reason, Verdict, day_strip
from workflows.rules.limits import due, warn_at

DAY_UNITS = [LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS, LimitUnit.YEARS]
MINUTE = timedelta(minutes=1)

NEW_YEAR = at("2026-01-01T00:00")
starts = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda gone: NEW_YEAR + gone)
amounts = st.integers(1, 40)
modifiers = st.sampled_from([{}, {"office_start": True}, {"next_hour": True}])
limits = st.one_of(
    st.builds(Limit, amount=amounts, unit=st.sampled_from(LimitUnit)),
    st.builds(
        lambda amount, unit, modifier: Limit(amount=amount, unit=unit, **modifier),
        amounts,
        st.sampled_from([LimitUnit.MINUTES, LimitUnit.HOURS]),
        modifiers,
    ),
)


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[Pause]:
    """Up to four pauses, one after the other, from a little before the start on."""
    bounds = draw(st.lists(st.integers(-600, 60_000), min_size=0, max_size=8, unique=True).map(sorted))
    moments = [start + bound * MINUTE for bound in bounds]
    return [Pause(since=since, until=until) for since, until in zip(moments[::2], moments[1::2], strict=False)]


def pause(text: str) -> Pause:
    since, until = text.split("/")
    return Pause(since=at(since), until=at(until))


def worked_out(limit: str, start: str, *pauses: str) -> Due:
    return due(Limit.parse(limit), at(start), CALENDAR_2026, [pause(text) for text in pauses])


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.name)
def test_a_limit_ends_when_a_careful_clerk_says_so(vector: Vector) -> None:
    ends = worked_out(vector.limit, vector.start, *vector.pauses)
    assert ends.due_at == at(vector.due)
    assert ends.due_date.isoformat() == vector.due_date
    assert vector.raw_due_date is None or ends.raw_due_date.isoformat() == vector.raw_due_date


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


@given(starts, limits, st.data())
def test_a_longer_limit_never_ends_earlier(start: datetime, limit: Limit, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    longer = limit.model_copy(update={"amount": limit.amount + 1})
    assert due(limit, start, CALENDAR_2026, pauses).due_at <= due(longer, start, CALENDAR_2026, pauses).due_at


@given(starts, limits, st.data())
def test_a_limit_never_ends_before_it_starts(start: datetime, limit: Limit, data: st.DataObject) -> None:
    assert due(limit, start, CALENDAR_2026, data.draw(pauses_after(start))).due_at > start


@given(starts, amounts, st.sampled_from(DAY_UNITS), st.data())
def test_a_day_limit_ends_on_a_working_day_that_no_pause_touches(
    start: datetime, amount: int, unit: LimitUnit, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    ends = due(Limit(amount=amount, unit=unit), start, CALENDAR_2026, pauses)
    assert CALENDAR_2026.is_working_day(ends.due_date)
    assert ends.raw_due_date <= ends.due_date
    assert not any(local_date(p.since) <= ends.due_date <= local_date(p.until - MINUTE / 2) for p in pauses if p.until)


@given(starts, limits, st.data())
def test_a_pause_never_shortens(start: datetime, limit: Limit, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    assert due(limit, start, CALENDAR_2026, pauses[1:]).due_at <= due(limit, start, CALENDAR_2026, pauses).due_at


@given(starts, limits, st.data())
def test_a_pause_split_in_two_is_the_same_pause(start: datetime, limit: Limit, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start).filter(bool))
    first = pauses[0]
    assert first.until is not None
    middle = first.since + (first.until - first.since) * data.draw(st.floats(0, 1))
    split = [Pause(since=middle, until=first.until), Pause(since=first.since, until=middle), *pauses[1:]]
    assert due(limit, start, CALENDAR_2026, split) == due(limit, start, CALENDAR_2026, pauses)


@given(starts, limits, st.data())
def test_a_warning_lies_between_start_and_due(start: datetime, limit: Limit, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    ends = due(limit, start, CALENDAR_2026, pauses).due_at
    assert start <= warn_at(limit, start, ends, CALENDAR_2026, pauses, data.draw(st.floats(0, 1))) <= ends


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


def strip(limit: str, start: str, *pauses: str) -> dict[str, tuple[Verdict, Reason]]:
    days = day_strip(Limit.parse(limit), at(start), CALENDAR_2026, [pause(text) for text in pauses])
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


@given(starts, amounts, st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS]), st.data())
def test_a_strip_counts_as_many_days_as_the_limit_has(
    start: datetime, amount: int, unit: LimitUnit, data: st.DataObject
) -> None:
    days = day_strip(Limit(amount=amount, unit=unit), start, CALENDAR_2026, data.draw(pauses_after(start)))
    assert sum(day.verdict is Verdict.COUNTED for day in days) == amount


@given(starts, limits, st.data())
def test_a_strip_runs_from_the_start_to_the_due_date(start: datetime, limit: Limit, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    days = day_strip(limit, start, CALENDAR_2026, pauses)
    assert days[0].date == local_date(start)
    assert days[-1].date == due(limit, start, CALENDAR_2026, pauses).due_date
    assert days[-1].verdict in {Verdict.COUNTED, Verdict.ROLLED}


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


@pytest.mark.parametrize("unit", ["hours", "working_hours", "working_days", "calendar_days", "months", "years"])
def test_a_limit_beyond_all_calendars_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="beyond the year 9999"):
        worked_out(f"999999 {unit}", "9990-03-02T09:00")


def test_the_longest_limit_in_working_days_ends() -> None:
    assert worked_out("999999 working_days", "2026-03-02T09:00").due_date.year == 5859


@pytest.mark.parametrize(
    "text",
    [
        "0 hours",
        "-1 hours",
        "5 fortnights",
        "5",
        "",
        "1000000 hours",
        "1 working_days office_start",
        "5 seconds next_hour",
    ],
)
def test_what_is_not_a_limit_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"\Anot a limit: .+\Z"):
        Limit.parse(text)


@pytest.mark.parametrize("text", ["5 working_days", "1 hours office_start", "24 hours next_hour from served"])
def test_a_limit_reads_back_as_it_is_written(text: str) -> None:
    assert str(Limit.parse(text)) == text
