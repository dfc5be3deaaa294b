"""A decision in the making, whatever the process: the events so far and the state they lead to."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Generic, TypeVar

from workflows.contracts.actors import CLOCKWORK, Actor
from workflows.contracts.process_state import ProcessState
from workflows.contracts.recorded import RecordedEvent

S = TypeVar("S", bound=ProcessState)
E = TypeVar("E")
R = TypeVar("R", bound=RecordedEvent)


class Deciding(ABC, Generic[S, E, R]):
    """Collects events of kind E as records R and folds each into S at once, so that the next rule already sees it.

    `at` is when the deciding step counts, `now` when it is recorded (both UTC).
    """

    _record_type: type[R]

    def __init__(
        self,
        state: S,
        now: datetime,
        *,
        at: datetime | None = None,
        actor: Actor = CLOCKWORK,
        command_id: str | None = None,
    ) -> None:
        self.state = state
        self.now = now
        self.at = at or now
        self.actor = actor
        self.command_id = command_id
        self.events: list[R] = []

    def record(self, *events: E, at: datetime | None = None) -> None:
        """Adds events in their order, at the deciding step's time unless another is given."""
        for event in events:
            record = self._record_type(
                seq=self.state.seq + 1,
                at=at or self.at,
                recorded_at=self.now,
                actor=self.actor,
                command_id=self.command_id,
                event=event,
            )
            self.state = self._evolved(record)
            self.events.append(record)

    @abstractmethod
    def _evolved(self, record: R) -> S:
        """The state after one more record."""
