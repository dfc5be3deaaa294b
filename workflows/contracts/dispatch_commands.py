"""What the centre and the units ask of each other: whistle, send-back, designation, supervision, ratings."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from workflows.contracts.command import Command, TaskCommand, UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import Level

Score = Annotated[int, Field(ge=1, le=5)]
"""From 1, poor, to 5, very good."""


class Whistle(Command):
    """The centre calls units in (吹哨): one lead, any number of co-units.

    `power_holder` is the unit that holds the legal power over the matter, as the routing catalogue has it.
    """

    kind: Literal["whistle"] = "whistle"
    lead: UnitRef
    co_units: tuple[UnitRef, ...] = ()
    preset: str | None = None
    reason: TextId
    power_holder: UnitRef | None = None


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
    """The centre gives an open task to another unit (转派); `power_holder` as with a whistle."""

    kind: Literal["reassign"] = "reassign"
    task_no: str
    unit: UnitRef
    reason: TextId
    power_holder: UnitRef | None = None


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
    """A reminder (催办) to one task's unit, to a unit that was asked by referral, or to whoever owes the next step."""

    kind: Literal["urge"] = "urge"
    task_no: str | None = None
    referral_no: str | None = None
    note: TextId


class Escalate(Command):
    """The case goes one level up by hand (升级)."""

    kind: Literal["escalate"] = "escalate"
    reason: TextId


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


class RequestWhistle(Command):
    """A grid worker or a village cannot settle the matter and asks for the whistle (请求吹哨)."""

    kind: Literal["request_whistle"] = "request_whistle"
    reason: TextId


class DecideWhistleRequest(Command):
    """The township takes the matter over to call units in, or leaves it where it was raised."""

    kind: Literal["decide_whistle_request"] = "decide_whistle_request"
    granted: bool
    reason: TextId


class Refer(Command):
    """A unit that cannot be given dates is asked beside the others (移送、商请)."""

    kind: Literal["refer"] = "refer"
    unit: UnitRef
    reason: TextId


class RecordReferral(Command):
    """What came of a referral: the unit has it, or what it came to."""

    kind: Literal["record_referral"] = "record_referral"
    referral_no: str
    receipt: TextId | None = None
    outcome: TextId | None = None


class DecideObjection(Command):
    """The common superior upholds a designated unit's objection and names another unit, or lets it stand."""

    kind: Literal["decide_objection"] = "decide_objection"
    task_no: str
    upheld: bool
    unit: UnitRef | None = None
    reason: TextId


class AssignDown(Command):
    """The case goes down to a level below, with instructions (交办)."""

    kind: Literal["assign_down"] = "assign_down"
    level: Level
    instructions: TextId


class NameHost(Command):
    """Of several regions the common superior names the one that hosts the matter, with its centres (确定主办地)."""

    kind: Literal["name_host"] = "name_host"
    region_code: str
    centres: dict[Level, str]
    reason: TextId


class SucceedUnit(Command):
    """A unit was merged into another or renamed: what it had, the other has (职能承接)."""

    kind: Literal["succeed_unit"] = "succeed_unit"
    old: str
    new: UnitRef


class RateReportIn(Command):
    """Whoever blew the whistle rates how the unit reported in (评报到): 1 poor to 5 very good."""

    kind: Literal["rate_report_in"] = "rate_report_in"
    task_no: str
    score: Score
    note: TextId | None = None


class RateWhistle(TaskCommand):
    """The unit rates the whistle (评哨): 1 poor to 5 very good; right unit? clear? avoidable?"""

    kind: Literal["rate_whistle"] = "rate_whistle"
    score: Score
    right_unit: bool | None = None
    clear: bool | None = None
    avoidable: bool | None = None
    note: TextId | None = None
