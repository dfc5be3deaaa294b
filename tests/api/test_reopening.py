"""A resident who is not content or calls again, and somebody above who wants an answer."""

from datetime import datetime, timedelta
from typing import Any

from tests.api.calling import TOWNSHIP, Caller, Callers
from tests.api.dispatching import dispatched
from tests.rules.case_builder import registered
from workflows.contracts.vocabulary import CaseStatus, Role
from workflows.rules.calendar import local_date
from workflows.rules.flags import flags


async def _closed(callers: Callers, verifier: Caller) -> dict[str, Any]:
    """The receipt of a case that was verified by this person and is closed."""
    dispatcher = callers.dispatcher
    receipt: dict[str, Any] = await dispatcher.report()
    case = f"/cases/{receipt['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    await callers.handler().post(f"/tasks/{receipt['case_no']}-T1/finish", {"reply": "路灯已修好"})
    await verifier.post(f"{case}/verify", {"passed": True, "note": "看过"})
    await dispatcher.post(f"{case}/callback", {"outcome": "reached", "solved": "yes", "rating": "satisfied"})
    return receipt


def _clocks(shown: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [clock for clock in shown["clocks"] if clock["name"] == name]


async def test_a_closed_case_is_reopened_with_a_clock_of_its_own(at_work: Callers) -> None:
    verifier = at_work.role(Role.GRID_WORKER)
    receipt = await _closed(at_work, verifier)
    case, dispatcher = f"/cases/{receipt['case_no']}", at_work.dispatcher
    before = await dispatcher.get(case)
    assert (before["round"], before["rework"]) == (1, 0)
    reopened = await at_work.role(Role.SUPERVISOR).post(f"{case}/reopen", {"reason": "又坏了"})
    assert (reopened["status"], reopened["round"], reopened["rework"]) == ("accepted", 2, 1)
    assert "reopened" in reopened["flags"]
    assert (reopened["rating"], reopened["solved"]) == (None, None)
    first, second = _clocks(reopened, "citizen")
    assert (first["met_at"], second["id"], second["met_at"]) == (
        _clocks(before, "citizen")[0]["met_at"],
        "citizen#2",
        None,
    )
    assert (await dispatcher.post(f"{case}/reopen", {"reason": "x"}, 409))["code"] == "case_not_closed"

    await dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "重办"})
    tracked = at_work.nobody(Tracking_Pin=receipt["pin"])
    await at_work.handler().post(f"/tasks/{receipt['case_no']}-T2/progress", {"note": "换线"})
    await at_work.handler().post(f"/tasks/{receipt['case_no']}-T2/finish", {"reply": "已换线路"})
    again = {"passed": True, "note": "看过"}
    assert (await verifier.post(f"{case}/verify", again, 409))["code"] == "verifier_judged_before"
    await at_work.role(Role.GRID_WORKER).post(f"{case}/verify", again)
    (own,) = (await tracked.get(f"/track/{receipt['tracking_code']}"))["cases"]
    assert [reply["text"] for reply in own["private"]["replies"]] == ["路灯已修好", "已换线路"]
    assert own["promise"]["due_at"] == second["due_at"]
    assert "case_reopened" in {step["kind"] for step in own["steps"]}


async def test_a_units_new_reply_is_not_told_before_the_case_is_finished_again(at_work: Callers) -> None:
    receipt = await _closed(at_work, at_work.role(Role.GRID_WORKER))
    case_no, dispatcher = receipt["case_no"], at_work.dispatcher
    await dispatcher.post(f"/cases/{case_no}/reopen", {"reason": "又坏了"})
    whistle = {"lead_unit": "housing", "co_units": ["transport"], "reason": "重办"}
    await dispatcher.post(f"/cases/{case_no}/whistle", whistle)
    finished = await at_work.handler().post(f"/tasks/{case_no}-T2/finish", {"reply": "已换线路"})
    assert finished["status"] == "in_progress"
    (own,) = (await at_work.nobody(Tracking_Pin=receipt["pin"]).get(f"/track/{receipt['tracking_code']}"))["cases"]
    assert [reply["text"] for reply in own["private"]["replies"]] == ["路灯已修好"]


async def test_the_requester_reopens_by_her_code_and_pin(at_work: Callers) -> None:
    receipt = await _closed(at_work, at_work.role(Role.GRID_WORKER))
    path = f"/track/{receipt['tracking_code']}/reopen"
    assert (await at_work.nobody().post(path, {"reason": "又坏了"}, 401))["code"] == "pin_needed"
    holder = at_work.nobody(Tracking_Pin=receipt["pin"])
    wrong = {"reason": "又坏了", "case_no": "990102202601010001"}
    await holder.post(path, wrong, 404)
    reopened = await holder.post(path, {"reason": "又坏了"}, Idempotency_Key="r")
    assert reopened["status"] == "accepted"
    assert await holder.post(path, {"reason": "又坏了"}, Idempotency_Key="r") == reopened
    assert (await holder.post(path, {"reason": "又坏了"}, 409))["code"] == "case_not_closed"


async def test_the_second_call_urges_and_the_third_calls_the_supervisor(at_work: Callers) -> None:
    receipt = await at_work.dispatcher.report()
    case = f"/cases/{receipt['case_no']}"
    second = await at_work.role(Role.GRID_WORKER, region=TOWNSHIP).post(f"{case}/contacts", {"text": "还没人来"})
    assert (second["contacts"], "supervisor_called" in second["flags"]) == (1, False)
    path = f"/track/{receipt['tracking_code']}/contact"
    assert (await at_work.nobody().post(path, {"text": "还没人来"}, 401))["code"] == "pin_needed"
    told = await at_work.nobody(Tracking_Pin=receipt["pin"]).post(path, {"text": "三天了"})
    assert told["steps"][-1]["kind"] == "contact_added"
    third = await at_work.dispatcher.get(case)
    assert (third["contacts"], "supervisor_called" in third["flags"]) == (2, True)
    items = (await at_work.dispatcher.get(f"{case}/timeline", limit=200))["items"]
    assert [item["data"]["text"] for item in items if item["kind"] == "contact_added"] == ["还没人来", "三天了"]


async def test_a_closed_case_takes_no_further_call(at_work: Callers) -> None:
    receipt = await _closed(at_work, at_work.role(Role.GRID_WORKER))
    refused = await at_work.dispatcher.post(f"/cases/{receipt['case_no']}/contacts", {"text": "x"}, 409)
    assert refused["code"] == "case_ended"


async def test_a_system_adds_calls_to_the_cases_of_its_unit_only(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    await at_work.role(Role.SYSTEM, unit="housing").post(f"/cases/{case_no}/contacts", {"text": "x"})
    await at_work.role(Role.SYSTEM, unit="transport").post(f"/cases/{case_no}/contacts", {"text": "x"}, 404)


async def test_supervision_is_shown_until_the_lead_unit_answers(at_work: Callers) -> None:
    case_no = await dispatched(at_work, "transport")
    case, supervisor = f"/cases/{case_no}", at_work.role(Role.SUPERVISOR, region="990102000000")
    shown = await supervisor.get(case)
    today = local_date(datetime.fromisoformat(shown["registered_at"]))
    due = (today + timedelta(days=3)).isoformat()
    supervised = await supervisor.post(f"{case}/supervise", {"reason": "群众反映强烈", "due": due})
    (clock,) = _clocks(supervised, "supervision")
    assert ("supervised" in supervised["flags"], clock["raw_due_date"]) == (True, due)
    again = await at_work.dispatcher.post(f"{case}/supervise", {"reason": "x", "due": due}, 409)
    assert again["code"] == "already_supervised"
    answer = {"text": "周五前办结"}
    refused = await at_work.handler("transport").post(f"{case}/answer-supervision", answer, 403)
    assert refused["code"] == "not_yours_to_do"
    answered = await at_work.handler().post(f"{case}/answer-supervision", answer, Idempotency_Key="a")
    assert "supervised" not in answered["flags"]
    assert _clocks(answered, "supervision")[0]["met_at"] is not None
    await at_work.dispatcher.post(f"{case}/supervise", {"reason": "再问", "due": due})
    await at_work.dispatcher.post(f"{case}/answer-supervision", answer)


async def test_who_is_no_longer_the_lead_does_not_answer_for_the_case(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    body = {"task_no": f"{case_no}-T1", "unit": "transport", "reason": "职责调整"}
    await at_work.dispatcher.post(f"/cases/{case_no}/reassign", body)
    path = f"/cases/{case_no}/answer-supervision"
    assert (await at_work.handler().post(path, {"text": "x"}, 403))["code"] == "not_yours_to_do"
    assert (await at_work.handler("transport").post(path, {"text": "x"}, 409))["code"] == "not_supervised"


def test_nobody_is_called_about_a_case_that_is_over() -> None:
    state = registered().state.model_copy(update={"contacts": 2})
    assert "supervisor_called" in flags(state)
    for status in (CaseStatus.CLOSED, CaseStatus.ARCHIVED):
        assert "supervisor_called" not in flags(state.model_copy(update={"status": status}))
