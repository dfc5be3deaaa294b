"""What a run came to."""

from pydantic import BaseModel, ConfigDict
from rich.console import Console
from sqlalchemy import select
from temporalio.client import Client

from api.pages.words import STATUSES
from cli.demo.figures import LEVELS
from infra.audit import audit
from infra.database import Sessions
from infra.tables import Case
from workflows.contracts.vocabulary import Level


class Mishaps(BaseModel):
    """How often a unit's system answered what, other than taking the task signal; by HTTP status."""

    model_config = ConfigDict(frozen=True)

    unit_id: str
    name: str
    answers: dict[str, int]

    def __str__(self) -> str:
        return self.name + "、".join(f" {status}×{count}" for status, count in self.answers.items())


class Summary(BaseModel):
    """The figures of one run; `lost` counts cases that were taken in and have no whole record or no workflow.

    `outcomes`: by status, `escalated_to`: by level. `refused`: reports that were not taken in. Times in seconds.
    """

    model_config = ConfigDict(frozen=True)

    cases: int
    ended: int
    outcomes: dict[str, int]
    overdue: int
    escalated: int
    escalated_to: dict[str, int]
    reworked: int
    longest_wait_seconds: float
    longest_wait_title: str
    mishaps: list[Mishaps]
    retried: int
    skipped: int
    refused: int
    lost: int
    seconds: float
    cases_in_directory: int

    @property
    def is_whole(self) -> bool:
        """There were cases, every one of them has ended, and none is lost."""
        return 0 < self.cases == self.ended and self.lost == 0

    def print_to(self, console: Console) -> None:
        """For people."""
        for name, value in self._lines().items():
            console.print(f"{name}：{value}", markup=False, highlight=False, soft_wrap=True)

    def _lines(self) -> dict[str, str]:
        levels = "，".join(f"{LEVELS[level]} {n}" for level, n in sorted(self.escalated_to.items(), key=_rank))
        outcomes = "，".join(f"{STATUSES.get(status, status)} {n}" for status, n in self.outcomes.items())
        total = f"（目录内历次共 {self.cases_in_directory} 件）" if self.cases_in_directory > self.cases else ""
        return {
            "登记 cases in": f"{self.cases}{total}" + (f"，未能登记 refused {self.refused}" if self.refused else ""),
            "办结 ended": f"{self.ended}（{outcomes}）",
            "超期 overdue": f"{self.overdue}",
            "升级 escalated": f"{self.escalated}" + (f"（到 {levels}）" if levels else ""),
            "返工 reworked": f"{self.reworked}",
            "最长等待 longest wait": f"{self.longest_wait_seconds:.0f} 秒（{self.longest_wait_title}）",
            "单位系统差错 mishaps": "；".join(map(str, self.mishaps)) or "无",
            "运维处理 operator": f"重送 retried {self.retried}，改电话通知 skipped {self.skipped}",
            "丢失 lost": f"{self.lost}",
            "用时 time": f"{self.seconds:.0f} 秒",
        }


def _rank(item: tuple[str, int]) -> int:
    return Level(item[0]).rank


async def count_lost(sessions: Sessions, client: Client, case_nos: list[str]) -> tuple[int, int]:
    """How many of the cases that were taken in are lost, and how many cases the directory holds in all."""
    report = await audit(sessions, client)
    async with sessions() as session:
        there = set(await session.scalars(select(Case.case_no).where(Case.case_no.in_(case_nos), Case.seq > 0)))
    whole = there - {*report.missing, *report.unowned, *report.gaps, *report.conflicts}
    return len(set(case_nos) - whole), report.intake
