"""Residents who are not content or call again, and how the case shows it."""

from typing import Any

from tests.api.calling import Callers
from tests.pages.test_tracking import opened, verified
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role


async def closed(callers: Callers) -> dict[str, Any]:
    """What the reporter got, of a case that was closed as solved."""
    registered = await verified(callers)
    callback = {"outcome": "reached", "solved": "yes", "rating": "satisfied"}
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/callback", callback)
    return registered


def offered(page: Any) -> set[str]:
    return {form.action.rpartition("/")[2] for form in page.forms} & {"rate", "reopen", "contact", "withdraw"}


async def test_the_requester_has_a_closed_case_taken_up_again(visitors: Visitors, callers: Callers) -> None:
    registered = await closed(callers)
    page = await opened(visitors, registered)
    assert offered(page) == {"reopen"}
    again = await visitors.nobody().send(page, "/reopen", reason="又不亮了")
    assert "您的诉求已重新办理" in again.text
    assert "已重新办理" in again.text.partition("登记")[2]
    assert offered(again) == {"contact", "withdraw"}
    case = await visitors.dispatcher.see(f"/cases/{registered['case_no']}")
    for words in ("第 2 轮办理", "重办，进入第2轮办理（第1次返工）", "又不亮了", "答复诉求人（第2轮）"):
        assert words in case.text
    assert "whistle" in case.steps


async def test_staff_have_a_closed_case_taken_up_again(visitors: Visitors, callers: Callers) -> None:
    case = f"/cases/{(await closed(callers))['case_no']}"
    assert "reopen" not in (await visitors.role(Role.GRID_WORKER).see(case)).steps
    dispatcher = visitors.dispatcher
    page = await dispatcher.send(await dispatcher.see(case), "/reopen", reason="来电说又坏了")
    assert "已完成：重办" in page.text
    assert "reopen" not in page.steps


async def test_further_calls_are_counted_and_the_third_is_for_the_supervisor(
    visitors: Visitors, callers: Callers
) -> None:
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    await callers.dispatcher.post(f"{case}/accept")
    page = await opened(visitors, registered)
    page = await visitors.nobody().send(page, "/contact", text="还是很黑")
    assert "已收到您的补充" in page.text
    worker = visitors.role(Role.GRID_WORKER)
    page = await worker.see(case)
    assert "诉求人第2次反映" in page.text
    assert "还是很黑" in page.text
    assert "多次来电" not in page.text
    page = await worker.send(page, "/contacts", text="第三次打来")
    assert "诉求人第3次反映，提请督导关注" in page.text
    assert "再次来电 2 次" in page.text
    assert "多次来电" in page.text


async def test_words_that_came_too_late_are_kept(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    await callers.dispatcher.post(f"{case}/accept")
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(case)
    await callers.dispatcher.post(f"{case}/withdraw", {"reason": "不用了"})
    refused = await dispatcher.send(page, "/contacts", 409, text="写了很久的来电内容")
    assert "case_ended" in refused.text
    assert "写了很久的来电内容" in refused.text
