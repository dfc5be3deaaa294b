"""A case that is really several; and a danger that goes on though the matter was withdrawn."""

from typing import Any

from tests.api.calling import VILLAGE, Callers
from tests.driving import until
from workflows.contracts.vocabulary import Role

NEXT_COUNTY = "990103000000"
LANDS = "国土资源/土地资源管理/土地权属纠纷"
PARTS = [
    {"title": "井盖缺失", "description": "巷口的井盖不见了", "kind": "hazard"},
    {"title": "土地权属", "description": "两家争一块地", "category": LANDS},
]


async def _divided(callers: Callers) -> tuple[dict[str, Any], dict[str, Any]]:
    receipt = await callers.dispatcher.report(kind="complaint", requester={"name": "李某", "phone": "13900000000"})
    case = f"/cases/{receipt['case_no']}"
    await callers.dispatcher.post(f"{case}/accept")
    return receipt, await callers.dispatcher.post(f"{case}/divide", {"parts": PARTS, "reason": "三件事"})


async def test_parts_go_on_as_cases_of_their_own_from_the_same_registration(at_work: Callers) -> None:
    receipt, divided = await _divided(at_work)
    assert [(child["title"], child["status"]) for child in divided["children"]] == [
        ("井盖缺失", "registered"),
        ("土地权属", "registered"),
    ]
    first, second = [await at_work.dispatcher.get(f"/cases/{child['case_no']}") for child in divided["children"]]
    assert (first["kind"], first["category"], first["description"]) == ("hazard", None, "巷口的井盖不见了")
    assert (second["kind"], second["category"]) == ("complaint", LANDS)
    for part in (first, second):
        assert part["case_no"][:14] == receipt["case_no"][:14]
        assert part["registered_at"] == divided["registered_at"]
        assert part["tracking_code"] == receipt["tracking_code"]

    async def started() -> Any:
        return (await at_work.dispatcher.get(f"/cases/{first['case_no']}"))["parent"]

    parent = await until(started, "the part has begun")
    assert parent["case_no"] == receipt["case_no"]
    accepted = await at_work.dispatcher.post(f"/cases/{first['case_no']}/accept")
    assert accepted["status"] == "accepted"


async def test_what_was_written_of_the_parts_stands_on_the_timeline(at_work: Callers) -> None:
    receipt, _ = await _divided(at_work)
    timeline = (await at_work.dispatcher.get(f"/cases/{receipt['case_no']}/timeline", limit=200))["items"]
    told = [item["data"] for item in timeline if item["kind"] == "case_divided"]
    assert [(data["part"]["title"], data["part"]["description"]) for data in told] == [
        (part["title"], part["description"]) for part in PARTS
    ]
    assert {data["reason"] for data in told} == {"三件事"}


async def test_one_code_and_pin_lead_to_all_parts(at_work: Callers) -> None:
    receipt, divided = await _divided(at_work)
    numbers = [receipt["case_no"], *(child["case_no"] for child in divided["children"])]
    holder, track = at_work.nobody(Tracking_Pin=receipt["pin"]), f"/track/{receipt['tracking_code']}"
    cases = (await holder.get(track))["cases"]
    assert [(case["case_no"], case["private"]["title"]) for case in cases] == list(
        zip(numbers, ("路灯不亮", "井盖缺失", "土地权属"), strict=True)
    )
    which = await holder.post(f"{track}/contact", {"text": "还没修"}, 422)
    assert which["code"] == "case_no_needed"
    added = await holder.post(f"{track}/contact", {"text": "还没修", "case_no": numbers[1]})
    assert (added["case_no"], added["steps"][-1]["kind"]) == (numbers[1], "contact_added")
    await at_work.nobody(Tracking_Pin="000000" if receipt["pin"] != "000000" else "1111").get(track, 403)


async def test_a_part_of_no_known_class_is_refused(at_work: Callers) -> None:
    case_no = (await at_work.dispatcher.report())["case_no"]
    parts = [PARTS[0], PARTS[1] | {"category": "无此类"}]
    refused = await at_work.dispatcher.post(f"/cases/{case_no}/divide", {"parts": parts, "reason": "x"}, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("unknown_category", "parts.1.category")
    await at_work.dispatcher.post(f"/cases/{case_no}/divide", {"parts": [], "reason": "x"}, 422)


async def test_the_same_key_divides_once(at_work: Callers) -> None:
    case = f"/cases/{(await at_work.dispatcher.report())['case_no']}"
    dispatcher, body = at_work.dispatcher, {"parts": PARTS, "reason": "三件事"}
    await dispatcher.post(f"{case}/accept")
    once = await dispatcher.post(f"{case}/divide", body, 200, Idempotency_Key="divide")
    again = await dispatcher.post(f"{case}/divide", body, 200, Idempotency_Key="divide")
    assert [child["case_no"] for child in again["children"]] == [child["case_no"] for child in once["children"]]
    assert len((await dispatcher.get(case))["children"]) == 2


async def test_a_hazard_goes_on_when_the_matter_is_withdrawn(at_work: Callers) -> None:
    receipt = await at_work.dispatcher.report(kind="dispute", requester={"name": "李某"})
    case = f"/cases/{receipt['case_no']}"
    await at_work.dispatcher.post(f"{case}/accept")
    hazard = {"title": "消防通道堵塞", "description": "楼道堆满杂物"}
    withdrawn = await at_work.dispatcher.post(f"{case}/withdraw", {"reason": "双方和解", "hazard": hazard})
    (child,) = withdrawn["children"]
    assert (withdrawn["status"], child["title"]) == ("withdrawn", "消防通道堵塞")
    assert child["tracking_code"] != receipt["tracking_code"]
    shown = await at_work.dispatcher.get(f"/cases/{child['case_no']}")
    assert (shown["kind"], shown["description"], shown["status"]) == ("hazard", "楼道堆满杂物", "registered")


async def test_a_hazard_is_named_when_the_centre_confirms_a_withdrawal(at_work: Callers) -> None:
    receipt = await at_work.dispatcher.report()
    case = f"/cases/{receipt['case_no']}"
    await at_work.dispatcher.post(f"{case}/accept")
    await at_work.dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    asked = {"reason": "诉求人说不用了"}
    early = await at_work.handler().post(f"{case}/withdraw", asked | {"hazard": PARTS[1]}, 422)
    assert (early["code"], early["errors"][0]["field"]) == ("hazard_at_confirmation", "hazard")
    await at_work.handler().post(f"{case}/withdraw", asked)
    hazard = {"title": "电线裸露", "description": "灯杆下电线裸露", "category": "无此类"}
    body = {"confirmed": True, "hazard": hazard}
    refused = await at_work.dispatcher.post(f"{case}/confirm-withdrawal", body, 422)
    assert refused["errors"][0]["field"] == "hazard.category"
    hazard = {"title": "电线裸露", "description": "灯杆下电线裸露"}
    confirmed = await at_work.dispatcher.post(f"{case}/confirm-withdrawal", {"confirmed": True, "hazard": hazard})
    assert [child["title"] for child in confirmed["children"]] == ["电线裸露"]


async def test_a_case_whose_host_is_another_region_is_divided_there(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report(regions=[NEXT_COUNTY]))['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/name-host", {"region_code": NEXT_COUNTY, "reason": "主要在该县"})
    divided = await dispatcher.post(f"{case}/divide", {"parts": PARTS[:1], "reason": "两件事"})
    (child,) = divided["children"]
    accepted = await dispatcher.post(f"/cases/{child['case_no']}/accept")
    assert (accepted["region_code"], accepted["level"]) == (NEXT_COUNTY, "county")
    assert accepted["owner"]["unit_id"] == f"centre-{NEXT_COUNTY}"


async def test_a_part_that_is_a_complaint_is_kept_from_whom_it_is_about(at_work: Callers) -> None:
    dispatcher, village = at_work.dispatcher, at_work.role(Role.DISPATCHER, region=VILLAGE)
    about = [{"type": "unit", "id": f"centre-{VILLAGE}"}]
    case = f"/cases/{(await dispatcher.report(subjects=about))['case_no']}"
    await dispatcher.post(f"{case}/accept")
    parts = [PARTS[0], {"title": "推诿", "description": "村中心一再推诿", "kind": "complaint"}]
    divided = await dispatcher.post(f"{case}/divide", {"parts": parts, "reason": "两件事"})
    hazard, complaint = [child["case_no"] for child in divided["children"]]
    assert (await village.get(f"/cases/{hazard}"))["level"] == "village"
    await village.get(f"/cases/{complaint}", 404)
    assert (await dispatcher.get(f"/cases/{complaint}"))["level"] == "township"
