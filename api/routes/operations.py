"""For operators: what is stuck, and what may be done about it, tried dry first."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.authorisation import Action, may
from api.bodies import CommandBody, Envelope
from api.case_desk import After, CaseDesk, Desk, show
from api.errors import problems
from api.fields import Body, Identifier, Words
from api.hooks import dismiss_hook
from api.operations import BatchProgress, StuckCase, find_stuck, list_batches, on_record
from api.paging import CursorText, Limit, Page
from api.scope import find_within_reach
from api.services import App, Services
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts import commands as c
from workflows.contracts.ids import CaseNo, MediationNo
from workflows.rules.decide import decide

router = APIRouter(prefix="/api/v1/operations", tags=["operations"])
_refusals = partial(problems, 401, 403, 404)
Operator = Annotated[Caller, may(Action.OPERATE)]
DryRun = Annotated[bool, Query(description="only say what would happen")]


class OperationBody(CommandBody):
    """Which case, and why; the reason goes on the audit's record."""

    case_no: CaseNo
    reason: Words


class EffectBody(OperationBody):
    """Which effect of the case."""

    effect_id: Identifier


class RetryBody(EffectBody):
    makes = c.RetryEffect


class SkipBody(EffectBody):
    makes = c.SkipEffect


class RenewBody(OperationBody):
    makes = c.Renew


class RebuildBody(OperationBody):
    """Which mediation of the case."""

    makes = c.RebuildMediation
    mediation_no: MediationNo


class Operated(BaseModel):
    """What was done, or with `dry_run` would be: the kinds of events that follow, and the case as it is now."""

    dry_run: bool
    would_record: list[str] | None
    case: CaseSnapshot


@router.get("/stuck", responses=problems(401, 403))
async def stuck(
    by: Annotated[Caller, may(Action.READ_STUCK)], app: App, cursor: CursorText = None, limit: Limit = 50
) -> Page[StuckCase]:
    """Cases that wait for an operator, each with its causes."""
    async with app.sessions() as session:
        items, following = await find_stuck(session, by, cursor, limit)
    return Page(items=items, next_cursor=following)


@router.get("/batches", responses=problems(401, 403))
async def batches(
    by: Annotated[Caller, may(Action.READ_STUCK)], app: App, cursor: CursorText = None, limit: Limit = 50
) -> Page[BatchProgress]:
    """Changes on their way to many open cases, a published calendar or a policy, with their progress.

    They are of the whole city: a token for a region of it is refused.
    """
    async with app.sessions() as session:
        items, following = await list_batches(session, by, cursor, limit)
    return Page(items=items, next_cursor=following)


@router.post("/retry", responses=_refusals(command=RetryBody.makes))
async def retry(body: RetryBody, by: Operator, app: App, desk: Desk, dry_run: DryRun = False) -> Operated:
    """A failed effect is tried again under the same id."""
    return await _operate(app, desk, body, by, dry_run=dry_run)


@router.post("/skip", responses=_refusals(command=SkipBody.makes))
async def skip(body: SkipBody, by: Operator, app: App, desk: Desk, dry_run: DryRun = False) -> Operated:
    """A failed effect is not needed any more."""
    return await _operate(app, desk, body, by, dry_run=dry_run)


@router.post("/renew", responses=_refusals(command=RenewBody.makes))
async def renew(body: RenewBody, by: Operator, app: App, desk: Desk, dry_run: DryRun = False) -> Operated:
    """The case starts a new run with the present version of the rules."""
    return await _operate(app, desk, body, by, dry_run=dry_run)


@router.post("/rebuild", responses=_refusals(command=RebuildBody.makes))
async def rebuild(body: RebuildBody, by: Operator, app: App, desk: Desk, dry_run: DryRun = False) -> Operated:
    """A mediation that lost its process begins again where its records end."""
    return await _operate(app, desk, body, by, dry_run=dry_run)


class DismissBody(Body):
    """What another authority told and a rule refused, and how it was dealt with."""

    case_no: CaseNo
    hook_no: Annotated[int, Field(strict=True, ge=1)]
    reason: Words


class Dismissed(BaseModel):
    """`code` is that of the rule that had refused it."""

    dry_run: bool
    code: str


@router.post("/dismiss", responses=problems(401, 403, 404))
async def dismiss(body: DismissBody, by: Operator, app: App, dry_run: DryRun = False) -> Dismissed:
    """A refused answer of another authority is dealt with: it is on the list no longer, and stays on record."""
    async with app.sessions.begin() as session:
        case = await find_within_reach(session, by, body.case_no)
        code = await dismiss_hook(session, by, case.case_no, body.hook_no, body.reason, app.now(), dry_run=dry_run)
    return Dismissed(dry_run=dry_run, code=code)


async def _operate(app: Services, desk: CaseDesk, body: OperationBody, by: Caller, *, dry_run: bool) -> Operated:
    if dry_run:
        return await _foretell(app, body, by)
    command_id, kind = desk.once(by.key_owner).command_id, body.makes.model_fields["kind"].default
    async with app.sessions() as session:
        await find_within_reach(session, by, body.case_no)
    async with on_record(app.sessions, by, command_id, kind, body.model_dump(mode="json"), app.now()):
        case = await desk.operate(body.case_no, body, by)
    return Operated(dry_run=False, would_record=None, case=case)


async def _foretell(app: Services, body: OperationBody, by: Caller) -> Operated:
    # The rules are pure: the running case is asked for its state and is not touched.
    async with app.sessions() as session:
        case = await find_within_reach(session, by, body.case_no, whole=True)
    state = await app.gateway.live(case.case_no)
    command = body.command(Envelope("dry-run", by.actor, app.now()))
    decision = decide(state, command, app.now())
    return Operated(
        dry_run=True,
        would_record=[record.event.kind for record in decision.events],
        case=await show(app, After(case, state, stale=False), by),
    )
