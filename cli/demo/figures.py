"""How a run stands, read from the records as a dashboard would."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from api.pages.words import CLOCKS, RUNGS, STATUSES
from infra.database import Sessions
from infra.tables import Case, ClockRow, TimelineEvent
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus, Level, Rung

_ENDED = {*END_STATUSES, CaseStatus.ARCHIVED}
LEVELS: Mapping[str, str] = {
    Level.VILLAGE: "村社区",
    Level.TOWNSHIP: "乡镇街道",
    Level.COUNTY: "区县",
    Level.CITY: "市",
}
_GRAVE = {
    "verification_failed": "核查未通过，返工",
    "effect_failed": "承办单位系统不收任务信号，等运维处理",
    "effect_retried": "运维已让任务信号重新送达",
    "effect_skipped": "运维已改为电话通知，由单位从收件箱办理",
}
_ENDS = {
    "case_answered": "已当场答复",
    "case_closed": STATUSES[CaseStatus.CLOSED],
    "case_declined": STATUSES[CaseStatus.DECLINED],
    "case_withdrawn": STATUSES[CaseStatus.WITHDRAWN],
}
_TOLD = ("rung_reached", "escalated", *_GRAVE, *_ENDS)


@dataclass(frozen=True)
class Happening:
    """Something worth telling. `grave`: worth a line even where lines are few."""

    at: datetime
    case_no: str
    text: str
    grave: bool


@dataclass(frozen=True)
class Standing:
    """The cases of a run at one moment: numbers by status and of those that something befell, and who has ended."""

    by_status: Counter[str] = field(default_factory=Counter)
    due_soon: int = 0
    overdue_now: int = 0
    needs_operator: int = 0
    overdue: int = 0
    escalated: int = 0
    escalated_to: dict[str, int] = field(default_factory=dict)
    reworked: int = 0
    retried: int = 0
    skipped: int = 0
    longest_wait: float = 0.0
    longest_wait_case: str | None = None
    ended: frozenset[str] = frozenset()

    @property
    def is_over(self) -> bool:
        """Whether every case has ended and no operator is waited for."""
        return self.by_status.total() == len(self.ended) and not self.needs_operator


class Figures:
    """Reads how the cases with given numbers stand, and what happened to them since the last look.

    `ended` is who had ended at the last look.
    """

    def __init__(self, sessions: Sessions) -> None:
        self.ended: frozenset[str] = frozenset()
        self._sessions = sessions
        self._told: set[tuple[str, int]] = set()

    async def standing(self, case_nos: Sequence[str]) -> Standing:
        """The standing now; `longest_wait` in seconds from registration to the end, or until now."""
        breached = select(func.count(ClockRow.case_no.distinct())).where(
            ClockRow.case_no.in_(case_nos), ClockRow.breached_at.is_not(None)
        )
        event = TimelineEvent.record["event"]
        ups = select(event["to_level"].astext, TimelineEvent.case_no).where(*_of(case_nos, "escalated")).distinct()
        counted = (
            select(TimelineEvent.kind, func.count())
            .where(*_of(case_nos, "verification_failed", "effect_retried", "effect_skipped"))
            .group_by(TimelineEvent.kind)
        )
        columns = (Case.case_no, Case.status, Case.due_soon, Case.overdue, Case.needs_operator)
        async with self._sessions() as session:
            rows = (
                await session.execute(
                    select(*columns, Case.registered_at, Case.ended_at).where(Case.case_no.in_(case_nos))
                )
            ).all()
            overdue = await session.scalar(breached) or 0
            escalations = (await session.execute(ups)).tuples().all()
            times = Counter(dict((await session.execute(counted)).tuples().all()))
        now = datetime.now(UTC)
        waits = {row.case_no: ((row.ended_at or now) - row.registered_at).total_seconds() for row in rows}
        longest = max(waits, key=lambda case_no: waits[case_no], default=None)
        self.ended = frozenset(row.case_no for row in rows if row.status in _ENDED)
        return Standing(
            by_status=Counter(row.status for row in rows),
            due_soon=sum(row.due_soon for row in rows),
            overdue_now=sum(row.overdue for row in rows),
            needs_operator=sum(row.needs_operator for row in rows),
            overdue=overdue,
            escalated=len({case_no for _, case_no in escalations}),
            escalated_to=dict(Counter(level for level, _ in escalations)),
            reworked=times["verification_failed"],
            retried=times["effect_retried"],
            skipped=times["effect_skipped"],
            longest_wait=waits[longest] if longest else 0.0,
            longest_wait_case=longest,
            ended=self.ended,
        )

    async def happenings(self, case_nos: Sequence[str]) -> list[Happening]:
        """What happened since the last call, in order."""
        rows = select(TimelineEvent).where(*_of(case_nos, *_TOLD)).order_by(TimelineEvent.recorded_at)
        async with self._sessions() as session:
            fresh = [e for e in await session.scalars(rows) if (e.case_no, e.seq) not in self._told]
        self._told.update((event.case_no, event.seq) for event in fresh)
        told = [(event, *_tell(event.record["event"])) for event in fresh]
        return [Happening(event.at, event.case_no, text, grave) for event, text, grave in told if text]


def _of(case_nos: Sequence[str], *kinds: str) -> tuple[Any, ...]:
    return TimelineEvent.case_no.in_(case_nos), TimelineEvent.kind.in_(kinds)


def _tell(event: dict[str, Any]) -> tuple[str, bool]:
    """The event in a few words, and whether it is grave; no words where another event says the same."""
    kind = event["kind"]
    if kind == "rung_reached":
        clock = event["clock_id"].rpartition("/")[2].partition("#")[0]
        said = f"{CLOCKS.get(clock, clock)}：{RUNGS.get(event['rung'], event['rung'])}"
        return ("" if event["rung"] == Rung.ESCALATE else said), False
    if kind == "escalated":
        return f"升级：{LEVELS[event['from_level']]} → {LEVELS[event['to_level']]}", True
    return (_GRAVE[kind], True) if kind in _GRAVE else (_ENDS[kind], False)
