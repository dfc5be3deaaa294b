"""The app with its pages on the test process's own servers, and visitors of it."""

import pytest
from fastapi import FastAPI
from temporalio.client import Client

from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import Sessions
from infra.temporal import connect
from tests.api.calling import Callers
from tests.pages.visiting import Visitors, app_with_pages


@pytest.fixture(scope="session")
def app(sessions: Sessions, gateway: CaseGateway, client: Client, workers: None) -> FastAPI:
    return app_with_pages(sessions, gateway, client)


@pytest.fixture(scope="session")
def visitors(app: FastAPI) -> Visitors:
    return Visitors(app)


@pytest.fixture(scope="session")
def callers(app: FastAPI) -> Callers:
    """For what a test needs to have happened before."""
    return Callers(app)


@pytest.fixture(scope="session")
async def visitors_without_temporal(sessions: Sessions) -> Visitors:
    """Visitors of an app that finds nobody at Temporal's address."""
    client = await connect("127.0.0.1:1", lazy=True)
    gateway = CaseGateway(client, sessions, CaseStarts(client, sessions, policy="yunjiang"))
    return Visitors(app_with_pages(sessions, gateway, client))
