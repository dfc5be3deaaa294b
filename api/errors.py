"""How the API says no: RFC 9457 problems with stable codes, never a traceback and never what was sent."""

import http
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.case_gateway import CaseUnavailable
from infra.intake import InvalidReport
from workflows.contracts.errors import RuleViolation

PROBLEM_JSON = "application/problem+json"
_RETRY_AFTER = {"Retry-After": "5"}
_MOST_FIELDS = 50
_AWAY_STATES = ("08", "53", "57P")
"""Classes of SQLSTATE: no connection, no resources, shutting down or starting."""
_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media"}


class FieldProblem(BaseModel):
    """What is wrong with one field; `field` is its dotted path in the body, or the parameter's name."""

    field: str
    code: str
    message: str


class ProblemDetails(BaseModel):
    """The body of every error (RFC 9457); branch on `code`."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[FieldProblem] | None = None


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An answer other than what was asked for."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    @classmethod
    def of_field(cls, field: str, code: str, message: str) -> "Problem":
        """422 for one field that names something unknown or unfit."""
        return cls(422, code, message, errors=[FieldProblem(field=field, code=code, message=message)])

    def response(self, path: str) -> JSONResponse:
        """The answer to a request for `path`."""
        details = ProblemDetails(
            title=http.HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            code=self.code,
            instance=path,
            errors=self.errors or None,
        )
        return JSONResponse(
            details.model_dump(exclude_none=True), self.status, headers=self.headers, media_type=PROBLEM_JSON
        )


def not_found(what: str) -> Problem:
    """404, for what is not there and for what is not the caller's to see alike."""
    return Problem(404, "not_found", f"there is no such {what}, or it is not yours to see")


def unavailable(what: str) -> Problem:
    """503, with the time to come back."""
    return Problem(503, f"{what}_unavailable", "temporarily unable; try again shortly", headers=_RETRY_AFTER)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its OpenAPI description; what any route may answer is added."""
    schema = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {
        status: {"description": http.HTTPStatus(status).phrase, "content": schema}
        for status in sorted({*statuses, 400, 422, 503})
    }


def install_handlers(app: FastAPI) -> None:
    """Every refusal leaves the app as a problem."""
    log = structlog.get_logger("api")

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> JSONResponse:
        return error.response(request.url.path)

    @app.exception_handler(RuleViolation)
    async def rule(request: Request, error: RuleViolation) -> JSONResponse:
        return Problem(409, error.code, error.message).response(request.url.path)

    @app.exception_handler(InvalidReport)
    async def report(request: Request, error: InvalidReport) -> JSONResponse:
        return Problem.of_field(error.field, error.code, error.message).response(request.url.path)

    @app.exception_handler(CaseUnavailable)
    async def case(request: Request, error: CaseUnavailable) -> JSONResponse:
        log.warning("case_unavailable", cause=str(error))  # the gateway says no more than an error's class
        return unavailable("case").response(request.url.path)

    @app.exception_handler(RequestValidationError)
    async def fields(request: Request, error: RequestValidationError) -> JSONResponse:
        return _of_fields(error.errors()).response(request.url.path)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        code = _CODES.get(error.status_code, "refused")
        detail = http.HTTPStatus(error.status_code).phrase
        return Problem(error.status_code, code, detail, headers=error.headers).response(request.url.path)


def _of_fields(errors: Sequence[Mapping[str, Any]]) -> Problem:
    found = [
        FieldProblem(field=_path(error["loc"]), code=str(error["type"]), message=str(error["msg"]))
        for error in errors[:_MOST_FIELDS]
    ]
    code = found[0].code if len(found) == 1 and found[0].code in {"bad_cursor", "json_invalid"} else "not_valid"
    return Problem(422, code, "some of what was sent is not valid; see errors", errors=found)


def _path(place: Sequence[int | str]) -> str:
    # The first part says where it stood (body, query, path, header); a bad body as a whole has nothing else.
    return ".".join(str(part)[:64] for part in (place[1:] or place))


class Edge:
    """The outermost layer: whatever nobody foresaw is logged by its class alone and answered as a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the edge: the wording of an error may hold what a person wrote
            if _database_is_away(error):
                problem = unavailable("database")
                self._log.warning("database_unavailable", error=type(error).__name__)
            else:
                problem = Problem(500, "unexpected", "something went wrong here; it is on our record")
                self._log.error("unexpected_error", error=type(error).__name__, route=_template(scope))
            await self._answer(problem, scope, receive, send, started=started)

    async def _answer(self, problem: Problem, scope: Scope, receive: Receive, send: Send, *, started: bool) -> None:
        # An answer that has begun cannot be taken back; the connection just ends.
        if not started:
            await problem.response(scope["path"])(scope, receive, send)


def _database_is_away(error: Exception) -> bool:
    # While it starts or stops, PostgreSQL's own refusal comes through as it is or wrapped, told by its SQLSTATE alone.
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    lost = getattr(error, "connection_invalidated", False) or state.startswith(_AWAY_STATES)
    return lost or isinstance(error, OSError | OperationalError | InterfaceError | PoolExhausted)


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "unmatched")
