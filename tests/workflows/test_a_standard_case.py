"""The whole way of a matter: registered, whistled, worked on, verified, called back, closed."""

import pytest
from temporalio.client import Client

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.intake import Intakes
from tests.driving import DISPATCHER, HANDLER, HOUSING, VERIFIER, Driver
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId, workflow_id
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CallbackOutcome, CaseStatus, Solved

_MOST_HISTORY_EVENTS = 130


@pytest.fixture
def driver(sessions: Sessions, gateway: CaseGateway, intakes: Intakes) -> Driver:
    return Driver(sessions, gateway, intakes)


@pytest.mark.usefixtures("workers")
async def test_a_standard_case_ends_closed_within_its_history_budget(driver: Driver, client: Client) -> None:
    await driver.register()
    await driver.started()
    state = await to_its_end(driver)
    assert state.status is CaseStatus.CLOSED
    history = await client.get_workflow_handle(workflow_id(driver.case_no)).fetch_history()
    print(f"history events of a standard case: {len(history.events)}")  # noqa: T201 - a measured figure
    assert len(history.events) <= _MOST_HISTORY_EVENTS


async def test_a_standard_case_goes_the_same_way_when_every_step_replays_it(empty: Installation) -> None:
    async with empty.workers(max_cached_workflows=0):
        state = await to_its_end(await empty.case())
        history = await empty.at_rest(state.case_no)
    assert state.status is CaseStatus.CLOSED
    assert len(history.events) <= _MOST_HISTORY_EVENTS


async def to_its_end(driver: Driver) -> CaseState:
    """From the acceptance to the callback that closes it."""
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=HOUSING, reason=TextId("t"))
    await driver.give(c.Sign, HANDLER, task_no=driver.task_no)
    await driver.give(c.Contact, HANDLER, task_no=driver.task_no, note=TextId("t"))
    await driver.give(c.ReportIn, HANDLER, task_no=driver.task_no)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=TextId("t"))
    await driver.give(c.Verify, VERIFIER, passed=True, note=TextId("t"))
    return await driver.published(
        await driver.give(
            c.Callback, DISPATCHER, outcome=CallbackOutcome.REACHED, solved=Solved.YES, rating="satisfied"
        )
    )
