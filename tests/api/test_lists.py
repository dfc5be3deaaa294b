"""Finding cases, units, regions and routes."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from api.app import create_app
from api.case_list import CaseFilter, count_cases
from api.server import TemporalProbe
from api.tokens import Caller
from infra.case_gateway import CaseGateway
from infra.database import database, engine
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.tables import Case, Task
from tests.api.calling import OTHER_COUNTY, TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import Role


async def test_chinese_words_are_found_in_title_and_description(callers: Callers) -> None:
    dispatcher = callers.dispatcher
    source = f"s{uuid4().hex[:12]}"
    wanted = await dispatcher.report(source=source, title="自来水管爆裂", description="小区门口漏水")
    await dispatcher.report(source=source, title="广场舞扰民", description="夜里太吵")
    for words in ("水管爆裂", "门口漏水", "漏"):
        found = await dispatcher.get("/cases", q=words, limit=200)
        numbers = [item["case_no"] for item in found["items"] if item["source"] == source]
        assert numbers == [wanted["case_no"]]


async def test_signs_in_a_search_mean_themselves(callers: Callers) -> None:
    wanted = await callers.dispatcher.report(title="打 % 折")
    found = await callers.dispatcher.get("/cases", q="%", limit=200)
    assert wanted["case_no"] in {item["case_no"] for item in found["items"]}
    assert all("%" in item["title"] for item in found["items"])


@pytest.mark.parametrize("sort", ["registered_at", "-registered_at", "due_at"])
async def test_pages_show_every_case_once_and_in_order(undisturbed: Callers, sort: str) -> None:
    reader = undisturbed.role(Role.AUDITOR, region=VILLAGE)
    made = {(await undisturbed.dispatcher.report())["case_no"] for _ in range(7)}
    seen: list[str] = []
    cursor = None
    while True:
        page = await reader.get("/cases", sort=sort, limit=3, **({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= 3
        seen += [item["case_no"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(made, reverse=sort.startswith("-"))


async def test_filters_narrow_and_scope_still_holds(callers: Callers) -> None:
    registered = await callers.dispatcher.report(kind="hazard", urgency="urgent")
    found = await callers.dispatcher.get("/cases", kind="hazard", region=TOWNSHIP, status="registered", limit=200)
    assert registered["case_no"] in {item["case_no"] for item in found["items"]}
    assert {item["kind"] for item in found["items"]} == {"hazard"}
    outside = callers.role(Role.DISPATCHER, region=OTHER_COUNTY)
    assert (await outside.get("/cases", region=TOWNSHIP))["items"] == []
    assert (await callers.dispatcher.get("/cases", overdue=True, kind="hazard"))["items"] == []


async def test_what_is_due_soon_is_found_and_says_whether_its_date_may_move(
    clone: Callable[[], Awaitable[str]], settings: Settings, gateway: CaseGateway, client: Client
) -> None:
    async with database(await clone(), pool_size=2) as own:
        answers = TemporalProbe(client).answers
        app = create_app(
            settings,
            own,
            gateway,
            MediationGateway(client, own),
            temporal_answers=answers,
            now=lambda: datetime.now(UTC),
        )
        dispatcher, handler = Callers(app).dispatcher, Callers(app).handler()
        first, second = [(await dispatcher.report())["case_no"] for _ in range(2)]
        async with own.begin() as session:
            await session.execute(
                update(Case)
                .where(Case.case_no == first)
                .values(due_soon=True, due_provisional=True, snapshot={"clocks": {}})
            )
            session.add(
                Task(
                    task_no=f"{first}-T1",
                    case_no=first,
                    unit_id="housing",
                    role="lead",
                    status="dispatched",
                    dispatched_at=datetime.now(UTC),
                    due_soon=True,
                    due_provisional=True,
                )
            )
        (soon,) = (await dispatcher.get("/cases", due_soon=True))["items"]
        (rest,) = (await dispatcher.get("/cases", due_soon=False))["items"]
        assert (soon["case_no"], soon["provisional"]) == (first, True)
        assert (rest["case_no"], rest["provisional"]) == (second, False)
        (task,) = (await handler.get("/tasks", due_soon=True))["items"]
        assert (task["due_soon"], task["provisional"]) == (True, True)
        assert (await handler.get("/tasks", due_soon=False))["items"] == []


@pytest.mark.parametrize("flag", ["overdue", "due_soon"])
async def test_flagged_cases_have_their_index_even_under_a_plan_that_knows_no_values(
    clone: Callable[[], Awaitable[str]], flag: str
) -> None:
    made = engine(await clone(), pool_size=1)
    said: list[tuple[str, tuple[object, ...]]] = []
    event.listen(made.sync_engine, "before_cursor_execute", lambda *heard: said.append((heard[2], heard[3])))
    async with AsyncSession(made) as session:
        await session.execute(text("SET enable_seqscan = off"))
        asked = CaseFilter.model_validate({flag: True})
        assert await count_cases(session, Caller("auditor", Role.AUDITOR), asked, 10) == 0
        connection = await session.connection()
        statement, given = said[-1]
        plan = await connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {statement}", given)
        assert f"cases_{flag}" in "\n".join(plan.scalars())
    await made.dispose()


@pytest.mark.parametrize(
    "cursor",
    [
        "rubbish",
        "长",
        base64.urlsafe_b64encode(b'{"order":"-registered_at"}').decode(),
        base64.urlsafe_b64encode(b'{"order":"due_at","key":"1"}').decode(),
        base64.urlsafe_b64encode(b'{"order":"-registered_at","key":"\\u0000"}').decode(),
        "x" * 390,
    ],
)
async def test_a_cursor_that_was_never_given_out_is_refused(callers: Callers, cursor: str) -> None:
    assert (await callers.dispatcher.get("/cases", 422, cursor=cursor))["code"] == "bad_cursor"


@pytest.mark.parametrize(
    "asked",
    [{"limit": 0}, {"limit": 201}, {"sort": "title"}, {"status": "lost"}, {"q": "\x00"}, {"cursor": "x" * 5_000}],
)
async def test_a_question_out_of_bounds_is_refused(callers: Callers, asked: dict[str, object]) -> None:
    refused = await callers.dispatcher.get("/cases", 422, **asked)
    assert refused["errors"][0]["field"] == next(iter(asked))


async def test_the_directory_is_paged_and_searched(callers: Callers) -> None:
    reader = callers.handler()
    first = await reader.get("/units", limit=2, level="city")
    rest = await reader.get("/units", limit=200, level="city", cursor=first["next_cursor"])
    numbers = [unit["unit_id"] for unit in first["items"] + rest["items"]]
    assert numbers == sorted(set(numbers))
    assert {unit["unit_id"] for unit in (await reader.get("/units", q="住房和城乡"))["items"]} >= {"housing"}
    villages = await reader.get("/regions", parent=TOWNSHIP, level="village", limit=200)
    assert VILLAGE in {region["code"] for region in villages["items"]}


async def test_routing_names_the_units_and_says_why(callers: Callers) -> None:
    suggested = await callers.dispatcher.get("/routing", category="城乡建设/安全生产/安全隐患", region=VILLAGE)
    lead, co_unit = suggested["items"]
    assert (lead["role"], lead["unit_id"], lead["power_holder"]) == ("lead", "emergency_management", True)
    assert "安全生产法" in lead["reason"]
    assert (co_unit["role"], co_unit["unit_id"]) == ("co", "housing-990102")
    unknown = await callers.dispatcher.get("/routing", 422, category="没有")
    assert unknown["code"] == "unknown_category"
    nowhere = await callers.dispatcher.get(
        "/routing", 422, category="城乡建设/安全生产/安全隐患", region="990199001001"
    )
    assert nowhere["code"] == "unknown_region"
