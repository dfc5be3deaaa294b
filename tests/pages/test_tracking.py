"""What residents see and say by their tracking code."""

from typing import Any

from tests.api.calling import Callers
from tests.pages.visiting import Page, Visitors


async def verified(callers: Callers) -> dict[str, Any]:
    dispatcher = callers.dispatcher
    registered: dict[str, Any] = await dispatcher.report()
    path = f"/cases/{registered['case_no']}"
    settled = await callers.dispatcher.post(f"{path}/settle", {"reply": "灯修好了"})
    # Not every matter that was settled at once is drawn for verification.
    if settled["status"] == "finished":
        await callers.dispatcher.post(f"{path}/verify", {"passed": True, "note": "看过"})
    return registered


async def opened(visitors: Visitors, registered: dict[str, Any]) -> Page:
    nobody = visitors.nobody()
    page = await nobody.see("/track", code=f" {registered['tracking_code'].lower()} ")
    assert page.path == f"/track/{registered['tracking_code']}"
    assert registered["case_no"] in page.text
    return await nobody.send(page, registered["tracking_code"], pin=registered["pin"])


async def test_without_the_pin_only_the_state_is_told(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    page = await visitors.nobody().see(f"/track/{registered['tracking_code']}")
    assert "您的诉求已登记" in page.text
    assert "路灯" not in page.text
    assert [form.action for form in page.forms] == [f"/track/{registered['tracking_code']}"]


async def test_the_requester_reads_the_reply_and_rates_once(visitors: Visitors, callers: Callers) -> None:
    registered = await verified(callers)
    page = await opened(visitors, registered)
    assert "灯修好了" in page.text
    rated = await visitors.nobody().send(page, "/rate", rating="satisfied", solved="partly", note="谢谢")
    assert "感谢您的评价" in rated.text
    assert "您的评价：满意，部分解决" in rated.text
    assert not any(form.action.endswith("/rate") for form in rated.forms)


async def test_a_rating_that_the_city_does_not_have_is_refused_and_the_words_stay(
    visitors: Visitors, callers: Callers
) -> None:
    page = await opened(visitors, await verified(callers))
    refused = await visitors.nobody().send(page, "/rate", 409, rating="splendid", note="写了很多")
    assert "不在本市的评价等次中" in refused.text
    assert refused.form("/rate").values["note"] == ["写了很多"]


async def test_the_requester_takes_the_matter_back(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    page = await opened(visitors, registered)
    gone = await visitors.nobody().send(page, "/withdraw", reason="自己解决了")
    assert "您的诉求已撤回" in gone.text


async def test_a_wrong_pin_opens_nothing(visitors: Visitors, callers: Callers) -> None:
    registered = await verified(callers)
    wrong = "0000" if registered["pin"] != "0000" else "1111"
    nobody = visitors.nobody()
    page = await nobody.see(f"/track/{registered['tracking_code']}")
    refused = await nobody.send(page, registered["tracking_code"], 403, pin=wrong)
    assert "密码不正确" in refused.text
    assert "灯修好了" not in refused.text
    right = await opened(visitors, registered)
    refused = await nobody.send(right, "/rate", 403, rating="satisfied", pin=wrong)
    assert "灯修好了" not in refused.text


async def test_a_code_that_nobody_got_is_not_found(visitors: Visitors) -> None:
    assert "没有找到" in (await visitors.nobody().see("/track/ABCDEFGHJKLMNPQRST", 404)).text
