"""More time, a pause, a promise: what is asked, allowed and told about the dates of a case."""

from datetime import date, timedelta
from typing import Any

from tests.api.calling import Caller, Callers
from workflows.contracts.vocabulary import Role

MEDICAL = "卫生计生/医患纠纷/医疗事故争议"
WAGES = "劳动和社会保障/工资福利/工资发放"


async def _whistled(callers: Callers, unit: str = "housing", **report: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the reporter got, and the case once that unit has its task."""
    dispatcher = callers.dispatcher
    registered = await dispatcher.report(**report)
    case = f"/cases/{registered['case_no']}"
    await dispatcher.post(f"{case}/accept")
    return registered, await dispatcher.post(f"{case}/whistle", {"lead_unit": unit, "reason": "请办理"})


def _clock(shown: dict[str, Any], clock_id: str) -> dict[str, Any]:
    (found,) = [clock for clock in shown["clocks"] if clock["id"] == clock_id]
    return dict(found)


def _after(clock: dict[str, Any], days: int) -> str:
    return (date.fromisoformat(clock["raw_due_date"]) + timedelta(days=days)).isoformat()


async def _tracked(callers: Callers, registered: dict[str, Any], **headers: str) -> dict[str, Any]:
    (own,) = (await callers.nobody(**headers).get(f"/track/{registered['tracking_code']}"))["cases"]
    return dict(own)


async def _said(reader: Caller, case_no: str) -> dict[str, dict[str, Any]]:
    items = (await reader.get(f"/cases/{case_no}/timeline", limit=200))["items"]
    return {item["kind"]: item["data"] for item in items}


async def test_more_time_is_asked_for_granted_and_told(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work)
    case, task_no = f"/cases/{registered['case_no']}", f"{registered['case_no']}-T1"
    before = _clock(whistled, "T1/finish")
    until = _after(before, 10)

    asked = await at_work.handler().post(f"/tasks/{task_no}/request-extension", {"until": until, "reason": "等配件"})
    (request,) = asked["extension_requests"]
    assert "extension_asked" in asked["flags"]
    assert (request["task_no"], request["clock_id"], request["until"]) == (task_no, "T1/finish", until)
    assert request["due_at"] == _clock(asked, "extension")["due_at"]
    waiting = await at_work.dispatcher.get("/cases", flag="extension_asked", limit=200)
    assert registered["case_no"] in {item["case_no"] for item in waiting["items"]}
    inbox = await at_work.handler().get("/tasks", limit=200)
    assert [item["extension_asked"] for item in inbox["items"] if item["task_no"] == task_no] == [True]
    decision = {"task_no": task_no, "granted": True, "reason": "情况属实"}
    by_name = {Role.DISPATCHER: at_work.dispatcher, Role.SUPERVISOR: at_work.role(Role.SUPERVISOR)}
    approver = by_name.pop(Role(request["approver"]))
    (other,) = by_name.values()
    assert (await other.post(f"{case}/extension-decision", decision, 409))["code"] == "not_the_approver"

    granted = await approver.post(f"{case}/extension-decision", decision)
    after = _clock(granted, "T1/finish")
    assert granted["extension_requests"] == []
    assert "extension_asked" not in granted["flags"]
    assert after["extended_by"] > 0
    assert after["due_at"] > before["due_at"]
    assert _clock(granted, "citizen")["due_at"] > _clock(whistled, "citizen")["due_at"]

    said = await _said(at_work.dispatcher, registered["case_no"])
    assert (said["extension_asked"]["reason"], said["extension_granted"]["reason"]) == ("等配件", "情况属实")
    own = await _tracked(at_work, registered)
    assert [told["about"] for told in own["told"]] == ["extended"]
    assert own["told"][0]["due_date"] == own["promise"]["due_date"] == _clock(granted, "citizen")["due_date"]
    again = {"until": _after(after, 10), "reason": "还要等"}
    refused = await at_work.handler().post(f"/tasks/{task_no}/request-extension", again, 409)
    assert refused["code"] == "already_extended"


async def test_a_refused_extension_moves_nothing(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work)
    case, task = f"/cases/{registered['case_no']}", f"/tasks/{registered['case_no']}-T1"
    asked = {"clock": "finish", "until": _after(_clock(whistled, "T1/finish"), 10), "reason": "忙"}
    await at_work.handler().post(f"{task}/request-extension", asked)
    refused = await at_work.dispatcher.post(f"{case}/extension-decision", {"granted": False, "reason": "不够充分"})
    assert _clock(refused, "T1/finish")["due_at"] == _clock(whistled, "T1/finish")["due_at"]
    assert (await _tracked(at_work, registered))["told"] == []


async def test_a_suspension_stands_in_the_ledger_until_it_is_resumed(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work, "health", category=MEDICAL)
    case, dispatcher = f"/cases/{registered['case_no']}", at_work.dispatcher
    started = date.fromisoformat(_clock(whistled, "T1/finish")["started_at"][:10])
    body = {
        "ground": "medical_appraisal",
        "until": (started + timedelta(days=20)).isoformat(),
        "reason": "等鉴定结论",
    }
    suspended = await dispatcher.post(f"{case}/suspend", body)
    (entry,) = suspended["pauses"]["entries"]
    assert "suspended" in suspended["flags"]
    assert (entry["ground"], entry["clocks"], entry["resumed_at"]) == ("medical_appraisal", ["T1/finish"], None)
    assert entry["days"] == suspended["pauses"]["total_days"] > 15
    assert _clock(suspended, "T1/finish")["due_at"] > _clock(whistled, "T1/finish")["due_at"]
    assert (await _tracked(at_work, registered))["suspended"] is True
    strip = await dispatcher.get(f"{case}/days", clock="T1/finish")
    # The day on which the limit began does not count anyway.
    assert sum(day["verdict"] == "paused" for day in strip["days"]) in {entry["days"], entry["days"] - 1}

    resumed = await dispatcher.post(f"{case}/resume", {"reason": "鉴定已出"})
    (entry,) = resumed["pauses"]["entries"]
    assert entry["resumed_at"] is not None
    assert entry["days"] == resumed["pauses"]["total_days"] <= 2
    assert "suspended" not in resumed["flags"]
    assert (await _tracked(at_work, registered))["suspended"] is False
    said = await _said(dispatcher, registered["case_no"])
    assert (said["case_suspended"]["reason"], said["case_resumed"]["reason"]) == ("等鉴定结论", "鉴定已出")


async def test_a_promise_is_told_to_the_requester_in_words_for_her_alone(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work)
    promised = _after(_clock(whistled, "citizen"), 30)
    body = {"measures": "下月更换整条线路", "date": promised}
    committed = await at_work.handler().post(f"/cases/{registered['case_no']}/commit", body)
    assert "committed" in committed["flags"]
    assert _clock(committed, "commitment")["raw_due_date"] == promised
    assert _clock(committed, "citizen")["due_at"] == _clock(whistled, "citizen")["due_at"]
    (without,) = (await _tracked(at_work, registered))["told"]
    (with_pin,) = (await _tracked(at_work, registered, Tracking_Pin=registered["pin"]))["told"]
    assert (without["about"], without["text"]) == ("committed", None)
    assert with_pin == without | {"text": "下月更换整条线路"}


async def test_a_promise_under_a_key_is_answered_again_when_the_units_work_is_over(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work)
    handler = at_work.role(Role.HANDLER, unit="housing", user="handler-once")
    path = f"/cases/{registered['case_no']}/commit"
    body = {"measures": "更换线路", "date": _after(_clock(whistled, "citizen"), 30)}
    committed = await handler.post(path, body, Idempotency_Key="promise")
    await handler.post(f"/tasks/{registered['case_no']}-T1/finish", {"reply": "已办"})
    assert await handler.post(path, body, Idempotency_Key="promise") == committed
    await handler.post(path, body, 403, Idempotency_Key="another")


async def test_an_interim_reply_names_the_procedure_and_meets_the_citizens_clock(at_work: Callers) -> None:
    registered, whistled = await _whistled(at_work, "human_resources", category=WAGES)
    case, legal_due = f"/cases/{registered['case_no']}", _clock(whistled, "T1/finish")["raw_due_date"]
    body = {"procedure": "劳动监察立案调查", "legal_due": legal_due}
    replied = await at_work.handler("human_resources").post(f"{case}/interim-reply", body)
    assert _clock(replied, "citizen")["met_at"] is not None
    assert _clock(replied, "T1/finish")["met_at"] is None
    (told,) = (await _tracked(at_work, registered, Tracking_Pin=registered["pin"]))["told"]
    assert (told["about"], told["text"]) == ("interim_reply", "劳动监察立案调查")


async def test_a_risk_goes_by_the_cases_own_policy(at_work: Callers) -> None:
    registered = await at_work.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    warned = await at_work.dispatcher.post(f"{case}/set-risk", {"risk": "red", "reason": "可能聚集"})
    assert warned["risk"] == "red"
    assert warned["policy"]["name"] == "yunjiang"
    assert warned["calendar_version"] >= 1
    said = await _said(at_work.dispatcher, registered["case_no"])
    assert said["risk_set"] == {"risk": "red", "reason": "可能聚集", "by_rules": []}
    assert set(said["case_registered"]["policy"]) == {"name", "version"}
    assert set(said["case_registered"]["calendar"]) == {"version", "published_through"}
    again = await at_work.dispatcher.post(f"{case}/set-risk", {"risk": "red", "reason": "同前"}, 409)
    assert again["code"] == "risk_unchanged"


async def test_a_risk_waits_until_the_cases_policy_is_on_record(undisturbed: Callers) -> None:
    dispatcher = undisturbed.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    refused = await dispatcher.post(f"/cases/{case_no}/set-risk", {"risk": "red", "reason": "x"}, 503)
    assert refused["code"] == "case_unavailable"
