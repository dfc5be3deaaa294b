"""Likely duplicates: who is told of which, at intake and later."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import true, update

from api.duplicates import told_at_intake
from api.tokens import Caller
from infra.database import Sessions, database
from infra.duplicates import likely_duplicates
from infra.tables import Case
from tests.alike_reports import alike_reports
from tests.api.calling import OTHER_COUNTY, REPORT, TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import CaseStatus, Role

NEIGHBOUR = "990102002001"


def about(thing: str, **fields: Any) -> dict[str, Any]:
    """A report of a thing that nothing else in the database is about."""
    return REPORT | {"title": thing, "description": f"{thing}。"} | fields


def a_thing() -> str:
    """Words that no other report has."""
    return "".join(chr(0x4E00 + number) for number in sha256(uuid4().bytes).digest())


def numbers(items: list[dict[str, Any]]) -> list[str]:
    return [item["case_no"] for item in items]


async def test_each_later_report_of_a_pipe_finds_that_pipe_and_no_other(undisturbed: Callers) -> None:
    dispatcher = undisturbed.dispatcher
    matters: dict[str, str] = {}
    for report in alike_reports():
        registered = await dispatcher.post("/cases", {"source": "test"} | report.body, 201)
        told = {matters[number] for number in numbers(registered["likely_duplicates"])}
        first = report.matter not in matters.values()
        if report.matter != "alone":
            assert told - {"alone"} == (set() if first else {report.matter}), report.account.title
        matters[registered["case_no"]] = report.matter
    assert len(matters) == len(alike_reports())


async def test_each_likely_duplicate_comes_with_its_reasons(callers: Callers) -> None:
    dispatcher, thing = callers.dispatcher, a_thing()
    first = await dispatcher.post("/cases", about(thing), 201)
    assert first["likely_duplicates"] == []
    second = await dispatcher.post("/cases", about(thing), 201)
    (told,) = second["likely_duplicates"]
    assert (told["case_no"], told["title"], told["status"]) == (first["case_no"], thing, "registered")
    assert (told["region_code"], told["region_name"]) == (VILLAGE, "桐屯社区")
    assert told["score"] > 0.8
    assert {reason["code"]: reason["text"] for reason in told["reasons"]} == {
        "words": "标题和内容相近程度 100%",
        "same_region": "同一村（社区）",
        "time": "登记时间相隔不到 1 小时",
    }
    later = await dispatcher.get(f"/cases/{first['case_no']}/duplicates")
    assert numbers(later["items"]) == [second["case_no"]]


async def test_a_repetition_under_its_key_tells_the_same_though_more_has_come(callers: Callers) -> None:
    dispatcher, thing, key = callers.dispatcher, a_thing(), uuid4().hex
    await dispatcher.post("/cases", about(thing), 201)
    registered = await dispatcher.post("/cases", about(thing), 201, Idempotency_Key=key)
    await dispatcher.post("/cases", about(thing), 201)
    assert len(registered["likely_duplicates"]) == 1
    assert await dispatcher.post("/cases", about(thing), 201, Idempotency_Key=key) == registered


@pytest.mark.parametrize(("role", "unit"), [(Role.REQUESTER, None), (Role.SYSTEM, "housing")])
async def test_whoever_may_not_look_for_duplicates_is_told_of_none(
    callers: Callers, role: Role, unit: str | None
) -> None:
    thing = a_thing()
    await callers.dispatcher.post("/cases", about(thing), 201)
    reporter = callers.role(role, unit=unit)
    registered = await reporter.post("/cases", about(thing), 201)
    assert registered["likely_duplicates"] == []
    await reporter.get(f"/cases/{registered['case_no']}/duplicates", 403)


async def test_only_cases_that_the_caller_may_see_are_told(callers: Callers) -> None:
    thing, near = a_thing(), {"lat": 31.2, "lng": 121.4}
    across = await callers.dispatcher.post("/cases", about(thing, region_code=NEIGHBOUR, location=near), 201)
    township = callers.role(Role.GRID_WORKER, region=TOWNSHIP)
    registered = await township.post("/cases", about(thing, location=near), 201)
    duplicates = f"/cases/{registered['case_no']}/duplicates"
    assert registered["likely_duplicates"] == (await township.get(duplicates))["items"] == []
    for role in (Role.DISPATCHER, Role.SUPERVISOR):
        whole_city = await callers.role(role).get(duplicates)
        assert numbers(whole_city["items"]) == [across["case_no"]]
    await callers.role(Role.DISPATCHER, region=OTHER_COUNTY).get(duplicates, 404)
    await callers.handler().get(duplicates, 403)


async def test_a_place_that_is_named_less_narrowly_is_compared_and_another_township_is_not(callers: Callers) -> None:
    dispatcher, thing = callers.dispatcher, a_thing()
    of_the_township = await dispatcher.post("/cases", about(thing, region_code=TOWNSHIP), 201)
    of_the_city = await dispatcher.post("/cases", about(thing, region_code=None), 201)
    elsewhere = await dispatcher.post("/cases", about(thing, region_code=NEIGHBOUR), 201)
    registered = await dispatcher.post("/cases", about(thing), 201)
    told = numbers(registered["likely_duplicates"])
    assert told == [of_the_township["case_no"], of_the_city["case_no"]]
    assert elsewhere["case_no"] not in told


async def test_a_tip_off_is_compared_with_nothing(callers: Callers) -> None:
    dispatcher, thing = callers.dispatcher, a_thing()
    tip_off = await dispatcher.post("/cases", about(thing, kind="tip_off"), 201)
    for kind in ("tip_off", "help"):
        again = await dispatcher.post("/cases", about(thing, kind=kind), 201)
        assert again["likely_duplicates"] == []
    assert (await dispatcher.get(f"/cases/{tip_off['case_no']}/duplicates"))["items"] == []


@pytest.mark.parametrize("status", [CaseStatus.ARCHIVED, CaseStatus.MERGED])
async def test_a_case_that_is_over_for_good_is_not_told(
    callers: Callers, sessions: Sessions, status: CaseStatus
) -> None:
    dispatcher, thing = callers.dispatcher, a_thing()
    over, case_no = [(await dispatcher.post("/cases", about(thing), 201))["case_no"] for _ in range(2)]
    # Never committed: the process may be at work on the same cases.
    async with sessions() as session:
        case = await session.get_one(Case, case_no)
        assert [found.case.case_no for found in await likely_duplicates(session, case, true())] == [over]
        await session.execute(update(Case).where(Case.case_no == over).values(status=status))
        assert await likely_duplicates(session, case, true()) == []


async def test_ten_are_told_at_most(callers: Callers) -> None:
    dispatcher, thing = callers.dispatcher, a_thing()
    for _ in range(11):
        await dispatcher.post("/cases", about(thing), 201)
    registered = await dispatcher.post("/cases", about(thing), 201)
    assert len(registered["likely_duplicates"]) == 10


async def test_a_receipt_does_not_fail_for_duplicates_that_cannot_be_had(app: FastAPI, callers: Callers) -> None:
    case_no = (await callers.dispatcher.report())["case_no"]
    by = Caller(id="somebody", role=Role.DISPATCHER)
    async with database("postgresql+asyncpg://nobody@127.0.0.1:1/nowhere", pool_size=1) as away:
        assert await told_at_intake(replace(app.state.services, sessions=away), case_no, by) == []


async def test_words_without_a_pair_of_signs_are_taken_in_too(callers: Callers) -> None:
    registered = await callers.dispatcher.post("/cases", REPORT | {"title": "水", "description": "！"}, 201)
    assert registered["likely_duplicates"] == []
