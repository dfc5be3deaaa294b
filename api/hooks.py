"""What other authorities' systems tell of a mediation: kept first, brought to the mediation by the hook relay."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Envelope
from api.errors import Problem, not_found
from api.fields import Flag, Moment, Name, Words
from api.substitution import substituted
from api.tokens import Caller
from api.wording import keep
from infra.hook_tables import Hook
from infra.tables import AuditEntry, EffectRow
from workflows.contracts.actors import Actor
from workflows.contracts.ids import MediationNo, TextId, case_of
from workflows.contracts.mediation.commands import RecordOutside
from workflows.contracts.mediation.vocabulary import Outside, OutsideAsk
from workflows.contracts.vocabulary import Role


class _Told(BaseModel):
    """What every one of them says; `at` is when it was so over there. What is not known here is left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)
    asked: ClassVar[OutsideAsk]

    mediation_no: MediationNo
    at: Moment

    def recorded(self) -> dict[str, Any]:
        """The fields of `RecordOutside`, with words in place of text ids."""
        said = self.model_dump(include={"number", "agreed", "confirmed", "outcome"}, exclude_none=True)
        return {**said, "ask": self.asked}


class ReferralReceived(_Told):
    """Somebody there has signed for it, under `number`."""

    asked = OutsideAsk.REFERRAL
    type: Literal["referral.received"]
    number: Name


class ReferralOutcome(_Told):
    """How it ended there, in words; a suit that it was registered as is its `number` from now on."""

    asked = OutsideAsk.REFERRAL
    type: Literal["referral.outcome"]
    number: Name | None = None
    agreed: Flag
    outcome: Words


class ConfirmationAccepted(_Told):
    """The court has taken the application, under `number`."""

    asked = OutsideAsk.CONFIRMATION
    type: Literal["confirmation.accepted"]
    number: Name


class ConfirmationDecided(_Told):
    """What the court decided, and if it did not confirm, why."""

    asked = OutsideAsk.CONFIRMATION
    type: Literal["confirmation.decided"]
    number: Name | None = None
    confirmed: Flag
    reason: Words | None = None

    def recorded(self) -> dict[str, Any]:
        """With the court's reason as what came of it."""
        return super().recorded() | ({"outcome": self.reason} if self.reason else {})


Told = Annotated[
    ReferralReceived | ReferralOutcome | ConfirmationAccepted | ConfirmationDecided, Field(discriminator="type")
]
_TOLD: TypeAdapter[Told] = TypeAdapter(Told)


@dataclass(frozen=True)
class Callback:
    """What arrived: through which connector, from which unit's system, under which `webhook-id`, when (UTC)."""

    connector: Outside
    unit_id: str
    webhook_id: str
    body: bytes
    received_at: datetime

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def command_id(self) -> str:
        """The same however often it is told."""
        return hashlib.sha256(f"{self.connector}\n{self.webhook_id}".encode()).hexdigest()[:32]


async def take_in(session: AsyncSession, callback: Callback) -> datetime:
    """Keeps it, once by its `webhook_id`, for the relay; when it was received, the first time.

    Raises:
        Problem: 422 `not_a_court` if another authority tells of a confirmation, `unknown_mediation` if nothing was
            asked of this unit, or `idempotency_key_reused` for another body under the same id.
        RequestValidationError: if the body is not one of those that are told.
    """
    told = _read(callback.body)
    if told.asked is OutsideAsk.CONFIRMATION and callback.connector is not Outside.COURT:
        raise Problem.of_field("type", "not_a_court", "only a court confirms an agreement")
    case_no = case_of(told.mediation_no)
    asked = select(EffectRow.effect_id).where(
        EffectRow.mediation_no == told.mediation_no,
        EffectRow.case_no == case_no,
        EffectRow.kind == "ask_outside",
        EffectRow.unit_id == callback.unit_id,
    )
    if (await session.scalars(asked.limit(1))).first() is None:
        raise Problem.of_field("mediation_no", "unknown_mediation", "no such mediation was brought to this unit")
    actor = Actor(id=callback.connector.value, role=Role.SYSTEM, unit_id=callback.unit_id)
    envelope = Envelope(callback.command_id, actor, callback.received_at)
    fields = substituted(RecordOutside, told.recorded(), {TextId: envelope.put_away})
    command = RecordOutside(
        command_id=envelope.command_id,
        actor=actor,
        received_at=envelope.received_at,
        system=callback.connector,
        **fields,
    )
    kept = (
        insert(Hook)
        .values(
            connector=callback.connector.value,
            webhook_id=callback.webhook_id,
            digest=callback.digest,
            unit_id=callback.unit_id,
            case_no=case_no,
            mediation_no=told.mediation_no,
            kind=told.type,
            command=command.model_dump(mode="json"),
            happened_at=told.at,
            received_at=callback.received_at,
        )
        .on_conflict_do_nothing(index_elements=["connector", "webhook_id"])
    )
    if await session.scalar(kept.returning(Hook.hook_no)) is None:
        return await _as_before(session, callback)
    await keep(session, envelope.words, case_no=case_no, author=actor.id, written_at=envelope.received_at)
    return callback.received_at


async def dismiss_hook(
    session: AsyncSession, by: Caller, case_no: str, hook_no: int, reason: str, now: datetime, *, dry_run: bool
) -> str:
    """Puts on record that a refused answer is dealt with; the code of the rule that had refused it.

    Raises:
        Problem: 404 if the case has no such answer, or nothing is left to do about it.
    """
    refused = select(Hook).where(
        Hook.hook_no == hook_no, Hook.case_no == case_no, Hook.code.is_not(None), Hook.dismissed_at.is_(None)
    )
    hook = await session.scalar(refused.with_for_update())
    if hook is None or hook.code is None:
        raise not_found("refused answer")
    if not dry_run:
        hook.dismissed_at = now
        detail = {"hook_no": hook_no, "reason": reason}
        session.add(
            AuditEntry(at=now, actor=by.id, action="dismiss_hook", case_no=case_no, outcome="done", detail=detail)
        )
    return hook.code


def _read(body: bytes) -> Told:
    try:
        return _TOLD.validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None


async def _as_before(session: AsyncSession, callback: Callback) -> datetime:
    asked = select(Hook.digest, Hook.received_at).where(
        Hook.connector == callback.connector.value, Hook.webhook_id == callback.webhook_id
    )
    digest, received_at = (await session.execute(asked)).one()
    if digest != callback.digest:
        raise Problem(422, "idempotency_key_reused", "this webhook-id was used for something else")
    return received_at
