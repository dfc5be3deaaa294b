"""Taking reports in: what is refused, what is kept, and what a repetition does."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from infra.database import Sessions
from infra.tables import AuditEntry, Case, Idempotency, Intake
from tests.api.calling import OTHER_COUNTY, REPORT, TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import Role


async def test_a_report_is_taken_in_while_temporal_is_away(app_without_temporal: FastAPI) -> None:
    dispatcher = Callers(app_without_temporal).dispatcher
    registered = await dispatcher.report()
    assert registered["status"] == "registered"
    assert len(registered["tracking_code"]) >= 16
    live = await dispatcher.get(f"/cases/{registered['case_no']}", live=True)
    assert live["stale"] is True
    answer = await dispatcher.http.post(f"/cases/{registered['case_no']}/accept", json={})
    assert (answer.status_code, answer.json()["code"]) == (503, "case_unavailable")
    assert answer.headers["retry-after"]


async def test_the_same_report_again_gets_the_same_number_and_no_pin(callers: Callers) -> None:
    external_id = uuid4().hex
    first = await callers.dispatcher.report(external_id=external_id)
    second = await callers.dispatcher.report(external_id=external_id)
    assert first["pin"]
    assert second == first | {"pin": None}


async def test_a_report_known_by_its_id_is_told_only_to_those_who_may_know_it(callers: Callers) -> None:
    reporter, external_id = callers.role(Role.REQUESTER), uuid4().hex
    first = await reporter.report(external_id=external_id)
    assert await reporter.report(external_id=external_id) == first | {"pin": None}
    same_region = callers.role(Role.GRID_WORKER, region=TOWNSHIP)
    assert (await same_region.report(external_id=external_id))["tracking_code"] == first["tracking_code"]
    guessed = REPORT | {"external_id": external_id, "region_code": OTHER_COUNTY}
    for stranger in (
        callers.role(Role.REQUESTER),
        callers.role(Role.SYSTEM, unit="housing"),
        callers.role(Role.DISPATCHER, region=OTHER_COUNTY),
    ):
        refused = await stranger.post("/cases", guessed, 409)
        assert refused["code"] == "external_id_in_use"
        assert first["case_no"] not in str(refused)


async def test_one_id_in_two_units_is_two_reporters(callers: Callers) -> None:
    one, other = (callers.role(Role.SYSTEM, unit=unit, user="system") for unit in ("housing", "transport"))
    registered = await one.post("/cases", REPORT, 201, Idempotency_Key="k")
    assert (await other.post("/cases", REPORT, 201, Idempotency_Key="k"))["case_no"] != registered["case_no"]


async def test_a_repetition_under_its_key_tells_the_pin_again_though_it_is_not_kept(
    callers: Callers, sessions: Sessions
) -> None:
    dispatcher, key, external_id = callers.dispatcher, uuid4().hex, uuid4().hex
    body = REPORT | {"external_id": external_id}
    registered = await dispatcher.post("/cases", body, 201, Idempotency_Key=key)
    assert await dispatcher.post("/cases", body, 201, Idempotency_Key=key) == registered
    await callers.nobody(Tracking_Pin=registered["pin"]).get(f"/track/{registered['tracking_code']}")
    known = await dispatcher.post("/cases", body, 201, Idempotency_Key=f"{key}2")
    assert known == await dispatcher.post("/cases", body, 201, Idempotency_Key=f"{key}2") == registered | {"pin": None}
    async with sessions() as session:
        kept = await session.scalar(select(Idempotency.answer).where(Idempotency.key == key))
    assert kept == {"case_no": registered["case_no"], "status": "registered", "new": True}


async def test_one_key_at_the_same_moment_makes_one_case(callers: Callers, sessions: Sessions) -> None:
    dispatcher, title = callers.dispatcher, f"同时 {uuid4().hex}"
    body = REPORT | {"title": title}
    answers = await asyncio.gather(*(dispatcher.post("/cases", body, 201, Idempotency_Key="k") for _ in range(6)))
    assert all(answer == answers[0] for answer in answers)
    async with sessions() as session:
        assert len((await session.scalars(select(Case.case_no).where(Case.title == title))).all()) == 1


async def test_a_key_belongs_to_one_request_of_one_caller(callers: Callers) -> None:
    dispatcher = callers.dispatcher
    await dispatcher.post("/cases", REPORT, 201, Idempotency_Key="k")
    refused = await dispatcher.post("/cases", REPORT | {"title": "另一件"}, 422, Idempotency_Key="k")
    assert refused["code"] == "idempotency_key_reused"
    await callers.dispatcher.post("/cases", REPORT | {"title": "另一件"}, 201, Idempotency_Key="k")


async def test_a_refused_report_may_be_tried_again_under_its_key(callers: Callers) -> None:
    dispatcher = callers.dispatcher
    await dispatcher.post("/cases", REPORT | {"category": "没有/这/类"}, 422, Idempotency_Key="k")
    await dispatcher.post("/cases", REPORT, 201, Idempotency_Key="k")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": 5}, "title"),
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"description": "长" * 20_001}, "description"),
        ({"description": None}, "description"),
        ({"kind": "gossip"}, "kind"),
        ({"source": "With Blank"}, "source"),
        ({"urgency": 1}, "urgency"),
        ({"region_code": "12"}, "region_code"),
        ({"region_code": "990102001001\n"}, "region_code"),
        ({"external_id": "x" * 129}, "external_id"),
        ({"external_id": "nul\x00"}, "external_id"),
        ({"submitted_at": 1_700_000_000}, "submitted_at"),
        ({"submitted_at": "2026-03-01T08:00:00"}, "submitted_at"),
        ({"submitted_at": "9999-12-31T23:59:59-12:00"}, "submitted_at"),
        ({"location": {"lat": 91.0}}, "location.lat"),
        ({"location": {"lat": "31"}}, "location.lat"),
        ({"location": "somewhere"}, "location"),
        ({"requester": {"name": "张\x00"}}, "requester.name"),
        ({"requester": {"phone": "call me"}}, "requester.phone"),
        ({"requester": {"anonymous": "yes"}}, "requester.anonymous"),
        ({"subjects": [{"type": "alien"}]}, "subjects.0.type"),
        ({"subjects": {"type": "person"}}, "subjects"),
        ({"group": {"headcount": 0}}, "group.headcount"),
        ({"group": {"headcount": 9, "representatives": ["甲"] * 6}}, "group.representatives"),
        ({"regions": ["12"]}, "regions.0"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_a_bad_field_is_named_and_not_repeated(callers: Callers, fields: dict[str, Any], field: str) -> None:
    refused = await callers.dispatcher.post("/cases", REPORT | fields, 422)
    assert refused["code"] == "not_valid"
    assert field in {error["field"] for error in refused["errors"]}
    assert "长长" not in str(refused)
    assert "call me" not in str(refused)


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"region_code": "990199001001"}, "region_code", "unknown_region"),
        ({"category": "没有/这/类"}, "category", "unknown_category"),
        ({"regions": [TOWNSHIP, "990199001001"]}, "regions.1", "unknown_region"),
        ({"regions": [TOWNSHIP, TOWNSHIP]}, "regions.1", "region_twice"),
        ({"regions": [VILLAGE]}, "regions.0", "region_twice"),
        ({"subjects": [{"type": "company", "id": "x"}, {"type": "unit", "id": "x"}]}, "subjects.1.id", "unknown_unit"),
        ({"subjects": [{"type": "staff", "id": "housing"}]}, "subjects.0.id", "unknown_user"),
    ],
)
async def test_an_unknown_code_is_named(callers: Callers, fields: dict[str, Any], field: str, code: str) -> None:
    refused = await callers.dispatcher.post("/cases", REPORT | fields, 422)
    assert refused["code"] == refused["errors"][0]["code"] == code
    assert refused["errors"][0]["field"] == field


async def test_everything_about_a_report_is_kept_where_it_belongs(callers: Callers, sessions: Sessions) -> None:
    registered = await callers.dispatcher.report(
        location={"text": "河滨路 3 号", "lat": 31.2, "lng": 121.4},
        requester={"name": "王小明", "phone": "13800000000", "safe_contact": {"never": "上门"}},
        reported_by={"name": "李四", "relation": "邻居"},
        subjects=[{"type": "unit", "id": "housing"}],
        group={"headcount": 12, "representatives": ["王小明"]},
        pending_procedure={"kind": "诉讼", "number": "(2026)云0102民初1号"},
        submitted_at="2026-03-01T08:00:00+08:00",
    )
    async with sessions() as session:
        intake = (await session.execute(select(Intake).where(Intake.case_no == registered["case_no"]))).scalar_one()
    assert intake.details["group"]["headcount"] == 12
    assert intake.details["subjects"] == [{"type": "unit", "id": "housing"}]
    seen = await callers.dispatcher.get(f"/cases/{registered['case_no']}")
    assert seen["location"] == {"text": "河滨路 3 号", "lat": 31.2, "lng": 121.4}
    assert "王小明" not in str(seen)


async def test_what_the_process_goes_by_travels_into_the_case_and_names_do_not(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case_no = (
        await dispatcher.report(
            kind="complaint",
            regions=["990103000000"],
            subjects=[{"type": "unit", "id": "housing", "name": "住建局王科长"}, {"type": "person", "name": "赵某"}],
            group={"headcount": 200, "representatives": ["钱一", "孙二"]},
            pending_procedure={"kind": "诉讼", "number": "一号"},
        )
    )["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")
    (registered, *_) = (await dispatcher.get(f"/cases/{case_no}/timeline"))["items"]
    data = registered["data"]
    assert data["subjects"] == [{"type": "unit", "id": "housing"}]
    assert (data["headcount"], data["pending_procedure"]) == (200, True)
    assert (data["regions"], data["host_level"]) == (["990103000000"], "city")
    for name in ("王科长", "赵某", "钱一", "诉讼"):
        assert name not in str(registered)


async def test_each_look_at_the_requester_is_recorded(callers: Callers, sessions: Sessions) -> None:
    registered = await callers.dispatcher.report(requester={"name": "王小明", "phone": "13800000000"})
    looking = callers.role(Role.SUPERVISOR, user="supervisor-who-looks")
    seen = await looking.get(f"/cases/{registered['case_no']}/requester")
    assert (seen["name"], seen["phone"]) == ("王小明", "13800000000")
    async with sessions() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.case_no == registered["case_no"]))
    assert entry is not None
    assert (entry.actor, entry.action) == ("supervisor-who-looks", "read_requester")


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b'"\xff"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 422),
        (b"a=b", "application/x-www-form-urlencoded", 422),
        (b"", "application/json", 422),
    ],
)
async def test_a_body_that_is_no_json_object_is_a_problem(
    callers: Callers, content: bytes, media_type: str, status: int
) -> None:
    answer = await callers.dispatcher.http.post("/cases", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_without_end_is_cut_off(callers: Callers) -> None:
    async def endless() -> Any:
        for _ in range(10_000):
            yield b" " * 4_096

    answer = await callers.dispatcher.http.post("/cases", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    announced = await callers.dispatcher.http.post("/cases", content=b" " * 600_000)
    assert announced.status_code == 413


async def test_a_long_body_is_taken_in_only_from_whoever_holds_a_token(callers: Callers) -> None:
    taken = 0

    async def long() -> Any:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield b" " * 4_096

    strangers = (callers.nobody(), callers.nobody(Authorization="Bearer x"), callers.nobody(Cookie="yingshao_token=x"))
    for stranger in strangers:
        announced = await stranger.http.post("/attachments", content=b" " * 70_000)
        assert (announced.status_code, announced.headers["connection"]) == (401, "close")
        taken = 0
        assert (await stranger.http.post("/attachments", content=long())).status_code == 401
        assert taken < 20
    held = await callers.dispatcher.http.post("/cases", content=b" " * 70_000)
    assert held.status_code == 422


async def test_a_unit_reads_the_requester_only_while_it_has_an_open_task(at_work: Callers) -> None:
    dispatcher, handler = at_work.dispatcher, at_work.handler()
    case_no = (await dispatcher.report(requester={"name": "王小明"}))["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")
    await dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "归住建"})
    assert (await handler.get(f"/cases/{case_no}/requester"))["name"] == "王小明"
    await handler.post(f"/tasks/{case_no}-T1/finish", {"reply": "修好了"})
    await handler.get(f"/cases/{case_no}")
    assert (await handler.get(f"/cases/{case_no}/requester", 403))["code"] == "not_yours_to_do"
    await dispatcher.get(f"/cases/{case_no}/requester")
