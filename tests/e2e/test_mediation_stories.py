"""Four disputes with their dates on the calendar of 2026, as people see them through the interface."""

from tests.driving import until
from tests.e2e.dated_case import clock_of, moment
from tests.e2e.dated_mediation import BOTH, COMMITTEE, DatedMediation, step
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts.vocabulary import Role

COURT, LABOUR = "court-990102", "committee-labour"


async def test_a_leak_goes_from_the_committee_to_the_courts_mediator_and_is_registered_as_a_suit(
    apart: Installation,
) -> None:
    case = DatedMediation(apart, at("2026-03-02T09:00"))
    steps = (step("people", COMMITTEE, f"mediator-{COMMITTEE}"), step("court_before_filing", COURT))
    await case.opened({"type": "neighbour"}, *steps, title="楼上漏水")
    await case.consented()
    await case.host("take-up")
    assert (await case.limit(1))["due_date"] == "2026-04-02"

    await case.skip_to(at("2026-04-02T16:00"))
    await case.host("fail", reason="未达成一致")
    await case.consented()
    await case.skip_to(at("2026-04-07T10:00"))
    await case.centre("name-mediator", mediator_id=f"mediator-{COURT}", chosen="by_the_parties")
    await case.host("take-up", unit=COURT)
    assert (await case.limit(2))["due_date"] == "2026-05-07"
    await case.skip_to(at("2026-04-20T09:00"))
    await case.host("pause", unit=COURT, ground="pre_filing_appraisal", until="2026-05-31", reason="渗漏原因鉴定")
    await case.skip_to(at("2026-05-11T15:00"))
    await case.host("go-on", unit=COURT, reason="鉴定结论已出")
    limit = await case.limit(2)
    assert (limit["due_date"], moment(limit["due_at"])) == ("2026-05-29", at("2026-05-30T00:00"))

    await case.skip_to(at("2026-05-29T16:00"))
    async with case.court(COURT, agree=0.0):
        await case.host("refer-outside", unit=COURT, system="court", unit_id=COURT)
        await until(lambda: case.failed(2), "the court has answered")
    talks = await case.centre("end", remedy="court", reason="法院已登记立案")
    await case.until_case_is("legal_route")
    received, ended = await case.said_in_talks("outside_answered", COURT)
    assert ("诉前调" in received["number"], "民初" in ended["number"], ended["agreed"]) == (True, True, False)
    assert (talks["papers"][-1]["paper"], talks["papers"][-1]["to"]) == ("route_notice", list(BOTH))
    notices = (await case.dispatcher.get(f"/cases/{case.case_no}/notices"))["items"]
    assert [notice["kind"] for notice in notices] == ["receipt", "route"]
    assert [said["data"]["route"] for said in await case.said("legal_route_taken")] == ["court"]


async def test_unpaid_wages_fail_after_fifteen_days_and_go_to_arbitration_with_the_period_begun_anew(
    apart: Installation,
) -> None:
    case = DatedMediation(apart, at("2026-01-08T09:00"))
    wages = {"type": "wages", "wages": True, "amount": "18600"}
    await case.opened(wages, step("labour", LABOUR, f"mediator-1-{LABOUR}"), title="拖欠工资", source="petition")
    await case.dispatcher.post(
        f"/cases/{case.case_no}/record-limitation", {"limitation": "labour", "began_on": "2025-12-31"}
    )
    await case.host("apply", unit=LABOUR, party_no="P1")
    await case.consented()
    await case.host("take-up", unit=LABOUR)
    limit = await case.limit()
    assert (limit["limit"], limit["due_date"]) == ("15 calendar_days", "2026-01-23")

    await case.takes_the_case_along()
    await case.skip_to(at("2026-01-23T16:00"))
    await case.host("fail", unit=LABOUR, reason="单位不同意支付")
    body = {"remedy": "court", "reason": "起诉"}
    refused = await case.dispatcher.post(f"/mediations/{case.number}/end", body, 409)
    assert (refused["code"], "arbitration, level_up, payment_order" in refused["detail"]) == ("remedy_not_open", True)
    await case.centre("end", remedy="arbitration", reason="申请仲裁")
    notice = await case.written("route_notice", LABOUR)
    assert [words in notice for words in ("申请仲裁", "最迟：2027年1月25日", "申请支付令")] == [True] * 3

    shown = await case.until_case_is("legal_route")
    before, anew = shown["limitations"]
    assert (before["effect"], before["interrupted_at"][:10]) == ("interrupted", "2026-01-08")
    assert (anew["restarted_from"], anew["began_on"]) == (before["clock_id"], "2026-01-23")
    # A year later is a Saturday.
    assert clock_of(shown, anew["clock_id"])["due_date"] == "2027-01-25"
    assert clock_of(shown, "legal_outcome")["due_date"] == "2026-04-23"


async def test_a_red_family_case_locks_its_mediation_and_protects_the_child_and_who_told(apart: Installation) -> None:
    case = DatedMediation(apart, at("2026-08-15T22:05"))
    await case.opened({"type": "family"}, step("people", COMMITTEE, f"mediator-{COMMITTEE}"), title="家庭矛盾")
    await case.takes_the_case_along()
    danger = {"kinds": ["violence"], "minors": True, "note": "孩子在场，邻居老赵看见"}
    grid_worker = case.callers.role(Role.GRID_WORKER, user="grid-finder")
    found = await grid_worker.post(f"/cases/{case.case_no}/report-danger", danger)
    due = {clock["name"]: f"{moment(clock['due_at']):%H:%M}" for clock in found["clocks"]}
    assert found["risk"] == "red"
    assert (due["danger_call"], due["duty_leader"], due["protection_report"]) == ("22:10", "23:05", "23:05")
    await until(case.locked, "the mediation is locked")
    assert (await case.refuses("consent", party_no="P1", agreed=True))["code"] == "mediation_is_locked"

    await case.skip_to(at("2026-08-15T22:09"))
    await grid_worker.post(f"/cases/{case.case_no}/record-110-call", {"receipt_no": "110-7788"})
    told = {"to": "women_federation", "receipt": "已接报"}
    await case.mediator().post(f"/cases/{case.case_no}/report-protection", told)
    shown = await case.does("record-duty-leader", note="已到现场")
    in_time = [clock_of(shown, name) for name in ("danger_call", "duty_leader", "protection_report")]
    assert [(f"{moment(one['met_at']):%H:%M}", one["breached_at"]) for one in in_time] == [("22:09", None)] * 3
    assert (shown["danger"]["called"], shown["danger"]["protection_reported"]) == (True, True)
    assert (await case.talks())["locked"]

    outsider = case.callers.role(Role.AUDITOR)
    items = (await outsider.get(f"/cases/{case.case_no}/timeline", limit=200))["items"]
    assert [item["actor"]["id"] for item in items if item["kind"] == "danger_reported"] == ["protected"]
    assert [word for word in ("grid-finder", "老赵") if word in str(items)] == []


async def test_a_peoples_agreement_is_confirmed_on_the_last_day(apart: Installation) -> None:
    case = DatedMediation(apart, at("2026-09-02T10:00"))
    await case.opened({"type": "debt"}, step("people", COMMITTEE, f"mediator-{COMMITTEE}"), title="借款不还")
    await case.consented()
    await case.host("take-up")
    owed = {"promisor": "P2", "to": "P1", "what": "归还借款", "due": "2026-12-01", "amount": "3000"}
    agreed = await case.agreed(owed)
    confirmation = clock_of(agreed, "confirmation")
    assert (confirmation["due_date"], moment(confirmation["due_at"])) == ("2026-10-08", at("2026-10-09T00:00"))
    await case.until_case_is("agreed")
    await case.skip_to(at("2026-10-08T16:00"))
    async with case.court(COURT):
        await case.host("apply-confirmation", court=COURT, parties=BOTH)
        talks = await until(case.decided, "the court has decided")
    accepted, decided = await case.said_in_talks("confirmation_answered")
    assert (accepted["status"], "诉前调确" in accepted["number"], decided["status"]) == ("accepted", True, "confirmed")
    assert moment(clock_of(talks, "confirmation")["met_at"]) == at("2026-10-08T16:00")


async def test_no_court_is_asked_to_confirm_a_divorce(apart: Installation) -> None:
    case = DatedMediation(apart, at("2026-09-02T10:00"))
    await case.opened({"type": "family"}, step("people", COMMITTEE, f"mediator-{COMMITTEE}"), title="婚姻纠纷")
    await case.consented()
    await case.host("take-up")
    owed = {"promisor": "P2", "to": "P1", "what": "搬出共有住房", "due": "2026-12-01"}
    agreed = await case.agreed(owed, clauses=["status_of_persons"])
    assert agreed["why_not_confirmable"]["message_zh"] == "协议含有法院不予确认的内容。"
    refused = await case.refuses("apply-confirmation", court=COURT, parties=BOTH)
    assert refused["code"] == "clause_not_confirmable"
