"""Callbacks of other authorities' systems: what became of a referral or of an application for confirmation."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.errors import Problem, problems
from api.hooks import Callback, take_in
from api.reception import received
from api.services import App
from api.signatures import signer
from infra.connectors import secrets_of
from workflows.contracts.mediation.vocabulary import Outside

router = APIRouter(prefix="/api/v1/hooks", tags=["hooks"])

_LONGEST_BODY = 32 * 1024


class HookTaken(BaseModel):
    """It is on record; `received_at` is when it arrived the first time (UTC)."""

    received_at: datetime


@router.post("/{connector}", status_code=202, responses=problems(401, 413))
async def take_callback(connector: str, request: Request, app: App) -> HookTaken:
    """外部系统回告: a signed Standard Webhooks message of the `court`, `petition_office`, `police` or `procuratorate`.

    `{type, mediation_no, at, …}`: `referral.received {number}`, `referral.outcome {agreed, outcome, number?}`,
    `confirmation.accepted {number}`, `confirmation.decided {confirmed, reason?, number?}`. `webhook-id` is the
    idempotency key: the same message again gets the same answer.
    """
    arrival, body = received(request), await request.body()
    if len(body) > _LONGEST_BODY:
        raise Problem(413, "too_large", f"at most {_LONGEST_BODY} bytes are taken here")
    async with app.sessions.begin() as session:
        # An authority that is not known has no secrets: what is wrong is not told apart to strangers.
        secrets = await secrets_of(session, Outside(connector)) if connector in set(Outside) else {}
        unit_id = signer(request.headers, body, secrets, arrival.at)
        if unit_id is None:
            raise Problem(401, "bad_signature", "sign it now, with the secret of a unit that is connected here")
        callback = Callback(Outside(connector), unit_id, request.headers["webhook-id"], body, arrival.at)
        return HookTaken(received_at=await take_in(session, callback))
