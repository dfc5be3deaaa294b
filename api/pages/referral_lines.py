"""移送商请: who was asked without a date, since when and why, and what they answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.pages.names import Names
from api.timeline import TimelineItem

REFERRAL_KINDS = frozenset({"referred", "referral_recorded"})
"""The events that the lines are made of."""


@dataclass
class ReferralLine:
    """One unit that was asked; words are None where there are none or they were erased."""

    unit: str
    asked_at: datetime
    reason: str | None
    received_at: datetime | None = None
    receipt: str | None = None
    ended_at: datetime | None = None
    outcome: str | None = None


def referral_lines(items: Sequence[TimelineItem], names: Names) -> list[ReferralLine]:
    """The lines, from the case's events of `REFERRAL_KINDS` in their order."""
    lines: dict[str, ReferralLine] = {}
    for item in items:
        data = item.data
        if item.kind == "referred":
            unit = names.unit(data["unit"]["unit_id"])
            lines[data["referral_no"]] = ReferralLine(unit, item.at, data["reason"])
            continue
        line = lines[data["referral_no"]]
        line.received_at = line.received_at or item.at
        line.receipt = data["receipt"] or line.receipt
        if data["outcome"] is not None:
            line.ended_at, line.outcome = item.at, data["outcome"]
    return list(lines.values())
