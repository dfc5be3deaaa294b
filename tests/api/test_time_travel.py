"""A case as it was known at a moment of the past."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.api.calling import Caller, Callers
from workflows.contracts.vocabulary import Role

A_MOMENT = timedelta(microseconds=1)


async def _recorded(reader: Caller, case: str) -> dict[str, datetime]:
    """When the first event of each kind went on record."""
    items = (await reader.get(f"{case}/timeline", limit=200))["items"]
    return {item["kind"]: datetime.fromisoformat(item["recorded_at"]) for item in reversed(items)}


async def _at(reader: Caller, case: str, moment: datetime) -> Any:
    return await reader.get(case, at=moment.isoformat())


async def test_a_case_is_shown_as_it_was_known_at_each_moment(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "x"})
    await dispatcher.post(f"{case}/set-risk", {"risk": "yellow", "reason": "x"})
    now = await dispatcher.post(f"{case}/escalate", {"reason": "x"})
    recorded = await _recorded(dispatcher, case)

    before_whistle = await _at(dispatcher, case, recorded["whistled"] - A_MOMENT)
    assert (before_whistle["status"], before_whistle["tasks"], before_whistle["risk"]) == ("accepted", [], None)
    assert before_whistle["owner"]["role"] == "dispatcher"
    assert before_whistle["seq"] < now["seq"]
    whistled = await _at(dispatcher, case, recorded["whistled"])
    assert whistled["owner"]["unit_id"] == "housing"
    assert (whistled["risk"], whistled["level"]) == (None, "village")
    warned = await _at(dispatcher, case, recorded["risk_set"])
    assert (warned["risk"], warned["level"]) == ("yellow", "village")
    assert await _at(dispatcher, case, recorded["escalated"]) == now


async def test_before_its_first_record_a_case_stands_as_it_was_registered(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    risen = await dispatcher.post(f"{case}/escalate", {"reason": "x"})
    registered_at = datetime.fromisoformat(risen["registered_at"])
    as_registered = await _at(dispatcher, case, registered_at)
    assert (as_registered["status"], as_registered["clocks"], as_registered["seq"]) == ("registered", [], 0)
    assert (as_registered["level"], risen["level"]) == ("village", "township")
    assert as_registered["owner"]["unit_id"] != risen["owner"]["unit_id"]
    unknown = await dispatcher.get(case, 422, at=(registered_at - A_MOMENT).isoformat())
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("not_known_yet", "at")


async def test_a_case_that_nobody_carries_yet_is_known_since_its_report(undisturbed: Callers) -> None:
    dispatcher = undisturbed.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    shown = await dispatcher.get(case)
    assert await dispatcher.get(case, at=shown["registered_at"]) == shown


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"at": "2199-01-01T00:00:00Z"}, "at_in_the_future"),
        ({"at": "2026-03-09T10:00:00"}, "offset_missing"),
        ({"at": "2026-03-09"}, "offset_missing"),
        ({"at": "2026-03-09T10:00:00 08:00"}, "offset_unreadable"),
        ({"at": "yesterday"}, "not_a_time"),
        ({"at": "0001-01-01T00:00:00+08:00"}, "not_a_time"),
        ({"at": "2026-03-09T10:00:00Z", "live": True}, "at_or_live"),
    ],
)
async def test_a_moment_that_cannot_be_told_is_refused(callers: Callers, asked: dict[str, Any], code: str) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    refused = await callers.dispatcher.get(f"/cases/{case_no}", 422, **asked)
    assert (refused["code"], refused["errors"][0]["field"]) == (code, "at")


async def test_the_past_of_a_case_is_no_more_public_than_its_present(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    shown = await callers.dispatcher.get(case)
    await callers.handler().get(case, 404, at=shown["registered_at"])
    await callers.role(Role.REQUESTER).get(case, 403, at=shown["registered_at"])
