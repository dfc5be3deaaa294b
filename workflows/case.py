"""One workflow per case, from the report to the archive."""

from collections.abc import Coroutine
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ChildWorkflowError, WorkflowAlreadyStartedError

from workflows.contracts.commands import AnyCommand
from workflows.contracts.effects import DeliverTask, StartMediation
from workflows.contracts.events import Recorded
from workflows.contracts.ids import CASE_WORKFLOW, MEDIATION_WORKFLOW, mediation_workflow_id
from workflows.contracts.mediation.start import StartMediationRun
from workflows.contracts.queues import CASES, DEPARTMENTS
from workflows.contracts.retries import EFFECT_RETRIES
from workflows.contracts.search_attributes import LEVEL, NEEDS_OPERATOR
from workflows.contracts.start import CaseOutcome, EffectOrder, EventBatch, Receipt, Registration, StartCase, Submission
from workflows.contracts.state import CaseState
from workflows.process import Process, failure_class, shifted_now
from workflows.rules.decide import clocks_run_out, decide, effect_ended, mediation_lost, register, rules_renewed
from workflows.rules.decision import Decision
from workflows.rules.version import RULES_VERSION


@workflow.defn(name=CASE_WORKFLOW)
class CaseWorkflow(Process[CaseState, AnyCommand, Recorded]):
    """Endures from the report to the archive."""

    @workflow.init
    def __init__(self, start: StartCase) -> None:
        now = shifted_now(start.time_shift)
        first = start.begins_with
        if isinstance(first, Registration):
            decision = register(first, now)
        else:
            decision = rules_renewed(first, start.rules_version, now)
        super().__init__(decision, start.time_shift)
        self._shown = (self._state.level, self._state.needs_operator)
        self._mediations: dict[str, workflow.ChildWorkflowHandle[Any, Any]] = {}

    @workflow.run
    async def run(self, start: StartCase) -> CaseOutcome:
        """Carries the case until it is archived and nothing is left to do for it."""
        await self._endure()
        status = self._state.outcome or self._state.status
        return CaseOutcome(case_no=self._state.case_no, status=status, seq=self._state.seq)

    @workflow.update
    def submit(self, submission: Submission) -> Receipt:
        """Applies a command at once; the same `command_id` again gets the same receipt."""
        return self._take(submission.command)

    @submit.validator
    def _refuse(self, submission: Submission) -> None:
        self._refuse_what_the_rules_forbid(submission.command)

    @workflow.query
    def state(self) -> CaseState:
        """The case as the process itself sees it."""
        return self._state

    def _decided(self, command: AnyCommand) -> Decision:
        return decide(self._state, command, self._now())

    def _ran_out(self) -> Decision:
        return clocks_run_out(self._state, self._now())

    def _ended(self, effect_id: str, failure: str | None) -> Decision:
        return effect_ended(self._state, effect_id, failure, self._now())

    def _is_over(self) -> bool:
        return self._state.is_archived

    def _next_run(self) -> StartCase:
        return StartCase(begins_with=self._state, time_shift=self._shift, rules_version=RULES_VERSION)

    def _batch(self, records: tuple[Recorded, ...]) -> tuple[str, EventBatch]:
        return "record_events", EventBatch(case_no=self._state.case_no, events=records)

    def _carry_out(self, effect_id: str) -> Coroutine[Any, Any, str | None]:
        effect = self._state.effects[effect_id].effect
        if isinstance(effect, StartMediation):
            return self._begin_mediation(effect)
        order = EffectOrder(case_no=self._state.case_no, effect=effect)
        queue = DEPARTMENTS if isinstance(effect, DeliverTask) else CASES
        return self._executed(effect.kind, order, queue, effect_id)

    async def _begin_mediation(self, effect: StartMediation) -> str | None:
        """Starts it beside the case; that it was begun is the effect, what comes of it the mediation tells itself."""
        try:
            start = StartMediationRun(begins_with=effect.opening) if effect.opening else await self._as_recorded(effect)
        except ActivityError as error:
            return failure_class(error)
        try:
            begun = await workflow.start_child_workflow(
                MEDIATION_WORKFLOW,
                start.model_copy(update={"time_shift": self._shift, "rules_version": RULES_VERSION}),
                id=mediation_workflow_id(effect.mediation_no),
                parent_close_policy=workflow.ParentClosePolicy.ABANDON,
                cancellation_type=workflow.ChildWorkflowCancellationType.ABANDON,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            )
        except WorkflowAlreadyStartedError:
            # By the run before this one, which did not live to hear of it.
            return None
        self._mediations[effect.mediation_no] = begun
        return None

    async def _as_recorded(self, effect: StartMediation) -> StartMediationRun:
        retries = EFFECT_RETRIES[self._state.policy.retry]
        start: StartMediationRun = await workflow.execute_activity(
            "mediation_as_recorded",
            effect.mediation_no,
            result_type=StartMediationRun,
            schedule_to_close_timeout=retries.overall,
            start_to_close_timeout=retries.attempt,
            retry_policy=retries.policy,
            summary=effect.id,
        )
        return start

    def _note_what_came(self) -> None:
        super()._note_what_came()
        for mediation_no in [known for known, begun in self._mediations.items() if begun.done()]:
            error = self._mediations.pop(mediation_no).exception()
            if isinstance(error, ChildWorkflowError):
                self._apply(mediation_lost(self._state, mediation_no, failure_class(error), self._now()))

    def _has_come(self) -> bool:
        return super()._has_come() or any(begun.done() for begun in self._mediations.values())

    def _published(self) -> None:
        now = (self._state.level, self._state.needs_operator)
        if now != self._shown:
            self._shown = now
            workflow.upsert_search_attributes([LEVEL.value_set(now[0]), NEEDS_OPERATOR.value_set(now[1])])
