"""Who may do what: one table. What is not in it is not allowed."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.errors import Problem
from api.tokens import AT_A_CENTRE, UNIT_BOUND, Caller, InvalidToken, Tokens
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Role


class Action(StrEnum):
    """Everything that a route lets somebody do."""

    REPORT = auto()
    READ_CASES = auto()
    READ_REQUESTER = auto()
    READ_NOTICE = auto()
    FIND_DUPLICATES = auto()
    READ_TASKS = auto()
    READ_DIRECTORY = auto()
    SUGGEST_ROUTING = auto()
    READ_RULES = auto()
    WORK_OUT_DEADLINE = auto()
    ACCEPT = auto()
    DECLINE = auto()
    ANSWER = auto()
    SETTLE = auto()
    REQUEST_WHISTLE = auto()
    DECIDE_WHISTLE_REQUEST = auto()
    WHISTLE = auto()
    REFER = auto()
    RECORD_REFERRAL = auto()
    RELEASE = auto()
    DECIDE_SEND_BACK = auto()
    DESIGNATE = auto()
    DECIDE_OBJECTION = auto()
    REASSIGN = auto()
    SUPERVISE = auto()
    ANSWER_SUPERVISION = auto()
    URGE = auto()
    ESCALATE = auto()
    ASSIGN_DOWN = auto()
    NAME_HOST = auto()
    RATE_REPORT_IN = auto()
    RATE_WHISTLE = auto()
    MERGE = auto()
    SPLIT = auto()
    DIVIDE = auto()
    GATHER = auto()
    CONSULT = auto()
    TRANSFER = auto()
    RECORD_TRANSFER_RECEIPT = auto()
    TAKE_LEGAL_ROUTE = auto()
    RECORD_LEGAL_OUTCOME = auto()
    VERIFY = auto()
    CALL_BACK = auto()
    CLOSE = auto()
    REOPEN = auto()
    ADD_CONTACT = auto()
    WITHDRAW = auto()
    CONFIRM_WITHDRAWAL = auto()
    DECIDE_EXTENSION = auto()
    SUSPEND = auto()
    RESUME = auto()
    COMMIT = auto()
    REPLY_INTERIM = auto()
    SET_RISK = auto()
    RECORD_DUTY_LEADER = auto()
    REPORT_DANGER = auto()
    RECORD_110_CALL = auto()
    REPORT_PROTECTION = auto()
    LIFT_DANGER = auto()
    RECORD_LIMITATION = auto()
    FORGET_LIMITATION = auto()
    SERVE_NOTICE = auto()
    WORK_ON_TASK = auto()
    ADD_ATTACHMENT = auto()
    READ_ATTACHMENT = auto()
    READ_STUCK = auto()
    OPERATE = auto()
    READ_SWEEPS = auto()
    ORDER_SWEEP = auto()
    VISIT_IN_SWEEP = auto()
    CHECK_IN_SWEEP = auto()
    LIST_TROUBLE_SPOT = auto()
    OPEN_MEDIATION = auto()
    READ_MEDIATION = auto()
    PLAN_MEDIATION = auto()
    ATTEND_MEDIATION = auto()
    RUN_MEDIATION = auto()
    READ_MEDIATION_PEOPLE = auto()
    COUNT_MEDIATIONS = auto()


_STAFF = frozenset(Role) - {Role.REQUESTER}

ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.REPORT: AT_A_CENTRE | {Role.GRID_WORKER, Role.SYSTEM, Role.REQUESTER},
    Action.READ_CASES: _STAFF,
    Action.READ_REQUESTER: AT_A_CENTRE | {Role.GRID_WORKER, Role.HANDLER},
    Action.READ_NOTICE: AT_A_CENTRE,
    Action.FIND_DUPLICATES: AT_A_CENTRE | {Role.GRID_WORKER},
    Action.READ_TASKS: _STAFF,
    Action.READ_DIRECTORY: frozenset(Role),
    Action.SUGGEST_ROUTING: _STAFF,
    Action.READ_RULES: frozenset(Role),
    Action.WORK_OUT_DEADLINE: _STAFF,
    Action.ACCEPT: frozenset({Role.DISPATCHER}),
    Action.DECLINE: frozenset({Role.DISPATCHER}),
    Action.ANSWER: frozenset({Role.DISPATCHER}),
    Action.SETTLE: frozenset({Role.DISPATCHER, Role.GRID_WORKER}),
    Action.REQUEST_WHISTLE: frozenset({Role.DISPATCHER, Role.GRID_WORKER}),
    Action.DECIDE_WHISTLE_REQUEST: AT_A_CENTRE,
    Action.WHISTLE: frozenset({Role.DISPATCHER}),
    Action.REFER: frozenset({Role.DISPATCHER}),
    Action.RECORD_REFERRAL: frozenset({Role.DISPATCHER}),
    Action.RELEASE: frozenset({Role.DISPATCHER}),
    Action.DECIDE_SEND_BACK: frozenset({Role.DISPATCHER}),
    Action.DESIGNATE: frozenset({Role.DISPATCHER}),
    Action.DECIDE_OBJECTION: AT_A_CENTRE,
    Action.REASSIGN: frozenset({Role.DISPATCHER}),
    Action.SUPERVISE: AT_A_CENTRE,
    Action.ANSWER_SUPERVISION: UNIT_BOUND | {Role.DISPATCHER},
    Action.URGE: AT_A_CENTRE,
    Action.ESCALATE: AT_A_CENTRE,
    Action.ASSIGN_DOWN: frozenset({Role.DISPATCHER}),
    Action.NAME_HOST: frozenset({Role.DISPATCHER}),
    Action.RATE_REPORT_IN: frozenset({Role.DISPATCHER, Role.GRID_WORKER}),
    Action.RATE_WHISTLE: UNIT_BOUND,
    Action.MERGE: frozenset({Role.DISPATCHER}),
    Action.SPLIT: frozenset({Role.DISPATCHER}),
    Action.DIVIDE: frozenset({Role.DISPATCHER}),
    Action.GATHER: frozenset({Role.DISPATCHER}),
    Action.CONSULT: frozenset({Role.DISPATCHER}),
    Action.TRANSFER: frozenset({Role.DISPATCHER}),
    Action.RECORD_TRANSFER_RECEIPT: frozenset({Role.DISPATCHER}),
    Action.TAKE_LEGAL_ROUTE: frozenset({Role.DISPATCHER}),
    Action.RECORD_LEGAL_OUTCOME: frozenset({Role.DISPATCHER}),
    Action.VERIFY: AT_A_CENTRE | {Role.GRID_WORKER},
    Action.CALL_BACK: frozenset({Role.DISPATCHER}),
    Action.CLOSE: AT_A_CENTRE,
    # The requester's own way is her tracking code: a token of hers would reach everybody's cases.
    Action.REOPEN: AT_A_CENTRE,
    Action.ADD_CONTACT: AT_A_CENTRE | {Role.GRID_WORKER, Role.SYSTEM},
    Action.WITHDRAW: UNIT_BOUND | {Role.DISPATCHER, Role.GRID_WORKER},
    Action.CONFIRM_WITHDRAWAL: frozenset({Role.DISPATCHER}),
    Action.DECIDE_EXTENSION: AT_A_CENTRE,
    Action.SUSPEND: AT_A_CENTRE,
    Action.RESUME: AT_A_CENTRE,
    Action.COMMIT: AT_A_CENTRE | UNIT_BOUND,
    Action.REPLY_INTERIM: AT_A_CENTRE | UNIT_BOUND,
    Action.SET_RISK: AT_A_CENTRE,
    Action.RECORD_DUTY_LEADER: AT_A_CENTRE,
    # Whoever comes upon a danger may say so; who may know of whom is another matter.
    Action.REPORT_DANGER: AT_A_CENTRE | UNIT_BOUND | {Role.GRID_WORKER, Role.MEDIATOR},
    Action.RECORD_110_CALL: AT_A_CENTRE | UNIT_BOUND | {Role.GRID_WORKER, Role.MEDIATOR},
    Action.REPORT_PROTECTION: AT_A_CENTRE | UNIT_BOUND | {Role.GRID_WORKER, Role.MEDIATOR},
    Action.LIFT_DANGER: AT_A_CENTRE,
    Action.RECORD_LIMITATION: AT_A_CENTRE | {Role.MEDIATOR},
    Action.FORGET_LIMITATION: AT_A_CENTRE | {Role.MEDIATOR},
    Action.SERVE_NOTICE: AT_A_CENTRE,
    Action.WORK_ON_TASK: UNIT_BOUND,
    Action.ADD_ATTACHMENT: AT_A_CENTRE | UNIT_BOUND | {Role.GRID_WORKER, Role.MEDIATOR},
    Action.READ_ATTACHMENT: _STAFF,
    Action.READ_STUCK: frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.AUDITOR}),
    Action.OPERATE: frozenset({Role.OPERATOR}),
    # Who acts for a unit sees the cases that the unit works on, and no more of a region.
    Action.READ_SWEEPS: _STAFF - UNIT_BOUND,
    Action.ORDER_SWEEP: AT_A_CENTRE,
    Action.VISIT_IN_SWEEP: AT_A_CENTRE | {Role.GRID_WORKER},
    Action.CHECK_IN_SWEEP: AT_A_CENTRE,
    Action.LIST_TROUBLE_SPOT: AT_A_CENTRE | {Role.GRID_WORKER},
    Action.OPEN_MEDIATION: frozenset({Role.DISPATCHER}),
    # A unit that is invited learns that it is, and no more; which mediation is whose is a matter of `mediation_scope`.
    Action.READ_MEDIATION: AT_A_CENTRE | {Role.MEDIATOR, Role.HANDLER, Role.OPERATOR, Role.AUDITOR},
    Action.PLAN_MEDIATION: frozenset({Role.DISPATCHER}),
    # The centre takes a matter up once for all channels, and not every host has a mediator in the system.
    Action.ATTEND_MEDIATION: frozenset({Role.DISPATCHER, Role.MEDIATOR}),
    Action.RUN_MEDIATION: frozenset({Role.MEDIATOR}),
    Action.READ_MEDIATION_PEOPLE: frozenset({Role.DISPATCHER, Role.HANDLER, Role.MEDIATOR}),
    Action.COUNT_MEDIATIONS: AT_A_CENTRE | {Role.AUDITOR, Role.OPERATOR},
}


def permit(caller: Caller, action: Action) -> None:
    """Lets the caller's role pass.

    Raises:
        Problem: 403 `not_yours_to_do`.
    """
    if caller.role not in ALLOWED.get(action, frozenset()):
        raise Problem(403, "not_yours_to_do", f"the role {caller.role} may not do this")


def permit_region(caller: Caller, region_code: str | None) -> None:
    """Lets a matter of this region pass; one without a region is for the whole city's tokens only.

    Raises:
        Problem: 403 `region_out_of_scope`.
    """
    if caller.region is None:
        return
    if region_code is None or not region_code.startswith(region_prefix(caller.region)):
        raise Problem(403, "region_out_of_scope", "name a region inside the one that your token is for")


def permit_whole_city(caller: Caller) -> None:
    """Lets a matter of the whole city pass.

    Raises:
        Problem: 403 `region_out_of_scope`.
    """
    if caller.region is not None:
        raise Problem(403, "region_out_of_scope", "this is of the whole city; your token is for a region of it")


def identify(tokens: Tokens, token: str | None) -> Caller:
    """Who holds this token.

    Raises:
        Problem: 401 `no_token` or `bad_token`.
    """
    challenge = {"WWW-Authenticate": "Bearer"}
    if token is None:
        raise Problem(401, "no_token", "send a bearer token in the Authorization header", headers=challenge)
    try:
        return tokens.read(token)
    except InvalidToken as error:
        raise Problem(401, "bad_token", "the token does not hold; ask for a new one", headers=challenge) from error


_bearer = HTTPBearer(auto_error=False, description="yingshao token")


class Authorised:
    """A route's dependency: the caller, if the table lets that role do the action."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(
        self, request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Caller:
        caller = identify(request.app.state.services.tokens, bearer.credentials if bearer else None)
        permit(caller, self.action)
        return caller


def may(action: Action) -> Any:
    """For a parameter `by: Annotated[Caller, may(Action.X)]`."""
    return Depends(Authorised(action))
