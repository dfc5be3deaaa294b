"""Formal notices: reading them, and recording how and when they were served."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from api.notices import ruled_out
from infra.database import Sessions
from infra.tables import AuditEntry
from tests.api.calling import OTHER_COUNTY, Callers
from tests.api.dispatching import dispatched
from workflows.contracts.vocabulary import Role, ServiceMethod


async def _accepted(callers: Callers, **report: Any) -> dict[str, Any]:
    registered: dict[str, Any] = await callers.dispatcher.report(**report)
    await callers.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    return registered


def _served(case_no: str, how: str = "mail", **given: Any) -> dict[str, Any]:
    return {"notice_no": f"{case_no}-N1", "how": how, **given}


async def test_a_notice_waits_to_be_served_and_is_served_once(at_work: Callers) -> None:
    case_no = (await _accepted(at_work))["case_no"]
    path, dispatcher = f"/cases/{case_no}", at_work.dispatcher
    (notice,) = (await dispatcher.get(f"{path}/notices"))["items"]
    assert (notice["notice_no"], notice["kind"]) == (f"{case_no}-N1", "receipt")
    assert (notice["served_at"], notice["how"]) == (None, None)
    await dispatcher.post(f"{path}/serve-notice", _served(case_no, note="挂号信"))
    (notice,) = (await dispatcher.get(f"{path}/notices"))["items"]
    assert notice["how"] == "mail"
    assert notice["served_at"] is not None
    again = await dispatcher.post(f"{path}/serve-notice", _served(case_no), 409)
    assert again["code"] == "already_served"


async def test_service_lies_between_the_issue_and_now(at_work: Callers) -> None:
    case_no = (await _accepted(at_work))["case_no"]
    path, supervisor = f"/cases/{case_no}/serve-notice", at_work.role(Role.SUPERVISOR)
    for days, code in ((1, "served_in_future"), (-1, "served_before_issued")):
        served_at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        refused = await supervisor.post(path, _served(case_no, served_at=served_at), 409)
        assert refused["code"] == code
    unknown = await supervisor.post(path, {"notice_no": f"{case_no}-N9", "how": "mail"}, 409)
    assert unknown["code"] == "unknown_notice"


async def test_the_text_is_the_centres_to_read_and_each_look_is_on_record(at_work: Callers, sessions: Sessions) -> None:
    requester = {"name": "王秀英", "phone": "13800000000"}
    case_no = (await _accepted(at_work, requester=requester))["case_no"]
    path = f"/cases/{case_no}/notices/{case_no}-N1"
    read = await at_work.role(Role.DISPATCHER, user="reader-of-notices").get(path)
    assert "王秀英：" in read["html"]
    async with sessions() as session:
        look = select(AuditEntry).where(AuditEntry.case_no == case_no, AuditEntry.action == "read_notice")
        (entry,) = await session.scalars(look)
    assert (entry.actor, entry.detail["notice"]) == ("reader-of-notices", f"{case_no}-N1")
    await at_work.role(Role.AUDITOR).get(path, 403)
    await at_work.role(Role.DISPATCHER, region=OTHER_COUNTY).get(path, 404)
    await at_work.dispatcher.get(f"/cases/{case_no}/notices/{case_no}-N9", 404)


async def test_a_unit_at_work_sees_that_there_are_notices_and_serves_none(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    listed = await at_work.handler().get(f"/cases/{case_no}/notices")
    assert [item["kind"] for item in listed["items"]] == ["receipt"]
    await at_work.handler().get(f"/cases/{case_no}/notices/{case_no}-N1", 403)
    await at_work.handler().post(f"/cases/{case_no}/serve-notice", _served(case_no), 403)


async def test_safe_contact_rules_the_service(at_work: Callers) -> None:
    wishes = {"how": "白天短信", "never": "不要上门，不要打电话"}
    case_no = (await _accepted(at_work, requester={"name": "李梅", "safe_contact": wishes}))["case_no"]
    path, dispatcher = f"/cases/{case_no}", at_work.dispatcher
    (unserved,) = (await dispatcher.get(f"{path}/notices"))["items"]
    assert unserved["safe_contact"]["never"] == wishes["never"]
    (of_auditor,) = (await at_work.role(Role.AUDITOR).get(f"{path}/notices"))["items"]
    assert of_auditor["safe_contact"] is None
    for how in ("phone", "in_person"):
        refused = await dispatcher.post(f"{path}/serve-notice", _served(case_no, how), 422)
        assert refused["code"] == "not_safe_contact"
    await dispatcher.post(f"{path}/serve-notice", _served(case_no, "electronic"))
    (served,) = (await dispatcher.get(f"{path}/notices"))["items"]
    assert served["safe_contact"] is None


@pytest.mark.parametrize(
    ("never", "expected"),
    [
        ("phone", {ServiceMethod.PHONE}),
        ("Never call, never visit", {ServiceMethod.PHONE, ServiceMethod.IN_PERSON}),
        ("leave_on_site, public_notice", {ServiceMethod.LEAVE_ON_SITE, ServiceMethod.PUBLIC_NOTICE}),
        ("e-mail", {ServiceMethod.ELECTRONIC, ServiceMethod.MAIL}),
        ("不要邮寄到家", {ServiceMethod.MAIL}),
        (
            "勿留置、勿公告、勿直接送达",
            set(ServiceMethod) - {ServiceMethod.MAIL, ServiceMethod.ELECTRONIC, ServiceMethod.PHONE},
        ),
        ("不要让家里人知道", set()),
    ],
)
def test_what_is_ruled_out_is_read_from_her_words(never: str, expected: set[ServiceMethod]) -> None:
    assert ruled_out(never) == expected


async def test_the_requester_reads_her_notices_with_the_pin_and_confirms_one(at_work: Callers) -> None:
    registered = await _accepted(at_work, requester={"name": "王秀英", "safe_contact": {"never": "电子"}})
    path = f"/track/{registered['tracking_code']}"
    assert "王秀英" not in str(await at_work.nobody().get(path))
    requester = at_work.nobody(Tracking_Pin=registered["pin"])
    (case,) = (await requester.get(path))["cases"]
    (notice,) = case["private"]["notices"]
    assert "王秀英：" in notice["html"]
    body = {"notice_no": notice["notice_no"]}
    await at_work.nobody().post(f"{path}/acknowledge", body, 401)
    confirmed = await requester.post(f"{path}/acknowledge", body)
    (notice,) = confirmed["private"]["notices"]
    assert notice["how"] == "electronic"
    assert notice["served_at"] is not None
    assert (await requester.post(f"{path}/acknowledge", body, 409))["code"] == "already_served"
