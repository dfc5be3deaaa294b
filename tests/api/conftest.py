"""The app on the test process's own servers, and callers of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import Sessions, database
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.temporal import connect
from tests.api.calling import SECRET, Callers


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return Settings(database_url=SecretStr(database_url), token_secret=SecretStr(SECRET), attachments_limit=1_000)


@pytest.fixture(scope="session")
def app(settings: Settings, sessions: Sessions, gateway: CaseGateway, client: Client) -> FastAPI:
    return create_app(
        settings,
        sessions,
        gateway,
        MediationGateway(client, sessions),
        temporal_answers=TemporalProbe(client).answers,
        now=lambda: datetime.now(UTC),
    )


@pytest.fixture(scope="session")
def callers(app: FastAPI) -> Callers:
    """Callers of an app whose cases nobody may be working on."""
    return Callers(app)


@pytest.fixture
async def undisturbed(
    clone: Callable[[], Awaitable[str]], settings: Settings, gateway: CaseGateway, client: Client
) -> AsyncIterator[Callers]:
    """Callers of an app on a database of its own, where nothing moves but what they do."""
    async with database(await clone(), pool_size=2) as own:
        answers = TemporalProbe(client).answers
        yield Callers(
            create_app(
                settings,
                own,
                gateway,
                MediationGateway(client, own),
                temporal_answers=answers,
                now=lambda: datetime.now(UTC),
            )
        )


@pytest.fixture(scope="session")
def at_work(callers: Callers, workers: None) -> Callers:
    """The same callers while workers carry the cases."""
    return callers


@pytest.fixture(scope="session")
async def app_without_temporal(settings: Settings, sessions: Sessions) -> FastAPI:
    """An app that finds nobody at Temporal's address."""
    client = await connect("127.0.0.1:1", lazy=True)
    gateway = CaseGateway(client, sessions, CaseStarts(client, sessions, policy="yunjiang"))
    return create_app(
        settings,
        sessions,
        gateway,
        MediationGateway(client, sessions),
        temporal_answers=TemporalProbe(client).answers,
        now=lambda: datetime.now(UTC),
    )
