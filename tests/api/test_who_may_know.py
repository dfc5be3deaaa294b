"""Who may know of a matter, and who never: each kind of caller by each way in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import update
from temporalio.client import Client

from api.authorisation import ALLOWED, Authorised
from api.tokens import COOKIE
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.tables import Case, Intake, Requester
from tests.api.calling import TOWNSHIP, VILLAGE, Caller, Callers
from tests.api.dispatching import dispatched
from tests.driving import until
from tests.pages.visiting import app_with_pages
from workflows.contracts.vocabulary import Role

COUNTY = "990102000000"
WITHOUT_OWN_CENTRE = "990102001003"
TIP_OFF: dict[str, Any] = {
    "kind": "tip_off",
    "title": "举报徇私",
    "description": "发放补助时徇私",
    "requester": {"name": "王举报", "phone": "13912345678", "safe_contact": {"when": "晚上", "never": "打单位电话"}},
}
VALUES = {"clock": "citizen"}
"""Of query parameters that a route must have."""


@asynccontextmanager
async def about(sessions: Sessions, case_no: str, *concerned: str) -> AsyncIterator[None]:
    """While the case is about these, though they have a task in it already."""
    await _concern(sessions, case_no, *concerned)
    yield
    await _concern(sessions, case_no)


async def _concern(sessions: Sessions, case_no: str, *concerned: str) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Case).where(Case.case_no == case_no).values(concerned=list(concerned)))


def reading_routes(app: FastAPI) -> dict[str, frozenset[Role]]:
    """Every address under which something of a case is read, and the roles that may; of the pages none is told."""
    found: dict[str, frozenset[Role]] = {}
    for route in iter_route_contexts(app.routes):
        original, path = route.original_route, route.path or ""
        of_a_case = "{case_no}" in path or "{task_no}" in path
        if isinstance(original, APIRoute) and "GET" in (original.methods or ()) and of_a_case:
            actions = [d.call.action for d in original.dependant.dependencies if isinstance(d.call, Authorised)]
            found[path] = frozenset[Role]().union(*(ALLOWED[action] for action in actions))
    return found


async def _status(caller: Caller, path: str, case_no: str) -> int:
    address = path.format(case_no=case_no, task_no=f"{case_no}-T1", notice_no=f"{case_no}-N1")
    # Pages know people by their cookie.
    caller.http.cookies.set(COOKIE, caller.http.headers["authorization"].partition(" ")[2])
    return (await caller.http.get(f"http://yingshao.test{address}", params=VALUES)).status_code


@pytest.fixture(scope="module")
def with_pages(sessions: Sessions, gateway: CaseGateway, client: Client) -> FastAPI:
    """The app with everything that it serves to people as well."""
    return app_with_pages(sessions, gateway, client)


async def test_no_way_leads_a_unit_to_a_tip_off_about_it(
    with_pages: FastAPI, at_work: Callers, sessions: Sessions
) -> None:
    routes, callers = reading_routes(with_pages), Callers(with_pages)
    assert {"/api/v1/cases/{case_no}", "/api/v1/cases/{case_no}/timeline", "/cases/{case_no}"} <= set(routes)
    case_no = await dispatched(at_work, **TIP_OFF)
    of_the_unit = {
        role: callers.role(role, unit="housing")
        for role in (Role.HANDLER, Role.SYSTEM, Role.DISPATCHER, Role.SUPERVISOR)
    }
    # Before it is about the unit it is the unit's work: so these callers do reach it.
    for role, caller in of_the_unit.items():
        assert await _status(caller, "/api/v1/cases/{case_no}", case_no) == 200, role
    async with about(sessions, case_no, "housing"):
        for path, allowed in routes.items():
            for role, caller in of_the_unit.items():
                expected = {404} if role in allowed else {403} if allowed else {403, 404}
                assert await _status(caller, path, case_no) in expected, (path, role)


async def test_a_tip_off_is_in_no_list_of_whom_it_is_about(at_work: Callers, sessions: Sessions) -> None:
    case_no = await dispatched(at_work, **TIP_OFF)
    handler, dispatcher = at_work.handler(), at_work.role(Role.DISPATCHER, unit="housing")
    attached = await at_work.handler().http.post("/attachments", files={"file": ("a.txt", b"x")})
    evidence = attached.json()["id"]
    await handler.post(f"/tasks/{case_no}-T1/finish", {"reply": "查清了", "evidence": [evidence]})
    person = at_work.role(Role.DISPATCHER, user="dispatcher-centre-990102001001", region=VILLAGE)

    async def seen(caller: Caller) -> dict[str, bool]:
        tasks = (await caller.get("/tasks", unit="housing", limit=200))["items"]
        cases = (await caller.get("/cases", kind="tip_off", limit=200))["items"]
        return {
            "case": (await caller.http.get(f"/cases/{case_no}")).status_code == 200,
            "live": (await caller.http.get(f"/cases/{case_no}", params={"live": "true"})).status_code == 200,
            "at": (await caller.http.get(f"/cases/{case_no}", params={"at": _now()})).status_code == 200,
            "list": case_no in {item["case_no"] for item in cases},
            "search": case_no in str(await caller.get("/cases", q="发放补助", limit=200)),
            "inbox": case_no in {item["case_no"] for item in tasks},
            "attachment": (await caller.http.get(f"/attachments/{evidence}")).status_code == 200,
        }

    assert all((await seen(handler)).values())
    async with about(sessions, case_no, "housing", "dispatcher-centre-990102001001"):
        for caller in (handler, dispatcher, person):
            assert not any((await seen(caller)).values())
            # What is not there cannot be moved either.
            await caller.post(f"/cases/{case_no}/withdraw", {"reason": "x"}, 404)
        assert all((await seen(at_work.dispatcher)).values())


def _now() -> str:
    return datetime.now(UTC).isoformat()


@pytest.mark.parametrize(
    ("role", "scope", "expected"),
    [
        (Role.DISPATCHER, {}, 200),
        (Role.DISPATCHER, {"region": COUNTY}, 200),
        (Role.SUPERVISOR, {"region": TOWNSHIP}, 200),
        (Role.DISPATCHER, {"region": WITHOUT_OWN_CENTRE}, 404),
        (Role.DISPATCHER, {"region": f"{WITHOUT_OWN_CENTRE}001"}, 404),
        (Role.GRID_WORKER, {"region": TOWNSHIP}, 404),
        (Role.MEDIATOR, {}, 404),
        (Role.OPERATOR, {}, 404),
        (Role.AUDITOR, {}, 404),
        (Role.HANDLER, {"unit": "housing"}, 200),
        (Role.SYSTEM, {"unit": "housing"}, 200),
        (Role.HANDLER, {"unit": "transport"}, 404),
        (Role.HANDLER, {"unit": "urban_management"}, 404),
    ],
)
async def test_a_tip_off_is_read_where_it_is_dealt_with_and_nowhere_else(
    at_work: Callers, role: Role, scope: Mapping[str, str], expected: int
) -> None:
    case_no = await dispatched(at_work, "transport", **TIP_OFF | {"region_code": WITHOUT_OWN_CENTRE})
    await at_work.dispatcher.post(f"/cases/{case_no}/release", {"task_no": f"{case_no}-T2", "reason": "无需协办"})
    caller = at_work.role(role, **scope)
    await caller.get(f"/cases/{case_no}", expected)
    await caller.get(f"/cases/{case_no}/timeline", expected)


async def test_a_matter_of_another_kind_is_read_by_the_whole_region(at_work: Callers) -> None:
    case_no = (await at_work.dispatcher.report(**TIP_OFF | {"kind": "complaint"}))["case_no"]
    for role in (Role.GRID_WORKER, Role.AUDITOR, Role.OPERATOR, Role.MEDIATOR):
        await at_work.role(role).get(f"/cases/{case_no}")


@pytest.mark.parametrize("kind", ["tip_off", "complaint"])
@pytest.mark.parametrize(
    ("subject", "region", "level", "hidden"),
    [
        ({"type": "unit", "id": "centre-990102001001"}, VILLAGE, "township", ["990102001001"]),
        ({"type": "unit", "id": "centre-990102001000"}, VILLAGE, "county", ["990102001"]),
        ({"type": "staff", "id": "leader-centre-990102001000"}, VILLAGE, "county", ["990102001"]),
        ({"type": "staff", "id": "grid-990102001001001"}, VILLAGE, "township", ["990102001001"]),
        ({"type": "staff", "id": "grid-990102001003001"}, WITHOUT_OWN_CENTRE, "county", ["990102001"]),
        ({"type": "staff", "id": "handler-housing"}, VILLAGE, "village", []),
        ({"type": "unit", "id": "centre-990100000000"}, VILLAGE, "village", []),
        ({"type": "staff", "name": "某网格员"}, VILLAGE, "village", []),
    ],
)
async def test_a_matter_about_a_centre_or_its_staff_opens_a_level_up_out_of_their_sight(
    callers: Callers, sessions: Sessions, kind: str, subject: dict[str, str], region: str, level: str, hidden: list[str]
) -> None:
    report = {"kind": kind, "region_code": region, "subjects": [subject]}
    case_no = (await callers.dispatcher.report(**report))["case_no"]
    async with sessions() as session:
        case = await session.get_one(Case, case_no)
    assert (case.level, case.hidden_from) == (level, hidden)
    for prefix in hidden:
        inside = callers.role(Role.SUPERVISOR, region=prefix.ljust(12, "0"))
        await inside.get(f"/cases/{case_no}", 404)
        assert case_no not in str(await inside.get("/cases", sort="-registered_at", limit=50))
        own = callers.role(Role.DISPATCHER, unit=f"centre-{prefix.ljust(12, '0')}")
        await own.get(f"/cases/{case_no}", 404)
    await callers.role(Role.DISPATCHER, region=COUNTY).get(f"/cases/{case_no}")


async def test_a_matter_about_two_centres_is_hidden_from_both(callers: Callers) -> None:
    centres = ("centre-990102001001", "centre-990102001005")
    subjects = [{"type": "unit", "id": centre} for centre in centres]
    case_no = (await callers.dispatcher.report(kind="complaint", subjects=subjects))["case_no"]
    for region in (VILLAGE, "990102001005"):
        await callers.role(Role.DISPATCHER, region=region).get(f"/cases/{case_no}", 404)
    assert (await callers.role(Role.DISPATCHER, region=TOWNSHIP).get(f"/cases/{case_no}"))["level"] == "township"


async def test_a_help_request_that_names_a_centre_opens_where_it_always_does(callers: Callers) -> None:
    named = [{"type": "unit", "id": "centre-990102001001"}]
    case_no = (await callers.dispatcher.report(subjects=named))["case_no"]
    assert (await callers.role(Role.DISPATCHER, region=VILLAGE).get(f"/cases/{case_no}"))["level"] == "village"


async def test_the_process_knows_whom_it_is_about_and_starts_at_the_level_above(
    at_work: Callers, sessions: Sessions
) -> None:
    report = {"kind": "tip_off", "subjects": [{"type": "staff", "id": "leader-centre-990102001000"}]}
    case_no = (await at_work.dispatcher.report(**report))["case_no"]
    accepted = await at_work.dispatcher.post(f"/cases/{case_no}/accept")
    assert (accepted["level"], accepted["owner"]["unit_id"]) == ("county", "centre-990102000000")
    (registered, *_) = (await at_work.dispatcher.get(f"/cases/{case_no}/timeline"))["items"]
    assert registered["data"]["subjects"] == [
        {"type": "unit", "id": "centre-990102001000"},
        {"type": "staff", "id": "leader-centre-990102001000"},
    ]
    assert set(registered["data"]["centres"]) == {"county", "city"}


async def test_a_unit_inside_the_hidden_area_is_not_called_in(at_work: Callers) -> None:
    report = {"kind": "complaint", "subjects": [{"type": "unit", "id": "centre-990102001000"}]}
    case_no = (await at_work.dispatcher.report(**report))["case_no"]
    await at_work.dispatcher.post(f"/cases/{case_no}/accept")
    body = {"lead_unit": "housing", "co_units": ["township-990102001"], "reason": "请办理"}
    refused = await at_work.dispatcher.post(f"/cases/{case_no}/whistle", body, 422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("unit_not_to_know", "co_units.0")
    await at_work.dispatcher.post(f"/cases/{case_no}/whistle", body | {"co_units": []})


async def test_units_at_work_on_a_tip_off_never_learn_who_gave_it(at_work: Callers) -> None:
    case_no = await dispatched(at_work, **TIP_OFF)
    handler = at_work.handler()
    shown = await handler.get(f"/cases/{case_no}")
    assert (shown["description"], shown["safe_contact"]) == (TIP_OFF["description"], None)
    assert (await handler.get(f"/cases/{case_no}/requester", 403))["code"] == "requester_sealed"
    at_the_centre = at_work.role(Role.DISPATCHER, region=VILLAGE)
    assert (await at_the_centre.get(f"/cases/{case_no}/requester"))["phone"] == "13912345678"
    everything = [await handler.get(path) for path in (f"/cases/{case_no}", f"/cases/{case_no}/timeline", "/tasks")]
    assert "王举报" not in str(everything)
    assert "13912345678" not in str(everything)


@pytest.mark.parametrize("kind", ["complaint", "dispute"])
async def test_who_is_complained_about_gets_no_contact_data(at_work: Callers, sessions: Sessions, kind: str) -> None:
    case_no = await dispatched(at_work, **TIP_OFF | {"kind": kind})
    handler = at_work.handler()
    assert (await handler.get(f"/cases/{case_no}/requester"))["name"] == "王举报"
    async with about(sessions, case_no, "housing"):
        shown = await handler.get(f"/cases/{case_no}")
        assert (shown["description"], shown["safe_contact"]) == (TIP_OFF["description"], None)
        assert (await handler.get(f"/cases/{case_no}/requester", 403))["code"] == "requester_sealed"
        (item,) = [task for task in (await handler.get("/tasks", limit=200))["items"] if task["case_no"] == case_no]
        assert "王举报" not in str((shown, item))


async def test_of_an_anonymous_reporter_nothing_is_kept_but_how_to_reach_her_safely(
    at_work: Callers, sessions: Sessions
) -> None:
    resident = at_work.role(Role.REQUESTER, user="resident-0001")
    requester = TIP_OFF["requester"] | {"anonymous": True}
    reported = await resident.report(**TIP_OFF | {"requester": requester, "reported_by": {"name": "李代报"}})
    case_no = reported["case_no"]
    async with sessions() as session:
        case = await session.get_one(Case, case_no)
        kept = await session.get_one(Requester, case.requester_id)
        intake = await session.get_one(Intake, case.intake_id)
    assert (kept.name, kept.phone, kept.reported_by, kept.anonymous) == (None, None, None, True)
    assert kept.safe_contact == requester["safe_contact"]
    assert "王举报" not in str(intake.details)
    dispatcher = at_work.dispatcher
    shown = await dispatcher.post(f"/cases/{case_no}/accept")
    assert shown["safe_contact"] == {"how": None, "when": "晚上", "never": "打单位电话"}
    timeline = await dispatcher.get(f"/cases/{case_no}/timeline")
    assert timeline["items"][0]["actor"]["id"] == "requester"
    assert "resident-0001" not in str(timeline)


async def test_how_she_may_be_reached_safely_is_shown_to_whoever_is_to_contact_her(at_work: Callers) -> None:
    case_no = await dispatched(at_work, **TIP_OFF | {"kind": "help"})
    expected = {"how": None, "when": "晚上", "never": "打单位电话"}
    for caller in (at_work.dispatcher, at_work.handler()):
        assert (await caller.get(f"/cases/{case_no}"))["safe_contact"] == expected
    for role in (Role.AUDITOR, Role.OPERATOR):
        assert (await at_work.role(role).get(f"/cases/{case_no}"))["safe_contact"] is None
    finished = await at_work.handler().post(f"/tasks/{case_no}-T1/finish", {"reply": "已处理"})
    assert finished["safe_contact"] is None


async def test_operators_go_by_the_number_of_a_tip_off(at_work: Callers) -> None:
    case_no = await dispatched(at_work, **TIP_OFF | {"location": {"text": "局办公楼"}})
    operator = at_work.role(Role.OPERATOR)
    await operator.get(f"/cases/{case_no}", 404)
    order = {"case_no": case_no, "reason": "升级"}
    told = await operator.http.post("/operations/renew", params={"dry_run": "true"}, json=order)
    assert told.status_code == 200
    shown = told.json()["case"]
    assert (shown["case_no"], shown["title"], shown["location"]) == (case_no, "内容保密", None)
    for words in ("徇私", "局办公楼", "请办理"):
        assert words not in told.text


async def test_nobody_is_told_of_a_likely_duplicate_that_is_hidden_from_her(callers: Callers) -> None:
    same = {"title": f"投诉 {uuid4().hex}", "description": uuid4().hex * 3, "kind": "complaint"}
    about_the_centre = {"subjects": [{"type": "unit", "id": "centre-990102001001"}]}
    hidden = await callers.dispatcher.report(**same, **about_the_centre)
    tip_off = await callers.dispatcher.report(**same | {"kind": "tip_off"})
    inside = callers.role(Role.GRID_WORKER, region=VILLAGE)
    assert (await inside.report(**same))["likely_duplicates"] == []
    told = {item["case_no"] for item in (await callers.dispatcher.report(**same))["likely_duplicates"]}
    assert hidden["case_no"] in told
    assert tip_off["case_no"] not in told


async def test_a_receipt_is_not_told_again_to_those_the_matter_is_hidden_from(callers: Callers) -> None:
    report = {
        "kind": "complaint",
        "subjects": [{"type": "unit", "id": "centre-990102001001"}],
        "external_id": uuid4().hex,
    }
    await callers.dispatcher.report(**report)
    refused = await callers.role(Role.DISPATCHER, region=VILLAGE).http.post("/cases", json=_whole(report))
    assert (refused.status_code, refused.json()["code"]) == (409, "external_id_in_use")


def _whole(report: dict[str, Any]) -> dict[str, Any]:
    return {"source": "test", "title": "t", "description": "d", "region_code": VILLAGE, **report}


async def test_a_tip_off_is_bound_to_tip_offs_only(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    help_no = (await dispatcher.report())["case_no"]
    tip_no = (await dispatcher.report(kind="tip_off"))["case_no"]
    await dispatcher.post(f"/cases/{help_no}/accept")
    part = {"title": "x", "description": "x", "kind": "tip_off"}
    for command, body in (
        ("divide", {"parts": [part], "reason": "x"}),
        ("merge", {"into": tip_no, "reason": "x"}),
        ("gather", {"case_nos": [tip_no], "reason": "x"}),
    ):
        assert (await dispatcher.post(f"/cases/{help_no}/{command}", body, 409))["code"] == "tip_off_stands_alone"


async def test_a_timeline_names_no_case_that_its_reader_does_not_see(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    own = (await dispatcher.report())["case_no"]
    other = (await dispatcher.report(region_code="990103001001"))["case_no"]
    await dispatcher.post(f"/cases/{own}/gather", {"case_nos": [other], "reason": "x"})
    village = at_work.role(Role.DISPATCHER, region=VILLAGE)
    read = [item["data"] for item in (await village.get(f"/cases/{own}/timeline"))["items"]]
    assert other not in str(read)
    assert other in str([item["data"] for item in (await dispatcher.get(f"/cases/{own}/timeline"))["items"]])


async def test_who_gave_a_tip_off_is_not_told_to_the_unit_at_work_on_it(at_work: Callers) -> None:
    grid = at_work.role(Role.GRID_WORKER, user="grid-worker-who-tells")
    case_no = (await grid.report(kind="tip_off"))["case_no"]
    dispatcher = at_work.dispatcher
    await dispatcher.post(f"/cases/{case_no}/accept")
    await dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "x"})
    read = (await at_work.handler().get(f"/cases/{case_no}/timeline"))["items"]
    assert read[0]["actor"]["id"] == "requester"
    assert "grid-worker-who-tells" not in str(read)


async def test_a_complaint_is_not_merged_into_a_case_that_its_subject_works_on(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    main = (await dispatcher.report())["case_no"]
    await dispatcher.post(f"/cases/{main}/accept")
    await dispatcher.post(f"/cases/{main}/whistle", {"lead_unit": "housing", "reason": "x"})
    about = [{"type": "unit", "id": "housing"}]
    complaint = (await dispatcher.report(kind="complaint", subjects=about))["case_no"]
    await dispatcher.post(f"/cases/{complaint}/merge", {"into": main, "reason": "x"})

    async def alone() -> bool:
        shown = await dispatcher.get(f"/cases/{complaint}")
        return bool(shown["status"] == "accepted" and shown["merged_into"] is None)

    await until(alone, "the complaint goes on by itself")
