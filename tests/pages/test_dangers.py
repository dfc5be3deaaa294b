"""Danger on the page of a case: the form that reports it, what has to be done at once, and who stays hidden."""

from tests.api.calling import Callers
from tests.api.dispatching import dispatched
from tests.pages.visiting import Visitors


async def test_a_danger_is_reported_by_form_and_the_unit_does_not_learn_by_whom(
    visitors: Visitors, callers: Callers
) -> None:
    address = f"/cases/{await dispatched(callers, kind='dispute')}"
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    page = await dispatcher.see(address)
    page = await dispatcher.send(page, "/report-danger", kinds=["violence", "weapon"], minors="true", note="持刀")
    assert "报告现实危险：暴力伤害、持有凶器，涉及未成年人；调解锁定，须立即拨打110" in page.text
    assert "按规则定为红色预警：现实危险、涉及未成年人或无完全行为能力人" in page.text
    assert "须立即拨打110并登记" in page.text
    seen = await handler.see(address)
    assert "身份保密" in seen.text
    assert "持刀" not in seen.text
    page = await dispatcher.send(page, "/record-110-call", receipt_no="110-7788")
    assert "已拨打110。" in page.text
    assert "接警编号" in page.text


async def test_limitation_periods_are_told_apart_and_near_ones_stand_out(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report(kind="dispute")
    address, dispatcher = f"/cases/{registered['case_no']}", visitors.dispatcher
    accepted = await callers.dispatcher.post(f"{address}/accept")
    today = accepted["registered_at"][:10]
    page = await dispatcher.send(
        await dispatcher.see(address), "/record-limitation", limitation="civil", began_on=today
    )
    page = await dispatcher.send(page, "/record-limitation", limitation="reconsideration", began_on=today)
    assert "时效：诉讼时效" in page.text
    assert "时效2：行政复议申请期限" in page.text
    assert "申请调解即中断，调解不成的重新计算" in page.text
    assert "调解期间照常计算，不中断也不停止" in page.text
    assert "limitation#2" in page.form("/forget-limitation").choices["clock_id"]
