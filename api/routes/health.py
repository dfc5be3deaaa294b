"""For whoever runs the service: is it up, can it work, and how much does it do."""

from typing import Literal

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.services import App, Services

router = APIRouter(tags=["service"])
DOCS_ASSETS = "/docs/assets"

Answers = Literal["up", "down"]


class Health(BaseModel):
    """The process answers."""

    status: Literal["up"] = "up"


class Readiness(BaseModel):
    """What the service depends on; it takes cases in as long as the database is up."""

    database: Answers
    temporal: Answers


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> Health:
    """The process is up."""
    return Health()


@router.head("/ready", include_in_schema=False)
@router.get("/ready", responses={503: {"model": Readiness}})
async def ready(app: App, response: Response) -> Readiness:
    """Everything that the service needs answers, else 503."""
    database: Answers = "up" if await _database_answers(app) else "down"
    temporal: Answers = "up" if await app.temporal_answers() else "down"
    readiness = Readiness(database=database, temporal=temporal)
    if "down" in {database, temporal}:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return readiness


@router.get("/metrics", response_class=Response)
async def metrics(app: App) -> Response:
    """Figures in Prometheus's text format."""
    return Response(await app.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The interface to read and try, with nothing loaded from outside."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="应哨 · API",
        swagger_js_url=f"{DOCS_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{DOCS_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{DOCS_ASSETS}/favicon.png",
    )


async def _database_answers(app: Services) -> bool:
    try:
        async with app.sessions() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return False
    return True
