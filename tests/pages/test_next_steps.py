"""The buttons: who sees which, and that pressing one carries the case on as the API would."""

import pytest

from tests.api.calling import TOWNSHIP, Callers
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role

OF_ACCEPTED = {
    *("urge", "supervise", "escalate", "commit", "set-risk", "contacts", "serve-notice"),
    *("report-danger", "record-limitation"),
}
"""What everybody of the centre may do with a case that was accepted."""
OF_DISPATCHER = {
    *OF_ACCEPTED,
    *("whistle", "settle", "withdraw", "request-whistle", "consult", "refer", "merge", "divide", "gather"),
    *("transfer", "legal-route"),
}


async def accepted(callers: Callers) -> str:
    registered = await callers.dispatcher.report()
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    return str(registered["case_no"])


async def whistled(callers: Callers, **whistle: object) -> str:
    case_no = await accepted(callers)
    await callers.dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "归住建"} | whistle)
    return case_no


async def test_a_case_is_carried_to_its_end_by_forms_alone(visitors: Visitors, callers: Callers) -> None:
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    registered = await callers.dispatcher.report()
    case_no = registered["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept")
    page = await dispatcher.see(f"/cases/{case_no}")
    assert page.steps == OF_DISPATCHER
    assert "housing" in page.form("/whistle").choices["lead_unit"]
    page = await dispatcher.send(page, "/whistle", lead_unit="housing", reason="请去看看")
    assert "已完成：吹哨" in page.text
    assert "云江市住房和城乡建设局" in page.text
    assert "请去看看" in page.text

    page = await handler.see(f"/cases/{case_no}")
    of_task = {"sign", "contact", "report-in", "progress", "finish", "send-back", "request-extension", "rate-whistle"}
    assert page.steps == of_task | {"withdraw", "commit", "report-danger"}
    page = await handler.send(page, "/sign")
    assert "已签收" in page.text
    assert "sign" not in page.steps
    page = await handler.send(page, "/contact", note="通过电话")
    page = await handler.send(page, "/report-in")
    assert "办理中" in page.text
    page = await handler.send(page, "/finish", reply="灯已修好")
    assert page.steps == {"rate-whistle", "report-danger"}

    page = await dispatcher.see(f"/cases/{case_no}")
    assert "verify" in page.steps
    page = await dispatcher.send(page, "/verify", passed="true", note="夜里看过")
    page = await dispatcher.send(page, "/callback", outcome="reached", solved="yes", rating="satisfied")
    assert "已结案" in page.text
    assert page.steps == {"callback", "reopen", "serve-notice", "rate-report-in", "record-limitation"}
    assert "承办人" in page.text
    assert "灯已修好" in page.text


async def test_what_a_rule_forbids_is_said_in_place_and_the_words_are_kept(
    visitors: Visitors, callers: Callers
) -> None:
    case_no = await accepted(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    refused = await dispatcher.send(
        page, "/whistle", 409, lead_unit="housing", co_units=["housing"], reason="写了很久的事由"
    )
    assert "unit_twice" in refused.text
    assert "同一单位在一个案件中同时只能有一项任务" in refused.text
    form = refused.form("/whistle")
    assert form.values["reason"] == ["写了很久的事由"]
    assert form.values["lead_unit"] == ["housing"]
    assert form.values["co_units"] == ["housing"]
    followed = await dispatcher.send(refused, "/whistle", co_units=[])
    assert "写了很久的事由" in followed.text


async def test_a_step_that_came_too_late_keeps_its_words_too(visitors: Visitors, callers: Callers) -> None:
    case_no = await accepted(callers)
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    await callers.dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "先一步"})
    refused = await dispatcher.send(page, "/settle", 409, reply="答复写好了")
    assert "case_not_accepted" in refused.text
    assert "答复写好了" in refused.text


async def test_an_empty_field_is_named(visitors: Visitors, callers: Callers) -> None:
    case_no = await accepted(callers)
    dispatcher = visitors.dispatcher
    refused = await dispatcher.send(await dispatcher.see(f"/cases/{case_no}"), "/settle", 422, reply="   ")
    assert "not_valid" in refused.text
    assert "必填" in refused.text


async def test_sending_a_form_twice_does_it_once(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers)
    handler = visitors.handler()
    page = await handler.see(f"/cases/{case_no}")
    for _ in range(2):
        after = await handler.send(page, "/progress", note="只写一次")
    assert after.text.count("只写一次") == 1


async def test_a_form_without_this_sessions_mark_changes_nothing(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers)
    handler, other = visitors.handler(), visitors.handler("urban_management")
    page = await handler.see(f"/cases/{case_no}")
    foreign = (await other.see("/units/urban_management/inbox")).form("/logout").values["form_token"]
    for mark in ("", "0" * 64, foreign[0], "不是"):
        refused = await handler.send(page, "/sign", 403, form_token=mark)
        assert "form_expired" in refused.text
    assert "sign" in (await handler.see(f"/cases/{case_no}")).steps


async def test_buttons_are_the_roles_own(visitors: Visitors, callers: Callers) -> None:
    case_no = await accepted(callers)
    expected = {
        Role.DISPATCHER: OF_DISPATCHER,
        Role.SUPERVISOR: OF_ACCEPTED,
        Role.GRID_WORKER: {"settle", "withdraw", "contacts", "request-whistle", "report-danger"},
        Role.AUDITOR: set(),
        Role.OPERATOR: set(),
        Role.MEDIATOR: {"report-danger", "record-limitation"},
    }
    for role, steps in expected.items():
        page = await visitors.role(role, region=TOWNSHIP).see(f"/cases/{case_no}")
        assert page.steps == steps, role


async def test_a_step_of_another_role_is_refused_even_without_its_button(visitors: Visitors, callers: Callers) -> None:
    case_no = await accepted(callers)
    supervisor = visitors.role(Role.SUPERVISOR)
    page = await supervisor.see(f"/cases/{case_no}")
    page.form("/urge").action = f"/cases/{case_no}/settle"
    refused = await supervisor.send(page, "/settle", 403, reply="x")
    assert "not_yours_to_do" in refused.text


async def test_another_units_task_has_no_buttons(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers, co_units=["urban_management"])
    page = await visitors.handler("urban_management").see(f"/cases/{case_no}")
    tasks = {form.action.split("/")[2] for form in page.forms if form.action.startswith("/tasks/")}
    assert tasks == {f"{case_no}-T2"}


async def test_only_co_units_that_are_at_it_can_be_released(visitors: Visitors, callers: Callers) -> None:
    alone, together = await whistled(callers), await whistled(callers, co_units=["urban_management"])
    dispatcher = visitors.dispatcher
    assert "release" not in (await dispatcher.see(f"/cases/{alone}")).steps
    page = await dispatcher.see(f"/cases/{together}")
    assert page.form("/release").choices["task_no"] == [f"{together}-T2"]
    page = await dispatcher.send(page, "/release", task_no=f"{together}-T2", reason="不用了")
    assert "已取消" in page.text


async def test_steps_from_the_inbox_lead_back_to_it(visitors: Visitors, callers: Callers) -> None:
    case_no = await whistled(callers, lead_unit="emergency_management")
    handler = visitors.handler("emergency_management")
    page = await handler.see("/units/emergency_management/inbox")
    assert f"{case_no}-T1" in page.text
    signed = await handler.send(page, f"{case_no}-T1/sign")
    assert signed.path == "/units/emergency_management/inbox"
    assert "已完成：签收" in signed.text
    refused = await handler.send(signed, f"{case_no}-T1/finish", 422, reply="", internal_note="写给自己的")
    assert refused.form(f"{case_no}-T1/finish").values["internal_note"] == ["写给自己的"]


async def test_while_the_process_is_away_nothing_typed_is_lost(
    visitors: Visitors, visitors_without_temporal: Visitors, callers: Callers
) -> None:
    case_no = await accepted(callers)
    away = visitors_without_temporal.dispatcher
    page = await away.see(f"/cases/{case_no}")
    refused = await away.send(page, "/settle", 503, reply="已经处理好了")
    assert "case_unavailable" in refused.text
    assert refused.form("/settle").values["reply"] == ["已经处理好了"]
    assert refused.form("/settle").values["key"] == page.form("/settle").values["key"]
    stale = await away.see(f"/cases/{case_no}", live=True)
    assert "可能不是最新" in stale.text
    dispatcher = visitors.dispatcher
    settled = await dispatcher.send(await dispatcher.see(f"/cases/{case_no}"), "/settle", reply="好")
    assert "已完成：当场办结" in settled.text


@pytest.mark.parametrize("address", ["/cases/990102202601010001/dance", "/tasks/990102202601010001-T1/dance"])
async def test_a_step_that_there_is_not_is_404(visitors: Visitors, address: str) -> None:
    dispatcher = visitors.dispatcher
    page = await dispatcher.see("/cases")
    page.form("/logout").action = address
    await dispatcher.send(page, address, 404)
