"""Who asks for the whistle, who decides, which level has the case then, and who is asked beside the units."""

from tests.api.calling import TOWNSHIP, VILLAGE, Callers
from tests.pages.test_linked_cases import accepted, section
from tests.pages.test_tracking import opened
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role


async def test_the_township_decides_about_a_whistle_and_the_village_reads_on(
    visitors: Visitors, callers: Callers
) -> None:
    case_no = (await accepted(callers))["case_no"]
    grid_worker = visitors.role(Role.GRID_WORKER, region=VILLAGE)
    page = await grid_worker.see(f"/cases/{case_no}")
    asked = await grid_worker.send(page, "/request-whistle", reason="要动用升降车")
    assert "请求吹哨待审核 ：请求吹哨，由" in asked.text
    assert "request-whistle" not in asked.steps
    township = visitors.role(Role.DISPATCHER, region=TOWNSHIP)
    page = await township.see(f"/cases/{case_no}")
    granted = await township.send(page, "/whistle-request-decision", granted="true", reason="同意")
    assert "同意吹哨请求" in granted.text
    assert {"whistle", "assign-down"} <= granted.steps
    assert "只读" not in granted.text
    village = await visitors.role(Role.DISPATCHER, region=VILLAGE).see(f"/cases/{case_no}")
    assert "案件已由上级办理" in village.text
    assert not {"whistle", "assign-down", "merge"} & village.steps
    assert "urge" in village.steps


async def test_a_case_goes_down_again_with_instructions(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    up = await dispatcher.send(page, "/escalate", reason="村里办不了")
    levels = up.form("/assign-down").choices["level"]
    assert levels == ["village"]
    down = await dispatcher.send(up, "/assign-down", level="village", instructions="先核实灯杆编号")
    assert "先核实灯杆编号" in down.text.partition("任务")[0]
    assert "交办到" in down.text


async def test_a_vertical_body_is_asked_reminded_and_its_answer_is_shown(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    units = page.form("/refer").choices["unit"]
    assert "housing" not in units
    unit = next(found for found in units if found)
    asked = await dispatcher.send(page, "/refer", unit=unit, reason="请协助查明产权")
    assert "请协助查明产权" in section(asked, "移送商请")
    assert "尚未回执" in section(asked, "移送商请")
    assert asked.form("/urge").choices["referral_no"] == ["", f"{case_no}-R1"]
    assert "referral_no" not in asked.form("/urge").values
    reminded = await dispatcher.send(asked, "/urge", referral_no=f"{case_no}-R1", note="请尽快回复")
    assert "催办移送1" in reminded.text
    received = await dispatcher.send(reminded, "/record-referral", receipt="已收件")
    assert "已收件" in section(received, "移送商请")
    ended = await dispatcher.send(received, "/record-referral", outcome="产权归供电公司")
    assert "产权归供电公司" in section(ended, "移送商请")
    assert "record-referral" not in ended.steps


async def test_whistle_and_report_in_are_rated_both_ways_once(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    body = {"lead_unit": "housing", "co_units": ["urban_management"], "reason": "请办理"}
    await callers.dispatcher.post(f"/cases/{case_no}/whistle", body)
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    assert "rate-report-in" not in (await dispatcher.see(f"/cases/{case_no}")).steps
    page = await handler.send(await handler.see(f"/cases/{case_no}"), "/report-in")
    rated = await handler.send(page, "/rate-whistle", score="2", right_unit="false", note="应由城管牵头")
    assert "评哨（任务1）：2 分，较差，派单对象不准确" in rated.text
    assert "应由城管牵头" in section(rated, "任务")
    assert "rate-whistle" not in rated.steps
    page = await dispatcher.see(f"/cases/{case_no}")
    assert page.form("/rate-report-in").choices["task_no"] == [f"{case_no}-T1"]
    rated = await dispatcher.send(page, "/rate-report-in", task_no=f"{case_no}-T1", score="5")
    assert "评报到（任务1）：5 分，很好" in rated.text
    assert "rate-report-in" not in rated.steps
    arrivals = rated.html.partition("<caption>各单位报到</caption>")[2].partition("</table>")[0]
    assert arrivals.count("<tr>") == 3


async def test_a_second_dissatisfaction_is_closed_by_two_persons(visitors: Visitors, callers: Callers) -> None:
    registered = await accepted(callers)
    case_no, dispatcher = registered["case_no"], callers.dispatcher
    for round_ in (1, 2):
        settled = await dispatcher.post(f"/cases/{case_no}/settle", {"reply": f"第{round_}次答复"})
        if settled["status"] == "finished":
            verifier = callers.role(Role.SUPERVISOR)
            await verifier.post(f"/cases/{case_no}/verify", {"passed": True, "note": "看过"})
        heard = {"outcome": "reached", "solved": "no", "rating": "dissatisfied"}
        await callers.dispatcher.post(f"/cases/{case_no}/callback", heard)
        if round_ == 1:
            await callers.dispatcher.post(f"/cases/{case_no}/reopen", {"reason": "仍不亮"})
    first, second = visitors.role(Role.SUPERVISOR), visitors.role(Role.DISPATCHER)
    page = await first.see(f"/cases/{case_no}")
    assert "待双签说明 ：诉求人再次表示没有解决" in page.text
    signed = await first.send(page, "/close", note="灯杆属规划拆除范围")
    assert "还须由另一人手工结案签署" in signed.text
    assert "close" not in signed.steps
    page = await second.see(f"/cases/{case_no}")
    assert "灯杆属规划拆除范围" in page.text.partition("诉求内容")[0]
    closed = await second.send(page, "/close", note="同意")
    assert "已结案" in closed.text
    tracked = await opened(visitors, registered)
    assert "不再继续办理的说明" in tracked.text
    assert "灯杆属规划拆除范围" in tracked.text
    assert not any(form.action.endswith("/reopen") for form in tracked.forms)


async def test_the_common_superior_names_the_region_that_hosts_a_matter_of_several(
    visitors: Visitors, callers: Callers
) -> None:
    beside = "990102002001"
    case_no = (await accepted(callers, regions=[beside]))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    assert "待定主办地 ：涉及桐屯社区、兰溪社区" in page.text
    assert page.form("/name-host").choices["region_code"] == ["", VILLAGE, beside]
    named = await dispatcher.send(page, "/name-host", region_code=beside, reason="源头在兰溪社区")
    assert "确定兰溪社区为主办地" in named.text
    assert "源头在兰溪社区" in named.text.partition("诉求内容")[0]
    assert "待定主办地" not in named.text
    assert "name-host" not in named.steps
