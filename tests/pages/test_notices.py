"""Formal notices on the pages: what waits to be served, the letter to print, and the requester's confirmation."""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.pages.moments import typed
from tests.api.calling import Callers
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role


async def _accepted(callers: Callers, **requester: Any) -> dict[str, Any]:
    registered: dict[str, Any] = await callers.dispatcher.report(requester=requester)
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    return registered


async def test_the_service_of_a_notice_is_recorded_on_the_case_page(visitors: Visitors, callers: Callers) -> None:
    case_no = (await _accepted(callers, name="王秀英"))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    assert "告知与送达" in page.text
    assert "未送达" in page.text
    form = page.form("/serve-notice")
    assert form.values["notice_no"] == [f"{case_no}-N1"]
    tomorrow = typed(datetime.now(UTC) + timedelta(days=1))
    refused = await dispatcher.send(page, "/serve-notice", 409, how="mail", served_at=tomorrow)
    assert refused.form("/serve-notice").values["served_at"] == [tomorrow]
    served = await dispatcher.send(page, "/serve-notice", how="mail", note="挂号信")
    assert "已完成：登记送达" in served.text
    assert "邮寄送达" in served.text
    assert "serve-notice" not in served.steps


async def test_a_way_that_the_requester_ruled_out_is_refused_and_she_is_heeded(
    visitors: Visitors, callers: Callers
) -> None:
    wishes = {"never": "不要打电话"}
    case_no = (await _accepted(callers, name="李梅", safe_contact=wishes))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    assert "切勿：不要打电话" in page.text
    refused = await dispatcher.send(page, "/serve-notice", 422, how="phone")
    assert "诉求人要求不得以这种方式联系" in refused.text


async def test_a_notice_is_a_page_to_print_for_the_centre_only(visitors: Visitors, callers: Callers) -> None:
    case_no = (await _accepted(callers, name="王秀英"))["case_no"]
    address = f"/cases/{case_no}/notices/{case_no}-N1"
    letter = await visitors.role(Role.SUPERVISOR).see(address)
    assert "王秀英：" in letter.text
    assert "本次查看已记录在案" in letter.text
    await visitors.role(Role.AUDITOR).see(address, 403)
    assert address not in (await visitors.role(Role.AUDITOR).see(f"/cases/{case_no}")).html


async def test_the_requester_confirms_a_notice_with_her_pin(visitors: Visitors, callers: Callers) -> None:
    registered = await _accepted(callers, name="王秀英")
    nobody = visitors.nobody()
    page = await nobody.see(f"/track/{registered['tracking_code']}")
    assert "受理告知书" not in page.text
    page = await nobody.send(page, registered["tracking_code"], pin=registered["pin"])
    assert "王秀英：" in page.text
    confirmed = await nobody.send(page, "/acknowledge")
    assert "已记录您收到该告知书" in confirmed.text
    assert "电子送达" in confirmed.text
    assert not any(form.action.endswith("/acknowledge") for form in confirmed.forms)
