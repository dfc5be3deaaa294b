"""What people and systems may ask of a case: one frozen model each. Wording travels as text ids."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.actors import Actor
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import CallbackOutcome, DeclineGround, Solved, UnitKind


class UnitRef(Frozen):
    """A unit as the directory knows it when the command is given; `connected` if its own system takes task signals."""

    unit_id: str
    kind: UnitKind
    connected: bool = False


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


class Withdraw(Command):
    """The requester takes the matter back (撤回), herself or through staff."""

    kind: Literal["withdraw"] = "withdraw"
    reason: TextId


class ConfirmWithdrawal(Command):
    """The centre has asked the requester whether a withdrawal given through a handler is meant."""

    kind: Literal["confirm_withdrawal"] = "confirm_withdrawal"
    confirmed: bool
    note: TextId | None = None


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
    | Urge
    | Escalate
    | Verify
    | Callback
    | Rate
    | Close
    | Withdraw
    | ConfirmWithdrawal
    | Sign
    | Contact
    | ReportIn
    | Progress
    | Finish
    | RetryEffect
    | SkipEffect
    | Renew
)
CommandMessage = Annotated[AnyCommand, Field(discriminator="kind")]
"""Any command, told apart by its `kind` on the wire."""
