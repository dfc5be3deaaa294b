"""A mediation beside its case: each goes on whatever becomes of the other's process."""

import json

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from infra.mediation_tables import Mediation
from infra.temporal import DATA_CONVERTER, workflow_runner
from tests.driving import until
from tests.installation import Installation
from tests.mediating import PLAN, WORDS, Talks, opened
from workflows.contracts import commands as case
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.vocabulary import CaseStatus, OwnerRole
from workflows.mediation import MediationWorkflow
from workflows.rules.mediation.evolve import fold


async def test_a_mediation_tells_its_case_how_it_stands_and_how_it_ends(apart: Installation) -> None:
    talks = await opened(apart)
    state = await talks.case.published(1)
    assert state.status is CaseStatus.IN_MEDIATION
    assert state.mediations[talks.number].owner_role is OwnerRole.DISPATCHER

    await talks.agree_to_talk()
    renewed = await talks.give(c.RenewMediation)
    await talks.published(renewed + 1)
    await talks.give(c.LeaveMediation, party_no="P2", reason=WORDS)
    await talks.until_case_knows(MediationStatus.REFUSED)

    await until(lambda: _is_shown_ended(apart, talks), "the list shows its end")
    timeline = await talks.timeline()
    assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
    assert fold(timeline).status is MediationStatus.REFUSED
    async with apart.sessions() as session:
        row = await session.get_one(Mediation, talks.number)
    assert (row.form, row.host_unit, row.owner_role, row.needs_operator) == ("people", "committee", None, False)
    assert row.taken_up_at is not None


async def test_a_case_survives_the_loss_of_its_mediation_which_begins_again_where_its_records_end(
    apart: Installation,
) -> None:
    talks = await opened(apart)
    before = await talks.give(c.DecidePlan, tracks=PLAN, reason=WORDS)
    await talks.published(before)

    await talks.handle.cancel()
    await talks.until_lost()
    assert await talks.case.give(case.Urge, note=WORDS)
    await talks.case.give(case.RebuildMediation, mediation_no=talks.number, reason=WORDS)
    await until(talks.runs, "it runs again")
    assert (await talks.live()).tracks[1].form == PLAN[0].form
    consented = await talks.give(c.Consent, party_no="P1", agreed=True)
    assert consented > before
    await talks.published(consented)

    await talks.handle.terminate()
    await talks.until_lost()
    await talks.case.give(case.RebuildMediation, mediation_no=talks.number, reason=WORDS)
    await until(talks.runs, "it runs once more")
    assert (await talks.live()).tracks[1].consents == ("P1",)
    await talks.give(c.Consent, party_no="P2", agreed=False)
    await talks.until_case_knows(MediationStatus.REFUSED)
    assert not (await talks.case.published(1)).needs_operator


async def test_rules_that_decide_otherwise_than_they_did_fail_the_replay_of_a_mediation(apart: Installation) -> None:
    talks = await opened(apart)
    planned = await talks.give(c.DecidePlan, tracks=PLAN, reason=WORDS)
    await talks.published(planned)
    history = await talks.handle.fetch_history()
    assert await _replayed(history) is None

    written = json.loads(history.to_json())
    first = next(event for event in written["events"] if "activityTaskCompletedEventAttributes" in event)
    (digest,) = first["activityTaskCompletedEventAttributes"]["result"]["payloads"]
    digest["data"] = "Im90aGVyIg=="
    failure = await _replayed(WorkflowHistory.from_json(history.workflow_id, written))
    assert "recorded otherwise" in str(failure)


async def _replayed(history: WorkflowHistory) -> Exception | None:
    replayer = Replayer(workflows=[MediationWorkflow], workflow_runner=workflow_runner(), data_converter=DATA_CONVERTER)
    return (await replayer.replay_workflow(history, raise_on_replay_failure=False)).replay_failure


async def _is_shown_ended(place: Installation, talks: Talks) -> bool:
    async with place.sessions() as session:
        row = await session.get_one(Mediation, talks.number)
    return row.ended_at is not None
