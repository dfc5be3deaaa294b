"""Office hours as an author writes them in a city pack."""

from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from workflows.contracts.clocks import OfficeHours, Season
from workflows.rules.calendar import day_hours, month_day


def _time(value: Any) -> time:
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not a time like 08:30") from None


def _opens(stretches: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
    day_hours(stretches)
    return stretches


def _of_a_year(text: str) -> str:
    month_day(text)
    return text


WrittenTime = Annotated[time, BeforeValidator(_time)]
WrittenStretches = Annotated[tuple[tuple[WrittenTime, WrittenTime], ...], AfterValidator(_opens)]
WrittenDay = Annotated[str, AfterValidator(_of_a_year)]


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WrittenSeason(_Written):
    """A season from `since` to `until` (`MM-DD`, both included) with hours of its own."""

    since: WrittenDay
    until: WrittenDay
    stretches: WrittenStretches


class WrittenHours(_Written):
    """The opening stretches of a working day, and of the seasons that differ."""

    stretches: WrittenStretches
    seasons: tuple[WrittenSeason, ...] = ()

    def hours(self) -> OfficeHours:
        """What calendars and units carry of it."""
        return OfficeHours(
            stretches=self.stretches, seasons=tuple(Season(**season.model_dump()) for season in self.seasons)
        )
