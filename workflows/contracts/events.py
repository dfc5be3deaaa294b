"""What happened to a case: one frozen model each. The timeline is the list of these; folding them gives the state."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from workflows.contracts.clocks import SharedCalendar
from workflows.contracts.command import Subject, UnitRef
from workflows.contracts.dispatch_events import (
    AssignedDown,
    DispatchDisputeOpened,
    Escalated,
    HostNamed,
    Objected,
    ObjectionDecided,
    ReferralRecorded,
    Referred,
    ReportedUpward,
    ReportInRated,
    SendBackAsked,
    SendBackLapsed,
    SendBackRefused,
    Supervised,
    SupervisionAnswered,
    UnitDesignated,
    UnitSucceeded,
    Urged,
    Whistled,
    WhistleRated,
    WhistleRequestDecided,
    WhistleRequested,
)
from workflows.contracts.effect_events import (
    EffectDone,
    EffectFailed,
    EffectLapsed,
    EffectRequested,
    EffectRetried,
    EffectSkipped,
)
from workflows.contracts.ids import TextId
from workflows.contracts.link_events import (
    CaseDivided,
    CaseMerged,
    CasesGathered,
    CasesSplitOff,
    CaseTakenIn,
    CaseTransferred,
    Consulted,
    Decided,
    HazardKept,
    IssueJoined,
    LegalOutcomeRecorded,
    LegalRouteTaken,
    MainConcluded,
    NoticeIssued,
    NoticeServed,
    SplitFromMain,
    TakeInRefused,
    TransferAsked,
    TransferRefused,
)
from workflows.contracts.mediation.of_case import MediationBegun, MediationFollowed, MediationLost, MediationRebuilt
from workflows.contracts.model import Frozen
from workflows.contracts.policy import SharedPolicy
from workflows.contracts.recorded import RecordedEvent
from workflows.contracts.risk_events import (
    DangerLifted,
    DangerReported,
    DutyLeaderRecorded,
    LimitationForgotten,
    LimitationInterrupted,
    LimitationRanOut,
    LimitationRecorded,
    LimitationRestarted,
    PoliceCalled,
    ProtectionReported,
)
from workflows.contracts.task_events import (
    TaskCancelled,
    TaskContacted,
    TaskDispatched,
    TaskFinished,
    TaskProgressed,
    TaskReassigned,
    TaskReopened,
    TaskReportedIn,
    TaskSentBack,
    TaskSigned,
)
from workflows.contracts.time_events import (
    BreachWithdrawn,
    CalendarAdopted,
    CaseResumed,
    CaseSuspended,
    ClockMet,
    ClockMoved,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    Committed,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    InterimReplied,
    PolicyAdopted,
    RequesterTold,
    RiskSet,
    RungReached,
)
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    DeclineGround,
    Level,
    Solved,
    Urgency,
)

__all__ = [
    "AssignedDown",
    "BreachWithdrawn",
    "CalendarAdopted",
    "CaseDivided",
    "CaseMerged",
    "CaseResumed",
    "CaseSuspended",
    "CaseTakenIn",
    "CaseTransferred",
    "CasesGathered",
    "CasesSplitOff",
    "ClockMet",
    "ClockMoved",
    "ClockResumed",
    "ClockStarted",
    "ClockStopped",
    "Committed",
    "Consulted",
    "DangerLifted",
    "DangerReported",
    "Decided",
    "DispatchDisputeOpened",
    "DutyLeaderRecorded",
    "EffectDone",
    "EffectFailed",
    "EffectLapsed",
    "EffectRequested",
    "EffectRetried",
    "EffectSkipped",
    "Escalated",
    "ExtensionAsked",
    "ExtensionGranted",
    "ExtensionRefused",
    "HazardKept",
    "HostNamed",
    "InterimReplied",
    "IssueJoined",
    "LegalOutcomeRecorded",
    "LegalRouteTaken",
    "LimitationForgotten",
    "LimitationInterrupted",
    "LimitationRanOut",
    "LimitationRecorded",
    "LimitationRestarted",
    "MainConcluded",
    "MediationBegun",
    "MediationFollowed",
    "MediationLost",
    "MediationRebuilt",
    "NoticeIssued",
    "NoticeServed",
    "Objected",
    "ObjectionDecided",
    "PoliceCalled",
    "PolicyAdopted",
    "ProtectionReported",
    "ReferralRecorded",
    "Referred",
    "ReportInRated",
    "ReportedUpward",
    "RequesterTold",
    "RiskSet",
    "RungReached",
    "SendBackAsked",
    "SendBackLapsed",
    "SendBackRefused",
    "SplitFromMain",
    "Subject",
    "Supervised",
    "SupervisionAnswered",
    "TakeInRefused",
    "TaskCancelled",
    "TaskContacted",
    "TaskDispatched",
    "TaskFinished",
    "TaskProgressed",
    "TaskReassigned",
    "TaskReopened",
    "TaskReportedIn",
    "TaskSentBack",
    "TaskSigned",
    "TransferAsked",
    "TransferRefused",
    "UnitDesignated",
    "UnitSucceeded",
    "Urged",
    "WhistleRated",
    "WhistleRequestDecided",
    "WhistleRequested",
    "Whistled",
]
"""What stands in files of its own and is an event of this module all the same."""


class CaseRegistered(Frozen):
    """The matter is on record; everything that will apply to it comes with it.

    `subjects` is whom it is about. `regions` are those it concerns beside its own; the centre of `host_level` names the
    host. `lane` are the units that an emergency goes straight to, the lead first. `divided_at` is when a part of
    another case became one of its own; it counts as registered when that one was.
    """

    kind: Literal["case_registered"] = "case_registered"
    case_no: str
    intake_id: str
    case_kind: CaseKind
    source: str
    urgency: Urgency
    category: str | None
    region_code: str | None
    level: Level
    centres: dict[Level, str]
    policy: SharedPolicy
    calendar: SharedCalendar
    rules_version: int
    subjects: tuple[Subject, ...] = ()
    headcount: int | None = None
    pending_procedure: bool = False
    regions: tuple[str, ...] = ()
    host_level: Level | None = None
    lane: tuple[UnitRef, ...] = ()
    divided_at: datetime | None = None

    @model_serializer(mode="wrap")
    def _without_what_few_have(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """It stays in the memory of whoever carries the case, for as long as the case is open."""
        rare = ("subjects", "headcount", "pending_procedure", "regions", "host_level", "lane", "divided_at")
        return {name: value for name, value in serialize(self).items() if name not in rare or value}


class CaseAccepted(Frozen):
    kind: Literal["case_accepted"] = "case_accepted"
    note: TextId | None = None


class CaseDeclined(Frozen):
    kind: Literal["case_declined"] = "case_declined"
    ground: DeclineGround
    route: TextId


class CaseAnswered(Frozen):
    kind: Literal["case_answered"] = "case_answered"
    reply: TextId


class CaseSettled(Frozen):
    kind: Literal["case_settled"] = "case_settled"
    reply: TextId
    evidence: tuple[str, ...] = ()


class CaseFinished(Frozen):
    kind: Literal["case_finished"] = "case_finished"


class VerificationPassed(Frozen):
    kind: Literal["verification_passed"] = "verification_passed"
    note: TextId
    evidence: tuple[str, ...] = ()


class VerificationFailed(Frozen):
    kind: Literal["verification_failed"] = "verification_failed"
    note: TextId
    evidence: tuple[str, ...] = ()
    rework: int


class CallbackMade(Frozen):
    kind: Literal["callback_made"] = "callback_made"
    outcome: CallbackOutcome
    note: TextId | None = None


class CaseRated(Frozen):
    kind: Literal["case_rated"] = "case_rated"
    rating: str | None = None
    solved: Solved | None = None
    note: TextId | None = None


class CaseClosed(Frozen):
    kind: Literal["case_closed"] = "case_closed"
    note: TextId | None = None


class ExplanationSigned(Frozen):
    """The requester is dissatisfied for the second time, without ground: one person signs why nothing more is done."""

    kind: Literal["explanation_signed"] = "explanation_signed"
    note: TextId | None = None


class VerificationWaived(Frozen):
    """Settled where it was raised, and not drawn for verification."""

    kind: Literal["verification_waived"] = "verification_waived"


class CaseReopened(Frozen):
    """For the `round`-th time the case is at work, counted from 2; the rounds before keep their results."""

    kind: Literal["case_reopened"] = "case_reopened"
    round: int
    rework: int
    reason: TextId


class ContactAdded(Frozen):
    """The `count`-th call about the open case after the report itself; from the second on supervisors see it."""

    kind: Literal["contact_added"] = "contact_added"
    count: int
    text: TextId


class WithdrawalAsked(Frozen):
    kind: Literal["withdrawal_asked"] = "withdrawal_asked"
    reason: TextId


class WithdrawalRefuted(Frozen):
    """Asked by the centre, the requester does not mean to withdraw; the case goes on."""

    kind: Literal["withdrawal_refuted"] = "withdrawal_refuted"
    note: TextId | None = None


class CaseWithdrawn(Frozen):
    kind: Literal["case_withdrawn"] = "case_withdrawn"
    reason: TextId | None = None


class CaseArchived(Frozen):
    kind: Literal["case_archived"] = "case_archived"


class RenewalAsked(Frozen):
    """A new run was asked for."""

    kind: Literal["renewal_asked"] = "renewal_asked"


class RulesRenewed(Frozen):
    """A new run began, and takes the rules of this version."""

    kind: Literal["rules_renewed"] = "rules_renewed"
    rules_version: int


AnyEvent: TypeAlias = (
    CaseRegistered
    | CaseAccepted
    | CaseDeclined
    | CaseAnswered
    | CaseSettled
    | TaskSigned
    | TaskContacted
    | TaskReportedIn
    | TaskProgressed
    | TaskFinished
    | TaskCancelled
    | TaskReopened
    | CaseFinished
    | VerificationPassed
    | VerificationFailed
    | CallbackMade
    | CaseRated
    | CaseClosed
    | ExplanationSigned
    | VerificationWaived
    | CaseReopened
    | ContactAdded
    | WithdrawalAsked
    | WithdrawalRefuted
    | CaseWithdrawn
    | CaseArchived
    | Whistled
    | TaskDispatched
    | SendBackAsked
    | SendBackRefused
    | SendBackLapsed
    | TaskSentBack
    | DispatchDisputeOpened
    | UnitDesignated
    | Objected
    | TaskReassigned
    | Supervised
    | SupervisionAnswered
    | Urged
    | Escalated
    | WhistleRequested
    | WhistleRequestDecided
    | Referred
    | ReferralRecorded
    | ObjectionDecided
    | AssignedDown
    | HostNamed
    | UnitSucceeded
    | ReportInRated
    | WhistleRated
    | ReportedUpward
    | CaseMerged
    | CaseTakenIn
    | TakeInRefused
    | MainConcluded
    | CasesSplitOff
    | SplitFromMain
    | CaseDivided
    | HazardKept
    | CasesGathered
    | IssueJoined
    | Consulted
    | TransferAsked
    | TransferRefused
    | CaseTransferred
    | LegalRouteTaken
    | LegalOutcomeRecorded
    | NoticeIssued
    | NoticeServed
    | MediationBegun
    | MediationFollowed
    | MediationLost
    | MediationRebuilt
    | ClockStarted
    | ClockMet
    | ClockStopped
    | ClockResumed
    | RungReached
    | BreachWithdrawn
    | ClockMoved
    | ExtensionAsked
    | ExtensionGranted
    | ExtensionRefused
    | CaseSuspended
    | CaseResumed
    | Committed
    | InterimReplied
    | RequesterTold
    | RiskSet
    | DutyLeaderRecorded
    | DangerReported
    | PoliceCalled
    | ProtectionReported
    | DangerLifted
    | LimitationRecorded
    | LimitationInterrupted
    | LimitationRestarted
    | LimitationRanOut
    | LimitationForgotten
    | CalendarAdopted
    | PolicyAdopted
    | EffectRequested
    | EffectDone
    | EffectFailed
    | EffectRetried
    | EffectSkipped
    | EffectLapsed
    | RenewalAsked
    | RulesRenewed
)
EventMessage = Annotated[AnyEvent, Field(discriminator="kind")]
"""Any event, told apart by its `kind` on the wire."""


class Recorded(RecordedEvent):
    """An event in its place: the seq-th of the case."""

    event: EventMessage
