from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.calendars import FIRST_YEAR, LAST_PUBLISHED_YEAR, LAST_YEAR, published_window
from tests.rules.calendar_2026 import CALENDAR_2026, SEASONAL_2026, SEASONAL_HOURS, WINDOW_2026, at
from workflows.contracts.clocks import CalendarWindow, OfficeHours, Season, Stretches
from workflows.rules.calendar import LOCAL, ONE_DAY, WorkCalendar, compile_calendar, each_day, local_date, midnight

HOURS = timedelta(hours=1)
NEW_YEAR = at("2026-01-01T00:00")
moments = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda gone: NEW_YEAR + gone)
calendars = st.sampled_from([CALENDAR_2026, SEASONAL_2026])
spans = st.timedeltas(timedelta(), timedelta(hours=400))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday worked for the Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 21), False),
        (date(2026, 2, 24), True),
        (date(2026, 9, 20), True),  # a Sunday worked for the National Day
    ],
)
def test_a_holiday_is_off_and_a_make_up_day_is_worked(day: date, works: bool) -> None:
    assert CALENDAR_2026.is_working_day(day) is works


def test_a_day_after_the_published_years_is_provisional() -> None:
    assert not CALENDAR_2026.is_provisional(date(2026, 12, 31))
    assert CALENDAR_2026.is_provisional(date(2027, 1, 1))


def test_the_offices_open_twice_on_a_working_day_and_never_on_a_holiday() -> None:
    assert CALENDAR_2026.openings(date(2026, 2, 14)) == (
        (at("2026-02-14T08:30"), at("2026-02-14T12:00")),
        (at("2026-02-14T13:30"), at("2026-02-14T17:30")),
    )
    assert CALENDAR_2026.openings(date(2026, 2, 16)) == ()


@pytest.mark.parametrize(
    ("moment", "for_a_start", "for_a_due_time"),
    [
        ("2026-05-15T07:00", "2026-05-15T08:30", "2026-05-15T08:30"),
        ("2026-05-15T08:30", "2026-05-15T08:30", "2026-05-15T08:30"),
        ("2026-05-15T12:00", "2026-05-15T13:30", "2026-05-15T12:00"),
        ("2026-05-15T12:30", "2026-05-15T13:30", "2026-05-15T13:30"),
        ("2026-05-15T17:30", "2026-05-18T08:30", "2026-05-15T17:30"),
        ("2026-02-14T18:00", "2026-02-24T08:30", "2026-02-24T08:30"),
    ],
)
def test_closing_time_is_inside_for_a_due_time_and_outside_for_a_start(
    moment: str, for_a_start: str, for_a_due_time: str
) -> None:
    assert CALENDAR_2026.next_open(at(moment), closing_counts=False) == at(for_a_start)
    assert CALENDAR_2026.next_open(at(moment), closing_counts=True) == at(for_a_due_time)


@pytest.mark.parametrize(
    ("begin", "end", "hours"),
    [
        ("2026-05-15T08:30", "2026-05-15T17:30", 7.5),
        ("2026-05-15T11:00", "2026-05-15T14:00", 1.5),
        ("2026-05-15T12:10", "2026-05-15T13:10", 0),
        ("2026-02-14T17:00", "2026-02-24T09:00", 1),
        ("2026-05-15T14:00", "2026-05-15T11:00", 0),
    ],
)
def test_office_time_leaves_out_lunch_nights_and_days_off(begin: str, end: str, hours: float) -> None:
    assert CALENDAR_2026.office_time_between(at(begin), at(end)) == hours * HOURS


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2026-05-29", "08:30", "17:30"),
        ("2026-06-01", "08:00", "18:00"),
        ("2026-09-30", "08:00", "18:00"),
        ("2026-10-08", "08:30", "17:30"),
        ("2026-11-02", "09:00", "17:00"),
        ("2026-12-31", "09:00", "17:00"),
        ("2026-01-05", "09:00", "17:00"),
        ("2024-02-29", "09:00", "17:00"),
        ("2026-03-02", "08:30", "17:30"),
    ],
)
def test_a_season_has_its_own_hours_on_both_its_bounds_and_over_new_year(day: str, opens: str, closes: str) -> None:
    openings = SEASONAL_2026.openings(date.fromisoformat(day))
    assert (openings[0][0], openings[-1][1]) == (at(f"{day}T{opens}"), at(f"{day}T{closes}"))
    assert SEASONAL_2026.close_of_business(date.fromisoformat(day)) == at(f"{day}T{closes}")


def test_the_first_season_that_a_day_lies_in_rules_it() -> None:
    fair = Season(since="07-01", until="07-03", stretches=((time(6), time(22)),))
    calendar = compile_calendar(WINDOW_2026, OfficeHours(seasons=(fair, *SEASONAL_HOURS.seasons)))
    assert calendar.close_of_business(date(2026, 7, 3)) == at("2026-07-03T22:00")
    assert calendar.close_of_business(date(2026, 7, 6)) == at("2026-07-06T18:00")


def test_a_noon_in_summer_is_outside_and_the_same_moment_in_autumn_inside() -> None:
    assert SEASONAL_2026.next_open(at("2026-07-01T13:40"), closing_counts=False) == at("2026-07-01T14:30")
    assert SEASONAL_2026.next_open(at("2026-10-14T13:40"), closing_counts=False) == at("2026-10-14T13:40")


def test_a_unit_with_hours_of_its_own_keeps_the_days_of_the_city() -> None:
    own = compile_calendar(WINDOW_2026, OfficeHours(stretches=((time(7), time(21)),)))
    assert own.openings(date(2026, 2, 14)) == ((at("2026-02-14T07:00"), at("2026-02-14T21:00")),)
    assert own.openings(date(2026, 2, 16)) == ()


@given(calendars, st.lists(moments, min_size=2, max_size=2).map(sorted))
def test_office_time_is_what_the_openings_hold(calendar: WorkCalendar, bounds: list[datetime]) -> None:
    begin, end = bounds
    held = [
        min(closes, end) - max(opens, begin)
        for day in each_day(local_date(begin), local_date(end) + ONE_DAY)
        for opens, closes in calendar.openings(day)
        if opens < end and begin < closes
    ]
    assert calendar.office_time_between(begin, end) == sum(held, timedelta())


@given(calendars, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_office_time_adds_up(calendar: WorkCalendar, three: list[datetime]) -> None:
    begin, middle, end = three
    between = calendar.office_time_between
    assert between(begin, middle) + between(middle, end) == between(begin, end)


@given(calendars, moments, spans)
def test_added_office_time_is_what_lies_in_between(calendar: WorkCalendar, start: datetime, span: timedelta) -> None:
    end = calendar.add_office_time(start, span)
    assert calendar.office_time_between(start, end) == span


@given(calendars, moments, spans.filter(bool))
def test_office_time_is_used_up_at_the_earliest_moment(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    end = calendar.add_office_time(start, span)
    assert calendar.office_time_between(start, end - timedelta.resolution) < span


@given(moments)
def test_a_local_day_begins_at_its_midnight(moment: datetime) -> None:
    begin = midnight(local_date(moment))
    assert begin <= moment < begin + timedelta(days=1)
    assert begin.astimezone(LOCAL).time() == time()


def test_equal_windows_share_one_compiled_calendar() -> None:
    again = CalendarWindow.model_validate_json(WINDOW_2026.model_dump_json())
    assert compile_calendar(again) is compile_calendar(WINDOW_2026)
    assert compile_calendar(again, SEASONAL_HOURS.model_copy()) is SEASONAL_2026


OUT_OF_ORDER: list[Stretches] = [
    (),
    ((time(9), time(9)),),
    ((time(13), time(17)), (time(8), time(12))),
    ((time(8), time(12)), (time(11), time(17))),
    ((time(8, tzinfo=UTC), time(12, tzinfo=UTC)),),
]


@pytest.mark.parametrize("stretches", OUT_OF_ORDER)
def test_office_hours_out_of_order_are_refused(stretches: Stretches) -> None:
    window = CalendarWindow(published_through=date(2026, 12, 31), office=OfficeHours(stretches=stretches))
    with pytest.raises(ValueError, match="stretch"):
        compile_calendar(window)


@pytest.mark.parametrize("stretches", OUT_OF_ORDER)
def test_a_season_with_hours_out_of_order_is_refused(stretches: Stretches) -> None:
    season = Season(since="06-01", until="09-30", stretches=stretches)
    with pytest.raises(ValueError, match="stretch"):
        compile_calendar(WINDOW_2026, OfficeHours(seasons=(season,)))


@pytest.mark.parametrize(("since", "until"), [("02-30", "03-31"), ("01-01", "04-31")])
def test_a_season_bound_by_a_day_that_no_year_has_is_refused(since: str, until: str) -> None:
    season = Season(since=since, until=until, stretches=OfficeHours().stretches)
    with pytest.raises(ValueError, match=r"no day of the year: '0(2-30|4-31)'"):
        compile_calendar(WINDOW_2026, OfficeHours(seasons=(season,)))


def test_the_published_window_of_2026_is_the_one_written_out_by_hand() -> None:
    published = published_window(2026, 2026)
    assert published.days_off == WINDOW_2026.days_off
    assert published.makeup_workdays == WINDOW_2026.makeup_workdays


def test_a_year_not_published_rests_on_the_statutory_holidays() -> None:
    year = LAST_PUBLISHED_YEAR + 1
    window = published_window(year, year)
    assert window.published_through == date(LAST_PUBLISHED_YEAR, 12, 31)
    assert window.makeup_workdays == ()
    assert window.days_off
    assert {day.year for day in window.days_off} == {year}
    assert all(day.weekday() < 5 for day in window.days_off)


def test_a_window_without_a_last_year_spans_the_turn_to_years_not_published_and_stays_small() -> None:
    window = published_window(LAST_PUBLISHED_YEAR)
    assert {day.year for day in window.days_off} == set(range(LAST_PUBLISHED_YEAR, LAST_PUBLISHED_YEAR + 4))
    assert len(window.model_dump_json()) < 2048


@pytest.mark.parametrize(("first", "last"), [(FIRST_YEAR - 1, 2020), (2020, LAST_YEAR + 1), (2026, 2025)])
def test_a_year_outside_the_data_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="the calendar covers the years"):
        published_window(first, last)
