"""More time, pauses, promises and calendars as the pages offer, explain and tell them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.tables import BatchRow
from tests.api.calling import TOWNSHIP, Callers
from tests.pages.visiting import Page, Visitors
from tests.rules.calendar_2026 import WINDOW_2026
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.commands import AdoptCalendar
from workflows.contracts.vocabulary import Role

MEDICAL = "卫生计生/医患纠纷/医疗事故争议"
WAGES = "劳动和社会保障/工资福利/工资发放"


async def whistled(callers: Callers, *co_units: str, **report: Any) -> dict[str, Any]:
    """What the reporter got, of a case that one unit, or others beside it, have been called into."""
    registered: dict[str, Any] = await callers.dispatcher.report(**report)
    case = f"/cases/{registered['case_no']}"
    await callers.dispatcher.post(f"{case}/accept")
    await callers.dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "co_units": co_units, "reason": "请办理"})
    return registered


async def tracked(visitors: Visitors, registered: dict[str, Any]) -> Page:
    nobody = visitors.nobody()
    page = await nobody.see(f"/track/{registered['tracking_code']}")
    return await nobody.send(page, registered["tracking_code"], pin=registered["pin"])


async def days_later(callers: Callers, case_no: str, days: int) -> str:
    """A date that many days after the unit's own limit ends."""
    clocks = (await callers.dispatcher.get(f"/cases/{case_no}"))["clocks"]
    (finish,) = [clock for clock in clocks if clock["id"] == "T1/finish"]
    return (date.fromisoformat(finish["raw_due_date"]) + timedelta(days=days)).isoformat()


async def test_a_unit_asks_for_more_time_and_only_the_approver_is_asked(visitors: Visitors, callers: Callers) -> None:
    registered = await whistled(callers)
    case_no = registered["case_no"]
    case, until = f"/cases/{case_no}", await days_later(callers, case_no, 10)
    handler = visitors.handler()
    page = await handler.see(case)
    assert page.form("/request-extension").choices["clock"] == ["finish"]
    asked = await handler.send(page, "/request-extension", until=until, reason="等配件")
    assert "request-extension" not in asked.steps
    assert "延期待审批 ：云江市住房和城乡建设局为任务1·办结申请延至" in asked.text

    assert "extension-decision" not in (await visitors.role(Role.SUPERVISOR).see(case)).steps
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(case)
    assert page.form("/extension-decision").values["task_no"] == [f"{case_no}-T1"]
    granted = await dispatcher.send(page, "/extension-decision", granted="true", reason="情况属实")
    for words in ("同意任务1·办结延期至", "的到期时间由", "原因：延期", "已延期", "告知诉求人："):
        assert words in granted.text
    assert "办理单位的延期申请已获批准" in (await tracked(visitors, registered)).text


async def test_a_date_that_the_rules_forbid_is_said_in_place(visitors: Visitors, callers: Callers) -> None:
    case_no = (await whistled(callers))["case_no"]
    handler = visitors.handler()
    page = await handler.see(f"/cases/{case_no}")
    far = await days_later(callers, case_no, 400)
    refused = await handler.send(page, "/request-extension", 409, until=far, reason="写了很久")
    assert "beyond_maximum" in refused.text
    assert refused.form("/request-extension").values["until"] == [far]
    assert refused.form("/request-extension").values["reason"] == ["写了很久"]
    refused = await handler.send(page, "/request-extension", 422, until="", reason="x")
    assert "必填" in refused.text


async def test_only_grounds_that_a_running_clock_allows_are_offered(visitors: Visitors, callers: Callers) -> None:
    ordinary = await whistled(callers)
    medical = await whistled(callers, "health", category=MEDICAL)
    dispatcher = visitors.dispatcher
    assert "suspend" not in (await dispatcher.see(f"/cases/{ordinary['case_no']}")).steps
    case = f"/cases/{medical['case_no']}"
    page = await dispatcher.see(case)
    assert page.form("/suspend").choices["ground"] == ["medical_appraisal"]
    until = (date.fromisoformat(await days_later(callers, medical["case_no"], 0)) - timedelta(days=5)).isoformat()
    still = await dispatcher.send(page, "/suspend", until=until, reason="等鉴定结论")
    assert "suspend" not in still.steps
    for words in ("挂起（医疗损害鉴定），暂停计时：任务1·办结", "暂停中", "暂停台账", "挂起中的按最迟日期计"):
        assert words in still.text
    assert "部分办理时限目前暂停计算，最迟到" in (await tracked(visitors, medical)).text

    resumed = await dispatcher.send(still, "/resume", reason="鉴定已出")
    assert "恢复计时" in resumed.text
    assert "鉴定已出" in resumed.text
    assert "resume" not in resumed.steps
    after = (await tracked(visitors, medical)).text
    assert "目前暂停计算" not in after
    # Her own date never moved, so there was nothing to tell her.
    assert "答复期限为" not in after


async def test_an_interim_reply_is_offered_with_the_legal_date_in_it(visitors: Visitors, callers: Callers) -> None:
    ordinary = await whistled(callers)
    wages = await whistled(callers, "human_resources", category=WAGES)
    handler = visitors.handler()
    assert "interim-reply" not in (await handler.see(f"/cases/{ordinary['case_no']}")).steps
    page = await handler.see(f"/cases/{wages['case_no']}")
    assert page.form("/interim-reply").values["legal_due"] == [await days_later(callers, wages["case_no"], 0)]
    replied = await handler.send(page, "/interim-reply", procedure="劳动保障监察")
    assert "阶段性答复诉求人：法定期限为" in replied.text
    told = (await tracked(visitors, wages)).text
    assert "该事项依法按专门程序办理" in told
    assert "劳动保障监察" in told
    assert "作阶段性答复" in told
    stranger = await visitors.nobody().see(f"/track/{wages['tracking_code']}")
    assert "劳动保障监察" not in stranger.text


async def test_a_unit_promises_a_date_only_while_it_is_at_work(visitors: Visitors, callers: Callers) -> None:
    case_no = (await whistled(callers))["case_no"]
    handler = visitors.handler()
    page = await handler.see(f"/cases/{case_no}")
    promised = await days_later(callers, case_no, 30)
    committed = await handler.send(page, "/commit", measures="下月换整条线路", date=promised)
    assert "承诺办理中" in committed.text
    assert "下月换整条线路" in committed.text
    assert "commit" not in committed.steps
    await callers.handler().post(f"/tasks/{case_no}-T1/finish", {"reply": "好了"})
    late = {"key": "another", "measures": "x", "date": promised}
    assert "not_yours_to_do" in (await handler.send(page, "/commit", 403, **late)).text


async def test_a_risk_is_set_to_another_than_it_is(visitors: Visitors, callers: Callers) -> None:
    case_no = (await whistled(callers))["case_no"]
    supervisor = visitors.role(Role.SUPERVISOR)
    page = await supervisor.see(f"/cases/{case_no}")
    assert page.form("/set-risk").choices["risk"] == ["", "blue", "yellow", "red"]
    risky = await supervisor.send(page, "/set-risk", risk="red", reason="多人聚集")
    assert "定为红色预警" in risky.text
    assert risky.form("/set-risk").choices["risk"] == ["", "blue", "yellow"]


async def test_every_date_can_be_asked_why(visitors: Visitors, callers: Callers) -> None:
    case_no = (await whistled(callers))["case_no"]
    page = await visitors.dispatcher.see(f"/cases/{case_no}")
    for words in ("办结：为何是这个日期？", "签收：为何是这个日期？", "起算日", "第5日", "到期"):
        assert words in page.text


async def test_a_case_is_shown_as_it_was_known_then_and_cannot_be_acted_on(
    visitors: Visitors, callers: Callers
) -> None:
    case_no = (await whistled(callers))["case_no"]
    items = (await callers.dispatcher.get(f"/cases/{case_no}/timeline"))["items"]
    (accepted,) = [item["recorded_at"] for item in items if item["kind"] == "case_accepted"]
    dispatcher = visitors.dispatcher
    then = await dispatcher.see(f"/cases/{case_no}", at=accepted)
    assert "时所知的情形" in then.text
    assert "已受理" in then.text
    assert "吹哨（" not in then.text
    assert "任务1" not in then.text
    assert then.steps == set()
    assert not any(form.action.endswith("/requester") for form in then.forms)
    assert f'href="/cases/{case_no}"' in then.html
    assert "at=" in (await dispatcher.see(f"/cases/{case_no}", at=accepted, all=True)).html
    assert "任务1" in (await dispatcher.see(f"/cases/{case_no}")).text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2199-01-01T10:00", "所填时间还没有到"),
        ("2001-01-01T10:00", "案件在所填时间尚未登记"),
        ("昨天", "时间写法有误"),
        ("0001-01-01T00:00", "时间写法有误"),
    ],
)
async def test_a_time_that_cannot_be_shown_is_said_in_one_line_above_the_present(
    visitors: Visitors, callers: Callers, at: str, said: str
) -> None:
    case_no = (await whistled(callers))["case_no"]
    page = await visitors.dispatcher.see(f"/cases/{case_no}", 422, at=at)
    assert f"{said}" in page.text
    assert "以下是现在的情形" in page.text
    assert "urge" in page.steps


async def test_dates_that_may_yet_move_are_marked_wherever_they_show(
    visitors: Visitors, callers: Callers, gateway: CaseGateway
) -> None:
    word = uuid4().hex[:12]
    registered = await whistled(callers, title=f"路灯{word}")
    case_no = registered["case_no"]
    unpublished = WINDOW_2026.model_copy(update={"version": 99, "published_through": date(2020, 12, 31)})
    await gateway.submit(case_no, AdoptCalendar(command_id=word, actor=CLOCKWORK, calendar=unpublished))
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}", live=True)
    assert "日期暂定" in page.text
    assert "换用第99版工作日历，已公布至2020年12月31日（周四）" in page.text
    assert "原因：工作日历更新" in page.text
    assert "暂定" in (await dispatcher.see("/cases", q=word)).text
    told = (await tracked(visitors, registered)).text
    assert "“暂定”：" in told
    assert "因工作日历更新，答复期限现为" in told


async def test_what_is_soon_due_is_found_by_filters(visitors: Visitors, callers: Callers) -> None:
    word = uuid4().hex[:12]
    case_no = (await whistled(callers, title=f"路灯{word}"))["case_no"]
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    soon = await dispatcher.see("/cases", q=word, due_soon="true")
    assert soon.form("/cases").values["due_soon"] == ["true"]
    assert case_no not in soon.text
    for only in ("due_soon", "overdue"):
        page = await handler.see("/units/housing/inbox", only=only)
        assert case_no not in page.text


async def test_batches_are_watched_by_those_who_watch_over_cases(visitors: Visitors, sessions: Sessions) -> None:
    now = datetime.now(UTC)
    change = {"kind": "adopt_policy", "policy": uuid4().hex, "version": 3, "where": {"kind": "help"}}
    row = {"kind": "adopt_policy", "change": change, "requested_by": "某人", "requested_at": now, "started_at": now}
    async with sessions.begin() as session:
        session.add(BatchRow(batch_id=uuid4().hex, total=40, reached=30, left=4, ended_at=now, **row))
    page = await visitors.role(Role.SUPERVISOR).see("/batches")
    assert f"选定的案件改用规则“{change['policy']}”第3版" in page.text
    assert "待更新 4 件；6 件已归档或转由后来的变更处理。" in page.text
    assert "not_yours_to_do" in (await visitors.dispatcher.see("/batches", 403)).text
    assert "批量变更" not in (await visitors.dispatcher.see("/cases")).text
    of_a_region = visitors.role(Role.SUPERVISOR, region=TOWNSHIP)
    assert "超出您的管辖区域。" in (await of_a_region.see("/batches", 403)).text
    assert "批量变更" not in (await of_a_region.see("/cases")).text
