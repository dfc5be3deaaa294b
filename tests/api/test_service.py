"""What whoever runs the service sees: health, figures, documentation, errors of the framework."""

from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.database import database
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from tests.api.calling import REPORT, Callers


def _root(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://yingshao.test")


async def test_it_is_ready_when_everything_answers(app: FastAPI) -> None:
    assert (await _root(app).get("/health")).json() == {"status": "up"}
    ready = await _root(app).get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"database": "up", "temporal": "up"})


async def test_it_says_which_part_is_missing(app_without_temporal: FastAPI) -> None:
    ready = await _root(app_without_temporal).get("/ready")
    assert (ready.status_code, ready.json()) == (503, {"database": "up", "temporal": "down"})


async def test_a_database_that_is_away_is_503(settings: Settings, gateway: CaseGateway, client: Client) -> None:
    url = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    away = settings.model_copy(update={"database_url": SecretStr(url)})
    async with database(url) as sessions:
        app = create_app(
            away,
            sessions,
            gateway,
            MediationGateway(client, sessions),
            temporal_answers=TemporalProbe(client).answers,
            now=lambda: datetime.now(UTC),
        )
        assert (await _root(app).get("/ready")).status_code == 503
        answer = await Callers(app).dispatcher.http.get("/cases")
        figures = await _root(app).get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["retry-after"]
    assert figures.status_code == 200
    assert "yingshao_database_up 0.0" in figures.text
    assert 'yingshao_http_requests_total{method="GET",route="/api/v1/cases",status="503"} 1.0' in figures.text


async def test_a_balancer_may_ask_without_a_body(app: FastAPI) -> None:
    for path in ("/health", "/ready"):
        assert (await _root(app).head(path)).status_code == 200


async def test_figures_name_routes_and_never_what_stands_in_them(app: FastAPI, callers: Callers) -> None:
    registered = await callers.dispatcher.report()
    await callers.nobody().get(f"/track/{registered['tracking_code']}")
    await _root(app).get("/no/such/page")
    figures = (await _root(app).get("/metrics")).text
    assert 'yingshao_http_requests_total{method="GET",route="/api/v1/track/{code}",status="200"}' in figures
    assert 'route="unmatched",status="404"' in figures
    assert 'yingshao_cases{status="registered"}' in figures
    assert "yingshao_database_up 1.0" in figures
    assert registered["tracking_code"] not in figures


async def test_the_documentation_needs_no_outside_host(app: FastAPI) -> None:
    page = (await _root(app).get("/docs")).text
    assert "http://" not in page
    assert "https://" not in page
    script = await _root(app).get("/docs/assets/swagger-ui-bundle.js")
    assert script.status_code == 200
    described = (await _root(app).get("/openapi.json")).json()
    assert "ProblemDetails" in described["components"]["schemas"]
    assert "/api/v1/cases/{case_no}/whistle" in described["paths"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/no/such/page", 404, "not_found"),
        ("DELETE", "/api/v1/cases", 405, "method_not_allowed"),
        ("OPTIONS", "/api/v1/cases", 405, "method_not_allowed"),
        ("GET", "/api/v1/cases/not-a-number", 422, "not_valid"),
        ("GET", "/api/v1/cases/990102202601019999", 404, "not_found"),
        ("GET", "/docs/assets/../../api/app.py", 404, "not_found"),
    ],
)
async def test_every_error_is_a_problem(callers: Callers, method: str, path: str, status: int, code: str) -> None:
    answer = await callers.dispatcher.http.request(method, f"http://yingshao.test{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_an_error_nobody_foresaw_tells_nothing(
    settings: Settings, gateway: CaseGateway, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    async with database(settings.database_url.get_secret_value()) as sessions:

        def broken() -> bool:
            raise ZeroDivisionError("王小明 13800000000")

        app = create_app(
            settings,
            sessions,
            gateway,
            MediationGateway(client, sessions),
            temporal_answers=TemporalProbe(client).answers,
            now=broken,  # type: ignore[arg-type]
        )
        answer = await _root(app).post("/api/v1/cases", json=REPORT)
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    seen = answer.text + "".join(capsys.readouterr())
    assert "ZeroDivisionError" in seen
    assert "王小明" not in seen
