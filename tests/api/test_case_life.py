"""A matter through the HTTP interface, from its report to the callback."""

from tests.api.calling import Callers
from workflows.contracts.vocabulary import Role


async def test_a_case_goes_from_report_to_closed(at_work: Callers) -> None:
    dispatcher, handler = at_work.dispatcher, at_work.handler()
    registered = await dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    accepted = await dispatcher.post(f"{case}/accept", {"note": "马上办"})
    assert (accepted["status"], accepted["stale"]) == ("accepted", False)
    assert accepted["owner"]["role"] == "dispatcher"
    whistled = await dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "归住建"})
    (task,) = whistled["tasks"]
    assert task["unit_name"] == "云江市住房和城乡建设局"
    assert {clock["name"] for clock in task["clocks"]} == {"sign", "finish"}
    assert whistled["owner"] == {
        "role": "lead_unit",
        "name": "安海",
        "user_id": "leader-housing",
        "unit_id": "housing",
        "unit_name": "云江市住房和城乡建设局",
    }
    path = f"/tasks/{task['task_no']}"
    await handler.post(f"{path}/sign")
    await handler.post(f"{path}/contact", {"note": "已联系"})
    unknown = await handler.post(f"{path}/report-in", {"people": ["13900007777"]}, 422)
    assert unknown["errors"][0]["code"] == "unknown_user"
    await handler.post(f"{path}/report-in", {"people": ["handler-housing"]})
    await handler.post(f"{path}/progress", {"note": "换灯"})
    finished = await handler.post(f"{path}/finish", {"reply": "路灯已修好", "internal_note": "灯杆也旧了"})
    assert finished["status"] == "finished"
    verified = await dispatcher.post(f"{case}/verify", {"passed": True, "note": "现场看过"})
    assert verified["owner"]["role"] == "callback_desk"
    closed = await dispatcher.post(
        f"{case}/callback", {"outcome": "reached", "solved": "yes", "rating": "very_satisfied"}
    )
    assert (closed["status"], closed["rating"], closed["solved"]) == ("closed", "very_satisfied", "yes")

    first = await dispatcher.get(f"{case}/timeline", limit=5)
    rest = await dispatcher.get(f"{case}/timeline", limit=200, cursor=first["next_cursor"])
    items = first["items"] + rest["items"]
    assert [item["seq"] for item in items] == list(range(1, closed["seq"] + 1))
    said = {item["kind"]: item["data"] for item in items}
    assert said["case_accepted"]["note"] == "马上办"
    assert (said["task_finished"]["reply"], said["task_finished"]["internal_note"]) == ("路灯已修好", "灯杆也旧了")

    tracked = await at_work.nobody(Tracking_Pin=registered["pin"]).get(f"/track/{registered['tracking_code']}")
    (own,) = tracked["cases"]
    assert own["private"]["replies"][0]["text"] == "路灯已修好"
    assert own["handled_by"] == ["云江市住房和城乡建设局"]


async def test_what_a_rule_forbids_is_409_with_its_name_and_leaves_no_words(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    registered = await dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    refused = await dispatcher.post(f"{case}/verify", {"passed": True, "note": "x"}, 409)
    assert refused["code"] == "case_not_finished"
    assert refused["status"] == 409
    accepted = await dispatcher.post(f"{case}/accept", None)
    assert accepted["seq"] > 0


async def test_a_case_shows_live_what_it_holds(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    registered = await dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    await dispatcher.post(f"{case}/accept")
    live = await dispatcher.get(case, live=True)
    assert (live["status"], live["stale"], live["level_label"]) == ("accepted", False, "村社区/嘎查")


async def test_a_new_case_is_seen_at_once_with_its_owner(callers: Callers) -> None:
    dispatcher = callers.dispatcher
    registered = await dispatcher.report()
    seen = await dispatcher.get(f"/cases/{registered['case_no']}")
    assert (seen["status"], seen["seq"], seen["owner"]["role"]) == ("registered", seen["seq"], "dispatcher")
    assert seen["tracking_code"] == registered["tracking_code"]


async def test_a_units_inbox_holds_its_own_tasks_only(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    registered = await dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    await dispatcher.post(f"{case}/accept")
    whistle = {"lead_unit": "urban_management", "co_units": ["housing"], "reason": "一起看"}
    await dispatcher.post(f"{case}/whistle", whistle)
    inbox = await at_work.handler("urban_management").get("/tasks", limit=200)
    assert {item["unit_id"] for item in inbox["items"]} == {"urban_management"}
    assert registered["case_no"] in {item["case_no"] for item in inbox["items"]}
    assert all(item["clocks"] for item in inbox["items"])
    foreign = await at_work.handler("housing").post(f"/tasks/{registered['case_no']}-T1/sign", None, 403)
    assert foreign["code"] == "not_yours_to_do"
    unseen = await at_work.handler("housing_fund").post(f"/tasks/{registered['case_no']}-T1/sign", None, 404)
    assert unseen["code"] == "not_found"
    system = at_work.role(Role.SYSTEM, unit="housing")
    signed = await system.post(f"/tasks/{registered['case_no']}-T2/sign")
    assert signed["tracking_code"] is None
    released = await dispatcher.post(f"{case}/release", {"task_no": f"{registered['case_no']}-T2", "reason": "不用了"})
    assert [task["status"] for task in released["tasks"]] == ["dispatched", "cancelled"]


async def test_an_unknown_unit_is_named_by_its_field(callers: Callers) -> None:
    dispatcher = callers.dispatcher
    registered = await dispatcher.report()
    whistle = {"lead_unit": "housing", "co_units": ["nowhere"], "reason": "x"}
    refused = await dispatcher.post(f"/cases/{registered['case_no']}/whistle", whistle, 422)
    assert refused["code"] == "unknown_unit"
    assert refused["errors"][0]["field"] == "co_units.0"
