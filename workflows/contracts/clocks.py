"""Limits, clocks and the calendar they run on, as data."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import ClockName, Level, LimitUnit, Rung

_LIMIT = re.compile(
    r"(?P<amount>\S+) (?P<unit>\S+)(?: (?P<start>office_start|next_hour))?(?: from (?P<event>[a-z_]+))?"
)
_AMOUNT = re.compile(r"[1-9][0-9]{0,5}")


class Limit(Frozen):
    """`<n> <unit> [office_start|next_hour] [from <event>]`, for example `5 working_days from registered`."""

    amount: int = Field(ge=1, le=999_999)
    unit: LimitUnit
    office_start: bool = False
    next_hour: bool = False
    from_event: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Reads the written form.

        Raises:
            ValueError: if the text is not a limit; the message says what is expected.
        """
        found = _LIMIT.fullmatch(text.strip())
        if found is None:
            raise ValueError("not a limit: expected '<n> <unit> [office_start|next_hour] [from <event>]'")
        if _AMOUNT.fullmatch(found["amount"]) is None:
            raise ValueError(f"not a limit: the amount is a whole number from 1 to 999999, not {found['amount']!r}")
        if found["unit"] not in set(LimitUnit):
            raise ValueError(f"not a limit: unknown unit {found['unit']!r}, expected one of {', '.join(LimitUnit)}")
        if found["start"] and found["unit"] not in {LimitUnit.MINUTES, LimitUnit.HOURS}:
            raise ValueError(f"not a limit: {found['start']} goes with minutes and hours only")
        return cls(
            amount=int(found["amount"]),
            unit=LimitUnit(found["unit"]),
            office_start=found["start"] == "office_start",
            next_hour=found["start"] == "next_hour",
            from_event=found["event"],
        )

    def __str__(self) -> str:
        start = " office_start" if self.office_start else " next_hour" if self.next_hour else ""
        event = f" from {self.from_event}" if self.from_event else ""
        return f"{self.amount} {self.unit}{start}{event}"


@lru_cache(maxsize=1_024)
def _parsed(text: str) -> Limit:
    """The same few limits are read with every state; equal ones are one object."""
    return Limit.parse(text)


def _read_limit(value: Any) -> Any:
    return _parsed(value) if isinstance(value, str) else value


LimitText = Annotated[Limit, BeforeValidator(_read_limit), PlainSerializer(str, return_type=str)]
"""A limit that travels in its written form."""


class Pause(Frozen):
    """A stretch during which a clock stands still, [since, until); open while `until` is None."""

    since: AwareDatetime
    until: AwareDatetime | None = None
    ground: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Pause":
        if self.until is not None and self.until < self.since:
            raise ValueError("a pause ends before it begins")
        return self


Stretches = tuple[tuple[time, time], ...]
"""The opening stretches of a working day, local time, ascending and without overlap."""

MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""`MM-DD`, every year."""


class Season(Frozen):
    """A part of every year with hours of its own, both days included; one that begins after it ends spans New Year."""

    since: MonthDay
    until: MonthDay
    stretches: Stretches


class OfficeHours(Frozen):
    """When offices are open: all year, or by season; the first season that a day lies in rules it."""

    stretches: Stretches = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
    seasons: tuple[Season, ...] = ()


class CalendarWindow(Frozen):
    """The part of a working calendar that a case carries with it.

    Every weekday is a working day except `days_off`; every weekend day is off except `makeup_workdays` (调休).
    Days after `published_through` rest on an estimate, and whatever they decide is provisional.
    """

    version: int = 1
    published_through: date
    days_off: tuple[date, ...] = ()
    makeup_workdays: tuple[date, ...] = ()
    office: OfficeHours = OfficeHours()


@lru_cache(maxsize=256)
def _one_of_its_kind(window: CalendarWindow) -> CalendarWindow:
    return window


SharedCalendar = Annotated[CalendarWindow, AfterValidator(_one_of_its_kind)]
"""A calendar of which a process keeps one copy, however many of its cases carry it."""


class Due(Frozen):
    """When a limit ends.

    `due_at` is the moment (UTC); `due_date` the local last day (for a day limit that ends at 24:00 the day *before*
    `due_at`'s date); `raw_due_date` the last day before it rolled to a working day; `provisional` if a day that is not
    published yet had a say.
    """

    due_at: datetime
    due_date: date
    raw_due_date: date
    provisional: bool = False


class Clock(Frozen):
    """One running, met or breached time limit of a case or of one of its tasks.

    `extended_by` counts what the limit counts: working days, hours, …; calendar days where that is months or years.
    """

    name: ClockName
    round: int = 1
    task_no: str | None = None
    limit: LimitText
    started_from: str
    source: str
    level: Level
    started_at: datetime
    due_at: datetime
    due_date: date
    raw_due_date: date
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    extended_by: int = 0
    warned_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    rung: Rung | None = None
    next_rung: Rung | None = None
    next_at: datetime | None = None

    @property
    def id(self) -> str:
        """`citizen`, `citizen#2` for a second round, `T1/finish` for a task's clock."""
        name = self.name.value if self.round == 1 else f"{self.name}#{self.round}"
        return f"{self.task_no.rpartition('-')[2]}/{name}" if self.task_no else name

    @property
    def is_open(self) -> bool:
        """Neither met nor stopped; an overdue clock is still open."""
        return self.met_at is None and self.stopped_at is None
