"""How the API says no: RFC 9457 problems with stable codes, never a traceback and never what was sent."""

import http
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from infra.case_gateway import CaseUnavailable
from infra.intake import ExternalIdInUse, InvalidReport
from workflows.contracts.errors import RuleViolation

PROBLEM_JSON = "application/problem+json"
_RETRY_AFTER = {"Retry-After": "5"}
_MOST_FIELDS = 50
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


def unavailable(what: str, detail: str = "temporarily unable; try again shortly") -> Problem:
    """503, with the time to come back."""
    return Problem(503, f"{what}_unavailable", detail, headers=_RETRY_AFTER)


def problems(*statuses: int, rules: Sequence[str] = ()) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its OpenAPI description; what any route may answer is added.

    `rules` are the codes with which the rules refuse it (409).
    """
    schema = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": http.HTTPStatus(status).phrase, "content": schema}
        for status in sorted({*statuses, 400, 422, 503, *([409] if rules else [])})
    }
    if rules:
        found[409]["description"] += f": {', '.join(f'`{code}`' for code in (*rules, 'case_archived'))}"
    return found


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

    @app.exception_handler(ExternalIdInUse)
    async def in_use(request: Request, error: ExternalIdInUse) -> JSONResponse:
        return Problem(409, error.code, error.message).response(request.url.path)

    @app.exception_handler(CaseUnavailable)
    async def case(request: Request, error: CaseUnavailable) -> JSONResponse:
        log.warning("case_unavailable", cause=str(error))  # the gateway says no more than an error's class
        detail = "no answer in time; it may still take effect, and the same Idempotency-Key tells"
        return unavailable("case", detail).response(request.url.path)

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
