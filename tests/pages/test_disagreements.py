"""Units that say a matter is not theirs: who is asked for what, and how the going to and fro reads."""

from typing import Any

from tests.api.calling import Callers
from tests.pages.visiting import Page, Visitors
from workflows.contracts.vocabulary import Role

HOUSING, URBAN = "云江市住房和城乡建设局", "云江市城市管理局"


async def whistled(callers: Callers, **whistle: Any) -> str:
    """The number of a case that a unit has been called into."""
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    await callers.dispatcher.post(f"{case}/accept")
    await callers.dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"} | whistle)
    return str(registered["case_no"])


async def sent_back(visitors: Visitors, case_no: str, unit: str, suggested: str) -> Page:
    """The page after the unit has sent the task back by its form."""
    handler = visitors.handler(unit)
    page = await handler.see(f"/cases/{case_no}")
    return await handler.send(
        page, "/send-back", reason=f"{unit}的理由", clause=f"{unit}的条款", suggested_unit=suggested
    )


async def disputed(visitors: Visitors, callers: Callers) -> str:
    """The number of a case that two units sent back."""
    case_no = await whistled(callers)
    await sent_back(visitors, case_no, "housing", "urban_management")
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    page = await dispatcher.send(page, "/send-back-decision", approved="true", reason="确有依据")
    await dispatcher.send(page, "/whistle", lead_unit="urban_management", reason="改派")
    await sent_back(visitors, case_no, "urban_management", "housing")
    return case_no


async def test_a_unit_names_another_and_only_the_dispatcher_decides(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers)
    handler = visitors.handler()
    form = (await handler.see(f"/cases/{case_no}")).form("/send-back")
    assert "housing" not in form.choices["suggested_unit"]
    assert "urban_management" in form.choices["suggested_unit"]
    asked = await sent_back(visitors, case_no, "housing", "urban_management")
    assert "send-back" not in asked.steps
    assert "退单待审定 ：中心须在" in asked.text
    assert "send-back-decision" not in (await visitors.role(Role.SUPERVISOR).see(f"/cases/{case_no}")).steps
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    assert page.form("/send-back-decision").values["task_no"] == [f"{case_no}-T1"]
    refused = await dispatcher.send(page, "/send-back-decision", approved="false", reason="本就归住建")
    assert f"不同意退单，仍由{HOUSING}办理" in refused.text
    assert "退单待审定 ：中心须在" not in refused.text
    assert "send-back-decision" not in refused.steps


async def test_the_second_send_back_is_a_dispute_that_a_designation_ends(visitors: Visitors, callers: Callers) -> None:
    case_no = await disputed(visitors, callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    assert "派单争议 ：中心须在" in page.text
    assert {"designate"} == page.steps & {"designate", "send-back-decision", "reassign"}
    units = page.form("/designate").choices["unit"]
    # Whoever disputes it may be told to keep it.
    assert {"urban_management", "housing"} <= set(units)
    designated = await dispatcher.send(page, "/designate", unit="housing", reason="依职权归住建")
    assert "派单争议 ：中心须在" not in designated.text
    story = designated.text.partition("派单经过")[2].partition("案件时限")[0]
    told = [
        f"吹哨（热线一般事项）派给{HOUSING}（主办）",
        f"{HOUSING}退单，建议由{URBAN}承办",
        "housing的理由",
        "housing的条款",
        f"同意{HOUSING}退单",
        "确有依据",
        f"吹哨（热线一般事项）派给{URBAN}（主办）",
        f"{URBAN}再次退单，建议由{HOUSING}承办；转为派单争议，由中心指定承办单位",
        f"指定{HOUSING}承办，不得再退单，{URBAN}不再办理",
        "依职权归住建",
    ]
    places = [story.find(line) for line in told]
    assert -1 not in places
    assert places == sorted(places)
    assert "调度员" in story

    handler = visitors.handler()
    page = await handler.see(f"/cases/{case_no}")
    assert {"object"} == page.steps & {"object", "send-back"}
    objected = await handler.send(page, "/object", reason="仍有异议")
    assert f"{HOUSING}对指定承办提出异议" in objected.text
    assert "finish" in objected.steps


async def test_a_task_is_passed_to_a_unit_that_has_no_part_yet(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers, co_units=["urban_management"])
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    form = page.form("/reassign")
    assert form.choices["task_no"] == ["", f"{case_no}-T1", f"{case_no}-T2"]
    assert not {"housing", "urban_management"} & set(form.choices["unit"])
    passed = await dispatcher.send(page, "/reassign", task_no=f"{case_no}-T1", unit="transport", reason="职责调整")
    assert f"由{HOUSING}转派给" in passed.text
    assert "已转派" in passed.text
    assert (await visitors.handler().see(f"/cases/{case_no}")).steps <= {"withdraw", "rate-whistle", "report-danger"}


async def test_from_the_inbox_a_link_leads_to_the_form_for_sending_back(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers, lead_unit="agriculture")
    page = await visitors.handler("agriculture").see("/units/agriculture/inbox")
    assert f'href="/cases/{case_no}#send-back-{case_no}-T1-reason"' in page.html
    assert "send-back" not in page.steps


async def test_what_a_supervisor_demands_is_shown_until_it_is_answered(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers, co_units=["urban_management"])
    supervisor = visitors.role(Role.SUPERVISOR)
    page = await supervisor.see(f"/cases/{case_no}")
    due = page.html.partition('name="due"')[2].partition('min="')[2].partition('"')[0]
    demanded = await supervisor.send(page, "/supervise", due=due, reason="群众反映强烈")
    assert "supervise" not in demanded.steps
    assert "督办中 ：督导" in demanded.text
    lead, co = visitors.handler(), visitors.handler("urban_management")
    assert "answer-supervision" not in (await co.see(f"/cases/{case_no}")).steps
    page = await lead.see(f"/cases/{case_no}")
    assert page.text.partition("任务")[0].count("群众反映强烈") == 1
    answered = await lead.send(page, "/answer-supervision", text="明日完工")
    assert "督办中 ：督导" not in answered.text
    assert "答复督办" in answered.text
    assert "明日完工" in answered.text


async def test_an_objection_that_is_upheld_gives_the_task_to_another_unit(visitors: Visitors, callers: Callers) -> None:
    case_no = await disputed(visitors, callers)
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    page = await dispatcher.see(f"/cases/{case_no}")
    await dispatcher.send(page, "/designate", unit="housing", reason="依职权归住建")
    assert "objection-decision" not in (await dispatcher.see(f"/cases/{case_no}")).steps
    await handler.send(await handler.see(f"/cases/{case_no}"), "/object", reason="三定方案未写明")
    page = await dispatcher.see(f"/cases/{case_no}")
    assert "异议待裁定 ：" in page.text
    assert "三定方案未写明" in page.html.partition('id="tasks"')[0]
    refused = await dispatcher.send(page, "/objection-decision", 409, upheld="true", reason="理由成立")
    assert "unit_missing" in refused.text
    decided = await dispatcher.send(refused, "/objection-decision", unit="transport")
    story = decided.text.partition("派单经过")[2].partition("案件时限")[0]
    assert f"{HOUSING}的异议成立" in story
    assert f"指定云江市交通运输局承办，不得再退单，{HOUSING}不再办理" in story
    assert f"同意{HOUSING}退单" not in story.partition("异议成立")[2]
