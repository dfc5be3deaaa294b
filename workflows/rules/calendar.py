"""Working days and office time of one calendar window: pure, and quick enough to be asked inside a workflow task."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from workflows.contracts.clocks import CalendarWindow, OfficeHours, Stretches

# Asia/Shanghai has been +08:00 without summer time since 1991. A fixed offset is several times faster than a zone from
# the tz database and opens no file, which the workflow sandbox would have to allow.
_OFFSET = timedelta(hours=8)
LOCAL = timezone(_OFFSET, "Asia/Shanghai")

ONE_DAY = timedelta(days=1)
_NONE = timedelta()
_LEAP_YEAR = 2000


def local_date(moment: datetime) -> date:
    """The date on the wall in Asia/Shanghai at an aware moment."""
    return moment.astimezone(LOCAL).date()


def midnight(day: date) -> datetime:
    """The moment (UTC) at which the local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - _OFFSET


def each_day(first: date, end: date) -> Iterator[date]:
    """The days from `first` up to, and without, `end`."""
    while first < end:
        yield first
        first += ONE_DAY


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of a working day: its opening stretches as times since local midnight, and `total`, their sum."""

    stretches: tuple[tuple[timedelta, timedelta], ...]
    total: timedelta

    def gone(self, since_midnight: timedelta) -> timedelta:
        """The office time of the day up to a time of it."""
        gone = _NONE
        for opens, closes in self.stretches:
            if since_midnight <= opens:
                break
            gone += min(since_midnight, closes) - opens
        return gone

    def reach(self, span: timedelta) -> timedelta:
        """The time of day at which that much of the day's office time has gone by; at most `total`."""
        at = self.stretches[0][0]
        for opens, closes in self.stretches:
            at = opens + span
            if at <= closes:
                break
            span -= closes - opens
        return at


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """A compiled calendar window. Days are local dates, moments are aware and returned in UTC.

    `hours` holds what a working day of that month and day is open, `office_day` its office time out of all seasons.
    Days outside the window are plain: weekdays work, weekends do not.
    Whatever leaves the range of dates raises OverflowError.
    """

    published_through: date
    days_off: frozenset[date]
    makeup_workdays: frozenset[date]
    hours: Mapping[tuple[int, int], DayHours]
    office_day: timedelta

    def is_working_day(self, day: date) -> bool:
        """A weekday that is not off, or a weekend day that is worked instead (调休)."""
        if day.weekday() < 5:
            return day not in self.days_off
        return day in self.makeup_workdays

    def is_provisional(self, day: date) -> bool:
        """Whether the day lies in a year whose calendar is not published yet."""
        return day > self.published_through

    def openings(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches during which the offices are open on that day; none on a day off."""
        if not self.is_working_day(day):
            return ()
        begin = midnight(day)
        return tuple((begin + opens, begin + closes) for opens, closes in self._hours_of(day).stretches)

    def close_of_business(self, day: date) -> datetime:
        """When the last stretch of a working day ends."""
        return midnight(day) + self._hours_of(day).stretches[-1][1]

    def next_open(self, moment: datetime, *, closing_counts: bool) -> datetime:
        """The moment itself inside office hours, else the next opening.

        Closing time is still inside for a due time (`closing_counts`), and outside for a start.
        """
        day = local_date(moment)
        while True:
            for opens, closes in self.openings(day):
                if moment <= opens:
                    return opens
                if moment < closes or (closing_counts and moment == closes):
                    return moment
            day += ONE_DAY

    def office_time_between(self, begin: datetime, end: datetime) -> timedelta:
        """The office time inside [begin, end]; nothing if `end` is not after `begin`."""
        if end <= begin:
            return _NONE
        first, last = local_date(begin), local_date(end)
        whole = sum((self._hours_of(day).total for day in each_day(first, last) if self.is_working_day(day)), _NONE)
        return whole + self._so_far(last, end) - self._so_far(first, begin)

    def add_office_time(self, start: datetime, span: timedelta) -> datetime:
        """The earliest moment at which that much office time has gone by since `start`.

        It may be a closing time, and is `start` itself for an empty span.
        """
        if span <= _NONE:
            return start
        day = local_date(start)
        # Counting from the morning of the first day instead of from `start` leaves one case where there were three.
        span += self._so_far(day, start)
        while True:
            if self.is_working_day(day):
                hours = self._hours_of(day)
                if span <= hours.total:
                    return midnight(day) + hours.reach(span)
                span -= hours.total
            day += ONE_DAY

    def _hours_of(self, day: date) -> DayHours:
        return self.hours[day.month, day.day]

    def _so_far(self, day: date, moment: datetime) -> timedelta:
        """The office time of that day up to a moment of it."""
        return self._hours_of(day).gone(moment - midnight(day)) if self.is_working_day(day) else _NONE


@lru_cache(maxsize=256)
def compile_calendar(window: CalendarWindow, office: OfficeHours | None = None) -> WorkCalendar:
    """Makes a window quick to ask; windows are values, so cases with equal windows share one calendar.

    `office` are a unit's own hours instead of the window's.

    Raises:
        ValueError: as `hours_by_day`.
    """
    office = office or window.office
    return WorkCalendar(
        published_through=window.published_through,
        days_off=frozenset(window.days_off),
        makeup_workdays=frozenset(window.makeup_workdays),
        hours=hours_by_day(office),
        office_day=day_hours(office.stretches).total,
    )


@lru_cache(maxsize=64)
def hours_by_day(office: OfficeHours) -> Mapping[tuple[int, int], DayHours]:
    """The hours of every month and day of the year, 29 February among them.

    Raises:
        ValueError: as `day_hours` and `month_day`.
    """
    all_year = day_hours(office.stretches)
    seasons = [
        (month_day(season.since), month_day(season.until), day_hours(season.stretches)) for season in office.seasons
    ]

    def of(day: tuple[int, int]) -> DayHours:
        for since, until, hours in seasons:
            if (since <= day <= until) if since <= until else (day >= since or day <= until):
                return hours
        return all_year

    days = ((day.month, day.day) for day in each_day(date(_LEAP_YEAR, 1, 1), date(_LEAP_YEAR + 1, 1, 1)))
    return {day: of(day) for day in days}


def day_hours(stretches: Stretches) -> DayHours:
    """The hours of a day with these stretches.

    Raises:
        ValueError: if there are none, or they are out of order, overlap, or have an offset.
    """
    bounds = [bound for stretch in stretches for bound in stretch]
    if any(bound.tzinfo is not None for bound in bounds):
        raise ValueError("the stretches of office hours are local times without an offset")
    if not bounds or any(later <= earlier for earlier, later in zip(bounds[::2], bounds[1::2], strict=True)):
        raise ValueError("office hours need at least one stretch, and each must end after it begins")
    if any(opens < closes for closes, opens in zip(bounds[1:-1:2], bounds[2::2], strict=True)):
        raise ValueError("the stretches of office hours must ascend without overlap")
    office = tuple((_since_midnight(opens), _since_midnight(closes)) for opens, closes in stretches)
    return DayHours(office, sum((closes - opens for opens, closes in office), _NONE))


def month_day(text: str) -> tuple[int, int]:
    """The month and day of an `MM-DD`.

    Raises:
        ValueError: if it is written otherwise, or no year has that day.
    """
    try:
        day = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        day = None
    if day is None or f"{day:%m-%d}" != text:
        raise ValueError(f"no day of the year: {text!r}; write the bounds of a season as MM-DD")
    return day.month, day.day


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)
