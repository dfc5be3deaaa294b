"""What happened to the clocks of a case and to what they are reckoned by: one frozen model each."""

from datetime import date, datetime
from typing import Literal

from workflows.contracts.clocks import Clock, LimitText, Pause, SharedCalendar
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.policy import SharedPolicy
from workflows.contracts.risk import RiskReason
from workflows.contracts.vocabulary import Level, MoveCause, News, PauseGround, RiskLevel, Rung


class ClockStarted(Frozen):
    kind: Literal["clock_started"] = "clock_started"
    clock: Clock


class ClockMet(Frozen):
    """What the clock was for has happened, at the time of this event, in time or late."""

    kind: Literal["clock_met"] = "clock_met"
    clock_id: str


class ClockStopped(Frozen):
    """The clock has lost its object, for instance because the case ended."""

    kind: Literal["clock_stopped"] = "clock_stopped"
    clock_id: str


class ClockResumed(Frozen):
    """What had met the clock does not stand: it runs on with its old due time."""

    kind: Literal["clock_resumed"] = "clock_resumed"
    clock_id: str
    next_rung: Rung | None
    next_at: datetime | None


class RungReached(Frozen):
    """A clock reached a rung of its ladder; `urge` is the due time itself: from there it is overdue.

    `times` counts repetitions at the top that fell into an outage; `next_*` is what the clock waits for now.
    """

    kind: Literal["rung_reached"] = "rung_reached"
    clock_id: str
    rung: Rung
    times: int = 1
    next_rung: Rung | None = None
    next_at: datetime | None = None


class BreachWithdrawn(Frozen):
    """A step received in time was applied after the breach: the breach and what followed from it do not count.

    `level` is where the case goes back to, if this very breach had escalated it.
    """

    kind: Literal["breach_withdrawn"] = "breach_withdrawn"
    clock_id: str
    level: Level | None = None


class ClockMoved(Frozen):
    """A due time moved, and why; the fields after `was_due_at` are the clock's new ones.

    After a merger the clock is reckoned as that of the report whose date was earlier: `limit`, `started_at`, `source`.
    """

    kind: Literal["clock_moved"] = "clock_moved"
    clock_id: str
    cause: MoveCause
    was_due_at: datetime
    due_at: datetime
    due_date: date
    raw_due_date: date
    provisional: bool = False
    extended_by: int = 0
    pauses: tuple[Pause, ...] = ()
    limit: LimitText | None = None
    started_at: datetime | None = None
    source: str | None = None
    next_rung: Rung | None
    next_at: datetime | None


class ExtensionAsked(Frozen):
    """`until` is a local date before rolling."""

    kind: Literal["extension_asked"] = "extension_asked"
    task_no: str
    clock_id: str
    decision_clock: str
    until: date
    reason: TextId


class ExtensionGranted(Frozen):
    """A `clock_moved` for every clock that moves with it follows."""

    kind: Literal["extension_granted"] = "extension_granted"
    task_no: str
    clock_id: str
    until: date
    reason: TextId


class ExtensionRefused(Frozen):
    kind: Literal["extension_refused"] = "extension_refused"
    task_no: str
    clock_id: str
    reason: TextId


class CaseSuspended(Frozen):
    """The named clocks stand still from `at` of this event, until `until` (UTC) if nobody resumes them before."""

    kind: Literal["case_suspended"] = "case_suspended"
    ground: PauseGround
    until: datetime
    clock_ids: tuple[str, ...]
    reason: TextId


class CaseResumed(Frozen):
    """By a person with a reason, or by itself because the latest end has come or nothing is left to stand still."""

    kind: Literal["case_resumed"] = "case_resumed"
    reason: TextId | None = None


class Committed(Frozen):
    kind: Literal["committed"] = "committed"
    measures: TextId
    date: date


class InterimReplied(Frozen):
    kind: Literal["interim_replied"] = "interim_replied"
    procedure: TextId
    legal_due: date


class RequesterTold(Frozen):
    """What the requester reads about her dates under her tracking code; `text` are words written for her."""

    kind: Literal["requester_told"] = "requester_told"
    about: News
    due_date: date
    provisional: bool = False
    text: TextId | None = None


class RiskSet(Frozen):
    """By a person, with a reason; else by the rules, which name theirs from version 4 on and only ever raise it."""

    kind: Literal["risk_set"] = "risk_set"
    risk: RiskLevel
    reason: TextId | None = None
    by_rules: tuple[RiskReason, ...] = ()


class CalendarAdopted(Frozen):
    """From here on the case reckons with this calendar; a `clock_moved` for every due time that moved follows."""

    kind: Literal["calendar_adopted"] = "calendar_adopted"
    calendar: SharedCalendar


class PolicyAdopted(Frozen):
    """Running clocks keep their limits; those that start from here on take them from this policy."""

    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: SharedPolicy
