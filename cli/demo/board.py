"""What one sees while the demo runs: a live board on a terminal, now and then a line elsewhere."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cli.demo.figures import Happening, Standing
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.calendar import LOCAL

_HAPPENINGS_SHOWN = 12
_SECONDS_BETWEEN_LINES = 5.0
_LONGEST_TITLE = 16


@contextmanager
def board(console: Console, total: int) -> Iterator["Board"]:
    """A board for so many cases, as long as the context lasts."""
    with Live(console=console, refresh_per_second=4, auto_refresh=console.is_terminal) as live:
        yield Board(live, total)


class Board:
    """Shows how the run goes."""

    def __init__(self, live: Live, total: int) -> None:
        self._live = live
        self._recent: deque[Happening] = deque(maxlen=_HAPPENINGS_SHOWN)
        self._progress = Progress(TextColumn("办结 ended"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._ended = self._progress.add_task("", total=total)
        self._last_line = time.monotonic()

    def show(self, standing: Standing, happened: Sequence[Happening]) -> None:
        """The standing now, and what happened since the last one."""
        if self._live.console.is_terminal:
            self._recent.extend(happened)
            self._progress.update(self._ended, completed=standing.ended)
            self._live.update(Group(self._progress, _counts(standing), self._latest()))
            return
        for one in happened:
            if one.grave:
                self.note(f"  {one.title[:_LONGEST_TITLE]}  {one.text}")
        if time.monotonic() - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            self.note("，".join(f"{name} {count}" for name, count in _numbers(standing).items()))

    def note(self, line: str) -> None:
        """One line that stays, such as that something went wrong."""
        self._live.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _latest(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for one in self._recent:
            when = Text(f"{one.at.astimezone(LOCAL):%H:%M:%S}", style="dim")
            table.add_row(when, one.title[:_LONGEST_TITLE], Text(one.text, style="bold red" if one.grave else ""))
        return table


def _counts(standing: Standing) -> Table:
    table = Table(*_numbers(standing), box=None, pad_edge=False)
    table.add_row(*map(str, _numbers(standing).values()))
    return table


def _numbers(standing: Standing) -> dict[str, int]:
    def of(*statuses: CaseStatus) -> int:
        return sum(standing.outcomes.get(status, 0) for status in statuses)

    return {
        "登记": standing.cases,
        "待受理": of(CaseStatus.REGISTERED, CaseStatus.ACCEPTED),
        "办理中": of(CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS),
        "核查回访": of(CaseStatus.FINISHED, CaseStatus.VERIFIED),
        "已结束": standing.ended,
        "即将超期": standing.due_soon,
        "超期中": standing.overdue_now,
        "曾超期": standing.overdue,
        "曾升级": standing.escalated,
        "待运维": standing.needs_operator,
    }
