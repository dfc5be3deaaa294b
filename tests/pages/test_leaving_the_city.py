"""A matter that leaves the city's hands, or is withdrawn with a danger in it: forms, and what the resident reads."""

from tests.api.calling import Callers
from tests.pages.test_linked_cases import accepted
from tests.pages.test_tracking import opened
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role


async def test_another_city_takes_a_matter_under_its_number(visitors: Visitors, callers: Callers) -> None:
    registered = await accepted(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{registered['case_no']}")
    asked = await dispatcher.send(page, "/transfer", city="临江市", reason="施工单位在临江市")
    assert "移交待回执 ：商请外市接收" in asked.text
    assert "临江市" in asked.text
    assert "transfer" not in asked.steps
    tracked = await opened(visitors, registered)
    assert "正在商请临江市办理" in tracked.text
    refused = await dispatcher.send(asked, "/transfer-receipt", 409, refused="false")
    assert "receipt_number_missing" in refused.text
    taken = await dispatcher.send(asked, "/transfer-receipt", refused="false", number="LJ-77")
    assert "已移交外市" in taken.text
    tracked = await opened(visitors, registered)
    assert "您的诉求已移交其他城市办理" in tracked.text
    assert "请向临江市查询进展，对方编号：" in tracked.text
    assert "LJ-77" in tracked.text
    assert "LJ-77" not in (await visitors.nobody().see(f"/track/{registered['tracking_code']}")).text


async def test_a_city_that_does_not_take_it_leaves_it_here(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    asked = await dispatcher.send(page, "/transfer", city="临江市", reason="施工单位在临江市")
    back = await dispatcher.send(asked, "/transfer-receipt", refused="true")
    assert "外市不予接收，继续由本市办理" in back.text
    assert {"transfer", "whistle"} <= back.steps


async def test_a_legal_route_is_told_with_how_to_go_on_and_its_outcome_is_recorded(
    visitors: Visitors, callers: Callers
) -> None:
    registered = await accepted(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{registered['case_no']}")
    assert "legal-outcome" not in page.steps
    gone = await dispatcher.send(page, "/legal-route", route="court", reason="合同纠纷，请带合同原件起诉")
    assert "转法律途径：诉讼" in gone.text
    assert "正确途径" not in gone.text
    tracked = await opened(visitors, registered)
    assert "请向有管辖权的人民法院起诉" in tracked.text
    assert "请带合同原件起诉" in tracked.text
    known = await dispatcher.send(gone, "/legal-outcome", outcome="已判决")
    assert "已判决" in known.text
    assert "legal-outcome" not in known.steps


async def test_a_danger_goes_on_when_the_matter_is_withdrawn(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    grid_worker = visitors.role(Role.GRID_WORKER)
    page = await grid_worker.see(f"/cases/{case_no}")
    assert "hazard.0.title" not in page.form("/withdraw").values
    await grid_worker.send(page, "/withdraw", reason="两家和好了")
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    hazard = {"hazard.0.title": "楼道堆放杂物", "hazard.0.description": "消防通道堵塞"}
    gone = await dispatcher.send(page, "/confirm-withdrawal", confirmed="true", **hazard)
    assert "已撤回" in gone.text
    assert "公共隐患继续处理：“楼道堆放杂物”" in gone.text
    assert ">分出<" in gone.html
