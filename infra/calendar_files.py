"""Calendar files: a year as the State Council published it, or an exception on top, written by hand and checked.

    title: 国务院办公厅关于2027年部分节假日安排的通知
    source: the notice and its number
    year: 2027
    days_off: [2027-01-01, 2027-02-05/2027-02-11]
    workdays: [2027-02-20]

With `year` the file is the whole of that year, with the days around New Year that the same notice names; without, it
changes single days: a snow day, a local holiday, a make-up Saturday. Days are dates or ranges, both ends included.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from infra.calendars import FIRST_YEAR, LAST_YEAR
from infra.cities.faults import CityPackFault
from infra.cities.located_yaml import LocatedYaml, Where, read_yaml
from workflows.contracts.clocks import CalendarWindow
from workflows.rules.calendar import ONE_DAY, each_day

_COVERED = f"the calendar covers the years {FIRST_YEAR} to {LAST_YEAR}"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CalendarLayer(BaseModel):
    """What a file changes: a whole `year`, or single days where there is none. Days at weekends may be among them."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    title: str
    source: str
    year: int | None = None
    days_off: tuple[date, ...]
    workdays: tuple[date, ...]

    def laid_on(self, window: CalendarWindow) -> CalendarWindow:
        """The calendar with this on top; a year that follows the last published one is published from now on."""
        off = {day for day in window.days_off if day.year != self.year}
        worked = {day for day in window.makeup_workdays if day.year != self.year}
        off = (off | {day for day in self.days_off if day.weekday() < 5}).difference(self.workdays)
        worked = (worked | {day for day in self.workdays if day.weekday() >= 5}).difference(self.days_off)
        through = window.published_through
        if self.year == through.year + 1:
            through = date(self.year, 12, 31)
        changed = {"days_off": tuple(sorted(off)), "makeup_workdays": tuple(sorted(worked))}
        return window.model_copy(update={"published_through": through, **changed})


def layered(base: CalendarWindow, layers: Iterable[CalendarLayer]) -> CalendarWindow:
    """The base with all layers in the order given, years first: an exception stays on top of a year published later."""
    for layer in sorted(layers, key=lambda layer: layer.year is None):
        base = layer.laid_on(base)
    return base


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file that holds together in itself, and where its values stand."""

    layer: CalendarLayer
    written: LocatedYaml

    def must_follow(self, window: CalendarWindow) -> None:
        """Lets a file pass that leaves no year out.

        Raises:
            CityPackFault: a year whose predecessor is not published.
        """
        following = window.published_through.year + 1
        if self.layer.year is not None and self.layer.year > following:
            reason = f"{self.layer.year} cannot be published before {following} is"
            raise CityPackFault([self.written.fault(("year",), reason)])


class _Written(BaseModel):
    """The file's keys; a key that nobody knows is a mistake, not an addition."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    title: _Words
    source: _Words
    year: int | None = None
    days_off: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


def read_calendar_file(path: Path) -> CalendarFile:
    """Reads a calendar file and checks it.

    Raises:
        CityPackFault: whatever makes it unusable, each by file and line.
    """
    # As text, so that a date that does not exist is a fault of its own line.
    written = read_yaml(path, path.name, as_text=True)
    try:
        given = _Written.model_validate(written.value)
    except ValidationError as error:
        raise CityPackFault(written.faults(error)) from None
    faults: list[tuple[Where, str]] = []
    known: dict[date, str] = {}
    for key, entries in (("days_off", given.days_off), ("workdays", given.workdays)):
        for index, entry in enumerate(entries):
            try:
                days = _days(entry, given.year)
            except ValueError as error:
                faults.append(((key, index), str(error)))
                continue
            again = next((day for day in days if day in known), None)
            if again is not None:
                how = "given twice" if known[again] == key else "both off and worked"
                faults.append(((key, index), f"{again} is {how}"))
            known |= dict.fromkeys(days, key)
    layer = CalendarLayer(
        title=given.title,
        source=given.source,
        year=given.year,
        days_off=tuple(day for day, key in known.items() if key == "days_off"),
        workdays=tuple(day for day, key in known.items() if key == "workdays"),
    )
    if not faults:
        faults += _shortcomings(layer)
    if faults:
        raise CityPackFault(written.fault(where, reason) for where, reason in faults)
    return CalendarFile(layer, written)


def _shortcomings(layer: CalendarLayer) -> Iterator[tuple[Where, str]]:
    if layer.year is None and not layer.days_off and not layer.workdays:
        yield (), "names no day: give days_off or workdays"
    elif layer.year is not None and not _is_covered(layer.year):
        yield ("year",), _COVERED
    elif layer.year is not None and not layer.days_off:
        yield ("year",), f"{layer.year} has no days_off: a year is published whole"


def _days(entry: str, year: int | None) -> list[date]:
    """The days of `2027-02-05` or of `2027-02-05/2027-02-11`, which must lie in the year if there is one."""
    begin, _, end = entry.partition("/")
    try:
        first, last = date.fromisoformat(begin), date.fromisoformat(end or begin)
    except ValueError:
        raise ValueError(f"{entry!r}: expected a date, 2027-02-05, or a range, 2027-02-05/2027-02-11") from None
    if last < first:
        raise ValueError(f"{entry}: ends before it begins")
    if year is not None and not date(year - 1, 12, 1) <= first <= last <= date(year + 1, 1, 31):
        raise ValueError(f"{entry}: lies outside {year} and the weeks around it")
    if not (_is_covered(first.year) and _is_covered(last.year)):
        raise ValueError(f"{entry}: {_COVERED}")
    return list(each_day(first, last + ONE_DAY))


def _is_covered(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR
