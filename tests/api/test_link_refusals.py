"""Who may not bind cases, pass them between levels or lead them out of the city; and bodies that are not valid."""

from typing import Any

import pytest

from tests.api.calling import OTHER_COUNTY, Callers
from workflows.contracts.vocabulary import Role

OTHER = "990102202601010001"
PART = {"title": "x", "description": "x"}
COMMANDS: dict[str, dict[str, Any]] = {
    "request-whistle": {"reason": "x"},
    "whistle-request-decision": {"granted": True, "reason": "x"},
    "refer": {"unit": "tax", "reason": "x"},
    "record-referral": {"referral_no": f"{OTHER}-R1", "outcome": "x"},
    "objection-decision": {"task_no": f"{OTHER}-T1", "upheld": False, "reason": "x"},
    "assign-down": {"level": "village", "instructions": "x"},
    "name-host": {"region_code": "990102000000", "reason": "x"},
    "rate-report-in": {"task_no": f"{OTHER}-T1", "score": 3},
    "merge": {"into": OTHER, "reason": "x"},
    "split": {"tracking_codes": ["ABCDEFGHJK"], "reason": "x"},
    "divide": {"parts": [PART], "reason": "x"},
    "gather": {"case_nos": [OTHER], "reason": "x"},
    "consult": {"minutes": "x"},
    "transfer": {"city": "x", "reason": "x"},
    "transfer-receipt": {"refused": True},
    "legal-route": {"route": "court", "reason": "x"},
    "legal-outcome": {"outcome": "x"},
}
ALSO: dict[str, set[Role]] = {
    "request-whistle": {Role.GRID_WORKER},
    "rate-report-in": {Role.GRID_WORKER},
    "whistle-request-decision": {Role.SUPERVISOR},
    "objection-decision": {Role.SUPERVISOR},
}
"""The roles that may do it beside the dispatcher."""
NOT_THEIRS = [
    (command, role) for command in COMMANDS for role in sorted(set(Role) - {Role.DISPATCHER} - ALSO.get(command, set()))
]


@pytest.mark.parametrize(("command", "role"), NOT_THEIRS)
async def test_what_is_not_a_roles_business_is_refused(callers: Callers, command: str, role: Role) -> None:
    unit = "housing" if role in {Role.HANDLER, Role.SYSTEM} else None
    refused = await callers.role(role, unit=unit).post(f"/cases/{OTHER}/{command}", COMMANDS[command], 403)
    assert refused["code"] == "not_yours_to_do"


@pytest.mark.parametrize("command", COMMANDS)
async def test_another_county_does_not_even_see_the_case(callers: Callers, command: str) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    outside = callers.role(Role.DISPATCHER, region=OTHER_COUNTY)
    assert (await outside.post(f"/cases/{case_no}/{command}", COMMANDS[command], 404))["code"] == "not_found"


@pytest.mark.parametrize(
    ("command", "wrong", "field"),
    [
        ("request-whistle", {"reason": " "}, "reason"),
        ("whistle-request-decision", {"granted": "yes"}, "granted"),
        ("refer", {"unit": "nowhere"}, "unit"),
        ("record-referral", {"referral_no": "R1"}, "referral_no"),
        ("objection-decision", {"unit": "nowhere"}, "unit"),
        ("assign-down", {"level": "province"}, "level"),
        ("name-host", {"region_code": "9901"}, "region_code"),
        ("name-host", {"centres": {}}, "centres"),
        ("rate-report-in", {"score": 0}, "score"),
        ("merge", {"into": "x"}, "into"),
        ("split", {"tracking_codes": []}, "tracking_codes"),
        ("split", {"case_nos": [OTHER]}, "case_nos"),
        ("divide", {"parts": [PART | {"case_no": OTHER}]}, "parts.0.case_no"),
        ("divide", {"parts": [PART | {"kind": "secret"}]}, "parts.0.kind"),
        ("divide", {"parts": [PART] * 51}, "parts"),
        ("gather", {"case_nos": [OTHER] * 51}, "case_nos"),
        ("consult", {"decisions": [{"unit": "housing"}]}, "decisions.0.what"),
        ("transfer", {"city": None}, "city"),
        ("transfer-receipt", {"refused": 1}, "refused"),
        ("legal-route", {"route": "duel"}, "route"),
        ("legal-outcome", {"outcome": ""}, "outcome"),
    ],
)
async def test_a_bad_body_is_422_and_names_the_field(
    callers: Callers, command: str, wrong: dict[str, Any], field: str
) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    refused = await callers.dispatcher.post(f"/cases/{case_no}/{command}", COMMANDS[command] | wrong, 422)
    assert refused["errors"][0]["field"] == field
