"""What holds for every limit, start and pause, with and without seasons of office hours."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.limits_at_random import DAY_UNITS, MINUTE, amounts, calendars, extensions, limits, pauses_after, starts
from workflows.contracts.clocks import Limit, Pause
from workflows.contracts.vocabulary import LimitUnit
from workflows.rules.calendar import ONE_DAY, WorkCalendar, local_date
from workflows.rules.limits import due, warn_at

IN_MONTHS = [LimitUnit.MONTHS, LimitUnit.YEARS]


@given(starts, limits, calendars, st.data())
def test_a_longer_limit_never_ends_earlier(
    start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    longer = limit.model_copy(update={"amount": limit.amount + 1})
    assert due(limit, start, calendar, pauses).due_at <= due(longer, start, calendar, pauses).due_at


@given(starts, limits, calendars, st.data())
def test_a_limit_never_ends_before_it_starts(
    start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    assert due(limit, start, calendar, data.draw(pauses_after(start))).due_at > start


@given(starts, amounts, st.sampled_from(DAY_UNITS), calendars, st.data())
def test_a_day_limit_ends_on_a_working_day_that_no_pause_touches(
    start: datetime, amount: int, unit: LimitUnit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    ends = due(Limit(amount=amount, unit=unit), start, calendar, pauses)
    assert calendar.is_working_day(ends.due_date)
    assert ends.raw_due_date <= ends.due_date
    assert not any(local_date(p.since) <= ends.due_date <= local_date(p.until - MINUTE / 2) for p in pauses if p.until)


@given(starts, limits, calendars, st.data())
def test_a_pause_never_shortens(start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject) -> None:
    pauses = data.draw(pauses_after(start))
    assert due(limit, start, calendar, pauses[1:]).due_at <= due(limit, start, calendar, pauses).due_at


@given(starts, limits, calendars, st.data())
def test_a_pause_split_in_two_is_the_same_pause(
    start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start).filter(bool))
    first = pauses[0]
    assert first.until is not None
    middle = first.since + (first.until - first.since) * data.draw(st.floats(0, 1))
    split = [Pause(since=middle, until=first.until), Pause(since=first.since, until=middle), *pauses[1:]]
    assert due(limit, start, calendar, split) == due(limit, start, calendar, pauses)


@given(starts, limits, calendars, st.data())
def test_a_warning_lies_between_start_and_due(
    start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    ends = due(limit, start, calendar, pauses).due_at
    assert start <= warn_at(limit, start, ends, calendar, pauses, data.draw(st.floats(0, 1))) <= ends


@given(starts, limits, calendars, extensions, st.data())
def test_an_extension_never_shortens(
    start: datetime, limit: Limit, calendar: WorkCalendar, extended_by: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    plain, extended = due(limit, start, calendar, pauses), due(limit, start, calendar, pauses, extended_by)
    assert plain.due_at <= extended.due_at
    assert plain.raw_due_date <= extended.raw_due_date


@given(starts, limits, calendars, st.data())
def test_an_extension_by_nothing_changes_nothing(
    start: datetime, limit: Limit, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    assert due(limit, start, calendar, pauses, extended_by=0) == due(limit, start, calendar, pauses)


@given(starts, limits.filter(lambda limit: limit.unit not in IN_MONTHS), calendars, extensions, st.data())
def test_an_extension_in_the_unit_of_the_limit_is_a_longer_limit(
    start: datetime, limit: Limit, calendar: WorkCalendar, extended_by: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    longer = limit.model_copy(update={"amount": limit.amount + extended_by})
    assert due(limit, start, calendar, pauses, extended_by) == due(longer, start, calendar, pauses)


@given(starts, amounts, st.sampled_from(IN_MONTHS), calendars, extensions)
def test_months_and_years_are_extended_by_calendar_days(
    start: datetime, amount: int, unit: LimitUnit, calendar: WorkCalendar, extended_by: int
) -> None:
    limit = Limit(amount=amount, unit=unit)
    raw = due(limit, start, calendar).raw_due_date
    assert due(limit, start, calendar, extended_by=extended_by).raw_due_date == raw + extended_by * ONE_DAY
