"""Cases that are bound to each other on the pages: one matter reported twice, several matters in one report."""

import re
from hashlib import sha256
from typing import Any
from uuid import uuid4

from tests.api.calling import Callers
from tests.driving import until
from tests.pages.test_tracking import opened
from tests.pages.visiting import Page, Visitors
from workflows.contracts.vocabulary import Role

HOUSING = "云江市住房和城乡建设局"


async def accepted(callers: Callers, **report: Any) -> dict[str, Any]:
    registered: dict[str, Any] = await callers.dispatcher.report(**report)
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    return registered


def section(page: Page, heading: str) -> str:
    """The text of the page from this heading on, to the end of the section."""
    return page.html.partition(f">{heading}</h2>")[2].partition("</section>")[0]


async def taken_in(callers: Callers, main: str, other: str) -> None:
    async def there() -> bool:
        return any(report["case_no"] == other for report in (await callers.dispatcher.get(f"/cases/{main}"))["merged"])

    await until(there, "the other report is part of the main case")


async def merged(callers: Callers) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the reporters of a main case and of one that goes on in it got."""
    main, other = await accepted(callers), await accepted(callers)
    body = {"into": main["case_no"], "reason": "同一盏路灯"}
    await callers.dispatcher.post(f"/cases/{other['case_no']}/merge", body)
    await taken_in(callers, main["case_no"], other["case_no"])
    return main, other


async def test_a_likely_duplicate_is_merged_from_its_row_with_a_reason(visitors: Visitors, callers: Callers) -> None:
    thing = "".join(chr(0x4E00 + number) for number in sha256(uuid4().bytes).digest())
    first, second = [(await accepted(callers, title=thing, description=thing))["case_no"] for _ in range(2)]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{second}")
    rows = [form for form in page.forms if form.action.endswith("/merge") and form.values["into"] == [first]]
    assert len(rows) == 1
    page.forms = rows
    after = await dispatcher.send(page, "/merge", reason="同一处隐患")
    assert "已完成：并案" in after.text
    assert "已并案" in after.text
    assert f'href="/cases/{first}"' in section(after, "关联案件")
    await taken_in(callers, first, second)
    main = await dispatcher.see(f"/cases/{first}")
    assert "本案共有 <strong>2</strong> 件诉求" in section(main, "关联案件")
    assert f"案件{second}并入本案" in main.text


async def test_a_number_that_is_nobodys_is_said_in_place_and_the_reason_stays(
    visitors: Visitors, callers: Callers
) -> None:
    case_no = (await accepted(callers))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    refused = await dispatcher.send(page, "/merge", 404, into="990102200001010001", reason="写了理由")
    assert "没有找到，或您无权查看" in refused.text
    assert refused.form("/merge").values["reason"] == ["写了理由"]
    refused = await dispatcher.send(page, "/merge", 422, into="路灯那一件", reason="写了理由")
    assert "编号写法有误" in refused.text


async def test_chosen_reports_are_split_off_again(visitors: Visitors, callers: Callers) -> None:
    main, other = await merged(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{main['case_no']}")
    assert page.form("/split").choices["tracking_codes"] == [other["tracking_code"]]
    nothing = await dispatcher.send(page, "/split", 422, reason="不是同一处")
    assert "必填" in nothing.text
    after = await dispatcher.send(page, "/split", tracking_codes=[other["tracking_code"]], reason="不是同一处")
    assert f"从本案拆出：{other['case_no']}" in after.text
    assert "split" not in after.steps


async def test_a_report_that_is_several_matters_is_divided_by_filled_rows(visitors: Visitors, callers: Callers) -> None:
    registered = await accepted(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{registered['case_no']}")
    assert '<option value="城乡建设/安全生产/安全生产管理">' in page.html.partition('<datalist id="classes">')[2]
    assert re.search(r'name="parts\.0\.category"[^>]* list="classes"', page.html)
    half = {"parts.0.title": "油烟扰民", "reason": "两件事"}
    refused = await dispatcher.send(page, "/divide", 422, **half)
    assert "有一项没有填全" in refused.text
    assert refused.form("/divide").values["parts.0.title"] == ["油烟扰民"]
    rows = {"parts.0.description": "楼下餐馆油烟直排", "parts.2.title": "噪声", "parts.2.description": "夜里有噪声"}
    after = await dispatcher.send(page, "/divide", **half, **rows, **{"parts.2.kind": "complaint"})
    ties = section(after, "关联案件")
    assert ties.count(">分出<") == 2
    assert "楼下餐馆油烟直排" in after.text
    tracked = await visitors.nobody().see(f"/track/{registered['tracking_code']}")
    assert "您反映的内容涉及 3 件事" in tracked.text
    assert "部分诉求已分出，单独办理" in tracked.text


async def test_cases_with_one_issue_are_gathered_by_their_numbers(visitors: Visitors, callers: Callers) -> None:
    here, one, two = [(await accepted(callers))["case_no"] for _ in range(3)]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{here}")
    after = await dispatcher.send(page, "/gather", case_nos=f"{one}，\n{two} ", reason="同一小区供暖")
    assert "共性诉求" in after.text
    assert section(after, "关联案件").count(">共性诉求<") == 2
    assert f"归集共性诉求：{one}、{two}" in after.text


async def test_what_a_consultation_decides_becomes_tasks(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    rows = {"decisions.1.unit": "housing", "decisions.1.what": "更换灯具"}
    after = await dispatcher.send(page, "/consult", minutes="三方到场，意见一致", **rows)
    assert f"会商，明确{HOUSING}的工作" in after.text
    assert "更换灯具" in after.text
    assert {"reassign"} <= after.steps


async def test_a_merged_reporter_reads_of_the_main_case_and_has_a_say_of_her_own(
    visitors: Visitors, callers: Callers
) -> None:
    main, other = await merged(callers)
    code = other["tracking_code"]
    page = await visitors.nobody().see(f"/track/{code}")
    assert "您的诉求已并入同一事项办理" in page.text
    assert "您的诉求已受理" in page.text
    assert main["case_no"] not in page.text
    dispatcher = callers.dispatcher
    settled = await dispatcher.post(f"/cases/{main['case_no']}/settle", {"reply": "灯都修好了"})
    if settled["status"] == "finished":
        await callers.dispatcher.post(f"/cases/{main['case_no']}/verify", {"passed": True, "note": "看过"})

    async def concluded() -> bool:
        return bool((await dispatcher.get(f"/cases/{other['case_no']}"))["main_status"])

    await until(concluded, "the merged report has learnt what came of it")
    assert "灯都修好了" not in (await visitors.nobody().see(f"/track/{code}")).text
    page = await opened(visitors, other)
    assert "灯都修好了" in page.text
    rated = await visitors.nobody().send(page, "/rate", rating="satisfied", solved="yes")
    assert "您的评价：满意，已解决" in rated.text


async def test_only_the_dispatcher_binds_cases(visitors: Visitors, callers: Callers) -> None:
    case_no = (await accepted(callers))["case_no"]
    binding = {"merge", "split", "divide", "gather", "consult", "transfer", "legal-route"}
    for role in (Role.SUPERVISOR, Role.GRID_WORKER, Role.AUDITOR):
        assert not binding & (await visitors.role(role).see(f"/cases/{case_no}")).steps
