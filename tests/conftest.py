"""Real servers for every test process: one PostgreSQL, one Temporal that can skip time, one loaded city."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from temporalio.client import Client

from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.reader import read_city
from infra.database import Sessions, database, engine
from infra.embedded.servers import EmbeddedServers
from infra.intake import Intakes
from infra.migrate import migrate
from infra.temporal import connect
from tests.chaos.up import Up
from tests.fixed_calendar import fixed_calendar
from tests.installation import Installation, new_installation
from worker.composition import batch_worker, case_worker, department_worker
from worker.relay import Relay
from workflows.contracts.search_attributes import REGISTRY

_TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Servers:
    """Where the test process's own PostgreSQL and Temporal are."""

    database_url: str
    temporal_address: str


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        embedded = EmbeddedServers(
            Path(folder) / "data",
            command="tests",
            report=lambda _: None,
            search_attributes=REGISTRY,
            dynamic_config=_TIME_SKIPPING,
            postgres_settings=_FAST,
        )
        async with embedded:
            assert embedded.temporal_address is not None
            yield Servers(embedded.database_url, embedded.temporal_address)


@pytest.fixture(scope="session")
async def template(servers: Servers) -> str:
    """Name of a database with the tables and the city, to be cloned."""
    await _execute(servers.database_url, "CREATE DATABASE template_city")
    url = _on(servers.database_url, "template_city")
    await migrate(url)
    async with database(url, pool_size=1) as made, made.begin() as session:
        await CityLoader(lambda: datetime.now(UTC), fixed_calendar).load(session, read_city(YUNJIANG))
    return "template_city"


@pytest.fixture(scope="session")
def clone(servers: Servers, template: str) -> Callable[[], Awaitable[str]]:
    """Makes a database of its own with the city in it; gives its URL."""
    numbers = count(1)
    one_at_a_time = asyncio.Lock()

    async def make() -> str:
        name = f"city_{next(numbers)}"
        async with one_at_a_time:
            await _execute(servers.database_url, f"CREATE DATABASE {name} TEMPLATE {template}")
        return _on(servers.database_url, name)

    return make


@pytest.fixture(scope="session")
async def database_url(clone: Callable[[], Awaitable[str]]) -> str:
    """The database that tests share: each makes its own cases in it."""
    return await clone()


@pytest.fixture(scope="session")
async def sessions(database_url: str) -> AsyncIterator[Sessions]:
    async with database(database_url) as made:
        yield made


@pytest.fixture(scope="session")
async def client(servers: Servers) -> Client:
    """The application's own plain client; only tests skip time."""
    return await connect(servers.temporal_address)


@pytest.fixture(scope="session")
def starts(client: Client, sessions: Sessions) -> CaseStarts:
    return CaseStarts(client, sessions, policy="yunjiang")


@pytest.fixture(scope="session")
def gateway(client: Client, sessions: Sessions, starts: CaseStarts) -> CaseGateway:
    return CaseGateway(client, sessions, starts)


@pytest.fixture(scope="session")
def intakes() -> Intakes:
    return Intakes(lambda: datetime.now(UTC))


@pytest.fixture(scope="session")
async def workers(client: Client, sessions: Sessions, gateway: CaseGateway, starts: CaseStarts) -> AsyncIterator[None]:
    """Everything that a worker process runs."""
    async with running_workers(client, sessions, gateway, starts):
        yield


@pytest.fixture(scope="session")
async def apart(servers: Servers, clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Installation]:
    """An installation whose workers run without a relay: a test says itself what is started, when and how."""
    async with new_installation(servers.temporal_address, clone) as made, made.workers():
        yield made


@pytest.fixture
async def empty(servers: Servers, clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Installation]:
    """An installation of the test's own in which nothing runs."""
    async with new_installation(servers.temporal_address, clone) as made:
        yield made


@pytest.fixture
def up() -> Iterator[Up]:
    """A whole installation, started by its command, that the test may shoot at."""
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        installation = Up(Path(folder))
        try:
            yield installation
        finally:
            installation.stop()


@asynccontextmanager
async def running_workers(
    client: Client, sessions: Sessions, gateway: CaseGateway, starts: CaseStarts, *, max_cached_workflows: int = 2_000
) -> AsyncIterator[None]:
    async with (
        httpx.AsyncClient(timeout=5) as http,
        case_worker(client, sessions, gateway, max_cached_workflows=max_cached_workflows),
        batch_worker(client, sessions, gateway, lambda: datetime.now(UTC)),
        department_worker(client, sessions, http, base_url="http://yingshao.test"),
    ):
        relay = asyncio.create_task(Relay(sessions, starts).run())
        try:
            yield
        finally:
            relay.cancel()
            await asyncio.wait([relay])


def _on(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


async def _execute(url: str, statement: str) -> None:
    made = engine(url, pool_size=1)
    async with made.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text(statement))
    await made.dispose()
