"""The channel table and the limits of a mediation: data with its sources, carried into the mediation at its start."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from pydantic import Field

from workflows.contracts.clocks import LimitText
from workflows.contracts.mediation.vocabulary import AgreementEffect, Channel, MediationForm, Remedy, SignedBy
from workflows.contracts.model import Frozen
from workflows.contracts.policy import ClockPolicy, Ladder
from workflows.contracts.vocabulary import ClockName, PauseGround, UnitKind


class Entry(StrEnum):
    """What a form takes: each is a rule in `rules.mediation.entry` that says why not."""

    CIVIL = "civil"
    NEIGHBOURLY = "neighbourly"
    DISCRETION = "discretion"
    POWERS = "powers"
    MEDICAL = "medical"
    LABOUR = "labour"
    PROPERTY_SERVICE = "property_service"
    TRAFFIC = "traffic"
    COMMERCIAL = "commercial"
    VIOLATION = "violation"
    NO_VIOLATION = "no_violation"
    RECONCILABLE = "reconcilable"
    NOT_FILED = "not_filed"
    ORDINARY = "ordinary"
    SUMMARY = "summary"


class LimitStart(StrEnum):
    """What the channel's limit counts from."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    SIGNED_FOR = "signed_for"


class ChannelRow(Frozen):
    """What one form of a channel is: host, entry, limit, effect and what follows when it fails.

    `functions` are those of the directory that a host has one of; without any its kind is enough.
    `ends_at_limit`: without agreement in time it counts as failed by law. `second_session_within` is counted from the
    first. `extension` is the most that both parties may add; `pauses` on which grounds the limit stands still.
    `needs` are the marks that make a written agreement effective; `oral` if it may be agreed by word of mouth.
    `bars_others`: no second agreement is sought beside it. `referral_only`: it is talked out elsewhere, and only
    referral and outcome are kept. `most_representatives` a side. `sources` names the article or practice, by field.
    """

    channel: Channel
    switched_on: bool = True
    hosts: tuple[UnitKind, ...]
    functions: tuple[str, ...] = ()
    entry: tuple[Entry, ...]
    limit: LimitText | None = None
    starts: LimitStart = LimitStart.ACCEPTED
    ends_at_limit: bool = False
    second_session_within: LimitText | None = None
    most_sessions: int | None = None
    extension: LimitText | None = None
    pauses: tuple[PauseGround, ...] = ()
    effect: AgreementEffect = AgreementEffect.BINDING
    needs: tuple[SignedBy, ...] = (SignedBy.PARTIES, SignedBy.MEDIATOR, SignedBy.SEAL)
    oral: bool = False
    confirmable: bool = False
    fee: bool = False
    represented: bool = True
    most_representatives: int | None = None
    bars_others: bool = False
    referral_only: bool = False
    on_failure: tuple[Remedy, ...]
    on_breach: tuple[Remedy, ...]
    sources: dict[str, str] = Field(default_factory=dict)


class CaseRates(Frozen):
    """What a county pays for a mediation with a complete file (以案定补), in fen, by the form of its agreement."""

    written: int = Field(ge=0)
    oral: int = Field(ge=0)
    source: str


class MediationPolicy(Frozen):
    """What applies to one mediation. `limits` are those of its steps; after `sessions_before_review` sessions without
    agreement the plan is looked at again; a session is called to mind `reminder` before it begins.
    """

    name: str
    version: int
    channels: Mapping[MediationForm, ChannelRow]
    limits: dict[ClockName, ClockPolicy]
    ladder: Ladder = Ladder()
    retry: Literal["default", "rehearsal"] = "default"
    paid_per_case: CaseRates | None = None
    sessions_before_review: int = Field(default=3, ge=1, le=50)
    reminder: LimitText
