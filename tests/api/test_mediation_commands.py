"""A dispute that is talked out through the HTTP interface: who may do what, and what is kept of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from infra.database import Sessions
from infra.mediation_tables import MediationPerson
from infra.mediators.tables import Booking
from infra.tables import Wording
from tests.api.calling import OTHER_COUNTY, VILLAGE, Caller, Callers
from workflows.contracts.vocabulary import Role

COMMITTEE = f"committee-{VILLAGE}"
MEDIATOR = f"leader-{COMMITTEE}"
PARTIES: list[dict[str, Any]] = [
    {"side": "applicant", "name": "甲某", "phone": "13900001111", "language": "zh"},
    {
        "side": "respondent",
        "kind": "organisation",
        "name": "乙公司",
        "representatives": [{"name": "丙某", "authority": "special"}],
    },
]
STEP: dict[str, Any] = {"form": "people", "host": COMMITTEE, "mediator_id": MEDIATOR}
PLAN = {"tracks": [STEP], "reason": "先由村里调解"}


class Talks:
    """A mediation of a dispute in the village, and those who move it."""

    def __init__(self, callers: Callers, case_no: str, number: str, opened: Any) -> None:
        self.dispatcher = callers.dispatcher
        self.mediator = callers.role(Role.MEDIATOR, unit=COMMITTEE, user=MEDIATOR, region=VILLAGE)
        self.case_no = case_no
        self.path = f"/mediations/{number}"
        self.opened = opened

    async def consented(self) -> Any:
        await self.dispatcher.post(f"{self.path}/decide-plan", PLAN)
        for party_no in ("P1", "P2"):
            shown = await self.dispatcher.post(f"{self.path}/consent", {"party_no": party_no, "agreed": True})
        return shown

    async def under_way(self) -> Any:
        await self.consented()
        return await self.mediator.post(f"{self.path}/take-up")


async def _opened(callers: Callers, **fields: Any) -> Talks:
    dispatcher = callers.dispatcher
    case_no = (await dispatcher.report(kind="dispute", title="楼上漏水"))["case_no"]
    body = {"dispute": {"type": "neighbour", "amount": "1200.50"}, "parties": PARTIES} | fields
    answer = await dispatcher.http.post(f"/cases/{case_no}/mediations", json=body)
    assert answer.status_code == 201, answer.text
    (number,) = answer.json()["mediations"]
    assert answer.headers["Location"] == f"/api/v1/mediations/{number}"
    return Talks(callers, case_no, number, answer.json())


async def test_neighbours_agree_and_keep_their_promise(at_work: Callers, sessions: Sessions) -> None:
    talks = await _opened(at_work)
    path, mediator = talks.path, talks.mediator
    assert talks.opened["status"] == "in_mediation"
    first = await talks.dispatcher.get(path)
    assert (first["status"], first["dispute"]["amount"], first["stale"]) == ("opened", "1200.50", False)
    assert [step["form"] for step in first["proposed"]] == ["people", "local_worthy", "court_before_filing"]
    assert all(reason["zh"] != reason["code"] for step in first["proposed"] for reason in step["reasons"])
    (medical,) = [channel for channel in first["channels"] if channel["form"] == "medical"]
    assert (medical["takes"], medical["code"]) == (False, "not_a_medical_dispute")
    assert medical["message_zh"].startswith("医调委")

    nearest = (await talks.dispatcher.get(f"{path}/proposed-mediators"))[0]
    assert nearest["name"]
    assert nearest["reasons"]
    assert (await talks.consented())["status"] == "consented"
    seen = await mediator.get(path)
    assert [party["person"]["name"] for party in seen["parties"]] == ["甲某", "乙公司"]
    assert seen["parties"][0]["language"] is None
    (for_it,) = seen["parties"][1]["representatives"]
    assert (for_it["name"], for_it["standing"]) == ("丙某", "special")
    assert (await mediator.post(f"{path}/take-up"))["status"] == "under_way"
    due = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    promise = {"promisor": "P2", "to": "P1", "what": "修好防水并赔偿", "due": due, "amount": 1200.5}
    drafted = await mediator.post(f"{path}/draft-agreement", {"terms": "双方各退一步", "promises": [promise]})
    assert drafted["agreement"]["items"][0]["what"] == "修好防水并赔偿"
    assert drafted["agreement"]["items"][0]["amount"] == "1200.50"
    uploaded = await mediator.http.post("/attachments", files={"file": ("协议.pdf", b"%PDF-", "application/pdf")})
    scan = uploaded.json()["id"]
    foreign = await talks.dispatcher.http.post("/attachments", files={"file": ("别案.pdf", b"%PDF-2")})
    for unknown in ("0a7d6f6e-0000-4000-8000-000000000009", foreign.json()["id"]):
        refused = await mediator.post(f"{path}/sign", {"by": "seal", "scan": unknown}, 422)
        assert [(error["field"], error["code"]) for error in refused["errors"]] == [("scan", "unknown_attachment")]
    for mark in ({"by": "parties", "party_no": "P1"}, {"by": "parties", "party_no": "P2"}, {"by": "mediator"}):
        await mediator.post(f"{path}/sign", mark | {"scan": scan})
    agreed = await mediator.post(f"{path}/sign", {"by": "seal", "means": "seal", "scan": scan})
    assert (agreed["status"], agreed["why_not_confirmable"]) == ("agreed", None)
    await mediator.post(f"{path}/prove-fulfilment", {"item_no": "I1", "evidence": [scan], "note": "已修好"})
    kept = await mediator.post(f"{path}/check-fulfilment", {"item_no": "I1", "kept": True})
    assert (kept["status"], kept["owner"]) == ("fulfilled", None)
    over = await mediator.post(f"{path}/fail", {"reason": "x"}, 409)
    assert (over["code"], over["detail_zh"]) == ("mediation_over", "调解已经终结。")


async def test_a_refusal_ends_the_mediation_and_a_refused_command_leaves_nothing(
    at_work: Callers, sessions: Sessions
) -> None:
    talks = await _opened(at_work)
    await talks.dispatcher.post(f"{talks.path}/decide-plan", PLAN)
    one_sided = {"dispute": {"type": "debt"}, "parties": PARTIES[:1]}
    again = (await talks.dispatcher.report(kind="dispute"))["case_no"]
    assert (await talks.dispatcher.post(f"/cases/{again}/mediations", one_sided, 409))["code"] == "two_sides_needed"
    assert await _kept(sessions, again) == (0, 0)
    before = await _kept(sessions, talks.case_no)
    interpreter = {"language": "mn", "name": "丁某"}
    assert (await talks.mediator.post(f"{talks.path}/appoint-interpreter", interpreter, 409))[
        "code"
    ] == "nobody_speaks_it"
    ended = {"remedy": "enforcement", "reason": "没有别的办法"}
    assert (await talks.dispatcher.post(f"{talks.path}/end", ended, 409))["code"] == "remedy_not_open"
    assert await _kept(sessions, talks.case_no) == before
    refusal = {"party_no": "P2", "agreed": False, "note": "不愿调解"}
    once = await talks.dispatcher.post(f"{talks.path}/consent", refusal, Idempotency_Key="no")
    assert once["status"] == "refused"
    assert {paper["paper"] for paper in once["papers"]} == {"rights_notice", "route_notice"}
    assert await talks.dispatcher.post(f"{talks.path}/consent", refusal, Idempotency_Key="no") == once


async def test_nobody_is_promised_to_two_sessions_at_once(at_work: Callers, sessions: Sessions) -> None:
    first, second = await _opened(at_work), await _opened(at_work)
    begins = datetime.now(UTC) + timedelta(days=2)
    body = {
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=2)).isoformat(),
        "parties": ["P1", "P2"],
    }
    not_yet = await first.mediator.post(f"{first.path}/schedule-session", body, 404)
    assert not_yet["code"] == "not_found"
    for talks in (first, second):
        await talks.under_way()
    set_for = await first.mediator.post(f"{first.path}/schedule-session", body)
    (meeting,) = set_for["sessions"]
    assert (meeting["session_no"], list(meeting["mediators"])) == ("S1", [MEDIATOR])
    refused = await second.mediator.post(f"{second.path}/schedule-session", body, 409)
    assert (refused["code"], refused["errors"][0]["field"]) == ("double_booked", "track")
    unknown = await second.mediator.post(f"{second.path}/schedule-session", body | {"room": "nowhere"}, 422)
    assert unknown["errors"][0]["code"] == "unknown_room"
    past = {"starts_at": "2026-01-05T09:00:00+08:00", "ends_at": "2026-01-05T10:00:00+08:00"}
    assert (await second.mediator.post(f"{second.path}/schedule-session", body | past, 409))["code"]
    await first.mediator.post(f"{first.path}/call-off-session", {"session_no": "S1", "adjourned": True, "reason": "雨"})
    moved = await second.mediator.post(f"{second.path}/schedule-session", body)
    assert moved["sessions"][0]["status"] == "scheduled"
    async with sessions() as session:
        held = select(func.count()).where(
            Booking.mediation_no.in_([t.path.rpartition("/")[2] for t in (first, second)])
        )
        assert await session.scalar(held) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"dispute": {"type": "neighbour", "amount": "12,00"}, "parties": PARTIES}, "dispute.amount"),
        ({"dispute": {"type": "quarrel"}, "parties": PARTIES}, "dispute.type"),
        ({"dispute": {"type": "debt"}, "parties": [PARTIES[0] | {"phone": "x"}]}, "parties.0.phone"),
        ({"dispute": {"type": "debt"}, "parties": [PARTIES[1] | {"representatives": [{"name": "丙某"}]}]}, "authority"),
    ],
)
async def test_a_bad_body_is_422_with_the_path_of_its_field(callers: Callers, body: Any, field: str) -> None:
    refused = await callers.dispatcher.post("/cases/990102202601019999/mediations", body, 422)
    assert refused["errors"][0]["field"].endswith(field)


async def test_a_mediation_is_run_by_its_host_and_planned_by_the_centre(at_work: Callers) -> None:
    talks = await _opened(at_work)
    path = talks.path
    invited = STEP | {"invited": ["housing"]}
    wrong = {"tracks": [invited | {"host": "housing"}], "reason": "x"}
    refused = await talks.dispatcher.post(f"{path}/decide-plan", wrong, 422)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [
        ("tracks.0.host", "host_of_another_channel")
    ]
    nobody = {"tracks": [invited | {"mediator_id": "nobody"}], "reason": "x"}
    unknown = await talks.dispatcher.post(f"{path}/decide-plan", nobody, 422)
    assert unknown["errors"][0] | {"message": ""} == {
        "field": "tracks.0.mediator_id",
        "code": "unknown_mediator",
        "message": "",
    }
    await talks.dispatcher.post(f"{path}/decide-plan", {"tracks": [invited], "reason": "先由村里调解"})

    elsewhere: list[Caller] = [
        at_work.role(Role.MEDIATOR, unit="committee-medical"),
        at_work.role(Role.DISPATCHER, region=OTHER_COUNTY),
        at_work.handler("roads"),
    ]
    for caller in elsewhere:
        await caller.get(path, 404)
    for caller in (talks.dispatcher, at_work.role(Role.SUPERVISOR), at_work.handler(), at_work.role(Role.AUDITOR)):
        await caller.post(f"{path}/take-up", None, 403)
    await talks.mediator.post(f"{path}/decide-plan", PLAN, 403)
    await at_work.role(Role.GRID_WORKER, region=VILLAGE).get(path, 403)
    invitation = await at_work.handler().get(path)
    assert set(invitation) == {"mediation_no", "case_no", "status", "hosts", "sessions"}
    assert list(invitation["hosts"]) == [COMMITTEE]
    away = await talks.dispatcher.post(f"{path}/refer-outside", {"system": "police", "unit_id": "housing"}, 422)
    assert [(error["field"], error["code"]) for error in away["errors"]] == [("unit_id", "not_of_that_authority")]
    objection = {"party_no": "P2", "person_id": MEDIATOR, "reason": "是对方的亲戚"}
    assert (await talks.dispatcher.post(f"{path}/object", objection))["tracks"][0]["mediators"] == {}


async def test_a_danger_that_a_mediator_reports_locks_the_mediation(at_work: Callers) -> None:
    talks = await _opened(at_work)
    await talks.consented()
    danger = {"kinds": ["violence"], "note": "动手打人"}
    locked = await talks.mediator.post(f"{talks.path}/report-danger", danger)
    assert locked["locked"]
    assert (await talks.mediator.post(f"{talks.path}/take-up", None, 409))["code"] == "mediation_is_locked"


async def _kept(sessions: Sessions, case_no: str) -> tuple[int, int]:
    async with sessions() as session:
        words = await session.scalar(select(func.count()).where(Wording.case_no == case_no))
        people = await session.scalar(select(func.count()).where(MediationPerson.case_no == case_no))
    return words or 0, people or 0


async def test_an_operator_renews_a_mediation_tried_dry_first_and_on_record(at_work: Callers) -> None:
    talks = await _opened(at_work)
    operator, body = at_work.role(Role.OPERATOR), {"mediation_no": talks.path.rpartition("/")[2], "reason": "新版本"}
    foretold = await operator.post("/operations/mediations/renew?dry_run=true", body)
    assert foretold["would_record"] == ["renewal_asked"]
    done = await operator.post("/operations/mediations/renew", body)
    assert done["mediation"]["seq"] > foretold["mediation"]["seq"]
    no_effect = body | {"effect_id": "none"}
    assert (await operator.post("/operations/mediations/retry", no_effect, 409))["code"] == "effect_not_failed"
    await talks.dispatcher.post("/operations/mediations/skip", no_effect, 403)
