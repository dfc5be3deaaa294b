"""What happened to an agreement: drawn up, signed, in force, kept or broken, confirmed by a court."""

from datetime import date
from typing import Literal

from workflows.contracts.ids import TextId
from workflows.contracts.mediation.commands import Promise
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    BarredClause,
    ConfirmationStatus,
    Remedy,
    SignatureMeans,
    SignedBy,
)
from workflows.contracts.model import Frozen


class AgreementDrafted(Frozen):
    kind: Literal["agreement_drafted"] = "agreement_drafted"
    track: int
    form: AgreementForm
    terms: TextId
    promises: tuple[Promise, ...] = ()
    clauses: tuple[BarredClause, ...] = ()
    fee: int = 0


class AgreementSigned(Frozen):
    kind: Literal["agreement_signed"] = "agreement_signed"
    by: SignedBy
    party_no: str | None = None
    means: SignatureMeans
    scan: str | None = None


class AgreementEffective(Frozen):
    """It binds from here on; what was promised is owed by the days that were named."""

    kind: Literal["agreement_effective"] = "agreement_effective"
    track: int


class AgreedElsewhere(Frozen):
    """The authority that the dispute was referred to reports an agreement; its wording is there."""

    kind: Literal["agreed_elsewhere"] = "agreed_elsewhere"
    track: int
    outcome: TextId | None = None


class FulfilmentProven(Frozen):
    kind: Literal["fulfilment_proven"] = "fulfilment_proven"
    item_no: str
    evidence: tuple[str, ...] = ()
    note: TextId | None = None


class PromiseKept(Frozen):
    kind: Literal["promise_kept"] = "promise_kept"
    item_no: str
    note: TextId | None = None


class PromiseBroken(Frozen):
    """Not done by its day, or not as promised: the ways to a remedy are open."""

    kind: Literal["promise_broken"] = "promise_broken"
    item_no: str
    note: TextId | None = None


class PromiseForgone(Frozen):
    kind: Literal["promise_forgone"] = "promise_forgone"
    item_no: str
    reason: TextId


class PromisePostponed(Frozen):
    kind: Literal["promise_postponed"] = "promise_postponed"
    item_no: str
    due: date
    reason: TextId


class RemedyTaken(Frozen):
    kind: Literal["remedy_taken"] = "remedy_taken"
    item_no: str
    remedy: Remedy
    reason: TextId


class ConfirmationApplied(Frozen):
    kind: Literal["confirmation_applied"] = "confirmation_applied"
    court: str
    parties: tuple[str, ...]


class ConfirmationAnswered(Frozen):
    """The court has it under `number`, or has decided; `reason` where it refuses."""

    kind: Literal["confirmation_answered"] = "confirmation_answered"
    status: ConfirmationStatus
    number: TextId | None = None
    reason: TextId | None = None
