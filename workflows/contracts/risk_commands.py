"""What people ask of a case about its risk, a danger in it, and the limitation periods of its parties."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from workflows.contracts.command import Command
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.ids import TextId
from workflows.contracts.limitation import LimitationKind


class RecordDutyLeader(Command):
    """The leader on duty has taken a red case in hand (值班领导到位)."""

    kind: Literal["record_duty_leader"] = "record_duty_leader"
    note: TextId


class ReportDanger(Command):
    """Somebody is in danger. `caller` is the person, by id, who calls 110 now.

    `minors` or persons `without_capacity` are in it: that is reported for them, whoever consents or not.
    """

    kind: Literal["report_danger"] = "report_danger"
    kinds: Annotated[tuple[DangerKind, ...], Field(min_length=1)]
    minors: bool = False
    without_capacity: bool = False
    caller: str
    note: TextId


class Record110Call(Command):
    """110 was called, and gave the call a number."""

    kind: Literal["record_110_call"] = "record_110_call"
    receipt_no: TextId
    called_at: datetime


class ReportProtection(Command):
    """The report for those who cannot act for themselves was made, and received (强制报告)."""

    kind: Literal["report_protection"] = "report_protection"
    to: ProtectionBody
    receipt: TextId
    note: TextId | None = None


class LiftDanger(Command):
    """The danger is over."""

    kind: Literal["lift_danger"] = "lift_danger"
    reason: TextId


class RecordLimitation(Command):
    """A limitation period of a party's is counted down, from the local date on which it began."""

    kind: Literal["record_limitation"] = "record_limitation"
    limitation: LimitationKind
    began_on: date
    note: TextId | None = None


class ForgetLimitation(Command):
    """A limitation period was recorded by mistake."""

    kind: Literal["forget_limitation"] = "forget_limitation"
    clock_id: str
    reason: TextId
