"""The app's factory: everything it needs comes in by its parameters."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from opentelemetry import trace
from opentelemetry.trace import Tracer

from api.errors import ProblemDetails, install_handlers
from api.metrics import Metrics
from api.reception import Reception
from api.routes import (
    attachments,
    case_commands,
    case_dispatch,
    case_links,
    case_risks,
    cases,
    deadlines,
    directory,
    health,
    hooks,
    mediation_files,
    mediation_operations,
    mediation_reading,
    mediation_talks,
    mediations,
    mediators,
    notices,
    operations,
    rules,
    sweeps,
    tasks,
    tracking,
)
from api.services import Gateway, Mediations, Services
from api.tokens import Tokens
from api.watching import Edge, Watched
from infra.database import Sessions
from infra.settings import Settings

_ROUTERS = (
    health.router,
    cases.router,
    case_commands.router,
    case_dispatch.router,
    case_links.router,
    case_risks.router,
    notices.router,
    deadlines.router,
    tasks.router,
    attachments.router,
    directory.router,
    mediators.router,
    # Before the addresses that take a mediation's number.
    mediation_reading.router,
    mediation_files.router,
    mediations.opening,
    mediations.router,
    mediation_talks.router,
    mediation_operations.router,
    rules.router,
    tracking.router,
    operations.router,
    sweeps.router,
    hooks.router,
)


def create_app(
    settings: Settings,
    sessions: Sessions,
    gateway: Gateway,
    mediations: Mediations,
    *,
    temporal_answers: Callable[[], Awaitable[bool]],
    now: Callable[[], datetime],
    tracer: Tracer | None = None,
) -> FastAPI:
    """The HTTP interface; `now` is the process's clock (UTC)."""
    metrics = Metrics(sessions)
    tokens = Tokens(settings.token_secret.get_secret_value())
    app = FastAPI(
        title="应哨 Yingshao",
        summary="Every matter that a city's residents raise, carried to a verified end",
        version="1",
        docs_url=None,
        redoc_url=None,
        # The framework's own spans and logs would hold tracking codes and what a failed request had in it.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.services = Services(
        settings=settings,
        sessions=sessions,
        gateway=gateway,
        mediations=mediations,
        temporal_answers=temporal_answers,
        now=now,
        tokens=tokens,
        metrics=metrics,
    )
    install_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    assets = Path(fastapi_offline.__file__).parent / "static"
    app.mount(health.DOCS_ASSETS, StaticFiles(directory=assets), name="docs-assets")
    # The last one added is the outermost.
    app.add_middleware(
        Reception,
        now=now,
        tokens=tokens,
        attachments_limit=settings.attachments_limit,
    )
    app.add_middleware(Edge)
    app.add_middleware(Watched, tracer=tracer or trace.get_tracer("yingshao.api"), metrics=metrics)
    _describe_problems(app)
    return app


def _describe_problems(app: FastAPI) -> None:
    """Adds the schema of problems to the OpenAPI description; every route's errors refer to it."""
    describe = app.openapi

    def described() -> dict[str, object]:
        schema = describe()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["ProblemDetails"] = problem
        return schema

    app.openapi = described  # type: ignore[method-assign]
