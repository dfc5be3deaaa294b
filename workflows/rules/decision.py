"""A decision about a case in the making: its events, and what the units are told."""

from datetime import datetime, timedelta

from workflows.contracts.effects import DeliverTask, SignalType
from workflows.contracts.events import AnyEvent, EffectLapsed, EffectRequested, Recorded
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import LimitUnit, Urgency
from workflows.rules.deciding import Deciding
from workflows.rules.evolve import evolve
from workflows.rules.rungs import calendar_of

_AT_ONCE = timedelta(minutes=1)
"""A notice that belongs to closing time and is sent within it is still in time."""


class Decision(Deciding[CaseState, AnyEvent, Recorded]):
    """A decision about a case, with the signals to its units that follow from it."""

    _record_type = Recorded

    def _evolved(self, record: Recorded) -> CaseState:
        return evolve(self.state, record)

    def signal(self, task: TaskState, signal: SignalType) -> None:
        """Asks for a task signal to the unit's own system, at once; a unit without one reads its inbox."""
        self._deliver(task, signal)

    def notify(
        self, task: TaskState, signal: SignalType, *, at: datetime | None = None, clock_id: str | None = None
    ) -> None:
        """A reminder or a notice of the ladder: as `signal`, but outside the unit's office hours it waits for them.

        Not in an emergency, nor in a rehearsal, whose limits in seconds know no office hours.
        """
        moment = at or self.at
        if self.state.rules_version < 2:
            self._deliver(task, signal, at=at)
            return
        if clock_id is not None:
            # One notice about a clock waits for the offices to open, the loudest.
            self.lapse_notices(clock_id=clock_id)
        opening = calendar_of(self.state, task.task_no).next_open(
            moment if self.now - moment < _AT_ONCE else self.now, closing_counts=True
        )
        waits = opening > self.now and self.state.urgency is not Urgency.EMERGENCY and not self._rehearses(task)
        self._deliver(task, signal, at=at, clock_id=clock_id, not_before=opening if waits else None)

    def lapse_notices(self, *, clock_id: str | None = None, task_no: str | None = None) -> None:
        """What waits to be said about the clock, or to the task's unit, is not worth saying any more."""
        for pending in self.state.pending_effects:
            effect = pending.effect
            if isinstance(effect, DeliverTask) and pending.waits(self.now) is not None:
                about_it = effect.task_no == task_no or (clock_id is not None and effect.clock_id == clock_id)
                if about_it:
                    self.record(EffectLapsed(effect_id=effect.id))

    def _rehearses(self, task: TaskState) -> bool:
        clocks = [clock for clock in self.state.clocks.values() if clock.task_no == task.task_no]
        return any(clock.limit.unit is LimitUnit.SECONDS for clock in clocks)

    def _deliver(
        self,
        task: TaskState,
        signal: SignalType,
        *,
        at: datetime | None = None,
        clock_id: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        if task.unit.connected:
            effect = DeliverTask(
                id=f"{self.state.case_no}-E{self.state.seq + 1}",
                task_no=task.task_no,
                unit_id=task.unit.unit_id,
                signal=signal,
                clock_id=clock_id,
                not_before=not_before,
            )
            self.record(EffectRequested(effect=effect), at=at)
