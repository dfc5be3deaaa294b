"""Times as people read them: on the wall in Asia/Shanghai, and how much is left, in office time where that counts."""

from datetime import date, datetime, timedelta

from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import LimitUnit
from workflows.rules.calendar import LOCAL, ONE_DAY, WorkCalendar, local_date, midnight

_WEEKDAYS = "一二三四五六日"
_OFFICE_UNITS = frozenset({LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS})


def moment(at: datetime) -> str:
    """`2026-03-09 17:30`."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def instant(at: datetime) -> str:
    """As `moment`, with its seconds where it has some."""
    return moment(at) + (at.strftime(":%S") if at.second else "")


def typed(at: datetime) -> str:
    """As a field for date and time holds it: `2026-03-09T17:30`."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M")


def day(on: date) -> str:
    """`2026年3月9日（周一）`."""
    return f"{on.year}年{on.month}月{on.day}日（{weekday(on)}）"


def weekday(on: date) -> str:
    """`周一`."""
    return f"周{_WEEKDAYS[on.weekday()]}"


def due(due_at: datetime, due_date: date, *, to_the_second: bool = False) -> str:
    """The last day and the time on it: `2026年3月9日（周一）17:30`; a limit in days may end at 24:00."""
    if due_at == midnight(due_date + ONE_DAY):
        return f"{day(due_date)}24:00"
    return f"{day(due_date)}{due_at.astimezone(LOCAL).strftime('%H:%M:%S' if to_the_second else '%H:%M')}"


def end(at: datetime) -> str:
    """When something ends, without its clock at hand: `2026-03-09 17:30`, midnight as 24:00 of the day ending then."""
    if at == midnight(local_date(at)):
        return (local_date(at) - ONE_DAY).strftime("%Y-%m-%d 24:00")
    return moment(at)


def due_moment(due_at: datetime) -> str:
    """The same without the year: `03-09 17:30`."""
    return end(due_at)[5:]


def span(length: timedelta, a_day: timedelta = ONE_DAY, day_name: str = "天") -> str:
    """The two largest parts: `3天4小时`, `5小时20分`, `8分`, `40秒`. `a_day` is how long a day counts."""
    days, rest = divmod(length, a_day)
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    parts = [(days, day_name), (hours, "小时"), (minutes, "分"), (int(rest.total_seconds()), "秒")]
    first = next((place for place, (amount, _) in enumerate(parts) if amount), len(parts) - 1)
    # Seconds matter only while there is nothing greater than minutes.
    shown = parts[first : first + 2] if first else parts[:2]
    return "".join(f"{amount}{name}" for amount, name in shown if amount) or "0秒"


def left(due_at: datetime, now: datetime) -> str:
    """`还剩3天4小时` or `已超2小时5分`, by the clock on the wall."""
    return f"还剩{span(due_at - now)}" if due_at > now else f"已超{span(now - due_at)}"


def office_time_left(limit: Limit, due_at: datetime, now: datetime, calendar: WorkCalendar) -> str | None:
    """`工作时间还剩2个工作日3小时`, for limits in working hours or days that still run; None for all others."""
    if limit.unit not in _OFFICE_UNITS or due_at <= now:
        return None
    between = calendar.office_time_between(now, due_at)
    return f"工作时间还剩{span(between, calendar.office_day, '个工作日')}"
