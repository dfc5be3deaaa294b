"""The pages in a real browser: nothing overflows on a phone, nothing is asked of others, times tick, forms work."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from tests.api.calling import Callers
from tests.browser.chromium import Tab, browsing, find_chromium
from tests.driving import until
from tests.pages.visiting import Visitors, app_with_pages
from workflows.contracts.vocabulary import Role

PROGRAM = find_chromium(os.environ)
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium found (YINGSHAO_CHROMIUM or the path)")
PHONE, DESK = 360, 1200
LONG = "一个很长很长的标题没有任何空格" * 6 + "W" * 60


@pytest.fixture(scope="session")
def app(sessions: Sessions, gateway: CaseGateway, client: Client, workers: None) -> FastAPI:
    return app_with_pages(sessions, gateway, client)


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    try:
        await until(started, "the server is up")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browsing(PROGRAM or "") as opened:
        yield opened


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with served(app) as root:
        yield root


async def sign_in(tab: Tab, address: str, role: Role, unit: str | None = None) -> None:
    token = Visitors(FastAPI()).token(role, unit=unit)
    await tab.open(f"{address}/login?token={token}")
    assert token not in await tab.evaluate("location.href")


async def whistled(callers: Callers) -> dict[str, str]:
    registered: dict[str, str] = await callers.dispatcher.report(title=LONG, description=LONG)
    path = f"/cases/{registered['case_no']}"
    await callers.dispatcher.post(f"{path}/accept", {"note": LONG})
    await callers.dispatcher.post(f"{path}/whistle", {"lead_unit": "housing", "reason": LONG})
    part = {"title": LONG, "description": LONG}
    await callers.dispatcher.post(f"{path}/divide", {"parts": [part], "reason": LONG})
    await callers.dispatcher.post(f"{path}/refer", {"unit": "tax", "reason": LONG})
    await callers.dispatcher.post(f"{path}/transfer", {"city": "临江市", "reason": LONG})
    return registered


async def opened(callers: Callers) -> str:
    """A mediation's page; the form of its plan is the largest there is."""
    case_no = (await callers.dispatcher.report(kind="dispute", title=LONG))["case_no"]
    sides = [{"side": side, "name": LONG[:100]} for side in ("applicant", "respondent")]
    body = {"dispute": {"type": "neighbour"}, "parties": sides}
    case = await callers.dispatcher.post(f"/cases/{case_no}/mediations", body, 201)
    return f"/mediations/{case['mediations'][0]}"


async def test_no_page_is_wider_than_its_screen_and_none_asks_others(tab: Tab, address: str, app: FastAPI) -> None:
    registered = await whistled(Callers(app))
    await sign_in(tab, address, Role.HANDLER, "housing")
    case = f"/cases/{registered['case_no']}"
    track = f"/track/{registered['tracking_code']}"
    past = f"{case}?at={registered['case_no'][6:10]}-01-01T00:00"
    cases = ("/cases", "/cases/overdue", case, f"{case}?all=true", past, "/units/housing/inbox")
    for path in (*cases, "/track", track, "/login", "/nowhere"):
        for width in (PHONE, DESK):
            await tab.set_width(width)
            await tab.open(address + path)
            await tab.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
            assert await tab.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            asked = await tab.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
            assert all(name.startswith(f"{address}/static/") for name in asked), asked
            assert await tab.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex", path


async def test_every_field_has_a_label_and_no_id_is_there_twice(tab: Tab, address: str, app: FastAPI) -> None:
    registered = await whistled(Callers(app))
    await sign_in(tab, address, Role.DISPATCHER)
    case, track = f"/cases/{registered['case_no']}", f"/track/{registered['tracking_code']}"
    for path in (
        "/cases",
        case,
        "/sweeps",
        "/trouble-spots",
        "/mediations",
        await opened(Callers(app)),
        "/login",
        track,
    ):
        await tab.open(address + path)
        unlabelled = await tab.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
            ".filter(field => field.labels.length === 0).map(field => field.name)"
        )
        assert unlabelled == [], path
        ids = await tab.evaluate("[...document.querySelectorAll('[id]')].map(part => part.id)")
        assert len(ids) == len(set(ids)), path
        await tab.set_width(PHONE)
        assert await tab.evaluate("document.documentElement.scrollWidth") <= PHONE, path


async def test_remaining_times_tick(tab: Tab, address: str, app: FastAPI) -> None:
    registered = await whistled(Callers(app))
    await sign_in(tab, address, Role.DISPATCHER)
    await tab.open(f"{address}/cases/{registered['case_no']}")
    await tab.evaluate("document.querySelector('[data-due]').textContent = ''")

    async def ticked() -> bool:
        return bool(await tab.evaluate("document.querySelector('[data-due]').textContent.startsWith('还剩')"))

    await until(ticked, "the script writes the remaining time again")


async def test_a_unit_signs_by_a_click(tab: Tab, address: str, app: FastAPI) -> None:
    registered = await whistled(Callers(app))
    await sign_in(tab, address, Role.HANDLER, "housing")
    await tab.open(f"{address}/cases/{registered['case_no']}")
    await tab.click("form[action$='/sign'] button")
    assert "已签收" in await tab.evaluate("document.body.innerText")


async def test_days_that_count_are_told_from_others_without_colour(tab: Tab, address: str, app: FastAPI) -> None:
    registered = await whistled(Callers(app))
    await sign_in(tab, address, Role.DISPATCHER)
    await tab.open(f"{address}/cases/{registered['case_no']}")
    await tab.evaluate("for (const part of document.querySelectorAll('details.why')) part.open = true")
    borders = await tab.evaluate(
        "['counted', 'skipped'].map(name => getComputedStyle(document.querySelector(`.strip .${name}`)).borderTopStyle)"
    )
    assert borders[0] != borders[1]
    words = await tab.evaluate("[...document.querySelectorAll('.strip li strong')].map(word => word.innerText)")
    assert {"不计", "第5日"} <= set(words)
    assert "" not in words
