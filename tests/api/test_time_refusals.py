"""Who may not ask for time, and what is not taken as a question of time."""

from typing import Any

import pytest

from tests.api.calling import Callers
from workflows.contracts.vocabulary import Role

LATER = "2199-03-02"
SUSPEND = {"ground": "hearing", "until": LATER, "reason": "x"}
COMMANDS: dict[str, dict[str, Any]] = {
    "extension-decision": {"granted": True, "reason": "x"},
    "suspend": SUSPEND,
    "resume": {"reason": "x"},
    "set-risk": {"risk": "red", "reason": "x"},
    "commit": {"measures": "x", "date": LATER},
    "interim-reply": {"procedure": "x", "legal_due": LATER},
}
OF_THE_CENTRE = ["extension-decision", "suspend", "resume", "set-risk"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.MEDIATOR, Role.OPERATOR, Role.AUDITOR, Role.REQUESTER])
async def test_time_is_not_a_matter_of_other_roles(callers: Callers, command: str, role: Role) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    refused = await callers.role(role).post(f"/cases/{case_no}/{command}", COMMANDS[command], 403)
    assert refused["code"] == "not_yours_to_do"


@pytest.mark.parametrize("command", OF_THE_CENTRE)
@pytest.mark.parametrize("role", [Role.HANDLER, Role.SYSTEM])
async def test_a_unit_does_not_decide_about_its_own_time(callers: Callers, command: str, role: Role) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    await callers.role(role, unit="housing").post(f"/cases/{case_no}/{command}", COMMANDS[command], 403)


@pytest.mark.parametrize("command", ["commit", "interim-reply"])
async def test_only_a_unit_at_work_promises_anything(at_work: Callers, command: str) -> None:
    dispatcher = at_work.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    path, body = f"/cases/{case_no}", COMMANDS[command]
    await dispatcher.post(f"{path}/accept")
    units = {"lead_unit": "urban_management", "co_units": ["housing"], "reason": "x"}
    await dispatcher.post(f"{path}/whistle", units)
    await at_work.handler("housing_fund").post(f"{path}/{command}", body, 404)
    await at_work.handler("housing").post(f"{path}/{command}", body, 409)
    await dispatcher.post(f"{path}/release", {"task_no": f"{case_no}-T2", "reason": "x"})
    refused = await at_work.handler("housing").post(f"{path}/{command}", body, 403)
    assert refused["code"] == "not_yours_to_do"


async def test_more_time_is_for_the_tasks_own_unit_to_ask(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")
    units = {"lead_unit": "urban_management", "co_units": ["housing"], "reason": "x"}
    await dispatcher.post(f"/cases/{case_no}/whistle", units)
    path, body = f"/tasks/{case_no}-T1/request-extension", {"until": LATER, "reason": "x"}
    assert (await at_work.handler("housing").post(path, body, 403))["code"] == "not_yours_to_do"
    await at_work.handler("housing_fund").post(path, body, 404)
    await dispatcher.post(path, body, 403)
    assert (await at_work.handler("urban_management").post(path, body, 409))["code"] == "beyond_maximum"
    unlimited = await at_work.handler("urban_management").post(path, body | {"clock": "sign"}, 409)
    assert unlimited["code"] == "extension_not_allowed"


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("extension-decision", {"granted": True, "reason": "x"}, "no_extension_asked"),
        ("suspend", SUSPEND, "ground_not_allowed"),
        ("resume", {"reason": "x"}, "not_suspended"),
        ("commit", {"measures": "x", "date": LATER}, "date_too_far"),
        ("commit", {"measures": "x", "date": "2026-01-05"}, "date_not_ahead"),
        ("interim-reply", {"procedure": "x", "legal_due": LATER}, "no_statutory_limit"),
    ],
)
async def test_what_the_rules_forbid_is_409_with_their_code(
    at_work: Callers, command: str, body: dict[str, Any], code: str
) -> None:
    dispatcher = at_work.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")
    assert (await dispatcher.post(f"/cases/{case_no}/{command}", body, 409))["code"] == code


@pytest.mark.parametrize(
    ("command", "wrong", "field"),
    [
        ("extension-decision", {"granted": "yes"}, "granted"),
        ("extension-decision", {"task_no": "T1"}, "task_no"),
        ("extension-decision", {"clock": "lunch"}, "clock"),
        ("suspend", {"until": "2026-03-02T10:00:00+08:00"}, "until"),
        ("suspend", {"until": 1_772_000_000}, "until"),
        ("suspend", {"until": "1772000000"}, "until"),
        ("suspend", {"until": "2026-02-30"}, "until"),
        ("suspend", {"until": "9999-12-31"}, "until"),
        ("suspend", {"ground": "holiday"}, "ground"),
        ("suspend", {"reason": " "}, "reason"),
        ("resume", {"until": "2026-03-02"}, "until"),
        ("commit", {"date": "tomorrow"}, "date"),
        ("commit", {"measures": ""}, "measures"),
        ("interim-reply", {"legal_due": None}, "legal_due"),
        ("set-risk", {"risk": "green"}, "risk"),
        ("set-risk", {"policy": {}}, "policy"),
    ],
)
async def test_a_bad_body_is_422_and_names_the_field(
    callers: Callers, command: str, wrong: dict[str, Any], field: str
) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    refused = await callers.dispatcher.post(f"/cases/{case_no}/{command}", COMMANDS[command] | wrong, 422)
    assert [error["field"] for error in refused["errors"]] == [field]
