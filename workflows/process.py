"""How every process endures: the workflows of cases and of mediations share this and decide by rules of their own."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, FailureError, TerminatedError
from temporalio.exceptions import TimeoutError as TemporalTimeoutError

from workflows.contracts.command import Command
from workflows.contracts.errors import RuleViolation
from workflows.contracts.model import Frozen
from workflows.contracts.process_state import ProcessState
from workflows.contracts.recorded import RecordedEvent
from workflows.contracts.retries import EFFECT_RETRIES, RECORD_ATTEMPT, RECORD_RETRIES
from workflows.contracts.start import Receipt
from workflows.rules.deciding import Deciding
from workflows.rules.digest import batch_digest
from workflows.rules.ladder import next_moment

_EVENTS_A_RUN = 1_000
_EVENTS_A_BATCH = 200

S = TypeVar("S", bound=ProcessState)
C = TypeVar("C", bound=Command)
R = TypeVar("R", bound=RecordedEvent)


class RecordsDiffer(Exception):  # noqa: N818 - says what is the matter
    """The rules decide otherwise now than when these events were recorded. Fails the workflow task, not the process."""


class Process(ABC, Generic[S, C, R]):
    """Holds a state S, arms one timer on the earliest clock, publishes its records R and has effects carried out.

    What commands C, time and outcomes of effects lead to is decided in `workflows.rules`.
    """

    def __init__(self, begun: Deciding[S, Any, R], time_shift: timedelta) -> None:
        self._shift = time_shift
        self._state: S = begun.state
        self._unpublished: list[R] = list(begun.events)
        self._first_seq = self._state.seq
        self._at_work: dict[str, asyncio.Task[str | None]] = {}
        self._timer: asyncio.Task[None] | None = None
        self._timer_for: datetime | None = None

    async def _endure(self) -> None:
        """Goes on until the process is over and nothing is left to do for it."""
        while True:
            self._note_what_came()
            if self._unpublished:
                await self._publish()
            elif self._is_over() and not self._state.pending_effects:
                return
            elif self._should_continue_as_new():
                await workflow.wait_condition(workflow.all_handlers_finished)
                # An effect without an outcome goes on in the next run, under the same id.
                workflow.continue_as_new(self._next_run())
            else:
                self._start_new_effects()
                await self._something_comes()

    @abstractmethod
    def _decided(self, command: C) -> Deciding[S, Any, R]:
        """What follows from a command; `RuleViolation` if a rule forbids it."""

    @abstractmethod
    def _ran_out(self) -> Deciding[S, Any, R]:
        """What follows from time alone."""

    @abstractmethod
    def _ended(self, effect_id: str, failure: str | None) -> Deciding[S, Any, R]:
        """What follows from an effect's outcome; `failure` is its class code, None if it was done."""

    @abstractmethod
    def _is_over(self) -> bool:
        """The process has come to its end."""

    @abstractmethod
    def _next_run(self) -> Frozen:
        """What the run after this one begins with."""

    @abstractmethod
    def _batch(self, records: tuple[R, ...]) -> tuple[str, Frozen]:
        """The activity that records these, and its input."""

    @abstractmethod
    def _carry_out(self, effect_id: str) -> Coroutine[Any, Any, str | None]:
        """Has the effect carried out; gives the class of the failure, or None if it was done."""

    def _published(self) -> None:
        """What is shown elsewhere of the state that is on record now."""

    def _take(self, command: C) -> Receipt:
        """Applies a command at once; the same `command_id` again gets the same receipt."""
        known = self._state.recent.get(command.command_id)
        if known is not None:
            return Receipt(seq=known)
        self._apply(self._allowed(command))
        return Receipt(seq=self._state.seq)

    def _refuse_what_the_rules_forbid(self, command: C) -> None:
        if command.command_id not in self._state.recent:
            self._allowed(command)

    def _allowed(self, command: C) -> Deciding[S, Any, R]:
        try:
            return self._decided(command)
        except RuleViolation as violation:
            # Raised plainly it would fail the workflow task for ever.
            raise ApplicationError(violation.message, type=violation.code, non_retryable=True) from None

    def _apply(self, decision: Deciding[S, Any, R]) -> None:
        self._state = decision.state
        self._unpublished.extend(decision.events)

    async def _publish(self) -> None:
        self._arm_timer()
        records = tuple(self._unpublished[:_EVENTS_A_BATCH])
        recorded: str = await workflow.execute_activity(
            *self._batch(records),
            result_type=str,
            start_to_close_timeout=RECORD_ATTEMPT,
            retry_policy=RECORD_RETRIES,
        )
        if recorded != batch_digest(records):
            raise RecordsDiffer(f"events {records[0].seq}–{records[-1].seq} were recorded otherwise")
        del self._unpublished[: len(records)]
        self._published()

    def _note_what_came(self) -> None:
        self._apply(self._ran_out())
        for effect_id in [known for known, work in self._at_work.items() if work.done()]:
            self._apply(self._ended(effect_id, self._at_work.pop(effect_id).result()))

    def _start_new_effects(self) -> None:
        now = self._now()
        for pending in self._state.pending_effects:
            if pending.effect.id not in self._at_work and pending.waits(now) is None:
                self._at_work[pending.effect.id] = asyncio.create_task(self._carry_out(pending.effect.id))

    async def _executed(self, activity: str, order: Frozen, queue: str, effect_id: str) -> str | None:
        """Tries it for as long as the policy's retries last; the class of the failure, or None if it was done."""
        retries = EFFECT_RETRIES[self._state.policy.retry]
        try:
            await workflow.execute_activity(
                activity,
                order,
                task_queue=queue,
                schedule_to_close_timeout=retries.overall,
                start_to_close_timeout=retries.attempt,
                retry_policy=retries.policy,
                summary=effect_id,
            )
        except ActivityError as error:
            return failure_class(error)
        return None

    async def _something_comes(self) -> None:
        """A command, the time of the earliest clock, or the outcome of an effect."""
        self._arm_timer()
        await workflow.wait_condition(self._has_come)

    def _has_come(self) -> bool:
        return (
            bool(self._unpublished)
            or (self._timer is not None and self._timer.done())
            or any(work.done() for work in self._at_work.values())
        )

    def _arm_timer(self) -> None:
        """One timer on what time brings next, left alone while that time stands."""
        due = next_moment(self._state, self._now())
        if due == self._timer_for and self._timer is not None and not self._timer.done():
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_for = due
        self._timer = asyncio.create_task(workflow.sleep(due - self._now())) if due else None

    def _should_continue_as_new(self) -> bool:
        return (
            self._state.renewal_asked
            or workflow.info().is_continue_as_new_suggested()
            or self._state.seq - self._first_seq >= _EVENTS_A_RUN
        )

    def _now(self) -> datetime:
        return shifted_now(self._shift)


def shifted_now(time_shift: timedelta) -> datetime:
    """The process's one clock: the workflow's time, moved for rehearsals and tests."""
    return workflow.now() + time_shift


def failure_class(error: FailureError) -> str:
    """Why an activity or a child workflow did not come to its end: a class of failure, never wording."""
    match error.cause:
        case ApplicationError(type=str(code)):
            return code
        case TemporalTimeoutError():
            return "timeout"
        case TerminatedError():
            return "terminated"
        case CancelledError():
            return "cancelled"
        case _:
            return "failed"
