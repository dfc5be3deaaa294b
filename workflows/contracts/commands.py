"""What people and systems may ask of a case: one frozen model each. Wording travels as text ids."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.command import Command, TaskCommand, UnitRef
from workflows.contracts.dispatch_commands import (
    AnswerSupervision,
    AssignDown,
    DecideObjection,
    DecideSendBack,
    DecideWhistleRequest,
    Designate,
    Escalate,
    NameHost,
    Object,
    RateReportIn,
    RateWhistle,
    Reassign,
    RecordReferral,
    Refer,
    Release,
    RequestWhistle,
    SendBack,
    SucceedUnit,
    Supervise,
    Urge,
    Whistle,
)
from workflows.contracts.ids import TextId
from workflows.contracts.link_commands import (
    Agreed,
    Consult,
    Divide,
    FollowMain,
    Gather,
    GoAlone,
    JoinIssue,
    Merge,
    Part,
    RecordLegalOutcome,
    ServeNotice,
    Split,
    SplitOff,
    TakeIn,
    TakeLegalRoute,
    Transfer,
    TransferReceipt,
)
from workflows.contracts.mediation.of_case import FollowMediation, OpenMediation, RebuildMediation
from workflows.contracts.risk_commands import (
    ForgetLimitation,
    LiftDanger,
    Record110Call,
    RecordDutyLeader,
    RecordLimitation,
    ReportDanger,
    ReportProtection,
)
from workflows.contracts.time_commands import (
    AdoptCalendar,
    AdoptPolicy,
    Commit,
    DecideExtension,
    InterimReply,
    RequestExtension,
    Resume,
    SetRisk,
    Suspend,
)
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    DeclineGround,
    Solved,
)

__all__ = [
    "AdoptCalendar",
    "AdoptPolicy",
    "Agreed",
    "AnswerSupervision",
    "AssignDown",
    "Command",
    "Commit",
    "Consult",
    "DecideExtension",
    "DecideObjection",
    "DecideSendBack",
    "DecideWhistleRequest",
    "Designate",
    "Divide",
    "Escalate",
    "FollowMain",
    "FollowMediation",
    "ForgetLimitation",
    "Gather",
    "GoAlone",
    "InterimReply",
    "JoinIssue",
    "LiftDanger",
    "Merge",
    "NameHost",
    "Object",
    "OpenMediation",
    "Part",
    "RateReportIn",
    "RateWhistle",
    "Reassign",
    "RebuildMediation",
    "Record110Call",
    "RecordDutyLeader",
    "RecordLegalOutcome",
    "RecordLimitation",
    "RecordReferral",
    "Refer",
    "Release",
    "ReportDanger",
    "ReportProtection",
    "RequestExtension",
    "RequestWhistle",
    "Resume",
    "SendBack",
    "ServeNotice",
    "SetRisk",
    "Split",
    "SplitOff",
    "SucceedUnit",
    "Supervise",
    "Suspend",
    "TakeIn",
    "TakeLegalRoute",
    "TaskCommand",
    "Transfer",
    "TransferReceipt",
    "UnitRef",
    "Urge",
    "Whistle",
]
"""What stands in files of its own and is a command of this module all the same."""


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
    """A verified case is closed by hand (结案): after callbacks failed, or with an explanation that two sign."""

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
    """The requester takes the matter back (撤回), herself or through staff; a public `hazard` in it goes on."""

    kind: Literal["withdraw"] = "withdraw"
    reason: TextId
    hazard: Part | None = None


class ConfirmWithdrawal(Command):
    """The centre has asked the requester whether a withdrawal given through a handler is meant."""

    kind: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    confirmed: bool
    note: TextId | None = None
    hazard: Part | None = None


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
    | Whistle
    | Release
    | DecideSendBack
    | Designate
    | Reassign
    | Supervise
    | AnswerSupervision
    | Urge
    | Escalate
    | SendBack
    | Object
    | RequestWhistle
    | DecideWhistleRequest
    | Refer
    | RecordReferral
    | DecideObjection
    | AssignDown
    | NameHost
    | SucceedUnit
    | RateReportIn
    | RateWhistle
    | Merge
    | TakeIn
    | FollowMain
    | GoAlone
    | Split
    | SplitOff
    | Divide
    | Gather
    | JoinIssue
    | Consult
    | Transfer
    | TransferReceipt
    | TakeLegalRoute
    | RecordLegalOutcome
    | ServeNotice
    | DecideExtension
    | Suspend
    | Resume
    | Commit
    | InterimReply
    | SetRisk
    | RecordDutyLeader
    | ReportDanger
    | Record110Call
    | ReportProtection
    | LiftDanger
    | RecordLimitation
    | ForgetLimitation
    | AdoptCalendar
    | AdoptPolicy
    | RequestExtension
    | OpenMediation
    | FollowMediation
    | RebuildMediation
    | RetryEffect
    | SkipEffect
    | Renew
)
CommandMessage = Annotated[AnyCommand, Field(discriminator="kind")]
"""Any command, told apart by its `kind` on the wire."""
