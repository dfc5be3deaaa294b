"""Suggestions: whom the catalogue names and who else could hold it, and what the city's own decisions teach."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.database import Sessions, database
from infra.directory_tables import Route
from infra.mediation_gateway import MediationGateway
from infra.routing.training import train
from infra.settings import Settings
from tests.api.calling import TOWNSHIP, VILLAGE, Callers
from tests.routing.decided_cases import decided, enter
from workflows.contracts.vocabulary import Role

_COUNTY, _OTHER_COUNTY = "990102000000", "990103000000"
_WORDS = {"title": "物业", "description": "小区物业收了物业费,楼道没人打扫"}


@pytest.fixture(scope="module")
async def own_sessions(clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Sessions]:
    """Of a database whose decided cases have been learnt from."""
    async with database(await clone(), pool_size=2) as own:
        async with own.begin() as session:
            await enter(session, decided(20))
            await train(session, datetime(2026, 4, 1, tzinfo=UTC))
        yield own


@pytest.fixture(scope="module")
def taught(settings: Settings, own_sessions: Sessions, gateway: CaseGateway, client: Client) -> Callers:
    answers = TemporalProbe(client).answers
    return Callers(
        create_app(
            settings,
            own_sessions,
            gateway,
            MediationGateway(client, own_sessions),
            temporal_answers=answers,
            now=lambda: datetime.now(UTC),
        )
    )


async def test_the_same_function_above_and_below_and_the_class_above_are_alternatives(callers: Callers) -> None:
    lead, co_unit = (await callers.dispatcher.get("/routing", category="城乡建设/安全生产/安全隐患", region=_COUNTY))[
        "items"
    ]
    assert (lead["unit_id"], lead["datable"], lead["refer"]) == ("emergency_management", True, False)
    assert co_unit["unit_id"] == "housing-990102"
    assert [(one["unit_id"], one["reason"]) for one in co_unit["alternatives"]] == [("housing", "上一级的同职能单位")]
    waste = await callers.dispatcher.get("/routing", category="城乡建设/城市建设和市政管理/环境卫生")
    assert waste["items"][0]["unit_id"] == "urban_management"
    others = {one["unit_id"]: one["reason"] for one in waste["items"][0]["alternatives"]}
    assert others["urban_management-990102"] == "下一级的同职能单位"
    assert others["housing"] == "上级分类“城乡建设”由其主办"


@pytest.mark.parametrize(
    ("category", "unit_id", "kind"),
    [
        ("经济管理/金融财税/税收征管", "tax", "vertical"),
        ("政法/诉讼/民事诉讼", "court-990102", "judicial"),
        ("纪检监察/贪污贿赂/贪污", "discipline", "discipline"),
    ],
)
async def test_a_unit_that_keeps_its_own_dates_is_to_be_referred_to(
    callers: Callers, category: str, unit_id: str, kind: str
) -> None:
    lead = (await callers.dispatcher.get("/routing", category=category, region=VILLAGE))["items"][0]
    assert (lead["unit_id"], lead["kind"], lead["datable"], lead["refer"]) == (unit_id, kind, False, True)
    assert "移送" in lead["reason"]


async def test_a_route_for_a_region_holds_there_and_nowhere_else(own_sessions: Sessions, taught: Callers) -> None:
    category = "城乡建设/城市建设和市政管理/环境卫生"
    special = {"category": category, "lead": "housing", "co": [], "power_holder": "housing", "region_code": _COUNTY}
    async with own_sessions.begin() as session:
        await session.execute(insert(Route).values(special))
    there = (await taught.dispatcher.get("/routing", category=category, region=TOWNSHIP))["items"][0]
    elsewhere = (await taught.dispatcher.get("/routing", category=category, region=_OTHER_COUNTY))["items"][0]
    assert there["function"] == "housing"
    assert "本区域的专门规定" in there["reason"]
    assert elsewhere["function"] == "urban_management"


async def test_words_are_answered_with_classes_units_and_reasons(taught: Callers) -> None:
    told = await taught.dispatcher.post("/routing/suggestions", {**_WORDS, "region_code": VILLAGE})
    best = told["top_classes"][0]
    assert (best["category"], told["decisions"]) == ("城乡建设", 60)
    assert best["probability"] > told["top_classes"][1]["probability"]
    assert "物业" in best["because"]
    assert told["classes"][0]["category"] == "城乡建设/住房保障与房地产/物业服务"
    assert told["classes"][0]["units"][0]["function"] == "housing"
    assert (told["lead_units"][0]["unit_id"], told["lead_units"][0]["name"]) == ("housing", "云江市住房和城乡建设局")
    assert 0 < told["accuracy"] <= 1


async def test_words_that_are_all_new_are_answered_with_nothing(taught: Callers) -> None:
    told = await taught.dispatcher.post("/routing/suggestions", {"description": "ABC"})
    assert (told["top_classes"], told["classes"], told["lead_units"]) == ([], [], [])


async def test_before_the_first_training_there_is_nothing_to_ask(undisturbed: Callers) -> None:
    refused = await undisturbed.dispatcher.post("/routing/suggestions", _WORDS, 404)
    assert refused["code"] == "nothing_learnt"
    assert "yingshao routing train" in refused["detail"]


async def test_what_is_asked_is_bounded_and_for_staff(taught: Callers) -> None:
    too_long = {"description": "长" * 20_001}
    assert (await taught.dispatcher.post("/routing/suggestions", too_long, 422))["code"] == "not_valid"
    nowhere = {**_WORDS, "region_code": "990199001001"}
    assert (await taught.dispatcher.post("/routing/suggestions", nowhere, 422))["code"] == "unknown_region"
    await taught.role(Role.REQUESTER).post("/routing/suggestions", _WORDS, 403)
