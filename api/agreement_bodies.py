"""The bodies with which an agreement is drawn up, signed, kept, and brought before a court."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, Envelope, Evidence
from api.errors import Problem
from api.fields import Body, Flag, LocalDate, Words, Yuan
from api.mediation_bodies import MediationBody, Parties, TrackBody
from api.party_bodies import PartyNo
from infra.directory_tables import Unit
from workflows.contracts.ids import UnitId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import AgreementForm, BarredClause, Remedy, SignatureMeans, SignedBy

_COURT = "court"
ItemNo = Annotated[str, StringConstraints(pattern=r"^I[1-9][0-9]{0,3}$")]


class PromiseBody(Body):
    """One thing that a party does for another until the local date `due`, or did on the spot; `amount` in yuan."""

    promisor: PartyNo
    to: PartyNo
    what: Words
    due: LocalDate | None = None
    amount: Yuan | None = None


class DraftAgreementBody(TrackBody):
    """调解协议: by word of mouth it binds at once. `clauses` are those that no court confirms, `fee` is in yuan."""

    makes = c.DraftAgreement
    form: AgreementForm = AgreementForm.WRITTEN
    terms: Words
    promises: Annotated[tuple[PromiseBody, ...], Field(max_length=200)] = ()
    clauses: Annotated[tuple[BarredClause, ...], Field(max_length=len(BarredClause))] = ()
    fee: Yuan = 0


class _AgreementBody(MediationBody):
    def tracks(self, state: MediationState) -> Collection[Track]:
        return [state.tracks[state.agreement.track]] if state.agreement is not None else []


class SignAgreementBody(_AgreementBody):
    """签署: what was signed on paper comes with its `scan`."""

    makes = c.Sign
    by: SignedBy
    party_no: PartyNo | None = None
    means: SignatureMeans = SignatureMeans.WET_INK
    scan: UUID | None = None

    @property
    def attachments(self) -> dict[str, UUID]:
        return {"scan": self.scan} if self.scan is not None else {}


class ProveFulfilmentBody(_AgreementBody):
    makes = c.ProveFulfilment
    item_no: ItemNo
    evidence: Evidence = ()
    note: Words | None = None

    @property
    def attachments(self) -> dict[str, UUID]:
        return {f"evidence.{place}": given for place, given in enumerate(self.evidence)}


class CheckFulfilmentBody(_AgreementBody):
    makes = c.CheckFulfilment
    item_no: ItemNo
    kept: Flag
    note: Words | None = None


class ForgoPromiseBody(_AgreementBody):
    makes = c.ForgoPromise
    item_no: ItemNo
    reason: Words


class PostponePromiseBody(_AgreementBody):
    """`due` is a local date before rolling."""

    makes = c.PostponePromise
    item_no: ItemNo
    due: LocalDate
    reason: Words


class TakeRemedyBody(_AgreementBody):
    makes = c.TakeRemedy
    item_no: ItemNo
    remedy: Remedy
    reason: Words


class ApplyConfirmationBody(_AgreementBody):
    """申请司法确认: `parties` are those that ask for it together."""

    makes = c.ApplyConfirmation
    court: UnitId
    parties: Parties

    @property
    def unit_ids(self) -> dict[str, str]:
        return {"court": self.court}

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        unit = await session.get(Unit, self.court)
        if unit is None or unit.function != _COURT:
            raise Problem.of_field("court", "not_a_court", "only a court confirms an agreement; name one")
