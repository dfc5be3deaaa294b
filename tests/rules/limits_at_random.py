"""Limits, their starts, calendars and pauses, drawn at random for the properties of the arithmetic."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.rules.calendar_2026 import CALENDAR_2026, SEASONAL_2026, at
from workflows.contracts.clocks import Limit, Pause
from workflows.contracts.vocabulary import LimitUnit

DAY_UNITS = [LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS, LimitUnit.YEARS]
MINUTE = timedelta(minutes=1)

NEW_YEAR = at("2026-01-01T00:00")
calendars = st.sampled_from([CALENDAR_2026, SEASONAL_2026])
starts = st.timedeltas(timedelta(), timedelta(days=365)).map(lambda gone: NEW_YEAR + gone)
amounts = st.integers(1, 40)
extensions = st.integers(0, 40)
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
    """A pause by the wall clock, `2026-03-02T10:00/2026-03-02T11:00`."""
    since, until = text.split("/")
    return Pause(since=at(since), until=at(until))
