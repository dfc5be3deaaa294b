"""Joint mediation on the pages: from the form that opens it to the agreement, and what of it stays confidential."""

import re
from datetime import UTC, datetime, timedelta

from api.pages.mediation_offers import talk_offers
from api.tokens import Caller
from tests.api.calling import VILLAGE, Callers
from tests.pages.visiting import Page, Visitor, Visitors
from tests.rules.mediation.talks import Talks, talks
from workflows.contracts.mediation.commands import LockMediation
from workflows.contracts.vocabulary import Role

COMMITTEE = f"committee-{VILLAGE}"
MEDIATOR = f"leader-{COMMITTEE}"
SIDES = {
    "parties.0.side": "applicant",
    "parties.0.name": "甲某",
    "parties.1.side": "respondent",
    "parties.1.name": "乙某",
}


async def _opened(dispatcher: Visitor, callers: Callers) -> Page:
    """The mediation's page, as the centre sees it after it opened it by the form on the case's."""
    case_no = (await callers.dispatcher.report(kind="dispute", title="楼上漏水"))["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept")
    page = await dispatcher.see(f"/cases/{case_no}")
    page = await dispatcher.send(page, f"/{case_no}/mediations", **{"dispute.0.type": "neighbour"}, **SIDES)
    assert page.path == f"/mediations/{case_no}-M1"
    return page


async def test_a_dispute_is_talked_out_by_forms_alone(visitors: Visitors, callers: Callers) -> None:
    dispatcher = visitors.dispatcher
    page = await _opened(dispatcher, callers)
    path = page.path
    # The form holds what the rules propose; the host is the nearest that can be.
    plan = page.form("/decide-plan")
    assert plan.values["tracks.0.form"] == ["people"]
    assert plan.values["tracks.0.host"] == [COMMITTEE]
    assert "人民调解是基础" in page.text
    assert "医疗纠纷" in page.text
    page = await dispatcher.send(page, "/decide-plan", reason="先由村里调解", **{"tracks.0.invited": ["housing"]})
    assert "征求各方当事人是否同意第1步" in page.text
    assert "take-up" not in page.steps
    await callers.dispatcher.post(f"{path}/consent", {"party_no": "P1", "agreed": True})
    page = await dispatcher.send(page, "/consent", party_no="P2", agreed="true")
    assert "各方当事人均同意" in page.text

    mediator = visitors.role(Role.MEDIATOR, unit=COMMITTEE, region=VILLAGE)
    page = await mediator.see(path)
    page = await mediator.send(page, "/take-up")
    page = await mediator.send(page, "/name-mediator", mediator_id=MEDIATOR, ties="与甲某同村")
    begins = datetime.now(UTC) + timedelta(days=3)
    hour = {"starts_at": begins.strftime("%Y-%m-%dT09:00"), "ends_at": begins.strftime("%Y-%m-%dT11:00")}
    page = await mediator.send(page, "/schedule-session", **hour)
    assert "安排第1次调解" in page.text
    assert "调解通知书" in page.text
    invitation = await mediator.http.get(f"{path}/sessions.ics")
    assert invitation.headers["content-type"].startswith("text/calendar")
    invited = await visitors.handler().see(path)
    assert "本单位参加的联合调解" in invited.text
    assert f"{begins:%Y-%m-%d} 09:00" in invited.text
    assert "甲某" not in invited.text
    due = (begins + timedelta(days=20)).date().isoformat()
    promise = {"promisor": "P2", "to": "P1", "what": "修好防水", "due": due, "amount": "1200.50"}
    terms = {f"promises.0.{name}": value for name, value in promise.items()}
    page = await mediator.send(page, "/draft-agreement", terms="双方各退一步", **terms)
    assert "还缺" in page.text
    assert "被申请人乙某签名、盖章或者按指印" in page.text
    sealed = await dispatcher.see(path)
    assert "双方各退一步" not in sealed.text
    assert "内容保密" in sealed.text
    scan = {"scan": ("协议.pdf", b"%PDF-1.4", "application/pdf")}
    page = await mediator.send(page, "/sign", files=scan, by="parties", party_no="P1")
    assert "还缺 ：被申请人乙某签名" in page.text
    (kept,) = set(re.findall(r"/attachments/([0-9a-f-]{36})", page.html))
    by_api = callers.role(Role.MEDIATOR, unit=COMMITTEE, region=VILLAGE)
    for mark in ({"by": "parties", "party_no": "P2"}, {"by": "mediator"}):
        await by_api.post(f"{path}/sign", mark | {"scan": kept})
    page = await mediator.send(page, "/sign", files=scan, by="seal")
    assert "可以申请司法确认" in page.text
    assert "调解协议生效" in page.text
    page = await mediator.send(page, "/check-fulfilment", item_no="I1", kept="true")
    assert "协议全部履行，纠纷化解" in page.text
    assert page.steps <= {"serve-paper", "record-support"}


async def test_a_refused_plan_keeps_its_words_and_a_danger_locks_in_red(visitors: Visitors, callers: Callers) -> None:
    dispatcher = visitors.dispatcher
    page = await _opened(dispatcher, callers)
    number = page.path.rpartition("/")[2]
    unfit = {"tracks.0.form": "medical", "tracks.0.host": "committee-medical", "reason": "先由医调委调解"}
    refused = await dispatcher.send(page, "/decide-plan", 409, **unfit)
    assert refused.form("/decide-plan").values["reason"] == ["先由医调委调解"]
    assert number in (await dispatcher.see("/mediations", status="opened")).text
    assert number not in (await dispatcher.see("/mediations", status="agreed")).text
    page = await dispatcher.send(page, "/report-danger", kinds=["violence"], note="动了刀")
    assert "存在现实危险，调解锁定" in page.text
    assert "danger-banner" in page.html
    assert "decide-plan" not in page.steps


async def test_a_mediator_without_mediations_is_told_so(visitors: Visitors) -> None:
    nobodys = await visitors.role(Role.MEDIATOR, unit="committee-medical").see("/mediations")
    assert "没有已安排的调解" in nobodys.text
    assert "还没有由您或您的单位主持的调解" in nobodys.text


async def test_a_party_answers_by_a_button_with_her_pin(visitors: Visitors, callers: Callers) -> None:
    centre, resident = callers.dispatcher, visitors.nobody()
    receipt = await centre.report(kind="dispute", requester={"name": "甲某"})
    body = {
        "dispute": {"type": "neighbour"},
        "parties": [{"side": "applicant", "name": "甲某"}, {"side": "respondent", "name": "乙某"}],
    }
    (number,) = (await centre.post(f"/cases/{receipt['case_no']}/mediations", body, 201))["mediations"]
    plan = {"tracks": [{"form": "people", "host": COMMITTEE}], "reason": "先由村里调解"}
    await centre.post(f"/mediations/{number}/decide-plan", plan)
    code = f"/track/{receipt['tracking_code']}"
    page = await resident.see(code)
    assert "是否同意" not in page.text
    page = await resident.send(page, code, pin=receipt["pin"])
    assert "是否同意人民调解？" in page.text
    page = await resident.send(page, "/consent", agreed="true", note="愿意谈")
    assert "已记录您的答复" in page.text
    page = await resident.send(page, "/leave-mediation", reason="不想谈了")
    assert "当事人不同意调解" in page.text
    assert "提起诉讼" in page.text


def test_only_the_host_is_offered_its_steps_and_under_danger_only_refusals_are_heard() -> None:
    talk = talks().planned("people")
    host = Caller(id="m1", role=Role.MEDIATOR, region=None, unit="host-people")
    other = Caller(id="m2", role=Role.MEDIATOR, region=None, unit="elsewhere")

    def offered(story: Talks, by: Caller) -> set[str]:
        return {offer.step.name for offer in talk_offers(story.state, by, story.now)}

    assert {"consent", "apply", "name-mediator", "fail"} <= offered(talk, host)
    assert "take-up" not in offered(talk, host)
    assert "take-up" in offered(talk.consented(), host)
    assert offered(talk, other) == {"report-danger"}
    locked = talk.when(LockMediation, locked=True)
    assert "consent" in offered(locked, host)
    assert not {"apply", "report-danger"} & offered(locked, host)
