"""What a mediation begins with."""

from datetime import datetime

from workflows.contracts.actors import Actor
from workflows.contracts.clocks import SharedCalendar
from workflows.contracts.mediation.people import Dispute, Party
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import Level, RiskLevel


class Opening(Frozen):
    """A dispute and its parties, and everything that will apply to the mediation; the centre of `level` plans it."""

    mediation_no: str
    case_no: str
    dispute: Dispute
    parties: tuple[Party, ...]
    region_code: str | None = None
    level: Level
    centres: dict[Level, str]
    policy: MediationPolicy
    calendar: SharedCalendar
    rules_version: int
    risk: RiskLevel | None = None
    locked: bool = False


class MediationOpening(Frozen):
    """An opening, by whom and when (UTC)."""

    at: datetime
    actor: Actor
    opening: Opening
