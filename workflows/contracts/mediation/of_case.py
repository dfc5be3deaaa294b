"""What a case is asked and told about its mediations, and what that leaves on its record."""

from datetime import date
from typing import Literal

from workflows.contracts.command import Command
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.people import Dispute, Party
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.vocabulary import MediationStatus, Remedy
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import OwnerRole


class OpenMediation(Command):
    """A dispute is to be talked out (启动联调); `policy` is the channel table and limits that apply from now on."""

    kind: Literal["open_mediation"] = "open_mediation"
    dispute: Dispute
    parties: tuple[Party, ...]
    policy: MediationPolicy


class FollowMediation(Command):
    """How the mediation stands at its event `seq`: who owes its next step, until when. From the mediation itself.

    `applied`: somebody applied for it. `remedy` is where the matter goes after the end; why is said there alone.
    """

    kind: Literal["follow_mediation"] = "follow_mediation"
    mediation_no: str
    seq: int
    status: MediationStatus
    owner_role: OwnerRole | None = None
    owner_unit: str | None = None
    due: date | None = None
    applied: bool = False
    remedy: Remedy | None = None


class RebuildMediation(Command):
    """An operator has a mediation that was lost begin again where its records end."""

    kind: Literal["rebuild_mediation"] = "rebuild_mediation"
    mediation_no: str
    reason: TextId


class MediationBegun(Frozen):
    """The case goes to joint mediation; the mediation has a record of its own."""

    kind: Literal["mediation_begun"] = "mediation_begun"
    mediation_no: str


class MediationFollowed(Frozen):
    """Where the mediation stands now."""

    kind: Literal["mediation_followed"] = "mediation_followed"
    mediation_no: str
    mediation_seq: int
    status: MediationStatus
    owner_role: OwnerRole | None = None
    owner_unit: str | None = None
    due: date | None = None
    applied: bool = False
    remedy: Remedy | None = None


class MediationLost(Frozen):
    """Its process ended without a result: the case goes on, an operator has it begin again. `code` is a class."""

    kind: Literal["mediation_lost"] = "mediation_lost"
    mediation_no: str
    code: str


class MediationRebuilt(Frozen):
    kind: Literal["mediation_rebuilt"] = "mediation_rebuilt"
    mediation_no: str
    reason: TextId


class MediationOfCase(Frozen):
    """What a case keeps of a mediation: how far it told of itself, and whether its process is lost."""

    seq: int = 0
    status: MediationStatus = MediationStatus.OPENED
    owner_role: OwnerRole | None = None
    owner_unit: str | None = None
    due: date | None = None
    applied: bool = False
    lost: bool = False
