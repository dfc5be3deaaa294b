"""How a case went between centres and units: one frozen model each."""

from datetime import date
from typing import Literal

from workflows.contracts.command import UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import Level


class Whistled(Frozen):
    """The whistle itself, in the emergency lane without a reason; a `task_dispatched` for each unit follows."""

    kind: Literal["whistled"] = "whistled"
    preset: str
    reason: TextId | None = None
    power_holder: UnitRef | None = None


class SendBackAsked(Frozen):
    """Without a `decision_clock` it is not the centre's to decide any more: a dispatch dispute opens with it."""

    kind: Literal["send_back_asked"] = "send_back_asked"
    task_no: str
    decision_clock: str | None
    reason: TextId
    clause: TextId
    suggested_unit: str


class SendBackRefused(Frozen):
    """The centre says that the task is the unit's: it stays there."""

    kind: Literal["send_back_refused"] = "send_back_refused"
    task_no: str
    reason: TextId


class SendBackLapsed(Frozen):
    """Nobody decided in time: the task stays with the unit."""

    kind: Literal["send_back_lapsed"] = "send_back_lapsed"
    task_no: str


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
    """Without a `decision_clock` the objection is noted and nobody has to decide about it."""

    kind: Literal["objected"] = "objected"
    task_no: str
    decision_clock: str | None = None
    reason: TextId


class Supervised(Frozen):
    """`due` is a local date before rolling."""

    kind: Literal["supervised"] = "supervised"
    reason: TextId
    due: date


class SupervisionAnswered(Frozen):
    """What was demanded is answered."""

    kind: Literal["supervision_answered"] = "supervision_answered"
    text: TextId


class Urged(Frozen):
    """A reminder (催办) to the task's unit, to the one asked by the referral, or else to whoever owes the next step."""

    kind: Literal["urged"] = "urged"
    task_no: str | None = None
    referral_no: str | None = None
    note: TextId


class Escalated(Frozen):
    """One level up: by hand with a reason, or because `clock_id` ran out."""

    kind: Literal["escalated"] = "escalated"
    from_level: Level
    to_level: Level
    reason: TextId | None = None
    clock_id: str | None = None


class WhistleRequested(Frozen):
    """Whoever raised the matter cannot settle it; the centre of `decided_at` says whether units are called in."""

    kind: Literal["whistle_requested"] = "whistle_requested"
    decided_at: Level
    reason: TextId


class WhistleRequestDecided(Frozen):
    """Without a reason the units were called in at once."""

    kind: Literal["whistle_request_decided"] = "whistle_request_decided"
    granted: bool
    reason: TextId | None = None


class Referred(Frozen):
    """A unit without dates is asked; without a reason because the legal power is its own."""

    kind: Literal["referred"] = "referred"
    referral_no: str
    unit: UnitRef
    reason: TextId | None = None


class ReferralRecorded(Frozen):
    """What came back from the unit that was asked: that it has the matter, or what it came to."""

    kind: Literal["referral_recorded"] = "referral_recorded"
    referral_no: str
    receipt: TextId | None = None
    outcome: TextId | None = None


class ObjectionDecided(Frozen):
    """The common superior has decided about a designated unit's objection: `upheld`, another unit is designated."""

    kind: Literal["objection_decided"] = "objection_decided"
    task_no: str
    upheld: bool
    reason: TextId


class AssignedDown(Frozen):
    """The case goes down to a level below with instructions (交办), which is to carry them out."""

    kind: Literal["assigned_down"] = "assigned_down"
    from_level: Level
    to_level: Level
    instructions: TextId


class HostNamed(Frozen):
    """The region that hosts the matter from here on, the centres of its levels, and the level that has the case now."""

    kind: Literal["host_named"] = "host_named"
    region_code: str
    centres: dict[Level, str]
    level: Level
    reason: TextId


class UnitSucceeded(Frozen):
    """Everything that was `old`'s in this case is the new unit's, clocks unchanged."""

    kind: Literal["unit_succeeded"] = "unit_succeeded"
    old: str
    new: UnitRef
    task_nos: tuple[str, ...] = ()


class ReportInRated(Frozen):
    """Whoever whistled rates how the task's unit came (评报到); `score` is from 1, poor, to 5."""

    kind: Literal["report_in_rated"] = "report_in_rated"
    task_no: str
    score: int
    note: TextId | None = None


class WhistleRated(Frozen):
    """The task's unit rates the whistle (评哨): `score` from 1, poor, to 5, and what was wrong with it or not."""

    kind: Literal["whistle_rated"] = "whistle_rated"
    task_no: str
    score: int
    right_unit: bool | None = None
    clear: bool | None = None
    avoidable: bool | None = None
    note: TextId | None = None


class ReportedUpward(Frozen):
    """Many people with one matter, or a case that became red: the level above is told (上报)."""

    kind: Literal["reported_upward"] = "reported_upward"
    to_level: Level
    headcount: int | None = None
