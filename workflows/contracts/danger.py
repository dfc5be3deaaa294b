"""Danger to life and limb in a matter (现实危险), and to whom the protection of those who cannot act is reported."""

from datetime import datetime
from enum import StrEnum

from workflows.contracts.model import Frozen


class DangerKind(StrEnum):
    VIOLENCE = "violence"
    THREAT = "threat"
    WEAPON = "weapon"
    SELF_HARM = "self_harm"
    MASS_CONFLICT = "mass_conflict"
    FIRE_OR_GAS = "fire_or_gas"
    ABUSE = "abuse"


class ProtectionBody(StrEnum):
    """Who takes reports about minors and persons without full capacity (未成年人保护法 11, 反家庭暴力法 13, 14)."""

    PUBLIC_SECURITY = "public_security"
    CIVIL_AFFAIRS = "civil_affairs"
    EDUCATION = "education"
    WOMEN_FEDERATION = "women_federation"


class Danger(Frozen):
    """One that stands until it is lifted. `caller` is the person who calls 110, by id, `called` once that is on record.

    `protects`: minors or persons without full capacity are in it, so it is reported for them, `protection_reported`
    once that was done.
    """

    since: datetime
    kinds: tuple[DangerKind, ...]
    reported_by: str
    caller: str
    called: bool = False
    protects: bool = False
    protection_reported: bool = False
