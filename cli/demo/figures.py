"""How a run stands, and what it came to, read from the records as a dashboard would."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from sqlalchemy import Select, exists, func, or_, select, tuple_
from temporalio.client import Client

from api.pages.mediation_words import STATUSES as MEDIATION_STATUSES
from api.pages.names import Names
from api.pages.sentences import tell
from api.pages.words import STATUSES
from api.timeline import TimelineItem
from cli.demo.filing import ENDED
from infra.audit import audit
from infra.database import Sessions
from infra.mediation_tables import Mediation
from infra.tables import Case, ClockRow, EffectRow, Task, TimelineEvent
from workflows.contracts.effects import EffectStatus
from workflows.contracts.mediation.vocabulary import ConfirmationStatus
from workflows.contracts.vocabulary import TASK_ENDS, Level

_GRAVE = frozenset({"escalated", "verification_failed", "effect_failed", "effect_retried", "effect_skipped"})
_TOLD = _GRAVE | {
    "rung_reached",
    "case_answered",
    "case_closed",
    "case_declined",
    "case_withdrawn",
    "mediation_begun",
    "legal_route_taken",
}


@dataclass(frozen=True)
class Happening:
    """Something worth telling. `grave`: worth a line even where lines are few."""

    at: datetime
    title: str
    text: str
    grave: bool


class Standing(BaseModel):
    """The cases of a run at one moment: numbers of cases, of things that befell them, and the longest wait (seconds).

    `outcomes`: by status, `escalated_to`: by level, `mediations`: by theirs; `confirmed`: agreements that a court did.
    """

    model_config = ConfigDict(frozen=True)

    cases: int
    ended: int
    outcomes: dict[str, int]
    due_soon: int
    overdue_now: int
    needs_operator: int
    overdue: int
    escalated: int
    escalated_to: dict[str, int]
    reworked: int
    mediations: dict[str, int]
    confirmed: int
    retried: int
    skipped: int
    longest_wait_seconds: float
    longest_wait_title: str

    @property
    def is_over(self) -> bool:
        """Whether every case has ended and no operator is waited for."""
        return self.cases == self.ended and not self.needs_operator


class Summary(Standing):
    """The end of a run; `lost` counts cases that were taken in and have no whole record or no workflow.

    `left_over`: cases that an earlier run had left open. `refused`: reports not taken in. `mishaps`: by a
    unit's name, how often its system answered what, other than taking the task signal. `seconds`: how long it took.
    """

    left_over: int
    refused: int
    lost: int
    mishaps: dict[str, Counter[str]]
    seconds: float
    cases_in_directory: int

    @property
    def is_whole(self) -> bool:
        """There were cases, every one of them has ended, and none is lost."""
        return 0 < self.cases == self.ended and self.lost == 0

    def print_to(self, console: Console, levels: Mapping[str, str]) -> None:
        """For people; `levels` are the city's words for its levels."""
        for name, value in self._lines(levels).items():
            console.print(f"{name}：{value}", markup=False, highlight=False, soft_wrap=True)

    def _lines(self, levels: Mapping[str, str]) -> dict[str, str]:
        climbed = sorted(self.escalated_to.items(), key=lambda found: Level(found[0]).rank)
        outcomes = "，".join(f"{STATUSES[status]} {n}" for status, n in self.outcomes.items())
        left_over = f"，其中上次未完 left over {self.left_over}" if self.left_over else ""
        refused = f"，未能登记 refused {self.refused}" if self.refused else ""
        total = f"（目录内历次共 {self.cases_in_directory} 件）" if self.cases_in_directory > self.cases else ""
        mishaps = [
            f"{unit} {'、'.join(f'{status}×{n}' for status, n in answers.items())}"
            for unit, answers in self.mishaps.items()
        ]
        talks = [f"{MEDIATION_STATUSES[status]} {n}" for status, n in self.mediations.items()]
        confirmed = [f"司法确认 confirmed {self.confirmed}"] if self.confirmed else []
        talked_out = f"（{'，'.join([*talks, *confirmed])}）" if talks else ""
        return {
            "登记 cases in": f"{self.cases}{total}{left_over}{refused}",
            "办结 ended": f"{self.ended}（{outcomes}）",
            "超期 overdue": f"{self.overdue}",
            "升级 escalated": f"{self.escalated}" + "".join(f"，到{levels[level]} {n}" for level, n in climbed),
            "返工 reworked": f"{self.reworked}",
            "联调 joint mediation": f"{sum(self.mediations.values())}{talked_out}",
            "最长等待 longest wait": f"{self.longest_wait_seconds:.0f} 秒（{self.longest_wait_title}）",
            "单位系统差错 mishaps": "；".join(mishaps) or "无",
            "运维处理 operator": f"重送 retried {self.retried}，改电话通知 skipped {self.skipped}",
            "丢失 lost": f"{self.lost}",
            "用时 time": f"{self.seconds:.0f} 秒",
        }


class Figures:
    """Reads how cases stand, and what happened to them since the last look; `levels` as for `Summary.print_to`."""

    def __init__(self, sessions: Sessions, levels: Mapping[str, str]) -> None:
        self._sessions = sessions
        self._levels = levels
        self._seen: Counter[str] = Counter()
        self._befell: Counter[str] = Counter()
        self._climbed: set[tuple[str, str]] = set()

    async def look(self, case_nos: Sequence[str]) -> tuple[Standing, list[Happening]]:
        """The standing now, and what happened since the last look, in order."""
        columns = (Case.case_no, Case.title, Case.status, Case.seq, Case.due_soon, Case.overdue, Case.needs_operator)
        wait = func.coalesce(Case.ended_at, func.now()) - Case.registered_at
        cases = select(*columns, wait.label("wait")).where(Case.case_no.in_(case_nos)).order_by(wait.desc())
        breached = select(func.count(ClockRow.case_no.distinct())).where(
            ClockRow.case_no.in_(case_nos), ClockRow.breached_at.is_not(None)
        )
        async with self._sessions() as session:
            rows = (await session.execute(cases)).all()
            # A case and its events are recorded together, so its number of events says which ones are new.
            new = [(row.case_no, seq) for row in rows for seq in range(self._seen[row.case_no] + 1, row.seq + 1)]
            fresh = select(TimelineEvent).where(tuple_(TimelineEvent.case_no, TimelineEvent.seq).in_(new))
            events = (await session.scalars(fresh.order_by(TimelineEvent.recorded_at, TimelineEvent.seq))).all()
            overdue = await session.scalar(breached) or 0
            talks = (await session.execute(_talks(case_nos))).all()
        self._seen.update(case_no for case_no, _ in new)
        self._befell.update(event.kind for event in events)
        self._climbed.update((e.case_no, e.record["event"]["to_level"]) for e in events if e.kind == "escalated")
        titles = {row.case_no: row.title for row in rows}
        standing = Standing(
            cases=len(rows),
            ended=sum(row.status in ENDED for row in rows),
            outcomes=Counter(row.status for row in rows),
            due_soon=sum(row.due_soon for row in rows),
            overdue_now=sum(row.overdue for row in rows),
            needs_operator=sum(row.needs_operator for row in rows),
            overdue=overdue,
            escalated=len({case_no for case_no, _ in self._climbed}),
            escalated_to=Counter(level for _, level in self._climbed),
            reworked=self._befell["verification_failed"],
            mediations=Counter(row.status for row in talks),
            confirmed=sum(row.confirmation == ConfirmationStatus.CONFIRMED for row in talks),
            retried=self._befell["effect_retried"],
            skipped=self._befell["effect_skipped"],
            longest_wait_seconds=round(rows[0].wait.total_seconds(), 1) if rows else 0.0,
            longest_wait_title=rows[0].title if rows else "",
        )
        return standing, [self._tell(event, titles[event.case_no]) for event in events if event.kind in _TOLD]

    async def to_be_done_by_hand(
        self, case_nos: Sequence[str], with_system: Collection[str]
    ) -> Sequence[tuple[str, str]]:
        """Units and numbers of open tasks of units without a system, or whose system will not take the task."""
        skipped = exists().where(EffectRow.task_no == Task.task_no, EffectRow.status == EffectStatus.SKIPPED)
        tasks = select(Task.unit_id, Task.task_no).where(
            Task.case_no.in_(case_nos), Task.status.not_in(TASK_ENDS), or_(Task.unit_id.not_in(with_system), skipped)
        )
        async with self._sessions() as session:
            return (await session.execute(tasks)).tuples().all()

    def _tell(self, event: TimelineEvent, title: str) -> Happening:
        actor = {"unit_id": None, "name": None} | event.record["actor"]
        told = event.record | {"kind": event.kind, "actor": actor, "data": event.record["event"]}
        sentence = tell(TimelineItem.model_validate(told), Names({}, self._levels, {})).sentence
        return Happening(event.at, title, sentence, event.kind in _GRAVE)


def _talks(case_nos: Sequence[str]) -> Select[Any]:
    confirmation = Mediation.snapshot["confirmation"].astext.label("confirmation")
    return select(Mediation.status, confirmation).where(Mediation.case_no.in_(case_nos))


async def count_lost(sessions: Sessions, client: Client, case_nos: Sequence[str]) -> tuple[int, int]:
    """How many of the cases that were taken in are lost, and how many cases the directory holds in all."""
    report = await audit(sessions, client)
    async with sessions() as session:
        there = set(await session.scalars(select(Case.case_no).where(Case.case_no.in_(case_nos), Case.seq > 0)))
    whole = there - {*report.missing, *report.unowned, *report.gaps, *report.conflicts}
    return len(set(case_nos) - whole), report.intake
