"""One workflow per case, from the report to the archive."""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.exceptions import TimeoutError as TemporalTimeoutError

from workflows.contracts.commands import AnyCommand
from workflows.contracts.effects import DeliverTask
from workflows.contracts.errors import RuleViolation
from workflows.contracts.queues import CASES, DEPARTMENTS
from workflows.contracts.retries import EFFECT_RETRIES, RECORD_ATTEMPT, RECORD_RETRIES
from workflows.contracts.search_attributes import LEVEL, NEEDS_OPERATOR
from workflows.contracts.start import CaseOutcome, EffectOrder, EventBatch, Receipt, Registration, StartCase, Submission
from workflows.contracts.state import CaseState
from workflows.rules.decide import clocks_run_out, decide, effect_ended, register, rules_renewed
from workflows.rules.decision import Decision
from workflows.rules.digest import batch_digest
from workflows.rules.ladder import next_moment
from workflows.rules.version import RULES_VERSION

_EVENTS_A_RUN = 1_000
_EVENTS_A_BATCH = 200


class RecordsDiffer(Exception):  # noqa: N818 - says what is the matter
    """The rules decide otherwise now than when these events were recorded. Fails the workflow task, not the case."""


@workflow.defn(name="CaseWorkflow")
class CaseWorkflow:
    """Endures: holds the state, arms one timer on the earliest clock, publishes events and has effects carried out.

    Everything that is decided is decided in `workflows.rules`.
    """

    @workflow.init
    def __init__(self, start: StartCase) -> None:
        self._shift = start.time_shift
        first = start.begins_with
        if isinstance(first, Registration):
            decision = register(first, self._now())
        else:
            decision = rules_renewed(first, start.rules_version, self._now())
        self._case: CaseState = decision.state
        self._unpublished = list(decision.events)
        self._first_seq = self._case.seq
        self._at_work: dict[str, asyncio.Task[str | None]] = {}
        self._timer: asyncio.Task[None] | None = None
        self._timer_for: datetime | None = None
        self._shown = (self._case.level, self._case.needs_operator)

    @workflow.run
    async def run(self, start: StartCase) -> CaseOutcome:
        """Carries the case until it is archived and nothing is left to do for it."""
        while True:
            self._note_what_time_and_effects_brought()
            if self._unpublished:
                await self._publish()
            elif self._case.is_archived and not self._case.pending_effects:
                return self._outcome()
            elif self._should_continue_as_new():
                await self._continue_as_new()
            else:
                self._start_new_effects()
                await self._command_or_earliest_clock()

    @workflow.update
    def submit(self, submission: Submission) -> Receipt:
        """Applies a command at once; the same `command_id` again gets the same receipt."""
        known = self._case.recent.get(submission.command.command_id)
        if known is not None:
            return Receipt(seq=known)
        self._apply(self._decide(submission.command))
        return Receipt(seq=self._case.seq)

    @submit.validator
    def _refuse_what_the_rules_forbid(self, submission: Submission) -> None:
        if submission.command.command_id not in self._case.recent:
            self._decide(submission.command)

    @workflow.query
    def state(self) -> CaseState:
        """The case as the process itself sees it."""
        return self._case

    def _decide(self, command: AnyCommand) -> Decision:
        try:
            return decide(self._case, command, self._now())
        except RuleViolation as violation:
            # Raised plainly it would fail the workflow task for ever.
            raise ApplicationError(violation.message, type=violation.code, non_retryable=True) from None

    def _apply(self, decision: Decision) -> None:
        self._case = decision.state
        self._unpublished.extend(decision.events)

    async def _publish(self) -> None:
        self._arm_timer()
        batch = EventBatch(case_no=self._case.case_no, events=tuple(self._unpublished[:_EVENTS_A_BATCH]))
        recorded: str = await workflow.execute_activity(
            "record_events",
            batch,
            result_type=str,
            start_to_close_timeout=RECORD_ATTEMPT,
            retry_policy=RECORD_RETRIES,
        )
        if recorded != batch_digest(batch.events):
            raise RecordsDiffer(f"events {batch.events[0].seq}–{batch.events[-1].seq} were recorded otherwise")
        del self._unpublished[: len(batch.events)]
        self._show()

    def _note_what_time_and_effects_brought(self) -> None:
        self._apply(clocks_run_out(self._case, self._now()))
        for effect_id in [known for known, work in self._at_work.items() if work.done()]:
            failure = self._at_work.pop(effect_id).result()
            self._apply(effect_ended(self._case, effect_id, failure, self._now()))

    def _start_new_effects(self) -> None:
        now = self._now()
        for pending in self._case.pending_effects:
            if pending.effect.id not in self._at_work and pending.waits(now) is None:
                order = EffectOrder(case_no=self._case.case_no, effect=pending.effect)
                self._at_work[pending.effect.id] = asyncio.create_task(self._carry_out(order))

    async def _carry_out(self, order: EffectOrder) -> str | None:
        """Tries for as long as the policy's retries last; the class of the failure, or None if it was done."""
        retries = EFFECT_RETRIES[self._case.policy.retry]
        try:
            await workflow.execute_activity(
                order.effect.kind,
                order,
                task_queue=DEPARTMENTS if isinstance(order.effect, DeliverTask) else CASES,
                schedule_to_close_timeout=retries.overall,
                start_to_close_timeout=retries.attempt,
                retry_policy=retries.policy,
                summary=order.effect.id,
            )
        except ActivityError as error:
            return _failure_class(error)
        return None

    async def _command_or_earliest_clock(self) -> None:
        self._arm_timer()
        await workflow.wait_condition(
            lambda: (
                bool(self._unpublished)
                or (self._timer is not None and self._timer.done())
                or any(work.done() for work in self._at_work.values())
            )
        )

    def _arm_timer(self) -> None:
        """One timer on what time brings next, left alone while that time stands."""
        due = next_moment(self._case, self._now())
        if due == self._timer_for and self._timer is not None and not self._timer.done():
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_for = due
        self._timer = asyncio.create_task(workflow.sleep(due - self._now())) if due else None

    def _should_continue_as_new(self) -> bool:
        return (
            self._case.renewal_asked
            or workflow.info().is_continue_as_new_suggested()
            or self._case.seq - self._first_seq >= _EVENTS_A_RUN
        )

    async def _continue_as_new(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        # An effect without an outcome goes on in the next run, under the same id.
        following = StartCase(begins_with=self._case, time_shift=self._shift, rules_version=RULES_VERSION)
        workflow.continue_as_new(following)

    def _show(self) -> None:
        now = (self._case.level, self._case.needs_operator)
        if now != self._shown:
            self._shown = now
            workflow.upsert_search_attributes([LEVEL.value_set(now[0]), NEEDS_OPERATOR.value_set(now[1])])

    def _outcome(self) -> CaseOutcome:
        status = self._case.outcome or self._case.status
        return CaseOutcome(case_no=self._case.case_no, status=status, seq=self._case.seq)

    def _now(self) -> datetime:
        return workflow.now() + self._shift


def _failure_class(error: ActivityError) -> str:
    match error.cause:
        case ApplicationError(type=str(code)):
            return code
        case TemporalTimeoutError():
            return "timeout"
        case _:
            return "failed"
