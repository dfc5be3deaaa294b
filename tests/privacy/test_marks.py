"""What people say and who they are stays in PostgreSQL, whatever goes wrong on the way."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI, Request
from sqlalchemy import select, text

from infra.embedded.ports import any_free_port
from infra.tables import EffectRow
from tests.activities.fake_department import Quoting, department, serving
from tests.conftest import Servers
from tests.driving import until
from tests.installation import Installation
from tests.privacy.marks import everything_in
from tests.privacy.people import People
from tests.processes import part
from workflows.contracts.effects import EffectStatus

Processes = tuple[subprocess.Popen[bytes], ...]

_FAILS_NOW_AND_THEN = (
    "CREATE SEQUENCE {table}_writes",
    """CREATE FUNCTION fail_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('{table}_writes') IN (1, 5, 9) THEN
            RAISE EXCEPTION 'cannot write %: % %', TG_TABLE_NAME, to_jsonb(NEW), (SELECT json_agg(r) FROM requesters r);
        END IF;
        RETURN NEW;
    END $$""",
    "CREATE TRIGGER fail BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION fail_{table}()",
)
"""Now and then the database fails, and quotes what it was given and who is concerned, as real errors do."""


async def test_marks_are_found_in_the_database_and_nowhere_else(
    empty: Installation, servers: Servers, tmp_path: Path
) -> None:
    await _let_the_database_fail(empty)
    spans = Spans()
    async with (
        serving(spans.app()) as collector,
        department(empty.sessions, Quoting(None, 500), Quoting(None, 400)) as unit,
        _running(empty, servers, tmp_path, collector) as (http, worker_metrics, processes),
    ):
        people = People(http, unit)
        await people.work_through()
        await people.end_otherwise()
        await people.stay_anonymous()
        await people.be_refused()
        await people.skip(await _failed_effect(empty))
        metrics = (await http.get("/metrics")).content + (await http.get(worker_metrics)).content
        await _stopped(processes)
    logs = _logs_in(tmp_path)
    temporal = await _all_that_temporal_has(empty)

    # First that each place was really looked into, and that things did go wrong.
    for code in (b'"code": "DBAPIError"', b'"code": "unavailable"', b'"code": "refused"'):
        assert code in logs
    assert all(name in spans.received for name in (b"yingshao-api", b"yingshao-worker", b"record_events"))
    assert b"yingshao_cases" in metrics
    assert b"temporal_" in metrics
    assert people.case_no.encode() in temporal
    database = await everything_in(empty.sessions)
    assert people.kept.found_in(database) == set(people.kept.given)
    assert people.passing.found_in(database) == set()

    for place, content in {"logs": logs, "metrics": metrics, "spans": spans.received, "Temporal": temporal}.items():
        assert (place, people.kept.found_in(content) | people.passing.found_in(content)) == (place, set())


class Spans:
    """An OpenTelemetry collector: keeps what is exported, as it came."""

    def __init__(self) -> None:
        self.received = b""

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/traces")
        async def take(request: Request) -> None:
            self.received += await request.body()

        return app


@asynccontextmanager
async def _running(
    place: Installation, servers: Servers, folder: Path, collector: str
) -> AsyncIterator[tuple[httpx.AsyncClient, str, Processes]]:
    """API and worker as processes that say all they can; a client of the first, the metrics' URL of the second."""
    port, metrics_port = any_free_port(), any_free_port()
    said = {"YINGSHAO_OTLP_ENDPOINT": collector, "YINGSHAO_LOG_LEVEL": "DEBUG"}
    with (
        part("api", place, servers.temporal_address, folder / "api.log", YINGSHAO_PORT=str(port), **said) as api,
        part(
            "worker",
            place,
            servers.temporal_address,
            folder / "worker.log",
            YINGSHAO_METRICS_PORT=str(metrics_port),
            **said,
        ) as worker,
    ):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:

            async def ready() -> bool:
                try:
                    return (await http.get("/ready")).is_success
                except httpx.TransportError:
                    return False

            await until(ready, "the API is ready")
            yield http, f"http://127.0.0.1:{metrics_port}/metrics", (api, worker)


async def _stopped(processes: Processes) -> None:
    """Lets them end in their own way, which sends off the last spans."""
    for process in processes:
        process.terminate()
        assert await asyncio.to_thread(process.wait, 30) == 0


def _logs_in(folder: Path) -> bytes:
    return b"".join(log.read_bytes() for log in folder.glob("*.log"))


async def _let_the_database_fail(place: Installation) -> None:
    async with place.sessions.begin() as session:
        for table, on in (("cases", "UPDATE"), ("texts", "INSERT"), ("notices", "INSERT")):
            for statement in _FAILS_NOW_AND_THEN:
                await session.execute(text(statement.format(table=table, on=on)))


async def _failed_effect(place: Installation) -> str:
    async def failed() -> str | None:
        async with place.sessions() as session:
            one = select(EffectRow.effect_id).where(EffectRow.status == EffectStatus.FAILED.value).limit(1)
            return await session.scalar(one)

    effect_id: str = await until(failed, "a signal has failed for good")
    return effect_id


async def _all_that_temporal_has(place: Installation) -> bytes:
    """Every event, search attribute and memo of every workflow, payloads as they are sent."""
    content = b""
    async for execution in place.client.list_workflows():
        handle = place.client.get_workflow_handle(execution.id, run_id=execution.run_id)
        history = await handle.fetch_history()
        content += b"".join(event.SerializeToString() for event in history.events)
        content += (await handle.describe()).raw_description.SerializeToString()
    return content
