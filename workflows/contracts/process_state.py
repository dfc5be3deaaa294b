"""What the state of every process has, a case's and a mediation's: all that its clocks and its workflow ask for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from workflows.contracts.clocks import CalendarWindow, Clock, OfficeHours
from workflows.contracts.policy import Ladder
from workflows.contracts.vocabulary import Level


class ProcessPolicy(Protocol):
    """What follows on every clock, and how long effects are tried."""

    @property
    def ladder(self) -> Ladder: ...

    @property
    def retry(self) -> Literal["default", "rehearsal"]: ...


class Numbered(Protocol):
    """Something wanted in the world, by its id."""

    @property
    def id(self) -> str: ...


class PendingEffect(Protocol):
    """Something wanted in the world, without outcome so far."""

    @property
    def effect(self) -> Numbered: ...

    def waits(self, now: datetime, /) -> datetime | None:
        """The moment before which it is not carried out; None if that may be done now."""
        ...


class ProcessState(Protocol):
    """A state as its events have made it; `recent` are the latest command ids with their last seq."""

    @property
    def seq(self) -> int: ...

    @property
    def calendar(self) -> CalendarWindow: ...

    @property
    def policy(self) -> ProcessPolicy: ...

    @property
    def clocks(self) -> Mapping[str, Clock]: ...

    @property
    def recent(self) -> Mapping[str, int]: ...

    @property
    def renewal_asked(self) -> bool: ...

    @property
    def pending_effects(self) -> Sequence[PendingEffect]: ...

    def level_above(self, level: Level, /) -> Level | None:
        """The next level up that has a centre for it; None at the top."""
        ...

    def office_hours(self, task_no: str | None, /) -> OfficeHours | None:
        """The opening hours that a clock of that task keeps; None where they are the city's."""
        ...
