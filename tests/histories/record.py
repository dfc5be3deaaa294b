"""Records the histories that the replay tests replay: `python -m tests.histories.record`.

To be run when the commands of a workflow change on purpose, never to make a failing replay pass.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import Response
from temporalio.client import WorkflowHistory
from temporalio.testing import TimeSkipper

from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.reader import read_city
from infra.database import database
from infra.embedded.servers import EmbeddedServers
from infra.migrate import migrate
from tests.activities.fake_department import department
from tests.driving import DISPATCHER, HANDLER, HOUSING, VERIFIER, Driver, until
from tests.fixed_calendar import fixed_calendar
from tests.installation import SHORT_RETRIES, Installation, new_installation
from tests.rules.calendar_2026 import at
from tests.workflows.standard_case import to_its_end
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import CaseKind, DeclineGround

_REGISTERED_AT = at("2026-03-02T09:00")
_NOTE = TextId("t")
_TIME_SKIPPING = {"frontend.WorkflowTimeSkippingEnabled": "true"}


async def standard(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await to_its_end(driver)
    return driver


async def declined(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Decline, ground=DeclineGround.OTHER_AUTHORITY, route=_NOTE)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no))
    return driver


async def answered(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT, kind=CaseKind.INQUIRY)
    await driver.give(c.Answer, reply=_NOTE)
    return driver


async def settled_and_done_again(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Settle, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=False, note=_NOTE)
    await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=False, note=_NOTE)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=True, note=_NOTE)
    return driver


async def escalated(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), timedelta(days=25))
    return driver


async def breach_withdrawn(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), timedelta(hours=6))
    await driver.give(c.Accept, received_at=_REGISTERED_AT + timedelta(hours=1))
    return driver


async def effect_failed_and_skipped(place: Installation) -> Driver:
    async with department(place.sessions, Response(None, 400)) as unit:
        driver = await place.case(policy=SHORT_RETRIES, registered_at=_REGISTERED_AT)
        await driver.give(c.Accept)
        await driver.give(c.Whistle, lead=unit.unit, reason=_NOTE)
        effect_id = await _failed_effect(driver)
        await driver.give(c.RetryEffect, effect_id=effect_id)
        await unit.signals(2)
        effect_id = await _failed_effect(driver)
        await driver.give(c.SkipEffect, effect_id=effect_id, reason=_NOTE)
    return driver


async def withdrawn(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Withdraw, VERIFIER, reason=_NOTE)
    await driver.give(c.ConfirmWithdrawal, DISPATCHER, confirmed=True)
    return driver


async def renewed(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Accept)
    seq = await driver.give(c.Renew)
    await driver.published(seq + 1)
    await driver.give(c.Withdraw, reason=_NOTE)
    return driver


async def _failed_effect(driver: Driver) -> str:
    async def failed() -> str | None:
        state = await driver.published(1)
        return next((effect.effect.id for effect in state.effects.values() if state.needs_operator), None)

    effect_id: str = await until(failed, "the effect has failed")
    return effect_id


BRANCHES: tuple[Callable[[Installation], Awaitable[Driver]], ...] = (
    standard,
    declined,
    answered,
    settled_and_done_again,
    escalated,
    breach_withdrawn,
    effect_failed_and_skipped,
    withdrawn,
    renewed,
)


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
    folder = Path(__file__).parent
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
