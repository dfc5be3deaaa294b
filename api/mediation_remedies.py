"""Where parties can go when mediation ends or a promise is broken, and until when: told in every route notice."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial

from infra.papers.contents import Route, RunningPeriod
from infra.papers.vocabulary_words import ENDINGS
from workflows.contracts.limitation import LIMITATIONS, Limitation, LimitationEffect, LimitationKind
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import FulfilmentStatus, MediationForm, MediationStatus, Remedy
from workflows.rules.calendar import compile_calendar, midnight
from workflows.rules.limits import due
from workflows.rules.mediation.ways import open_to

PERIODS: Mapping[LimitationKind, str] = {
    LimitationKind.CIVIL: "民事诉讼时效（三年）",
    LimitationKind.LABOUR: "劳动争议仲裁时效（一年）",
    LimitationKind.LAND_ARBITRATION: "农村土地承包仲裁时效（二年）",
    LimitationKind.ENFORCEMENT: "申请执行时效（二年）",
    LimitationKind.RECONSIDERATION: "行政复议申请期限（六十日）",
    LimitationKind.ADMINISTRATIVE_SUIT: "行政诉讼起诉期限（六个月）",
    LimitationKind.SUIT_AFTER_AWARD: "不服劳动仲裁裁决的起诉期限（十五日）",
}
_COUNTED_BY: Mapping[Remedy, tuple[LimitationKind, ...]] = {
    Remedy.COURT: (LimitationKind.SUIT_AFTER_AWARD, LimitationKind.CIVIL),
    Remedy.ARBITRATION: (LimitationKind.LABOUR, LimitationKind.LAND_ARBITRATION),
    Remedy.ENFORCEMENT: (LimitationKind.ENFORCEMENT,),
    Remedy.RECONSIDERATION: (LimitationKind.RECONSIDERATION,),
    Remedy.ADMINISTRATIVE_SUIT: (LimitationKind.ADMINISTRATIVE_SUIT,),
}
"""Which periods end the time for a remedy; the first that is on record counts."""
_RUNS_ON = "调解不使它停止计算，一直在计算。"
_BEGINS_ANEW = "因申请调解而中断，自调解终结之日起重新计算。"
_WOULD_BE_INTERRUPTED = "申请调解的，自申请之日起中断。"


def ended_how(event: e.AnyMediationEvent) -> str:
    """How a dispute came out, as the sentence that begins with 该纠纷 goes on."""
    match event:
        case e.PromiseBroken():
            return "已经达成调解协议，但有约定的事项没有履行"
        case e.MediationRefused(left=True):
            return "因一方当事人退出，调解终止"
        case e.MediationRefused():
            return f"因{ENDINGS[MediationStatus.REFUSED]}，调解终止"
        case e.MediationStopped(withdrawn=withdrawn):
            return f"因{ENDINGS[MediationStatus.WITHDRAWN if withdrawn else MediationStatus.STOPPED]}，调解终止"
        case _:
            return ENDINGS[MediationStatus.FAILED]


def remedies(state: MediationState, track: Track | None) -> Sequence[Remedy]:
    """The ways that are open now: after a breach those of the channel's row for it, else those for its failure."""
    row = state.row(track.form if track is not None else MediationForm.PEOPLE)
    agreement = state.agreement
    if agreement is not None and agreement.effective_at is not None:
        broken = any(item.status is FulfilmentStatus.BREACHED for item in agreement.items.values())
        return open_to(state.dispute, row.on_breach) if broken else ()
    return open_to(state.dispute, row.on_failure)


def routes(
    state: MediationState,
    limitations: Collection[Limitation],
    track: Track | None,
    on: date,
    units: Mapping[str, str],
) -> list[Route]:
    """The ways that are open, each with its last day where a period of the law is on record for it."""
    above = state.level_above(state.level)
    where = {
        Remedy.OTHER_CHANNEL: units.get(state.centres[state.level]),
        Remedy.LEVEL_UP: units.get(state.centres[above]) if above is not None else None,
    }
    last = partial(_last_day, state, limitations, on)
    return [
        Route(
            remedy=remedy,
            where=where.get(remedy),
            until=next(filter(None, map(last, _COUNTED_BY.get(remedy, ()))), None),
        )
        for remedy in remedies(state, track)
    ]


def periods(state: MediationState, limitations: Collection[Limitation], on: date) -> list[RunningPeriod]:
    """The periods that run beside the mediation; one that it interrupted begins anew on the local day `on`, its end."""
    found = {kind: _latest(limitations, kind) for kind in LimitationKind}
    return [
        RunningPeriod(name=PERIODS[kind], until=_last_day(state, limitations, on, kind), effect=_effect(known))
        for kind, known in found.items()
        if known is not None
    ]


def _effect(known: Limitation) -> str:
    if known.effect is LimitationEffect.NOT_STOPPED:
        return _RUNS_ON
    return _BEGINS_ANEW if known.interrupted_at or known.restarted_from else _WOULD_BE_INTERRUPTED


def _latest(limitations: Collection[Limitation], kind: LimitationKind) -> Limitation | None:
    known = [one for one in limitations if one.kind is kind]
    return max(known, key=lambda one: one.began_on, default=None)


def _last_day(
    state: MediationState, limitations: Collection[Limitation], on: date, kind: LimitationKind
) -> date | None:
    known = _latest(limitations, kind)
    if known is None:
        return None
    begins = on if known.interrupted_at is not None else known.began_on
    return due(LIMITATIONS[kind].limit, midnight(begins), compile_calendar(state.calendar)).due_date
