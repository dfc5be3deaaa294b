"""A mediation as its events have made it."""

from datetime import date, datetime

from pydantic import Field

from workflows.contracts.clocks import OfficeHours, SharedCalendar
from workflows.contracts.effects import EffectState, EffectStatus
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.people import Dispute, Host, Party
from workflows.contracts.mediation.policy import ChannelRow, MediationPolicy
from workflows.contracts.mediation.vocabulary import (
    MEDIATION_ENDS,
    TRACK_ENDS,
    AgreementForm,
    BarredClause,
    ConfirmationStatus,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Outside,
    Paper,
    Remedy,
    SessionStatus,
    SignedBy,
    Support,
    TrackStatus,
)
from workflows.contracts.model import Frozen
from workflows.contracts.state import Owner
from workflows.contracts.vocabulary import Level, RiskLevel


class Track(Frozen):
    """A step of the plan and how far it is, by its number.

    `consents` are the parties that agreed; `mediators` mediate now. `fruitless` are the sessions held without agreement
    since the plan was looked at last. `referred_to` is another authority's system that has it.
    """

    number: int
    form: MediationForm
    fact_finding: bool = False
    together: bool = False
    host: Host
    invited: tuple[str, ...] = ()
    status: TrackStatus = TrackStatus.WAITING
    consents: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    applied_at: datetime | None = None
    taken_up_at: datetime | None = None
    fruitless: int = 0
    held: int = 0
    referred_to: Outside | None = None
    paused_until: date | None = None

    @property
    def is_open(self) -> bool:
        return self.status not in TRACK_ENDS

    @property
    def is_running(self) -> bool:
        """It has begun and not ended."""
        return self.is_open and self.status is not TrackStatus.WAITING

    @property
    def tag(self) -> str:
        """`K1`: what its clocks are about."""
        return f"K{self.number}"


class Session(Frozen):
    """One meeting; times are UTC."""

    session_no: str
    track: int
    room: str | None
    starts_at: datetime
    ends_at: datetime
    parties: tuple[str, ...]
    invited: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()
    status: SessionStatus = SessionStatus.SCHEDULED
    reminded: bool = False


class Item(Frozen):
    """A promise of the agreement (履行事项), by its number; `reason` is why that remedy was taken."""

    item_no: str
    promisor: str
    to: str
    what: TextId
    due: date | None
    amount: int | None = None
    status: FulfilmentStatus = FulfilmentStatus.OPEN
    remedy: Remedy | None = None
    reason: TextId | None = None


class Mark(Frozen):
    by: SignedBy
    party_no: str | None = None


class Agreement(Frozen):
    """What was agreed; `effective_at` once all marks that the channel asks for are there."""

    track: int
    form: AgreementForm
    terms: TextId | None
    items: dict[str, Item] = Field(default_factory=dict)
    clauses: tuple[BarredClause, ...] = ()
    marks: tuple[Mark, ...] = ()
    fee: int = 0
    effective_at: datetime | None = None
    elsewhere: bool = False


class SupportState(Frozen):
    party_no: str
    support: Support
    unit_id: str
    ended: bool = False


class PaperState(Frozen):
    """A writing, to whom it is due, and whom it has reached."""

    paper: Paper
    to: tuple[str, ...]
    track: int | None = None
    issued_at: datetime
    about_seq: int
    served: tuple[str, ...] = ()


_NEVER_SOUGHT = frozenset({TrackStatus.WAITING, TrackStatus.DROPPED})


class Told(Frozen):
    """What the case knows of the mediation."""

    status: MediationStatus
    owner: Owner | None = None
    due: date | None = None
    applied: bool = False


class MediationState(Frozen):
    """Everything that decisions about a mediation rest on.

    `review_due` is the track whose plan has to be looked at; `interpreters` by language. `remedy` is where the matter
    goes after the end. `locked_seq` is the event of the case that locked or unlocked it last. `told` is what the case
    was told last.
    """

    mediation_no: str
    case_no: str
    dispute: Dispute
    parties: dict[str, Party]
    region_code: str | None = None
    level: Level
    centres: dict[Level, str]
    policy: MediationPolicy
    calendar: SharedCalendar
    rules_version: int
    risk: RiskLevel | None = None
    opened_at: datetime
    last_at: datetime
    seq: int
    status: MediationStatus = MediationStatus.OPENED
    locked: bool = False
    locked_seq: int = 0
    tracks: dict[int, Track] = Field(default_factory=dict)
    sessions: dict[str, Session] = Field(default_factory=dict)
    agreement: Agreement | None = None
    confirmation: ConfirmationStatus | None = None
    interpreters: dict[str, str] = Field(default_factory=dict)
    rejected_interpreters: tuple[str, ...] = ()
    supports: dict[str, SupportState] = Field(default_factory=dict)
    papers: dict[str, PaperState] = Field(default_factory=dict)
    review_due: int | None = None
    remedy: Remedy | None = None
    told: Told | None = None
    clocks: dict[str, MediationClock] = Field(default_factory=dict)
    effects: dict[str, EffectState] = Field(default_factory=dict)
    recent: dict[str, int] = Field(default_factory=dict)
    renewal_asked: bool = False

    @property
    def is_over(self) -> bool:
        return self.status in MEDIATION_ENDS

    @property
    def needs_operator(self) -> bool:
        """An effect failed for good and nobody has decided yet what follows."""
        return any(effect.status is EffectStatus.FAILED for effect in self.effects.values())

    @property
    def pending_effects(self) -> list[EffectState]:
        return [effect for effect in self.effects.values() if effect.status is EffectStatus.PENDING]

    @property
    def running_tracks(self) -> list[Track]:
        return [track for track in self.tracks.values() if track.is_running]

    @property
    def current(self) -> Track | None:
        """The track that seeks the agreement now: of several the one that began first."""
        return next((track for track in self.running_tracks if not track.fact_finding), None)

    @property
    def main_track(self) -> Track | None:
        """The track that reached the agreement, else the one that seeks it now, else the last that did."""
        if self.agreement is not None and self.agreement.effective_at is not None:
            return self.tracks[self.agreement.track]
        begun = [track for track in self.tracks.values() if track.status not in _NEVER_SOUGHT]
        return self.current or next((track for track in reversed(begun) if not track.fact_finding), None)

    @property
    def taken_up_at(self) -> datetime | None:
        """When a host first took the dispute up; who looks into its facts has not."""
        times = [track.taken_up_at for track in self.tracks.values() if not track.fact_finding]
        return min((at for at in times if at is not None), default=None)

    def row(self, form: MediationForm) -> ChannelRow:
        """What the channel table says of that form."""
        return self.policy.channels[form]

    def level_above(self, level: Level) -> Level | None:
        """The next level up that has a centre for the case; None at the top."""
        return next((higher for higher in Level if higher.rank > level.rank and higher in self.centres), None)

    def office_hours(self, task_no: str | None) -> OfficeHours | None:
        """None: what a mediation does keeps the city's hours."""
        return None
