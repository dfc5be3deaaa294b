"""Who may not move a case between units, and what the rules forbid."""

from typing import Any

import pytest

from tests.api.calling import OTHER_COUNTY, Callers
from tests.api.dispatching import SEND_BACK, dispatched, disputed
from workflows.contracts.vocabulary import Role

LATER = "2199-03-02"
NO_SUCH = "990102202601010001-T1"
COMMANDS: dict[str, dict[str, Any]] = {
    "send-back-decision": {"task_no": NO_SUCH, "approved": True, "reason": "x"},
    "designate": {"unit": "housing", "reason": "x"},
    "reassign": {"task_no": NO_SUCH, "unit": "housing", "reason": "x"},
    "supervise": {"reason": "x", "due": LATER},
    "answer-supervision": {"text": "x"},
    "reopen": {"reason": "x"},
    "contacts": {"text": "x"},
}
OF_THE_DISPATCHER = ("send-back-decision", "designate", "reassign")
NOT_THEIRS = [
    *((command, role) for command in COMMANDS for role in (Role.MEDIATOR, Role.OPERATOR, Role.AUDITOR, Role.REQUESTER)),
    *((command, role) for command in COMMANDS if command != "contacts" for role in (Role.GRID_WORKER,)),
    *((command, Role.SUPERVISOR) for command in (*OF_THE_DISPATCHER, "answer-supervision")),
    *(
        (command, role)
        for command in (*OF_THE_DISPATCHER, "supervise", "reopen")
        for role in (Role.HANDLER, Role.SYSTEM)
    ),
    ("contacts", Role.HANDLER),
]


@pytest.mark.parametrize(("command", "role"), NOT_THEIRS)
async def test_what_is_not_a_roles_business_is_refused(callers: Callers, command: str, role: Role) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    unit = "housing" if role in {Role.HANDLER, Role.SYSTEM} else None
    refused = await callers.role(role, unit=unit).post(f"/cases/{case_no}/{command}", COMMANDS[command], 403)
    assert refused["code"] == "not_yours_to_do"


@pytest.mark.parametrize("command", COMMANDS)
async def test_another_county_does_not_even_see_the_case(callers: Callers, command: str) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    outside = callers.role(Role.DISPATCHER, region=OTHER_COUNTY)
    refused = await outside.post(f"/cases/{case_no}/{command}", COMMANDS[command], 404)
    assert refused["code"] == "not_found"


@pytest.mark.parametrize("command", ["send-back", "object"])
async def test_a_task_is_its_own_units_to_send_back(at_work: Callers, command: str) -> None:
    case_no = await dispatched(at_work, "urban_management", lead="transport")
    path, body = f"/tasks/{case_no}-T1/{command}", SEND_BACK if command == "send-back" else {"reason": "x"}
    assert (await at_work.handler("urban_management").post(path, body, 403))["code"] == "not_yours_to_do"
    await at_work.handler("housing_fund").post(path, body, 404)
    for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.GRID_WORKER):
        await at_work.role(role).post(path, body, 403)
    await at_work.nobody().post(path, body, 401)


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("send-back-decision", {"task_no": NO_SUCH}, "unknown_task"),
        ("send-back-decision", {}, "no_send_back_asked"),
        ("designate", {"unit": "urban_management"}, "no_dispute"),
        ("reassign", {"task_no": NO_SUCH, "unit": "urban_management"}, "unknown_task"),
        ("reassign", {"unit": "tax"}, "unit_cannot_be_dated"),
        ("reassign", {"unit": "transport"}, "unit_twice"),
        ("supervise", {"due": "2026-01-05"}, "date_not_ahead"),
        ("supervise", {"due": LATER}, "date_too_far"),
        ("answer-supervision", {}, "not_supervised"),
        ("reopen", {}, "case_not_closed"),
    ],
)
async def test_what_the_rules_forbid_is_409_with_their_code(
    at_work: Callers, command: str, body: dict[str, Any], code: str
) -> None:
    case_no = await dispatched(at_work, "transport")
    whole = COMMANDS[command] | ({"task_no": f"{case_no}-T1"} if "task_no" in COMMANDS[command] else {}) | body
    assert (await at_work.dispatcher.post(f"/cases/{case_no}/{command}", whole, 409))["code"] == code


async def test_a_unit_sends_back_neither_to_itself_nor_what_is_urgent(at_work: Callers) -> None:
    for report, body, code in (
        ({}, SEND_BACK | {"suggested_unit": "housing"}, "suggests_itself"),
        ({"urgency": "emergency"}, SEND_BACK, "send_back_not_allowed"),
    ):
        case_no = await dispatched(at_work, **report)
        refused = await at_work.handler().post(f"/tasks/{case_no}-T1/send-back", body, 409)
        assert refused["code"] == code
    assert (await at_work.handler().post(f"/tasks/{case_no}-T1/object", {"reason": "x"}, 409))["code"] == (
        "not_designated"
    )


async def test_while_units_dispute_nobody_else_moves_the_task(at_work: Callers) -> None:
    case_no = await disputed(at_work)
    case, task_no = f"/cases/{case_no}", f"{case_no}-T2"
    reassign = {"task_no": task_no, "unit": "housing", "reason": "x"}
    assert (await at_work.dispatcher.post(f"{case}/reassign", reassign, 409))["code"] == "dispute_open"
    decision = {"task_no": task_no, "approved": True, "reason": "x"}
    assert (await at_work.dispatcher.post(f"{case}/send-back-decision", decision, 409))["code"] == "no_send_back_asked"
    again = await at_work.handler("urban_management").post(
        f"/tasks/{task_no}/send-back", SEND_BACK | {"suggested_unit": "housing"}, 409
    )
    assert again["code"] == "dispute_open"
    undatable = await at_work.dispatcher.post(f"{case}/designate", {"unit": "court", "reason": "x"}, 409)
    assert undatable["code"] == "unit_cannot_be_dated"


@pytest.mark.parametrize(
    ("command", "wrong", "field", "code"),
    [
        ("send-back-decision", {"approved": "yes"}, "approved", None),
        ("send-back-decision", {"task_no": "T1"}, "task_no", None),
        ("send-back-decision", {"reason": " "}, "reason", None),
        ("designate", {"unit": "nowhere"}, "unit", "unknown_unit"),
        ("designate", {"power_holder": "housing"}, "power_holder", None),
        ("reassign", {"unit": "nowhere"}, "unit", "unknown_unit"),
        ("reassign", {"unit": None}, "unit", None),
        ("supervise", {"due": "tomorrow"}, "due", None),
        ("supervise", {"due": "2026-03-02T10:00:00+08:00"}, "due", None),
        ("answer-supervision", {"text": ""}, "text", None),
        ("reopen", {"reason": None}, "reason", None),
        ("contacts", {"text": "\x00"}, "text", None),
    ],
)
async def test_a_bad_body_is_422_and_names_the_field(
    callers: Callers, command: str, wrong: dict[str, Any], field: str, code: str | None
) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    refused = await callers.dispatcher.post(f"/cases/{case_no}/{command}", COMMANDS[command] | wrong, 422)
    assert [error["field"] for error in refused["errors"]] == [field]
    assert code in {None, refused["code"]}


@pytest.mark.parametrize("missing", ["reason", "clause", "suggested_unit"])
async def test_a_send_back_says_why_by_which_clause_and_whose_it_is(at_work: Callers, missing: str) -> None:
    case_no = await dispatched(at_work)
    path = f"/tasks/{case_no}-T1/send-back"
    partial = {name: value for name, value in SEND_BACK.items() if name != missing}
    refused = await at_work.handler().post(path, partial, 422)
    assert [error["field"] for error in refused["errors"]] == [missing]
    unknown = await at_work.handler().post(path, SEND_BACK | {"suggested_unit": "nowhere"}, 422)
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("unknown_unit", "suggested_unit")
