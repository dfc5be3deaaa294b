"""One case has a command sent to another."""

from datetime import UTC, datetime

from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import ActivityEnvironment

from tests.driving import DISPATCHER, Driver, until
from tests.installation import Installation
from worker.composition import records
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SendCommand
from workflows.contracts.ids import CASE_WORKFLOW, TextId, workflow_id
from workflows.contracts.queues import CASES
from workflows.contracts.start import EventBatch, StartCase
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.decision import Decision


async def test_a_command_reaches_the_other_case_once(apart: Installation) -> None:
    sender, receiver = await apart.case(), await apart.case()
    accept = c.Accept(command_id=f"{sender.case_no}/4", actor=DISPATCHER)
    state = await _wants_sent(apart, sender, receiver, accept)
    assert state.effects == {}
    # The receiver has applied it before the sender knows; it is on record a little later.
    await receiver.published(4)
    timeline = await apart.timeline(receiver.case_no)
    assert [r.command_id for r in timeline if isinstance(r.event, e.CaseAccepted)] == [accept.command_id]


async def test_what_the_other_case_refuses_needs_an_operator_and_fails_nothing_else(apart: Installation) -> None:
    sender, receiver = await apart.case(), await apart.case()
    verify = c.Verify(command_id=f"{sender.case_no}/4", actor=DISPATCHER, passed=True, note=TextId("t"))
    state = await _wants_sent(apart, sender, receiver, verify)
    assert [(effect.status, effect.code) for effect in state.effects.values()] == [("failed", "refused")]
    assert state.needs_operator
    await sender.give(c.Accept)
    assert (await receiver.published(1)).status is CaseStatus.REGISTERED


async def _wants_sent(apart: Installation, sender: Driver, receiver: Driver, command: c.AnyCommand) -> CaseState:
    """Starts the sender again from its records, with a wish for this effect among them; its state once it is through.

    No command of the foundation asks for such an effect yet.
    """
    await apart.at_rest(sender.case_no)
    await apart.handle(sender.case_no).terminate()
    decision = Decision(await sender.published(1), datetime.now(UTC))
    effect_id = f"{sender.case_no}-E{decision.state.seq + 1}"
    decision.record(e.EffectRequested(effect=SendCommand(id=effect_id, to_case_no=receiver.case_no, command=command)))
    batch = EventBatch(case_no=sender.case_no, events=tuple(decision.events))
    await ActivityEnvironment().run(records(apart.sessions).record_events, batch)
    await apart.client.start_workflow(
        CASE_WORKFLOW,
        StartCase(begins_with=decision.state),
        id=workflow_id(sender.case_no),
        task_queue=CASES,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )

    async def through() -> CaseState | None:
        state = await sender.published(decision.state.seq)
        return None if state.pending_effects else state

    ended: CaseState = await until(through, "the effect has ended")
    return ended
