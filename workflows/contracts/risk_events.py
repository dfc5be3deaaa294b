"""What happened about a case's risk, a danger in it, and the limitation periods of its parties."""

from datetime import date, datetime
from typing import Literal

from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.ids import TextId
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.model import Frozen


class DutyLeaderRecorded(Frozen):
    kind: Literal["duty_leader_recorded"] = "duty_leader_recorded"
    note: TextId


class DangerReported(Frozen):
    """Mediation is locked while it stands; `caller` is to call 110."""

    kind: Literal["danger_reported"] = "danger_reported"
    kinds: tuple[DangerKind, ...]
    minors: bool = False
    without_capacity: bool = False
    caller: str
    note: TextId


class PoliceCalled(Frozen):
    kind: Literal["police_called"] = "police_called"
    receipt_no: TextId
    called_at: datetime


class ProtectionReported(Frozen):
    kind: Literal["protection_reported"] = "protection_reported"
    to: ProtectionBody
    receipt: TextId
    note: TextId | None = None


class DangerLifted(Frozen):
    kind: Literal["danger_lifted"] = "danger_lifted"
    reason: TextId


class LimitationRecorded(Frozen):
    """Its clock follows."""

    kind: Literal["limitation_recorded"] = "limitation_recorded"
    clock_id: str
    limitation: LimitationKind
    began_on: date
    note: TextId | None = None


class LimitationInterrupted(Frozen):
    """A mediation was applied for: the period stops, and begins anew if that ends without result."""

    kind: Literal["limitation_interrupted"] = "limitation_interrupted"
    clock_id: str


class LimitationRestarted(Frozen):
    """The mediation ended without result: the period of the clock `after` begins anew, with a clock that follows."""

    kind: Literal["limitation_restarted"] = "limitation_restarted"
    clock_id: str
    after: str
    limitation: LimitationKind
    began_on: date


class LimitationRanOut(Frozen):
    """Nobody is late by it: it is the party's right that is in question now."""

    kind: Literal["limitation_ran_out"] = "limitation_ran_out"
    clock_id: str


class LimitationForgotten(Frozen):
    kind: Literal["limitation_forgotten"] = "limitation_forgotten"
    clock_id: str
    reason: TextId
