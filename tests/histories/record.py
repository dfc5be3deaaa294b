"""Records the histories that the replay tests replay: `python -m tests.histories.record [FOLDER]`.

Without a folder they go into that of the present version of the rules. To be run when that is raised, or before it is
released; never to make a failing replay pass: what an earlier version recorded stays as long as a run with it may be
open.
"""

import asyncio
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.client import WorkflowHandle, WorkflowHistory

from infra.calendar_versions import install_base
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.reader import read_city
from infra.database import database
from infra.embedded.servers import EmbeddedServers
from infra.migrate import migrate
from infra.tables import BatchRow
from tests.driving import Driver, until
from tests.fixed_calendar import fixed_calendar
from tests.histories.branches import BRANCHES
from tests.installation import Installation, new_installation
from tests.rules.calendar_2026 import WINDOW_2026
from worker.batch_relay import BatchRelay
from workflows.contracts.batches import batch_workflow_id
from workflows.contracts.ids import mediation_workflow_id
from workflows.rules.version import RULES_VERSION

_TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}


async def _record(place: Installation, folder: Path) -> None:
    async with place.workers():
        for branch in BRANCHES:
            driver = await branch(place)
            first_run = await _run_ids(place, driver)
            for number, run_id in enumerate(first_run, start=1):
                name = branch.__name__ if len(first_run) == 1 else f"{branch.__name__}_{number}"
                await place.at_rest(driver.case_no)
                handle = place.client.get_workflow_handle(place.handle(driver.case_no).id, run_id=run_id)
                (folder / f"{name}.json").write_text(_written(await handle.fetch_history()))
            for mediation_no in (await driver.published(1)).mediations:
                handle = place.client.get_workflow_handle(mediation_workflow_id(mediation_no))
                (folder / f"{branch.__name__}_itself.json").write_text(_written(await handle.fetch_history()))
        (folder / "batch.json").write_text(_written(await _batch(place)))


async def _batch(place: Installation) -> WorkflowHistory:
    """A batch to all the cases that are still open."""
    async with place.sessions.begin() as session:
        await install_base(session, WINDOW_2026, datetime.now(UTC))
        batch_id = (await session.scalars(select(BatchRow.batch_id))).one()
    handle: WorkflowHandle[object, object] = place.client.get_workflow_handle(batch_workflow_id(batch_id))
    relay = asyncio.create_task(BatchRelay(place.client, place.sessions, lambda: datetime.now(UTC)).run())

    async def started() -> bool:
        async with place.sessions() as session:
            return (await session.get_one(BatchRow, batch_id)).started_at is not None

    try:
        await until(started, "the batch is at work")
        await handle.result()
    finally:
        relay.cancel()
        await asyncio.wait([relay])
    return await handle.fetch_history()


async def _run_ids(place: Installation, driver: Driver) -> list[str]:
    """The runs of the case, the first one first."""
    last = (await place.handle(driver.case_no).describe()).raw_description.workflow_execution_info
    return list(dict.fromkeys((last.first_run_id, last.execution.run_id)))


def _written(history: WorkflowHistory) -> str:
    """An event a line, without the name of the machine it was recorded on."""
    events = [_nameless(event) for event in json.loads(history.to_json())["events"]]
    lines = ",\n".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    return f'{{"events":[\n{lines}\n]}}\n'


def _nameless(value: Any) -> Any:
    match value:
        case {"kind": "TASK_QUEUE_KIND_STICKY", **rest}:
            return {**rest, "kind": "TASK_QUEUE_KIND_STICKY", "name": "sticky"}
        case dict():
            kept = {key: inner for key, inner in value.items() if key != "stackTrace"}
            return {key: "recorder" if key == "identity" else _nameless(inner) for key, inner in kept.items()}
        case list():
            return [_nameless(inner) for inner in value]
        case _:
            return value


async def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / f"v{RULES_VERSION}"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="yingshao-") as data:
        servers = EmbeddedServers(
            Path(data) / "data", command="record", report=lambda _: None, dynamic_config=_TIME_SKIPPING
        )
        async with servers:

            async def city() -> str:
                await migrate(servers.database_url)
                async with database(servers.database_url, pool_size=1) as sessions, sessions.begin() as session:
                    await CityLoader(lambda: datetime.now(UTC), fixed_calendar).load(session, read_city(YUNJIANG))
                return servers.database_url

            assert servers.temporal_address is not None
            async with new_installation(servers.temporal_address, city) as place:
                await _record(place, folder)


if __name__ == "__main__":
    asyncio.run(main())
    # A process that used the Temporal client may abort while the interpreter finalizes.
    os._exit(0)
