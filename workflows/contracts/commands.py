"""What people and systems may ask of a case: one frozen model each. Wording travels as text ids."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.actors import Actor
from workflows.contracts.clocks import OfficeHours, SharedCalendar
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.policy import SharedPolicy
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    ClockName,
    DeclineGround,
    PauseGround,
    RiskLevel,
    Solved,
    UnitKind,
)


class UnitRef(Frozen):
    """A unit as the directory knows it when the command is given; `connected` if its own system takes task signals.

    `office` are its own opening hours, None if it keeps the city's.
    """

    unit_id: str
    kind: UnitKind
    connected: bool = False
    office: OfficeHours | None = None


class Command(Frozen):
    """The part that every command has.

    `command_id` makes a repetition harmless; `received_at` is when the request was wholly received (UTC), which is
    what limits are measured against.
    """

    command_id: str
    actor: Actor
    received_at: datetime | None = None


class TaskCommand(Command):
    """A command about one task of the case."""

    task_no: str


class Accept(Command):
    """The matter is taken on (受理)."""

    kind: Literal["accept"] = "accept"
    note: TextId | None = None


class Decline(Command):
    """The matter is not taken on (不予受理), on a listed ground and with the right route named."""

    kind: Literal["decline"] = "decline"
    ground: DeclineGround
    route: TextId


class Answer(Command):
    """An inquiry is answered at once (答复)."""

    kind: Literal["answer"] = "answer"
    reply: TextId


class Settle(Command):
    """The matter is resolved where it was raised, without a whistle (当场办结)."""

    kind: Literal["settle"] = "settle"
    reply: TextId
    evidence: tuple[str, ...] = ()


class Whistle(Command):
    """The centre calls units in (吹哨): one lead, any number of co-units."""

    kind: Literal["whistle"] = "whistle"
    lead: UnitRef
    co_units: tuple[UnitRef, ...] = ()
    preset: str | None = None
    reason: TextId


class Release(TaskCommand):
    """The dispatcher releases a co-unit that is not needed any more."""

    kind: Literal["release"] = "release"
    reason: TextId


class DecideSendBack(Command):
    """The centre takes a task back from a unit that says it is not its business, or leaves it there."""

    kind: Literal["decide_send_back"] = "decide_send_back"
    task_no: str
    approved: bool
    reason: TextId


class Designate(Command):
    """The centre ends a dispatch dispute: this unit it is (指定承办).

    `power_holder` is the unit that holds the legal power over the matter, as the routing catalogue has it.
    """

    kind: Literal["designate"] = "designate"
    unit: UnitRef
    power_holder: UnitRef | None = None
    reason: TextId


class Reassign(Command):
    """The centre gives an open task to another unit (转派)."""

    kind: Literal["reassign"] = "reassign"
    task_no: str
    unit: UnitRef
    reason: TextId


class Supervise(Command):
    """Somebody above demands an answer by a local date (督办)."""

    kind: Literal["supervise"] = "supervise"
    reason: TextId
    due: date


class AnswerSupervision(Command):
    """What was demanded is answered."""

    kind: Literal["answer_supervision"] = "answer_supervision"
    text: TextId


class Urge(Command):
    """A reminder (催办) to one task's unit, to every unit at work, or to whoever owes the next step."""

    kind: Literal["urge"] = "urge"
    task_no: str | None = None
    note: TextId


class Escalate(Command):
    """The case goes one level up by hand (升级)."""

    kind: Literal["escalate"] = "escalate"
    reason: TextId


class Verify(Command):
    """Someone outside the handling unit looks at the result (核查)."""

    kind: Literal["verify"] = "verify"
    passed: bool
    note: TextId
    evidence: tuple[str, ...] = ()


class Callback(Command):
    """An attempt to hear from the requester (回访)."""

    kind: Literal["callback"] = "callback"
    outcome: CallbackOutcome
    solved: Solved | None = None
    rating: str | None = None
    note: TextId | None = None


class Rate(Command):
    """The requester rates the result herself (满意度), by tracking code."""

    kind: Literal["rate"] = "rate"
    rating: str
    solved: Solved | None = None
    note: TextId | None = None


class Close(Command):
    """A verified case is closed by hand after callbacks failed (结案)."""

    kind: Literal["close"] = "close"
    note: TextId | None = None


class Reopen(Command):
    """The result does not satisfy and more can be done: the case is taken up again (重办)."""

    kind: Literal["reopen"] = "reopen"
    reason: TextId


class AddContact(Command):
    """A further call about the same open case (再次来电)."""

    kind: Literal["add_contact"] = "add_contact"
    text: TextId


class Withdraw(Command):
    """The requester takes the matter back (撤回), herself or through staff."""

    kind: Literal["withdraw"] = "withdraw"
    reason: TextId


class ConfirmWithdrawal(Command):
    """The centre has asked the requester whether a withdrawal given through a handler is meant."""

    kind: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    confirmed: bool
    note: TextId | None = None


class DecideExtension(Command):
    """The named approver grants or refuses more time; granted `until` the date that was asked for, or an earlier one.

    Dates are local and before rolling.
    """

    kind: Literal["decide_extension"] = "decide_extension"
    task_no: str | None = None
    clock: ClockName | None = None
    granted: bool
    until: date | None = None
    reason: TextId


class Suspend(Command):
    """The clocks whose source allows the ground stand still, through the local date `until` at the latest (挂起)."""

    kind: Literal["suspend"] = "suspend"
    ground: PauseGround
    until: date
    reason: TextId


class Resume(Command):
    """What a suspension waited for has come; the clocks run on."""

    kind: Literal["resume"] = "resume"
    reason: TextId


class Commit(Command):
    """What cannot be done now is promised for a firm date (承诺办理); no clock stops for it."""

    kind: Literal["commit"] = "commit"
    measures: TextId
    date: date


class InterimReply(Command):
    """The requester is told which procedure the law prescribes and until when it may take (阶段性答复)."""

    kind: Literal["interim_reply"] = "interim_reply"
    procedure: TextId
    legal_due: date


class SetRisk(Command):
    """How likely the case is to get worse; `policy` is what its own policy version says for that risk."""

    kind: Literal["set_risk"] = "set_risk"
    risk: RiskLevel
    reason: TextId
    policy: SharedPolicy


class AdoptCalendar(Command):
    """A newer calendar was published; every clock it touches is worked out again."""

    kind: Literal["adopt_calendar"] = "adopt_calendar"
    calendar: SharedCalendar


class AdoptPolicy(Command):
    """The case is moved to another policy, or to another version of its own."""

    kind: Literal["adopt_policy"] = "adopt_policy"
    policy: SharedPolicy


class SendBack(TaskCommand):
    """The unit says that the task is not its business (退单): why, by which clause, and whose it is."""

    kind: Literal["send_back"] = "send_back"
    reason: TextId
    clause: TextId
    suggested_unit: UnitRef


class Object(TaskCommand):
    """A designated unit objects to the common superior, and works on meanwhile (异议)."""

    kind: Literal["object"] = "object"
    reason: TextId


class RequestExtension(TaskCommand):
    """The unit asks for more time (申请延期), until a local date before rolling."""

    kind: Literal["request_extension"] = "request_extension"
    clock: ClockName = ClockName.FINISH
    until: date
    reason: TextId


class Sign(TaskCommand):
    """The unit has seen the task (签收)."""

    kind: Literal["sign"] = "sign"


class Contact(TaskCommand):
    """The unit has spoken with the requester (联系)."""

    kind: Literal["contact"] = "contact"
    note: TextId


class ReportIn(TaskCommand):
    """The unit is on the spot, or at the centre, and takes over (报到)."""

    kind: Literal["report_in"] = "report_in"
    people: tuple[str, ...] = ()


class Progress(TaskCommand):
    """A note on how the work goes."""

    kind: Literal["progress"] = "progress"
    note: TextId


class Finish(TaskCommand):
    """The unit's part is done (办结). `reply` is what the requester will read."""

    kind: Literal["finish"] = "finish"
    reply: TextId
    internal_note: TextId | None = None
    evidence: tuple[str, ...] = ()


class RetryEffect(Command):
    """An operator has a failed effect tried again, under the same id."""

    kind: Literal["retry_effect"] = "retry_effect"
    effect_id: str


class SkipEffect(Command):
    """An operator decides that a failed effect is not needed; the reason stays on the record."""

    kind: Literal["skip_effect"] = "skip_effect"
    effect_id: str
    reason: TextId


class Renew(Command):
    """The case starts a new run with the rules of the present version."""

    kind: Literal["renew"] = "renew"


AnyCommand: TypeAlias = (
    Accept
    | Decline
    | Answer
    | Settle
    | Whistle
    | Release
    | SendBack
    | DecideSendBack
    | Designate
    | Object
    | Reassign
    | Supervise
    | AnswerSupervision
    | Urge
    | Escalate
    | Verify
    | Callback
    | Rate
    | Close
    | Reopen
    | AddContact
    | Withdraw
    | ConfirmWithdrawal
    | Sign
    | Contact
    | ReportIn
    | Progress
    | Finish
    | RequestExtension
    | DecideExtension
    | Suspend
    | Resume
    | Commit
    | InterimReply
    | SetRisk
    | AdoptCalendar
    | AdoptPolicy
    | RetryEffect
    | SkipEffect
    | Renew
)
CommandMessage = Annotated[AnyCommand, Field(discriminator="kind")]
"""Any command, told apart by its `kind` on the wire."""
