"""Who may do what, and who sees what."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from api.authorisation import ALLOWED, Action, Authorised
from api.tokens import Claims, InvalidToken, Tokens
from tests.api.calling import OTHER_COUNTY, REPORT, SECRET, TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import Role

PUBLIC = {
    "/health",
    "/ready",
    "/metrics",
    "/docs",
    "/docs/assets",
    "/openapi.json",
    "/api/v1/hooks/{connector}",
    "/api/v1/track/{code}",
    "/api/v1/track/{code}/rate",
    "/api/v1/track/{code}/withdraw",
    "/api/v1/track/{code}/reopen",
    "/api/v1/track/{code}/contact",
    "/api/v1/track/{code}/acknowledge",
    "/api/v1/track/{code}/consent",
    "/api/v1/track/{code}/leave-mediation",
}


def test_every_route_has_an_action_or_is_on_the_public_list(app: FastAPI) -> None:
    guarded: set[str | None] = set()
    open_to_all: set[str | None] = set()
    for route in iter_route_contexts(app.routes):
        original = route.original_route
        dependencies = original.dependant.dependencies if isinstance(original, APIRoute) else []
        actions = [found.call.action for found in dependencies if isinstance(found.call, Authorised)]
        (guarded if actions else open_to_all).add(route.path)
    assert open_to_all == PUBLIC
    assert guarded


def test_every_action_is_in_the_table() -> None:
    assert set(ALLOWED) == set(Action)


async def test_without_a_token_nothing_is_answered(callers: Callers) -> None:
    assert (await callers.nobody().get("/cases", 401))["code"] == "no_token"
    assert (await callers.nobody(Authorization="Bearer rubbish").get("/cases", 401))["code"] == "bad_token"


async def test_a_token_of_another_installation_does_not_hold(callers: Callers) -> None:
    foreign = Tokens(SECRET + "!").issue(Claims(sub="x", role=Role.SUPERVISOR))
    assert (await callers.nobody(Authorization=f"Bearer {foreign}").get("/cases", 401))["code"] == "bad_token"


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SYSTEM])
def test_a_role_that_acts_for_a_unit_needs_one_in_its_token(role: Role) -> None:
    with pytest.raises(InvalidToken):
        Tokens(SECRET).issue(Claims(sub="x", role=role))


async def test_a_role_may_only_do_what_the_table_says(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    refused = await callers.role(Role.AUDITOR).post(f"{case}/accept", None, 403)
    assert refused["code"] == "not_yours_to_do"
    await callers.role(Role.REQUESTER).get(case, 403)
    await callers.role(Role.AUDITOR).get(f"{case}/requester", 403)
    await callers.handler().post("/cases", REPORT, 403)


async def test_a_case_is_seen_from_its_own_subtree_only(callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    case = f"/cases/{registered['case_no']}"
    for region in (VILLAGE, TOWNSHIP, "990102000000", "990100000000"):
        await callers.role(Role.DISPATCHER, region=region).get(case)
    outside = callers.role(Role.DISPATCHER, region=OTHER_COUNTY)
    assert (await outside.get(case, 404))["code"] == "not_found"
    assert (await outside.post(f"{case}/accept", None, 404))["code"] == "not_found"
    await outside.get(f"{case}/timeline", 404)
    await callers.handler().get(case, 404)


async def test_a_centre_sees_what_it_serves_beyond_its_own_code(callers: Callers) -> None:
    served_by_a_neighbour = "990103400201"
    case_no = (await callers.dispatcher.report(region_code=served_by_a_neighbour))["case_no"]
    await callers.role(Role.DISPATCHER, region="990103102000").get(f"/cases/{case_no}")
    await callers.role(Role.DISPATCHER, region="990103101000").get(f"/cases/{case_no}", 404)


async def test_a_case_without_a_region_is_for_the_whole_city(callers: Callers) -> None:
    registered = await callers.dispatcher.report(region_code=None)
    await callers.role(Role.DISPATCHER, region=OTHER_COUNTY).get(f"/cases/{registered['case_no']}", 404)
    await callers.dispatcher.get(f"/cases/{registered['case_no']}")


async def test_nobody_reports_outside_her_own_region(callers: Callers) -> None:
    grid_worker = callers.role(Role.GRID_WORKER, region=TOWNSHIP)
    for region in (OTHER_COUNTY, None):
        refused = await grid_worker.post("/cases", REPORT | {"region_code": region}, 403)
        assert refused["code"] == "region_out_of_scope"
    await grid_worker.report()
