"""What happened to a mediation: one frozen model each. Folding them gives its state."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.effect_events import (
    EffectDone,
    EffectFailed,
    EffectRequested,
    EffectRetried,
    EffectSkipped,
)
from workflows.contracts.events import RenewalAsked, RulesRenewed
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.agreement_events import (
    AgreedElsewhere,
    AgreementDrafted,
    AgreementEffective,
    AgreementSigned,
    ConfirmationAnswered,
    ConfirmationApplied,
    FulfilmentProven,
    PromiseBroken,
    PromiseForgone,
    PromiseKept,
    PromisePostponed,
    RemedyTaken,
)
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.commands import Concession
from workflows.contracts.mediation.opening import Opening
from workflows.contracts.mediation.people import Party, TrackPlan
from workflows.contracts.mediation.vocabulary import (
    Chosen,
    FailureCause,
    MediationForm,
    Outside,
    OutsideAsk,
    Paper,
    Remedy,
    SessionForm,
    SessionStatus,
    Support,
)
from workflows.contracts.model import Frozen
from workflows.contracts.recorded import RecordedEvent
from workflows.contracts.time_events import (
    BreachWithdrawn,
    CalendarAdopted,
    ClockMet,
    ClockMoved,
    ClockStopped,
    RungReached,
)
from workflows.contracts.vocabulary import PauseGround, ServiceMethod

__all__ = [
    "AgreedElsewhere",
    "AgreementDrafted",
    "AgreementEffective",
    "AgreementSigned",
    "ConfirmationAnswered",
    "ConfirmationApplied",
    "FulfilmentProven",
    "PromiseBroken",
    "PromiseForgone",
    "PromiseKept",
    "PromisePostponed",
    "RemedyTaken",
]


class Proposed(Frozen):
    """A step that the rules propose, and why: codes of `rules.mediation.proposals`."""

    form: MediationForm
    together: bool = False
    fact_finding: bool = False
    reasons: tuple[str, ...] = ()


class MediationOpened(Opening):
    """A dispute is to be talked out; everything that will apply to it comes with it, and what the rules propose."""

    kind: Literal["mediation_opened"] = "mediation_opened"
    proposed: tuple[Proposed, ...] = ()


class PlanDecided(Frozen):
    """These steps follow; `numbers` are those of the tracks they make."""

    kind: Literal["plan_decided"] = "plan_decided"
    tracks: tuple[TrackPlan, ...]
    reason: TextId


class PlanReviewDue(Frozen):
    """So many sessions without agreement: the plan is looked at again before another is set."""

    kind: Literal["plan_review_due"] = "plan_review_due"
    track: int
    sessions: int


class PartyAdded(Frozen):
    kind: Literal["party_added"] = "party_added"
    party: Party


class PartyChanged(Frozen):
    kind: Literal["party_changed"] = "party_changed"
    party_no: str
    guardian: str | None = None
    representatives: tuple[str, ...] = ()


class ConsentAsked(Frozen):
    """The parties are asked whether they agree to this channel."""

    kind: Literal["consent_asked"] = "consent_asked"
    track: int


class ConsentGiven(Frozen):
    kind: Literal["consent_given"] = "consent_given"
    track: int
    party_no: str
    note: TextId | None = None


class ConsentRefused(Frozen):
    """`lapsed`: the party gave no answer in time."""

    kind: Literal["consent_refused"] = "consent_refused"
    track: int
    party_no: str
    note: TextId | None = None
    lapsed: bool = False


class TrackConsented(Frozen):
    """All parties agree to the channel; its host may take the dispute up."""

    kind: Literal["track_consented"] = "track_consented"
    track: int


class PartyLeft(Frozen):
    kind: Literal["party_left"] = "party_left"
    party_no: str
    reason: TextId


class MediatorNamed(Frozen):
    kind: Literal["mediator_named"] = "mediator_named"
    track: int
    mediator_id: str
    chosen: Chosen
    ties: TextId | None = None


class TiesDisclosed(Frozen):
    kind: Literal["ties_disclosed"] = "ties_disclosed"
    track: int
    mediator_id: str
    ties: TextId


class PersonObjectedTo(Frozen):
    """A mediator or an interpreter steps back because a party objected."""

    kind: Literal["person_objected_to"] = "person_objected_to"
    track: int | None
    party_no: str
    person_id: str
    reason: TextId


class InterpreterAppointed(Frozen):
    kind: Literal["interpreter_appointed"] = "interpreter_appointed"
    interpreter_id: str
    language: str


class SupportReferred(Frozen):
    kind: Literal["support_referred"] = "support_referred"
    support_no: str
    party_no: str
    support: Support
    unit_id: str


class SupportRecorded(Frozen):
    kind: Literal["support_recorded"] = "support_recorded"
    support_no: str
    outcome: TextId


class AppliedFor(Frozen):
    kind: Literal["applied_for"] = "applied_for"
    track: int
    party_no: str
    paper: str | None = None


class TakenUp(Frozen):
    """The host has the dispute; the channel's limit runs from what its row names."""

    kind: Literal["taken_up"] = "taken_up"
    track: int


class SessionScheduled(Frozen):
    """Times are UTC; `parties` and `invited` are asked to come."""

    kind: Literal["session_scheduled"] = "session_scheduled"
    session_no: str
    track: int
    form: SessionForm
    room: str | None
    starts_at: datetime
    ends_at: datetime
    parties: tuple[str, ...]
    invited: tuple[str, ...] = ()
    mediators: tuple[str, ...] = ()


class SessionReminded(Frozen):
    """It begins soon: those who were asked to come are called to mind of it."""

    kind: Literal["session_reminded"] = "session_reminded"
    session_no: str


class SessionCalledOff(Frozen):
    kind: Literal["session_called_off"] = "session_called_off"
    session_no: str
    adjourned: bool
    reason: TextId | None = None


class SessionRecorded(Frozen):
    """`status` is held, or no_show where a side was missing; then nobody talked, and it does not count."""

    kind: Literal["session_recorded"] = "session_recorded"
    session_no: str
    status: SessionStatus
    present: tuple[str, ...]
    absent: tuple[str, ...] = ()
    facts: TextId | None = None
    open_points: TextId | None = None
    concessions: tuple[Concession, ...] = ()
    attachments: tuple[str, ...] = ()


class ReferredOutside(Frozen):
    kind: Literal["referred_outside"] = "referred_outside"
    track: int
    system: Outside
    unit_id: str


class OutsideAnswered(Frozen):
    """Receipt or outcome of what was referred."""

    kind: Literal["outside_answered"] = "outside_answered"
    system: Outside
    ask: OutsideAsk
    number: TextId | None = None
    agreed: bool | None = None
    outcome: TextId | None = None


class TrackExtended(Frozen):
    kind: Literal["track_extended"] = "track_extended"
    track: int
    until: date
    agreed_by: tuple[str, ...]
    reason: TextId


class TrackPaused(Frozen):
    kind: Literal["track_paused"] = "track_paused"
    track: int
    ground: PauseGround
    until: date
    reason: TextId


class TrackWentOn(Frozen):
    """Without a reason because the latest day of the pause had come."""

    kind: Literal["track_went_on"] = "track_went_on"
    track: int
    reason: TextId | None = None


class TrackFailed(Frozen):
    kind: Literal["track_failed"] = "track_failed"
    track: int
    cause: FailureCause
    reason: TextId | None = None


class TrackDropped(Frozen):
    """The plan goes on without it: it was revised, or another track reached the agreement."""

    kind: Literal["track_dropped"] = "track_dropped"
    track: int


class TrackCompleted(Frozen):
    kind: Literal["track_completed"] = "track_completed"
    track: int
    findings: TextId


class MediationFulfilled(Frozen):
    """Every promise was kept: the dispute is resolved (化解)."""

    kind: Literal["mediation_fulfilled"] = "mediation_fulfilled"


class MediationFailed(Frozen):
    """It ends without result here; `remedy` is where the matter goes."""

    kind: Literal["mediation_failed"] = "mediation_failed"
    remedy: Remedy
    reason: TextId | None = None


class MediationRefused(Frozen):
    """A party would not have this channel, or left: the mediation is over, no legal route is closed."""

    kind: Literal["mediation_refused"] = "mediation_refused"
    party_no: str
    left: bool = False


class MediationStopped(Frozen):
    """The case ended otherwise, or was withdrawn."""

    kind: Literal["mediation_stopped"] = "mediation_stopped"
    withdrawn: bool = False


class MediationLocked(Frozen):
    """There is danger; `case_seq` is the event of the case that says so."""

    kind: Literal["mediation_locked"] = "mediation_locked"
    case_seq: int | None = None


class MediationUnlocked(Frozen):
    kind: Literal["mediation_unlocked"] = "mediation_unlocked"
    case_seq: int | None = None


class PaperIssued(Frozen):
    """A writing is due to these parties; `about_seq` is the event that it tells of."""

    kind: Literal["paper_issued"] = "paper_issued"
    paper_no: str
    paper: Paper
    to: tuple[str, ...]
    track: int | None = None
    about_seq: int


class PaperServed(Frozen):
    kind: Literal["paper_served"] = "paper_served"
    paper_no: str
    party_no: str
    how: ServiceMethod
    served_at: datetime


class MediationClockStarted(Frozen):
    kind: Literal["clock_started"] = "clock_started"
    clock: MediationClock


AnyMediationEvent: TypeAlias = (
    MediationOpened
    | PlanDecided
    | PlanReviewDue
    | PartyAdded
    | PartyChanged
    | ConsentAsked
    | ConsentGiven
    | ConsentRefused
    | TrackConsented
    | PartyLeft
    | MediatorNamed
    | TiesDisclosed
    | PersonObjectedTo
    | InterpreterAppointed
    | SupportReferred
    | SupportRecorded
    | AppliedFor
    | TakenUp
    | SessionScheduled
    | SessionReminded
    | SessionCalledOff
    | SessionRecorded
    | AgreementDrafted
    | AgreementSigned
    | AgreementEffective
    | AgreedElsewhere
    | FulfilmentProven
    | PromiseKept
    | PromiseBroken
    | PromiseForgone
    | PromisePostponed
    | RemedyTaken
    | ConfirmationApplied
    | ConfirmationAnswered
    | ReferredOutside
    | OutsideAnswered
    | TrackExtended
    | TrackPaused
    | TrackWentOn
    | TrackFailed
    | TrackDropped
    | TrackCompleted
    | MediationFulfilled
    | MediationFailed
    | MediationRefused
    | MediationStopped
    | MediationLocked
    | MediationUnlocked
    | PaperIssued
    | PaperServed
    | MediationClockStarted
    | ClockMoved
    | ClockMet
    | ClockStopped
    | RungReached
    | BreachWithdrawn
    | CalendarAdopted
    | EffectRequested
    | EffectDone
    | EffectFailed
    | EffectRetried
    | EffectSkipped
    | RenewalAsked
    | RulesRenewed
)
MediationEventMessage = Annotated[AnyMediationEvent, Field(discriminator="kind")]
"""Any event of a mediation, told apart by its `kind` on the wire."""


class MediationRecorded(RecordedEvent):
    """An event in its place among those of its mediation."""

    event: MediationEventMessage
