"""What the pages show: lists, one case, inbox, errors; for every role, and with hostile words in them."""

from uuid import uuid4

import pytest
from fastapi import Response
from temporalio.client import Client

from api.errors import PROBLEM_JSON
from api.pages.view import Shown
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from tests.api.calling import OTHER_COUNTY, TOWNSHIP, Callers
from tests.pages.visiting import Visitors, app_with_pages
from workflows.contracts.vocabulary import Role

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}"
READERS = [role for role in Role if role not in {Role.REQUESTER, Role.HANDLER, Role.SYSTEM}]


@pytest.mark.parametrize("role", READERS)
async def test_every_role_reads_lists_and_cases(visitors: Visitors, callers: Callers, role: Role) -> None:
    registered = await callers.dispatcher.report(title=f"给{role}看的")
    visitor = visitors.role(role)
    page = await visitor.see("/cases", q=f"给{role}看的")
    assert registered["case_no"] in page.text
    await visitor.see("/cases/overdue")
    case = await visitor.see(f"/cases/{registered['case_no']}")
    assert "下一步由谁负责" in case.text
    assert "调度员" in case.text


async def test_what_people_wrote_is_text_and_nothing_else(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report(
        title=f"标题{HOSTILE}", description=HOSTILE, location={"text": HOSTILE}, requester={"name": HOSTILE}
    )
    case_no = registered["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept", {"note": HOSTILE})
    await callers.dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": HOSTILE})
    dispatcher, handler = visitors.dispatcher, visitors.handler()
    page = await dispatcher.see(f"/cases/{case_no}")
    requester = await dispatcher.send(page, "/requester")
    refused = await handler.send(await handler.see(f"/cases/{case_no}"), "/finish", 422, internal_note=HOSTILE)
    found = await dispatcher.see("/cases", q=HOSTILE[:80])
    tracked = await visitors.nobody().send(
        await visitors.nobody().see(f"/track/{registered['tracking_code']}"), "", pin=registered["pin"]
    )
    for shown in (page, requester, refused, found, tracked, await handler.see("/units/housing/inbox")):
        assert "<script>alert" not in shown.html
        assert "<img" not in shown.html
    # Shown as it was written: no template was made of it either.
    assert HOSTILE in page.text
    assert HOSTILE in requester.text


async def test_filters_find_what_they_say(visitors: Visitors, callers: Callers) -> None:
    word = uuid4().hex[:12]
    wanted = await callers.dispatcher.report(title=f"漏水{word}", kind="hazard")
    other = await callers.dispatcher.report(title=f"噪声{word}", kind="complaint")
    dispatcher = visitors.dispatcher
    page = await dispatcher.see("/cases", q=word, kind="hazard", status="", region=TOWNSHIP, sort="registered_at")
    assert wanted["case_no"] in page.text
    assert other["case_no"] not in page.text
    assert page.form("/cases").values["kind"] == ["hazard"]
    assert page.form("/cases").values["q"] == [word]
    none = await dispatcher.see("/cases", q=word, region=OTHER_COUNTY)
    assert "没有符合条件的案件" in none.text
    wrong = await dispatcher.see("/cases", 422, status="nonsense")
    assert "填写有误" in wrong.text


async def test_a_long_list_has_further_pages(visitors: Visitors, callers: Callers) -> None:
    word = uuid4().hex[:12]
    for number in range(31):
        await callers.dispatcher.report(title=f"{word}第{number}件")
    dispatcher = visitors.dispatcher
    first = await dispatcher.see("/cases", q=word)
    assert "共 31 件" in first.text
    further = first.html.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = await dispatcher.see(f"/cases{further}")
    assert f"{word}第0件" in second.text
    assert f"{word}第1件" not in second.text
    assert 'rel="next"' not in second.html
    lost = await dispatcher.see("/cases", 422, cursor="nonsense")
    assert "翻页位置已失效" in lost.text


async def test_a_case_tells_its_story_in_words_and_on_request_in_full(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    case_no = registered["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept", {"note": "马上办"})
    dispatcher = visitors.dispatcher
    page = await dispatcher.see(f"/cases/{case_no}")
    for words in ("诉求登记在案，由村社区/嘎查一级受理", "马上办", "答复诉求人", "工作时间还剩", "5个工作日"):
        assert words in page.text
    assert "开始计时" not in page.text
    assert "开始计时" in (await dispatcher.see(f"/cases/{case_no}", all=True)).text


async def test_looking_at_the_requester_is_not_for_everybody(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report(requester={"name": "某某", "phone": "14000000009"})
    path = f"/cases/{registered['case_no']}"
    dispatcher, auditor = visitors.dispatcher, visitors.role(Role.AUDITOR)
    page = await dispatcher.see(path)
    assert "14000000009" not in page.html
    shown = await dispatcher.send(page, "/requester")
    assert "14000000009" in shown.text
    assert "本次查看已记录在案" in shown.text
    assert "查看诉求人" not in (await auditor.see(path)).text


async def test_a_unit_reads_its_own_inbox_only(visitors: Visitors) -> None:
    handler = visitors.handler("postal")
    assert "收件箱是空的" in (await handler.see("/units/postal/inbox")).text
    assert "not_yours_to_do" in (await handler.see("/units/housing/inbox", 403)).text
    await visitors.dispatcher.see("/units/housing/inbox")
    await visitors.dispatcher.see("/units/nowhere/inbox", 404)


async def test_errors_are_pages_for_browsers_and_problems_for_programs(visitors: Visitors, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    elsewhere = visitors.role(Role.DISPATCHER, region=OTHER_COUNTY)
    assert "没有找到" in (await elsewhere.see(f"/cases/{registered['case_no']}", 404)).text
    for unknown in ("/nowhere", "/cases/990102202601010001/no/where", "/static/nowhere.css", "/docs/assets/nowhere.js"):
        assert "没有找到" in (await visitors.nobody().see(unknown, 404)).text
    assert "not_yours_to_do" in (await visitors.role(Role.REQUESTER).see("/cases", 403)).text
    program = await visitors.nobody().http.get("/api/v1/cases")
    assert program.headers["content-type"] == "application/problem+json"
    program = await visitors.nobody().http.get("/cases", headers={"Accept": "application/json"})
    assert (program.status_code, program.json()["code"]) == (401, "no_token")


async def test_a_page_that_cannot_be_made_is_still_answered_and_tells_nothing(
    sessions: Sessions, gateway: CaseGateway, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_with_pages(sessions, gateway, client)

    def unrenderable(view: Shown) -> Response:
        return view.page("requester.html", person="王小明")

    def unreadable() -> Response:
        return Response("王小明", 409, media_type=PROBLEM_JSON)

    app.add_api_route("/unrenderable", unrenderable)
    app.add_api_route("/unreadable", unreadable)
    nobody = Visitors(app).nobody()
    assert "系统出错了" in (await nobody.see("/unrenderable", 500)).text
    # Of this not even an error page can be made.
    answer = await nobody.http.get("/unreadable")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    said = "".join(capsys.readouterr())
    assert "UndefinedError" in said
    assert "JSONDecodeError" in said
    assert "王小明" not in said
