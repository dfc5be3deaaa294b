"""What people and the city ask of a case's clocks: more time, a pause, a promise, another calendar or policy."""

from datetime import date
from typing import Literal

from workflows.contracts.clocks import SharedCalendar
from workflows.contracts.command import Command, TaskCommand
from workflows.contracts.ids import TextId
from workflows.contracts.policy import SharedPolicy
from workflows.contracts.vocabulary import ClockName, PauseGround, RiskLevel


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


class RequestExtension(TaskCommand):
    """The unit asks for more time (申请延期), until a local date before rolling."""

    kind: Literal["request_extension"] = "request_extension"
    clock: ClockName = ClockName.FINISH
    until: date
    reason: TextId
