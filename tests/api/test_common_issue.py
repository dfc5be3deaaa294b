"""Many matters with one issue stay separate cases; units sit together about what they have in common."""

from typing import Any

from tests.api.calling import TOWNSHIP, Callers
from tests.driving import until
from workflows.contracts.vocabulary import Role


async def _accepted(callers: Callers, **fields: Any) -> str:
    case_no: str = (await callers.dispatcher.report(**fields))["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept")
    return case_no


async def test_gathered_cases_stay_separate_and_know_the_common_issue(at_work: Callers) -> None:
    main, *others = [await _accepted(at_work) for _ in range(3)]
    body = {"case_nos": others, "reason": "同一小区物业问题"}
    gathered = await at_work.dispatcher.post(f"/cases/{main}/gather", body)
    assert [case["case_no"] for case in gathered["gathered"]] == others
    assert "common_issue" in gathered["flags"]

    async def joined() -> Any:
        shown = await at_work.dispatcher.get(f"/cases/{others[0]}")
        return shown if shown["common_issue"] else None

    shown = await until(joined, "the case has joined the issue")
    assert (shown["common_issue"]["case_no"], shown["status"]) == (main, "accepted")
    again = await at_work.dispatcher.post(f"/cases/{main}/gather", body, 409)
    assert again["code"] == "already_gathered"
    itself = await at_work.dispatcher.post(f"/cases/{main}/gather", body | {"case_nos": [main]}, 409)
    assert itself["code"] == "gathers_itself"


async def test_only_cases_that_the_caller_sees_and_that_are_not_over_are_gathered(at_work: Callers) -> None:
    main, elsewhere = await _accepted(at_work), await _accepted(at_work, region_code="990103000000")
    local = at_work.role(Role.DISPATCHER, region=TOWNSHIP)
    body = {"case_nos": [elsewhere], "reason": "x"}
    await local.post(f"/cases/{main}/gather", body, 404)
    await at_work.dispatcher.post(f"/cases/{elsewhere}/withdraw", {"reason": "x"})
    over = await at_work.dispatcher.post(f"/cases/{main}/gather", body, 409)
    assert over["code"] == "main_case_over"


async def test_what_a_consultation_decides_becomes_tasks(at_work: Callers) -> None:
    case_no = await _accepted(at_work)
    minutes = {
        "minutes": "各方一致同意分工整治",
        "decisions": [{"unit": "housing", "what": "牵头整治物业"}, {"unit": "transport", "what": "恢复通道"}],
    }
    consulted = await at_work.dispatcher.post(f"/cases/{case_no}/consult", minutes)
    assert [(task["unit_id"], task["role"]) for task in consulted["tasks"]] == [
        ("housing", "lead"),
        ("transport", "co"),
    ]
    turns = [(turn["what"], turn["unit_id"], turn["reason"]) for turn in consulted["dispatch_story"]]
    assert turns == [
        ("consulted", None, "各方一致同意分工整治"),
        ("dispatched", "housing", "牵头整治物业"),
        ("dispatched", "transport", "恢复通道"),
    ]
    timeline = (await at_work.dispatcher.get(f"/cases/{case_no}/timeline", limit=200))["items"]
    (told,) = [item["data"] for item in timeline if item["kind"] == "consulted"]
    assert told["minutes"] == "各方一致同意分工整治"
    assert told["decisions"] == [
        {"unit_id": "housing", "what": "牵头整治物业"},
        {"unit_id": "transport", "what": "恢复通道"},
    ]
    unknown = {"minutes": "x", "decisions": [{"unit": "nowhere", "what": "x"}]}
    refused = await at_work.dispatcher.post(f"/cases/{case_no}/consult", unknown, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("unknown_unit", "decisions.0.unit")
