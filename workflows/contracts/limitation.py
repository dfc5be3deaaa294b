"""Limitation periods (时效、期限) as data: how long, what mediation does to them, and where each comes from."""

from datetime import date, datetime
from enum import StrEnum

from workflows.contracts.clocks import Limit, LimitText
from workflows.contracts.model import Frozen


class LimitationKind(StrEnum):
    CIVIL = "civil"
    LABOUR = "labour"
    LAND_ARBITRATION = "land_arbitration"
    ENFORCEMENT = "enforcement"
    RECONSIDERATION = "reconsideration"
    ADMINISTRATIVE_SUIT = "administrative_suit"
    SUIT_AFTER_AWARD = "suit_after_award"


class LimitationEffect(StrEnum):
    """What it does to the period that mediation is applied for: it begins anew afterwards, or runs on."""

    INTERRUPTED = "interrupted"
    NOT_STOPPED = "not_stopped"


class LimitationRule(Frozen):
    """A period, counted from the day after its beginning; `warn_days` before its end its owner is told."""

    limit: LimitText
    effect: LimitationEffect
    source: str
    warn_days: int


class Limitation(Frozen):
    """A period of a party's, since the local date `began_on`.

    `interrupted_at` is when a mediation was applied for; `restarted_from` the clock that this one follows.
    """

    kind: LimitationKind
    began_on: date
    interrupted_at: datetime | None = None
    restarted_from: str | None = None

    @property
    def effect(self) -> LimitationEffect:
        return LIMITATIONS[self.kind].effect


def _rule(limit: str, effect: LimitationEffect, source: str, warn_days: int) -> LimitationRule:
    return LimitationRule(limit=Limit.parse(limit), effect=effect, source=f"[law] {source}", warn_days=warn_days)


_INTERRUPTED, _RUNS_ON = LimitationEffect.INTERRUPTED, LimitationEffect.NOT_STOPPED
LIMITATIONS: dict[LimitationKind, LimitationRule] = {
    LimitationKind.CIVIL: _rule("3 years", _INTERRUPTED, "民法典188、195；诉讼时效规定12", 30),
    LimitationKind.LABOUR: _rule("1 years", _INTERRUPTED, "劳动争议调解仲裁法27", 30),
    LimitationKind.LAND_ARBITRATION: _rule("2 years", _INTERRUPTED, "农村土地承包经营纠纷调解仲裁法18；民法典198", 30),
    LimitationKind.ENFORCEMENT: _rule("2 years", _INTERRUPTED, "民事诉讼法250", 30),
    LimitationKind.RECONSIDERATION: _rule("60 calendar_days", _RUNS_ON, "行政复议法20", 10),
    LimitationKind.ADMINISTRATIVE_SUIT: _rule("6 months", _RUNS_ON, "行政诉讼法46", 30),
    LimitationKind.SUIT_AFTER_AWARD: _rule("15 calendar_days", _RUNS_ON, "劳动争议调解仲裁法50", 5),
}
"""The periods are the law's; how long before their end to warn is ours [default]."""
WARN_DAYS = {rule.source: rule.warn_days for rule in LIMITATIONS.values()}
"""By the source of the clock: a field of its own would make every clock of every case larger."""
