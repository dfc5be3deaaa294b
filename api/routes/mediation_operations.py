"""For operators: what a mediation asked for in vain, and a new run of its process, tried dry first."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from api.authorisation import Action, may
from api.bodies import Envelope
from api.errors import problems
from api.fields import Identifier, Words
from api.mediation_bodies import MediationBody
from api.mediation_desk import MediationDesk, Talks, show
from api.mediation_scope import find_mediation
from api.mediation_views import MediationSnapshot
from api.operations import on_record
from api.routes.operations import DryRun
from api.services import App, Services
from api.tokens import Caller
from workflows.contracts.ids import MediationNo, case_of
from workflows.contracts.mediation import commands as c
from workflows.rules.mediation.decide import decide

router = APIRouter(prefix="/api/v1/operations/mediations", tags=["operations"])
_refusals = partial(problems, 401, 403, 404)
Operator = Annotated[Caller, may(Action.OPERATE)]


class MediationOperationBody(MediationBody):
    """Which mediation, and why; the reason goes on the audit's record."""

    mediation_no: MediationNo
    reason: Words


class MediationEffectBody(MediationOperationBody):
    """Which effect of the mediation."""

    effect_id: Identifier


class RetryMediationBody(MediationEffectBody):
    makes = c.RetryMediationEffect


class SkipMediationBody(MediationEffectBody):
    makes = c.SkipMediationEffect


class RenewMediationBody(MediationOperationBody):
    makes = c.RenewMediation


class OperatedMediation(BaseModel):
    """What was done, or with `dry_run` would be: the kinds of events that follow, and the mediation as it is now."""

    dry_run: bool
    would_record: list[str] | None
    mediation: MediationSnapshot


@router.post("/retry", responses=_refusals(command=RetryMediationBody.makes))
async def retry(
    body: RetryMediationBody, by: Operator, app: App, talks: Talks, dry_run: DryRun = False
) -> OperatedMediation:
    """A failed effect is tried again under the same id."""
    return await _operate(app, talks, body, by, dry_run=dry_run)


@router.post("/skip", responses=_refusals(command=SkipMediationBody.makes))
async def skip(
    body: SkipMediationBody, by: Operator, app: App, talks: Talks, dry_run: DryRun = False
) -> OperatedMediation:
    """A failed effect is not needed any more."""
    return await _operate(app, talks, body, by, dry_run=dry_run)


@router.post("/renew", responses=_refusals(command=RenewMediationBody.makes))
async def renew(
    body: RenewMediationBody, by: Operator, app: App, talks: Talks, dry_run: DryRun = False
) -> OperatedMediation:
    """The mediation starts a new run with the present version of the rules."""
    return await _operate(app, talks, body, by, dry_run=dry_run)


async def _operate(
    app: Services, talks: MediationDesk, body: MediationOperationBody, by: Caller, *, dry_run: bool
) -> OperatedMediation:
    if dry_run:
        return await _foretell(app, body, by)
    command_id, kind = talks.once(by.key_owner).command_id, body.makes.model_fields["kind"].default
    detail = body.model_dump(mode="json") | {"case_no": case_of(body.mediation_no)}
    async with app.sessions() as session:
        await find_mediation(session, by, body.mediation_no)
    async with on_record(app.sessions, by, command_id, kind, detail, app.now()):
        mediation = await talks.submit(body.mediation_no, body, by)
    return OperatedMediation(dry_run=False, would_record=None, mediation=mediation)


async def _foretell(app: Services, body: MediationOperationBody, by: Caller) -> OperatedMediation:
    # The rules are pure: the running mediation is asked for its state and is not touched.
    async with app.sessions() as session:
        mediation, _, _ = await find_mediation(session, by, body.mediation_no)
    state = await app.mediations.live(body.mediation_no)
    hearing = decide(state, body.to_mediation(Envelope("dry-run", by.actor, app.now())), app.now())
    return OperatedMediation(
        dry_run=True,
        would_record=[record.event.kind for record in hearing.events],
        mediation=await show(app, mediation, state, by, stale=False),
    )
