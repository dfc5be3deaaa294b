"""How the API says no: RFC 9457 problems with stable codes, never a traceback and never what was sent."""

import http
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.rule_book.book import RULE_BOOK, table
from api.rule_book.entry import RuleEntry
from api.rule_book.stated import codes_of
from infra.case_gateway import CaseUnavailable
from infra.intake import ExternalIdInUse, InvalidReport
from workflows.contracts.command import Command
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
    """The body of every error (RFC 9457); branch on `code`.

    `detail_zh` and `source` are there if a rule refused: its Chinese sentence, and where the rule comes from.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    detail_zh: str | None = None
    code: str
    source: str | None = None
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
        rule: RuleEntry | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.rule = rule

    @classmethod
    def of_field(cls, field: str, code: str, message: str) -> "Problem":
        """422 for one field that names something unknown or unfit."""
        return cls(422, code, message, errors=[FieldProblem(field=field, code=code, message=message)])

    @classmethod
    def of_rule(cls, violation: RuleViolation) -> "Problem":
        """409 with what the book says of the rule; a worker newer than this process may know rules that it lacks."""
        return cls(409, violation.code, violation.message, rule=RULE_BOOK.get(violation.code))

    def response(self, path: str) -> JSONResponse:
        """The answer to a request for `path`."""
        details = ProblemDetails(
            title=http.HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            detail_zh=self.rule.zh if self.rule else None,
            code=self.code,
            source=self.rule.source if self.rule else None,
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


def problems(*statuses: int, command: type[Command] | None = None) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for its OpenAPI description; what any route may answer is added.

    A route that makes a `command` is refused by the rules as well (409): by exactly those told, as a table for people
    and as `x-rules` for programs.
    """
    schema = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": http.HTTPStatus(status).phrase, "content": schema}
        for status in sorted({*statuses, 400, 422, 503})
    }
    if command is not None:
        # A rule that is not in the book yet is a test's to find, and must not keep the API from starting.
        rules = {code: RULE_BOOK[code] for code in codes_of(command) if code in RULE_BOOK}
        found[409] = {
            "description": f"A rule forbids it now.\n\n{table(rules)}",
            "content": schema,
            "x-rules": [{"code": code, **asdict(rule)} for code, rule in rules.items()],
        }
    return found


def install_handlers(app: FastAPI) -> None:
    """Every refusal leaves the app as a problem."""
    log = structlog.get_logger("api")

    @app.exception_handler(Problem)
    async def problem(request: Request, error: Problem) -> JSONResponse:
        return error.response(request.url.path)

    @app.exception_handler(RuleViolation)
    async def rule(request: Request, error: RuleViolation) -> JSONResponse:
        return Problem.of_rule(error).response(request.url.path)

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
