"""What happened to a case: one frozen model each. The timeline is the list of these; folding them gives the state."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.actors import Actor
from workflows.contracts.clocks import SharedCalendar
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import Effect
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.policy import SharedPolicy
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
    TaskRole,
    Urgency,
)

__all__ = [
    "BreachWithdrawn",
    "CalendarAdopted",
    "CaseResumed",
    "CaseSuspended",
    "ClockMet",
    "ClockMoved",
    "ClockResumed",
    "ClockStarted",
    "ClockStopped",
    "Committed",
    "ExtensionAsked",
    "ExtensionGranted",
    "ExtensionRefused",
    "InterimReplied",
    "PolicyAdopted",
    "RequesterTold",
    "RiskSet",
    "RungReached",
]
"""What stands in a file of its own and is an event of this module all the same."""


class CaseRegistered(Frozen):
    """The matter is on record; everything that will apply to it comes with it."""

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


class Whistled(Frozen):
    """The whistle itself; a `task_dispatched` for each unit follows."""

    kind: Literal["whistled"] = "whistled"
    preset: str
    reason: TextId


class TaskDispatched(Frozen):
    kind: Literal["task_dispatched"] = "task_dispatched"
    task_no: str
    unit: UnitRef
    role: TaskRole
    preset: str


class TaskSigned(Frozen):
    kind: Literal["task_signed"] = "task_signed"
    task_no: str


class TaskContacted(Frozen):
    kind: Literal["task_contacted"] = "task_contacted"
    task_no: str
    note: TextId


class TaskReportedIn(Frozen):
    kind: Literal["task_reported_in"] = "task_reported_in"
    task_no: str
    people: tuple[str, ...] = ()


class TaskProgressed(Frozen):
    kind: Literal["task_progressed"] = "task_progressed"
    task_no: str
    note: TextId


class TaskFinished(Frozen):
    kind: Literal["task_finished"] = "task_finished"
    task_no: str
    reply: TextId
    internal_note: TextId | None = None
    evidence: tuple[str, ...] = ()


class TaskCancelled(Frozen):
    """Released by the dispatcher, or ended with its case; `reason` is absent in the second."""

    kind: Literal["task_cancelled"] = "task_cancelled"
    task_no: str
    reason: TextId | None = None


class SendBackAsked(Frozen):
    """Without a `decision_clock` it is not the centre's to decide any more: a dispatch dispute opens with it."""

    kind: Literal["send_back_asked"] = "send_back_asked"
    task_no: str
    decision_clock: str | None
    reason: TextId
    clause: TextId
    suggested_unit: str


class SendBackRefused(Frozen):
    kind: Literal["send_back_refused"] = "send_back_refused"
    task_no: str
    reason: TextId


class SendBackLapsed(Frozen):
    """Nobody decided in time: the task stays with the unit."""

    kind: Literal["send_back_lapsed"] = "send_back_lapsed"
    task_no: str


class TaskSentBack(Frozen):
    """The unit is rid of the task: its send-back was approved, or another unit was designated in its place."""

    kind: Literal["task_sent_back"] = "task_sent_back"
    task_no: str
    reason: TextId


class DispatchDisputeOpened(Frozen):
    """A second unit says that the matter is not its business; `task_no` is its task, which it keeps meanwhile."""

    kind: Literal["dispatch_dispute_opened"] = "dispatch_dispute_opened"
    task_no: str


class UnitDesignated(Frozen):
    """The dispute is over: the unit of this task is responsible, and may not send it back."""

    kind: Literal["unit_designated"] = "unit_designated"
    task_no: str
    unit_id: str
    reason: TextId


class Objected(Frozen):
    kind: Literal["objected"] = "objected"
    task_no: str
    reason: TextId


class TaskReassigned(Frozen):
    """Another unit goes on, with a task and clocks of its own."""

    kind: Literal["task_reassigned"] = "task_reassigned"
    task_no: str
    to_unit: str
    reason: TextId


class Supervised(Frozen):
    """`due` is a local date before rolling."""

    kind: Literal["supervised"] = "supervised"
    reason: TextId
    due: date


class SupervisionAnswered(Frozen):
    kind: Literal["supervision_answered"] = "supervision_answered"
    text: TextId


class TaskReopened(Frozen):
    """The result did not stand: the same unit goes on (返工)."""

    kind: Literal["task_reopened"] = "task_reopened"
    task_no: str


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


class Urged(Frozen):
    kind: Literal["urged"] = "urged"
    task_no: str | None = None
    note: TextId


class Escalated(Frozen):
    """One level up: by hand with a reason, or because `clock_id` ran out."""

    kind: Literal["escalated"] = "escalated"
    from_level: Level
    to_level: Level
    reason: TextId | None = None
    clock_id: str | None = None


class EffectRequested(Frozen):
    kind: Literal["effect_requested"] = "effect_requested"
    effect: Effect


class EffectDone(Frozen):
    kind: Literal["effect_done"] = "effect_done"
    effect_id: str


class EffectFailed(Frozen):
    """Its retries are used up, or it was refused; an operator is needed. `code` is a class, never wording."""

    kind: Literal["effect_failed"] = "effect_failed"
    effect_id: str
    code: str


class EffectRetried(Frozen):
    kind: Literal["effect_retried"] = "effect_retried"
    effect_id: str


class EffectSkipped(Frozen):
    kind: Literal["effect_skipped"] = "effect_skipped"
    effect_id: str
    reason: TextId


class EffectLapsed(Frozen):
    """A notice that waited for the unit's offices to open, and what it was about is over."""

    kind: Literal["effect_lapsed"] = "effect_lapsed"
    effect_id: str


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
    | Whistled
    | TaskDispatched
    | TaskSigned
    | TaskContacted
    | TaskReportedIn
    | TaskProgressed
    | TaskFinished
    | TaskCancelled
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
    | TaskReopened
    | CaseFinished
    | VerificationPassed
    | VerificationFailed
    | CallbackMade
    | CaseRated
    | CaseClosed
    | CaseReopened
    | ContactAdded
    | WithdrawalAsked
    | WithdrawalRefuted
    | CaseWithdrawn
    | CaseArchived
    | Urged
    | Escalated
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


class Recorded(Frozen):
    """An event in its place: the seq-th of the case, counted from 1 without gaps.

    `at` is when it counts (a due time, or when the request was received), `recorded_at` when the process noted it.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: str | None = None
    event: EventMessage
