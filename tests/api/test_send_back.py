"""A task that nobody wants: sent back, disputed, designated, reassigned, and told as one story."""

from typing import Any

from tests.api.calling import Caller, Callers
from tests.api.dispatching import SEND_BACK, dispatched, disputed
from workflows.contracts.vocabulary import Role

STREET = "城乡建设/城市建设和市政管理/城市公共设施"


def _turns(shown: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(turn["what"], turn["task_no"].rpartition("-")[2], turn["unit_id"]) for turn in shown["dispatch_story"]]


def _task(shown: dict[str, Any], number: int) -> dict[str, Any]:
    return dict(shown["tasks"][number - 1])


def _due(shown: dict[str, Any], clock_id: str) -> str:
    (clock,) = [clock for clock in shown["clocks"] if clock["id"] == clock_id]
    return str(clock["due_at"])


async def _inbox(handler: Caller, case_no: str) -> dict[str, dict[str, Any]]:
    items = (await handler.get("/tasks", limit=200))["items"]
    return {item["task_no"]: item for item in items if item["case_no"] == case_no}


async def test_a_send_back_waits_for_the_centre_and_is_decided(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    dispatcher, handler = at_work.dispatcher, at_work.handler()
    asked = await handler.post(f"/tasks/{case_no}-T1/send-back", SEND_BACK)
    request = _task(asked, 1)["send_back"]
    assert "send_back_asked" in asked["flags"]
    assert request["decide_by"] == _due(asked, "send_back")
    assert (request["suggested_unit"], request["suggested_unit_name"]) == ("urban_management", "云江市城市管理局")
    shown = await dispatcher.get(f"/cases/{case_no}", live=True)
    assert _task(shown, 1)["send_back"] == request
    assert (await handler.post(f"/tasks/{case_no}-T1/send-back", SEND_BACK, 409))["code"] == "send_back_already_asked"

    body = {"task_no": f"{case_no}-T1", "approved": False, "reason": "确属住建职责"}
    refused = await dispatcher.post(f"/cases/{case_no}/send-back-decision", body)
    assert (_task(refused, 1)["status"], _task(refused, 1)["send_back"]) == ("dispatched", None)
    assert "send_back_asked" not in refused["flags"]
    again = await dispatcher.post(f"/cases/{case_no}/send-back-decision", body, 409)
    assert again["code"] == "no_send_back_asked"
    await handler.post(f"/tasks/{case_no}-T1/sign")


async def test_what_was_taken_back_is_the_centres_again_and_no_longer_the_units(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    dispatcher, handler = at_work.dispatcher, at_work.handler()
    before = await dispatcher.get(f"/cases/{case_no}")
    assert (await _inbox(handler, case_no))[f"{case_no}-T1"]["open"] is True
    await handler.post(f"/tasks/{case_no}-T1/send-back", SEND_BACK)
    body = {"task_no": f"{case_no}-T1", "approved": True, "reason": "属实"}
    taken = await dispatcher.post(f"/cases/{case_no}/send-back-decision", body)
    assert (taken["status"], taken["owner"]["role"], _task(taken, 1)["status"]) == (
        "accepted",
        "dispatcher",
        "sent_back",
    )
    assert _due(taken, "citizen") == _due(before, "citizen")
    item = (await _inbox(handler, case_no))[f"{case_no}-T1"]
    assert (item["open"], item["status"], item["due_at"], item["overdue"]) == (False, "sent_back", None, False)
    assert (await handler.post(f"/tasks/{case_no}-T1/sign", None, 409))["code"] == "task_not_open"
    promise = {"measures": "x", "date": "2199-03-02"}
    assert (await handler.post(f"/cases/{case_no}/commit", promise, 403))["code"] == "not_yours_to_do"
    # It goes on reading what it had a part in.
    await handler.get(f"/cases/{case_no}")


async def test_the_second_send_back_is_a_dispute_that_a_designation_ends(at_work: Callers) -> None:
    case_no = await disputed(at_work)
    dispatcher = at_work.dispatcher
    open_dispute = await dispatcher.get(f"/cases/{case_no}")
    assert "disputed" in open_dispute["flags"]
    assert (_task(open_dispute, 2)["send_back"], _task(open_dispute, 2)["status"]) == (None, "dispatched")
    designate = {"unit": "housing", "reason": "依职责清单"}
    named = await dispatcher.post(f"/cases/{case_no}/designate", designate)
    assert (_task(named, 3)["unit_id"], _task(named, 3)["designated"]) == ("housing", True)
    assert (_task(named, 2)["status"], _due(named, "citizen")) == ("sent_back", _due(open_dispute, "citizen"))
    assert "disputed" not in named["flags"]

    path = f"/tasks/{case_no}-T3"
    assert (await at_work.handler().post(f"{path}/send-back", SEND_BACK, 409))["code"] == "designated_unit"
    objected = await at_work.handler().post(f"{path}/object", {"reason": "保留意见"})
    assert _turns(objected) == [
        ("dispatched", "T1", "housing"),
        ("sent_back_asked", "T1", "housing"),
        ("sent_back", "T1", "housing"),
        ("dispatched", "T2", "urban_management"),
        ("sent_back_asked", "T2", "urban_management"),
        ("disputed", "T2", "urban_management"),
        ("sent_back", "T2", "urban_management"),
        ("dispatched", "T3", "housing"),
        ("designated", "T3", "housing"),
        ("objected", "T3", "housing"),
    ]
    story = objected["dispatch_story"]
    said = [turn["reason"] for turn in story]
    assert said[:5] == ["请办理", "不属本单位职责", "属实", "改派", "不属本单位职责"]
    assert said[5:] == [None, "依职责清单", None, "依职责清单", "保留意见"]
    assert (story[4]["suggested_unit"], story[4]["suggested_unit_name"]) == ("transport", "云江市交通运输局")
    assert story[0]["unit_name"] == "云江市住房和城乡建设局"
    earlier = await dispatcher.get(f"/cases/{case_no}", at=story[3]["at"])
    assert len(earlier["dispatch_story"]) < len(story)


async def test_a_departments_duty_is_not_handed_down_to_a_township(at_work: Callers) -> None:
    case_no = await disputed(at_work, "urban_management-990102", category=STREET)
    handed_down = {"unit": "township-990102001", "reason": "就近"}
    refused = await at_work.dispatcher.post(f"/cases/{case_no}/designate", handed_down, 409)
    assert refused["code"] == "duty_not_handed_down"
    assert "urban_management-990102" in refused["detail"]
    await at_work.dispatcher.post(f"/cases/{case_no}/designate", {"unit": "urban_management", "reason": "有法定职权"})


async def test_a_township_is_designated_where_the_power_is_its_own_or_nobodys(at_work: Callers) -> None:
    township = "township-990102001"
    own = await dispatched(at_work, lead=township, category="国土资源/土地资源管理/土地权属纠纷")
    await at_work.handler(township).post(f"/tasks/{own}-T1/send-back", SEND_BACK)
    refused = {"task_no": f"{own}-T1", "approved": False, "reason": "属地办理"}
    await at_work.dispatcher.post(f"/cases/{own}/send-back-decision", refused)
    await at_work.handler(township).post(f"/tasks/{own}-T1/send-back", SEND_BACK)
    for case_no, task in ((own, 1), (await disputed(at_work), 3)):
        body = {"unit": township, "reason": "属地办理"}
        named = await at_work.dispatcher.post(f"/cases/{case_no}/designate", body)
        assert _task(named, task)["designated"] is True


async def test_a_reassigned_task_is_another_units_with_its_own_clocks(at_work: Callers) -> None:
    case_no = await dispatched(at_work, "transport")
    dispatcher = at_work.dispatcher
    before = await dispatcher.get(f"/cases/{case_no}")
    body = {"task_no": f"{case_no}-T2", "unit": "urban_management", "reason": "职责调整"}
    given = await dispatcher.post(f"/cases/{case_no}/reassign", body)
    assert [(task["unit_id"], task["role"], task["status"]) for task in given["tasks"]] == [
        ("housing", "lead", "dispatched"),
        ("transport", "co", "reassigned"),
        ("urban_management", "co", "dispatched"),
    ]
    assert _due(given, "citizen") == _due(before, "citizen")
    assert _turns(given)[-2:] == [("reassigned", "T2", "transport"), ("dispatched", "T3", "urban_management")]
    new = (await _inbox(at_work.handler("urban_management"), case_no))[f"{case_no}-T3"]
    assert (new["open"], new["due_at"]) == (True, min(_due(given, "T3/sign"), _due(given, "T3/finish")))
    assert (await _inbox(at_work.handler("transport"), case_no))[f"{case_no}-T2"]["open"] is False
    system = at_work.role(Role.SYSTEM, unit="urban_management")
    await system.post(f"/tasks/{case_no}-T3/sign")


async def test_a_unit_that_was_released_does_not_handle_her_matter_any_more(at_work: Callers) -> None:
    registered = await at_work.dispatcher.report()
    case_no, dispatcher = registered["case_no"], at_work.dispatcher
    await dispatcher.post(f"/cases/{case_no}/accept")
    whistle = {"lead_unit": "housing", "co_units": ["transport"], "reason": "x"}
    await dispatcher.post(f"/cases/{case_no}/whistle", whistle)
    await dispatcher.post(f"/cases/{case_no}/release", {"task_no": f"{case_no}-T2", "reason": "无需协办"})
    (own,) = (await at_work.nobody().get(f"/track/{registered['tracking_code']}"))["cases"]
    assert own["handled_by"] == ["云江市住房和城乡建设局"]


async def test_the_requester_reads_who_works_for_her_and_not_who_passed_it_on(at_work: Callers) -> None:
    registered = await at_work.dispatcher.report()
    case_no, dispatcher = registered["case_no"], at_work.dispatcher
    await dispatcher.post(f"/cases/{case_no}/accept")
    await dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "x"})
    body = {"task_no": f"{case_no}-T1", "unit": "transport", "reason": "职责调整"}
    await dispatcher.post(f"/cases/{case_no}/reassign", body)
    (own,) = (await at_work.nobody().get(f"/track/{registered['tracking_code']}"))["cases"]
    assert own["handled_by"] == ["云江市交通运输局"]
