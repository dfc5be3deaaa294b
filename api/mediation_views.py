"""The shapes in which the API shows a mediation."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, PlainSerializer

from api.fields import in_yuan
from api.mediation_channels import ChannelView, ProposedView, Refusal
from api.snapshots import ClockView, OwnerView
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    BarredClause,
    Capacity,
    ConfirmationStatus,
    DisputeType,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Outside,
    Paper,
    PartyKind,
    Remedy,
    SessionStatus,
    Side,
    SignedBy,
    Support,
    TrackStatus,
)
from workflows.contracts.vocabulary import Level, RiskLevel

Yuan = Annotated[int, PlainSerializer(in_yuan, return_type=str)]
"""Fen, shown in yuan."""


class MediationClockView(ClockView):
    """`about` is the track (`K1`), a party's answer on it (`K1P2`), the session or the promise that it is for."""

    about: str | None


class PersonView(BaseModel):
    """Somebody who takes part; `name` is null once it was erased. `standing` as the table of people has it."""

    person_id: str
    name: str | None
    standing: str | None = None


class DisputeView(BaseModel):
    """What the channels ask about the dispute; `amount` in yuan."""

    type: DisputeType
    amount: Yuan | None
    wages: bool
    tied_to_powers: bool
    within_discretion: bool
    violation: bool
    reconcilable: bool
    filed: bool
    summary: bool
    tried: list[MediationForm]


class PartyView(BaseModel):
    party_no: str
    side: Side
    kind: PartyKind
    capacity: Capacity
    person: PersonView
    guardian: PersonView | None
    representatives: list[PersonView]
    language: str | None
    suspect: bool


class TrackView(BaseModel):
    """A step of the plan; `consents` are the parties that agreed to it, `held` its sessions so far."""

    number: int
    form: MediationForm
    fact_finding: bool
    together: bool
    host: str
    host_name: str
    invited: dict[str, str]
    status: TrackStatus
    consents: list[str]
    mediators: dict[str, str]
    applied_at: datetime | None
    taken_up_at: datetime | None
    held: int
    referred_to: Outside | None
    paused_until: date | None


class SessionView(BaseModel):
    """A session; `mediators` and `invited` are people by their ids. `reminded` once it is time to call it to mind."""

    session_no: str
    track: int
    status: SessionStatus
    room: str | None
    starts_at: datetime
    ends_at: datetime
    reminded: bool
    parties: list[str]
    mediators: dict[str, str]
    invited: dict[str, str]


class ItemView(BaseModel):
    """履行事项; `due` is a local date, null if it was done on the spot, `amount` in yuan."""

    item_no: str
    promisor: str
    to: str
    what: str | None
    due: date | None
    amount: Yuan | None
    status: FulfilmentStatus
    remedy: Remedy | None


class MarkView(BaseModel):
    by: SignedBy
    party_no: str | None


class AgreementView(BaseModel):
    """调解协议; `elsewhere` if another authority keeps its wording. `needs` are the marks that the channel asks for."""

    track: int
    form: AgreementForm
    terms: str | None
    items: list[ItemView]
    clauses: list[BarredClause]
    needs: list[SignedBy]
    marks: list[MarkView]
    fee: Yuan
    effective_at: datetime | None
    elsewhere: bool


class SupportView(BaseModel):
    support_no: str
    party_no: str
    support: Support
    unit_id: str
    unit_name: str
    ended: bool


class PaperView(BaseModel):
    """A writing, to which parties it is due, and which it has reached."""

    paper_no: str
    paper: Paper
    track: int | None
    to: list[str]
    served: list[str]
    issued_at: datetime


class MediationSnapshot(BaseModel):
    """A mediation as of `seq`; `stale` if the mediation itself may already be further on.

    `proposed` are the steps that the rules would take now, `channels` says of every form whether it takes the dispute
    and why not. `why_not_confirmable` is the first reason for which no court would confirm the agreement. `review_due`
    is the track whose plan has to be looked at; `remedy` is where the matter went after the end. `interpreters` are
    people by language. `sealed`: the reader takes no part in the talks, so that words, names and sums are left out.
    """

    mediation_no: str
    case_no: str
    status: MediationStatus
    locked: bool
    level: Level
    region_code: str | None
    risk: RiskLevel | None
    dispute: DisputeView
    owner: OwnerView | None
    clocks: list[MediationClockView]
    proposed: list[ProposedView]
    channels: list[ChannelView]
    tracks: list[TrackView]
    review_due: int | None
    parties: list[PartyView]
    interpreters: dict[str, PersonView]
    sessions: list[SessionView]
    agreement: AgreementView | None
    why_not_confirmable: Refusal | None
    confirmation: ConfirmationStatus | None
    supports: list[SupportView]
    papers: list[PaperView]
    remedy: Remedy | None
    needs_operator: bool
    opened_at: datetime
    ended_at: datetime | None
    seq: int
    stale: bool
    sealed: bool = False


class InvitationView(BaseModel):
    """All that a unit learns which is invited to a mediation: who hosts it, and when somebody of it is to come."""

    mediation_no: str
    case_no: str
    status: MediationStatus
    hosts: dict[str, str]
    sessions: list[datetime]
