"""The whole way of a matter: registered, whistled, worked on, verified, called back, closed."""

import pytest
from temporalio.client import Client

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.intake import Intakes
from tests.driving import HOUSING, Driver
from tests.installation import Installation
from tests.workflows.standard_case import to_its_end
from workflows.contracts.ids import workflow_id
from workflows.contracts.vocabulary import CaseStatus

_MOST_HISTORY_EVENTS = 130


@pytest.fixture
def driver(sessions: Sessions, gateway: CaseGateway, intakes: Intakes) -> Driver:
    return Driver(sessions, gateway, intakes)


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("connected", [False, True])
async def test_a_standard_case_ends_closed_within_its_history_budget(
    driver: Driver, client: Client, connected: bool
) -> None:
    await driver.register()
    await driver.started()
    state = await to_its_end(driver, HOUSING.model_copy(update={"connected": connected}))
    assert state.status is CaseStatus.CLOSED
    history = await client.get_workflow_handle(workflow_id(driver.case_no)).fetch_history()
    print(f"history events of a standard case, {connected=}: {len(history.events)}")  # noqa: T201 - a measured figure
    assert len(history.events) <= _MOST_HISTORY_EVENTS


async def test_a_standard_case_goes_the_same_way_when_every_step_replays_it(empty: Installation) -> None:
    async with empty.workers(max_cached_workflows=0):
        state = await to_its_end(await empty.case())
        history = await empty.at_rest(state.case_no)
    assert state.status is CaseStatus.CLOSED
    assert len(history.events) <= _MOST_HISTORY_EVENTS
