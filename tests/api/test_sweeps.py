"""Sweeps: what comes on the list, how an item goes from level to level, and who may do what."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.database import Sessions, database
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.sweeps.levels import is_drawn, last_days
from infra.sweeps.ordering import Order, order_sweep
from infra.sweeps.policy import SweepPolicy
from infra.sweeps.standing import Standing, SweepRefused, checked, passed_up, visited
from infra.sweeps.vocabulary import ItemStatus, Owed, VisitOutcome
from infra.tables import Case
from tests.api.calling import TOWNSHIP, VILLAGE, Callers
from tests.rules.calendar_2026 import CALENDAR_2026
from workflows.contracts.vocabulary import Level, Role

COUNTY = "990102000000"
NEXT_COUNTY = "990103000000"
GRID = "990102001001001"
OTHER_VILLAGE = "990102001002"
CLASS = "城乡建设/安全生产/安全隐患"
SPRING = {"title": "春耕前排查", "theme": "春耕前", "starts_on": "2026-03-02", "ends_on": "2026-03-13"}
TO_VISIT = Standing(Level.VILLAGE, ItemStatus.TO_VISIT, Owed.VISIT)


class Days:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def pass_to(self, day: date) -> None:
        self.now = datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


@pytest.fixture
def days() -> Days:
    return Days()


@pytest.fixture
async def own(clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Sessions]:
    async with database(await clone(), pool_size=2) as made:
        yield made


@pytest.fixture
def county(own: Sessions, days: Days, settings: Settings, gateway: CaseGateway, client: Client) -> Callers:
    """Callers of an app with nothing in it, whose clock says the second of March."""
    answers = TemporalProbe(client).answers
    return Callers(
        create_app(
            settings, own, gateway, MediationGateway(client, own), temporal_answers=answers, now=lambda: days.now
        )
    )


def test_a_finding_is_checked_above_and_what_is_settled_by_the_sample() -> None:
    found = visited(TO_VISIT, VisitOutcome.FINDING, top=Level.COUNTY, sampled=False)
    assert found == Standing(Level.TOWNSHIP, ItemStatus.VISITED, Owed.CHECK)
    assert checked(found, agrees=False) == Standing(Level.TOWNSHIP, ItemStatus.PASSED_UP, Owed.VISIT)
    drawn = visited(TO_VISIT, VisitOutcome.CALM, top=Level.COUNTY, sampled=True)
    assert drawn == Standing(Level.COUNTY, ItemStatus.SETTLED, Owed.CHECK)
    assert checked(drawn, agrees=True).owed is None
    assert visited(TO_VISIT, VisitOutcome.TALKED_OVER, top=Level.COUNTY, sampled=False).owed is None
    assert visited(TO_VISIT, VisitOutcome.CALM, top=Level.VILLAGE, sampled=True).owed is None
    assert visited(TO_VISIT, VisitOutcome.UNREACHABLE, top=Level.COUNTY, sampled=True) == TO_VISIT


def test_the_highest_level_of_a_sweep_passes_nothing_up() -> None:
    higher = passed_up(passed_up(TO_VISIT, top=Level.COUNTY), top=Level.COUNTY)
    assert higher == Standing(Level.COUNTY, ItemStatus.PASSED_UP, Owed.VISIT)
    over = checked(Standing(Level.COUNTY, ItemStatus.SETTLED, Owed.CHECK), agrees=True)
    refusals: list[tuple[Callable[[], Standing], str]] = [
        (lambda: passed_up(higher, top=Level.COUNTY), "highest_level_of_sweep"),
        (lambda: checked(higher, agrees=True), "no_check_owed"),
        (lambda: passed_up(over, top=Level.COUNTY), "no_visit_owed"),
    ]
    for refused, code in refusals:
        with pytest.raises(SweepRefused) as raised:
            refused()
        assert raised.value.code == code


def test_each_level_has_a_third_of_the_working_days() -> None:
    first = date(2026, 3, 2)
    working = [day for n in range(12) if CALENDAR_2026.is_working_day(day := first + timedelta(days=n))]
    until = last_days(working, SweepPolicy())
    assert [until[level].day for level in Level] == [5, 10, 13, 13]
    assert set(last_days(working[:1], SweepPolicy()).values()) == {first}


def test_the_sample_is_drawn_by_number_and_about_as_large_as_the_policy_says() -> None:
    drawn = [number for number in range(1, 1_001) if is_drawn("S99010220260302001", number, 20)]
    assert 150 < len(drawn) < 250
    assert not any(is_drawn("S99010220260302001", number, 0) for number in range(1, 100))


async def test_the_list_holds_open_disputes_known_spots_and_trouble_by_the_record(
    county: Callers, own: Sessions
) -> None:
    dispatcher = county.role(Role.DISPATCHER, region=COUNTY)
    open_dispute = (await dispatcher.report(kind="dispute", region_code=TOWNSHIP))["case_no"]
    ended = (await dispatcher.report(kind="dispute"))["case_no"]
    for region in (VILLAGE, GRID, GRID):
        await dispatcher.report(category=CLASS, region_code=region)
    # Two of a class are not three, though a third is a tip-off and a fourth is hidden from the village.
    for kind in ("help", "help", "tip_off"):
        await dispatcher.report(kind=kind, category=CLASS, region_code=OTHER_VILLAGE)
    about = [{"type": "unit", "id": f"centre-{TOWNSHIP}"}]
    await dispatcher.report(kind="complaint", category=CLASS, region_code=OTHER_VILLAGE, subjects=about)
    await county.dispatcher.report(kind="dispute", region_code=NEXT_COUNTY)
    async with own.begin() as session:
        await session.execute(update(Case).where(Case.case_no == ended).values(status="closed"))
    spot = {"region_code": VILLAGE, "kind": "water", "name": "东干渠分水口"}
    grid_worker = county.role(Role.GRID_WORKER, region=VILLAGE)
    known = await grid_worker.post("/trouble-spots", spot, 201)
    over = await grid_worker.post("/trouble-spots", spot | {"since": "2026-02-01"}, 201)
    await grid_worker.post(f"/trouble-spots/{over['spot_id']}/end", {"until": "2026-03-01"})
    await grid_worker.post("/trouble-spots", spot | {"region_code": OTHER_VILLAGE}, 403)
    assert len((await dispatcher.get("/trouble-spots"))["items"]) == 2

    ordered = await dispatcher.post("/sweeps", SPRING | {"region_code": COUNTY}, 201, Idempotency_Key="spring")
    again = await dispatcher.post("/sweeps", SPRING | {"region_code": COUNTY}, 201, Idempotency_Key="spring")
    assert again == ordered
    assert ordered["sweep_no"] == "S99010220260302001"
    listed = (await dispatcher.get(f"/sweeps/{ordered['sweep_no']}/items"))["items"]
    assert [
        (item["case_no"], item["spot"] and item["spot"]["spot_id"], item["category"], item["cases"]) for item in listed
    ] == [
        (open_dispute, None, None, None),
        (None, known["spot_id"], None, None),
        (None, None, CLASS, 3),
    ]
    assert [item["level"] for item in listed] == ["township", "village", "village"]
    assert {item["region_code"] for item in listed[1:]} == {VILLAGE}
    # The village sees the sweep that comes from above and its part of the list; whoever walks one of its grids, too.
    for region in (VILLAGE, GRID):
        village = county.role(Role.GRID_WORKER, region=region)
        seen = await village.get(f"/sweeps/{ordered['sweep_no']}/items")
        assert [item["item_no"] for item in seen["items"]] == [2, 3]
        assert (await village.get("/sweeps"))["items"][0]["items"] == 2
    assert (await county.role(Role.GRID_WORKER, region=f"{OTHER_VILLAGE}001").get("/sweeps"))["items"][0]["items"] == 0
    await county.role(Role.DISPATCHER, region=NEXT_COUNTY).get(f"/sweeps/{ordered['sweep_no']}", 404)
    await county.handler().get("/sweeps", 403)


async def test_an_item_goes_from_level_to_level_and_a_finding_becomes_one_case(county: Callers, days: Days) -> None:
    dispatcher, township = (county.role(Role.DISPATCHER, region=region) for region in (COUNTY, TOWNSHIP))
    village = county.role(Role.GRID_WORKER, region=VILLAGE)
    for name in ("东干渠", "集贸市场", "在建工地"):
        await village.post("/trouble-spots", {"region_code": VILLAGE, "kind": "other", "name": name}, 201)
    await village.post("/sweeps", SPRING | {"region_code": VILLAGE}, 403)
    path = f"/sweeps/{(await dispatcher.post('/sweeps', SPRING | {'region_code': COUNTY}, 201))['sweep_no']}"

    told = {"outcome": "finding", "title": "两户争水", "note": "分水口被加高,下游两户争吵"}
    await village.post(f"{path}/items/1/visit", {"outcome": "finding"}, 422)
    found = await village.post(f"{path}/items/1/visit", told, Idempotency_Key="first")
    assert await village.post(f"{path}/items/1/visit", told, Idempotency_Key="first") == found
    assert (found["level"], found["owed"], found["due_on"]) == ("township", "check", "2026-03-10")
    case = await dispatcher.get(f"/cases/{found['finding']}")
    assert (case["kind"], case["source"], case["region_code"]) == ("dispute", "sweep", VILLAGE)
    assert (await village.post(f"{path}/items/1/visit", told, 403))["code"] == "not_yours_to_do"
    await village.post(f"{path}/items/1/check", {"agrees": True}, 403)
    await township.post(f"{path}/items/1/check", {"agrees": False}, 422)
    back = await township.post(f"{path}/items/1/check", {"agrees": False, "note": "还有第三户"})
    assert (back["status"], back["owed"]) == ("passed_up", "visit")
    checked_again = await township.post(f"{path}/items/1/visit", told)
    assert (checked_again["finding"], checked_again["level"]) == (found["finding"], "county")

    await village.post(f"{path}/items/2/visit", {"outcome": "unreachable"})
    await village.post(f"{path}/items/2/pass-up", {"reason": "摊位产权在镇里"})
    days.pass_to(date(2026, 3, 6))
    late = (await dispatcher.get(f"{path}/items", overdue=True))["items"]
    assert [item["item_no"] for item in late] == [3]
    first = await dispatcher.get(f"{path}/items", limit=1)
    rest = await dispatcher.get(f"{path}/items", limit=5, cursor=first["next_cursor"])
    assert [item["item_no"] for item in first["items"] + rest["items"]] == [3, 1, 2]
    figures = await dispatcher.get(path)
    assert [(level["to_visit"], level["visited"], level["passed_up"]) for level in figures["levels"]] == [
        (3, 1, 1),
        (2, 1, 0),
        (0, 0, 0),
    ]
    assert [(level["to_check"], level["checked"], level["overdue"]) for level in figures["levels"]] == [
        (0, 0, 1),
        (1, 1, 0),
        (1, 0, 0),
    ]
    assert (figures["items"], figures["left"], figures["findings"], figures["overdue"]) == (3, 3, 1, 1)

    await township.post(f"{path}/close", {"reason": "汛期"}, 403)
    assert (await dispatcher.post(f"{path}/close", {}, 422))["code"] == "work_left"
    assert (await dispatcher.post(f"{path}/close", {"reason": "汛期"}))["closed_at"] is not None
    assert (await village.post(f"{path}/items/3/visit", {"outcome": "calm"}, 409))["code"] == "sweep_closed"
    assert (await dispatcher.get(f"{path}/items"))["items"][1]["entries"][1]["act"] == "disagreed"


async def test_a_sweep_that_cannot_be_done_is_not_ordered(county: Callers, own: Sessions, days: Days) -> None:
    dispatcher = county.role(Role.DISPATCHER, region=COUNTY)
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"ends_on": "2026-03-01"}, "dates_reversed"),
        ({"starts_on": "2026-02-01", "ends_on": "2026-02-27"}, "sweep_over"),
        ({"starts_on": "2026-03-07", "ends_on": "2026-03-08"}, "no_working_day"),
        ({"ends_on": "2027-03-13"}, "sweep_too_long"),
        ({"region_code": "990102999000"}, "unknown_region"),
    ]
    for changed, code in refusals:
        refused = await dispatcher.post("/sweeps", SPRING | {"region_code": COUNTY} | changed, 422)
        assert refused["code"] == code
    await dispatcher.post("/sweeps", SPRING | {"region_code": NEXT_COUNTY}, 403)
    for _ in range(2):
        await dispatcher.report(kind="dispute")
    order = Order("春耕前排查", "春耕前", COUNTY, date(2026, 3, 2), date(2026, 3, 13))
    with pytest.raises(SweepRefused, match="choose a smaller region"):
        async with own.begin() as session:
            await order_sweep(session, order, by="x", now=days.now, most=1)
    assert (await dispatcher.get("/sweeps"))["items"] == []
