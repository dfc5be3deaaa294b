"""What the API shows of a danger in a case and of the limitation periods of its parties. Nobody is named in it."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel

from workflows.contracts.danger import DangerKind
from workflows.contracts.limitation import LimitationEffect, LimitationKind
from workflows.contracts.state import CaseState

EFFECTS: Mapping[str, str] = {
    LimitationEffect.INTERRUPTED: "申请调解即中断，调解不成的重新计算",
    LimitationEffect.NOT_STOPPED: "调解期间照常计算，不中断也不停止",
}
"""What mediation does to a period, in words."""


class DangerView(BaseModel):
    """A danger that stands: whether 110 was `called`, and whether who cannot act was reported for, if there is any."""

    since: datetime
    kinds: list[DangerKind]
    called: bool
    protects: bool
    protection_reported: bool


class LimitationView(BaseModel):
    """A limitation period; its end is that of the clock. `effect_words` say what mediation does to it.

    `interrupted_at` is when a mediation was applied for, `restarted_from` the clock of the period that it follows.
    """

    clock_id: str
    kind: LimitationKind
    began_on: date
    effect: LimitationEffect
    effect_words: str
    interrupted_at: datetime | None
    restarted_from: str | None


def danger_view(state: CaseState) -> DangerView | None:
    """The danger that stands, without who reported it and who calls."""
    danger = state.danger
    return DangerView.model_validate(danger.model_dump(include=set(DangerView.model_fields))) if danger else None


def limitation_views(state: CaseState) -> list[LimitationView]:
    """The periods in the order in which they were recorded."""
    in_order = sorted(state.limitations.items(), key=lambda known: state.clocks[known[0]].round)
    return [
        LimitationView(clock_id=clock_id, effect=one.effect, effect_words=EFFECTS[one.effect], **dict(one))
        for clock_id, one in in_order
    ]
