"""One workflow per mediation, from its opening until it has ended and everything is said."""

from collections.abc import Coroutine
from typing import Any

from temporalio import workflow

from workflows.contracts.effects import AskOutside
from workflows.contracts.ids import MEDIATION_WORKFLOW
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.opening import MediationOpening
from workflows.contracts.mediation.start import (
    MediationBatch,
    MediationOutcome,
    MediationSubmission,
    StartMediationRun,
)
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.queues import CASES, DEPARTMENTS
from workflows.contracts.start import EffectOrder, Receipt
from workflows.process import Process, shifted_now
from workflows.rules.ladder import earliest
from workflows.rules.mediation.decide import clocks_run_out, decide, effect_ended, open_mediation, rules_renewed
from workflows.rules.mediation.decision import Hearing
from workflows.rules.version import RULES_VERSION


@workflow.defn(name=MEDIATION_WORKFLOW)
class MediationWorkflow(Process[MediationState, AnyMediationCommand, MediationRecorded]):
    """Endures beside its case, which it tells how it stands; neither ends with the other."""

    @workflow.init
    def __init__(self, start: StartMediationRun) -> None:
        now = shifted_now(start.time_shift)
        first = start.begins_with
        if isinstance(first, MediationOpening):
            decision = open_mediation(first, now)
        else:
            decision = rules_renewed(first, start.rules_version, now)
        super().__init__(decision, start.time_shift)

    @workflow.run
    async def run(self, start: StartMediationRun) -> MediationOutcome:
        """Carries the mediation until it has ended and nothing is left to do for it."""
        await self._endure()
        return MediationOutcome(mediation_no=self._state.mediation_no, status=self._state.status, seq=self._state.seq)

    @workflow.update
    def submit(self, submission: MediationSubmission) -> Receipt:
        """Applies a command at once; the same `command_id` again gets the same receipt."""
        return self._take(submission.command)

    @submit.validator
    def _refuse(self, submission: MediationSubmission) -> None:
        self._refuse_what_the_rules_forbid(submission.command)

    @workflow.query
    def state(self) -> MediationState:
        """The mediation as the process itself sees it."""
        return self._state

    def _decided(self, command: AnyMediationCommand) -> Hearing:
        return decide(self._state, command, self._now())

    def _ran_out(self) -> Hearing:
        return clocks_run_out(self._state, self._now())

    def _ended(self, effect_id: str, failure: str | None) -> Hearing:
        return effect_ended(self._state, effect_id, failure, self._now())

    def _is_over(self) -> bool:
        # What could not be said yet, an operator may have said again.
        return self._state.is_over and not self._state.needs_operator and earliest(self._state) is None

    def _next_run(self) -> StartMediationRun:
        return StartMediationRun(begins_with=self._state, time_shift=self._shift, rules_version=RULES_VERSION)

    def _batch(self, records: tuple[MediationRecorded, ...]) -> tuple[str, MediationBatch]:
        batch = MediationBatch(mediation_no=self._state.mediation_no, events=records)
        return "record_mediation_events", batch

    def _carry_out(self, effect_id: str) -> Coroutine[Any, Any, str | None]:
        effect = self._state.effects[effect_id].effect
        order = EffectOrder(case_no=self._state.case_no, effect=effect)
        queue = DEPARTMENTS if isinstance(effect, AskOutside) else CASES
        return self._executed(effect.kind, order, queue, effect_id)
