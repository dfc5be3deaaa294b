"""A decision in the making: the events so far and the state they lead to."""

from datetime import datetime

from workflows.contracts.actors import CLOCKWORK, Actor
from workflows.contracts.effects import DeliverTask, SignalType
from workflows.contracts.events import AnyEvent, EffectRequested, Recorded
from workflows.contracts.state import CaseState, TaskState
from workflows.rules.evolve import evolve


class Decision:
    """Collects events and folds each at once, so that the next rule already sees it.

    `at` is when the deciding step counts, `now` when it is recorded (both UTC).
    """

    def __init__(
        self,
        state: CaseState,
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
        self.events: list[Recorded] = []

    def record(self, *events: AnyEvent, at: datetime | None = None) -> None:
        """Adds events in their order, at the deciding step's time unless another is given."""
        for event in events:
            record = Recorded(
                seq=self.state.seq + 1,
                at=at or self.at,
                recorded_at=self.now,
                actor=self.actor,
                command_id=self.command_id,
                event=event,
            )
            self.state = evolve(self.state, record)
            self.events.append(record)

    def signal(self, task: TaskState, signal: SignalType, *, at: datetime | None = None) -> None:
        """Asks for a task signal to the unit's own system; a unit without one reads its inbox."""
        if task.unit.connected:
            effect_id = f"{self.state.case_no}-E{self.state.seq + 1}"
            effect = DeliverTask(id=effect_id, task_no=task.task_no, unit_id=task.unit.unit_id, signal=signal)
            self.record(EffectRequested(effect=effect), at=at)
