"""What one sees while the demo runs: a live board on a terminal, now and then a line elsewhere."""

import time
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cli.demo.figures import Happening, Standing
from cli.demo.filing import Filing
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.calendar import LOCAL

_HAPPENINGS_SHOWN = 12
_SECONDS_BETWEEN_LINES = 5.0
_LONGEST_TITLE = 16


class Board(Protocol):
    """Shows how the run goes, for as long as the context lasts."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, standing: Standing, happened: Sequence[Happening]) -> None:
        """The standing now, and what happened since the last one."""

    def note(self, line: str) -> None:
        """Something that went wrong."""


def board(console: Console, filing: Filing) -> Board:
    """The board that suits where it is shown."""
    return _LiveBoard(console, filing) if console.is_terminal else _Lines(console, filing)


class _LiveBoard:
    def __init__(self, console: Console, filing: Filing) -> None:
        self._filing = filing
        self._recent: deque[Happening] = deque(maxlen=_HAPPENINGS_SHOWN)
        self._progress = Progress(
            TextColumn("办结 ended"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._ended = self._progress.add_task("", total=filing.total)
        self._live = Live(console=console, refresh_per_second=4)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, standing: Standing, happened: Sequence[Happening]) -> None:
        self._recent.extend(happened)
        self._progress.update(self._ended, completed=len(standing.ended))
        self._live.update(Group(self._progress, _counts(standing), self._latest()))

    def note(self, line: str) -> None:
        self._live.console.print(line, style="red", markup=False)

    def _latest(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        for happening in self._recent:
            when = f"{happening.at.astimezone(LOCAL):%H:%M:%S}"
            text = Text(happening.text, style="bold red" if happening.grave else "")
            table.add_row(Text(when, style="dim"), _title(self._filing, happening.case_no), text)
        return table


class _Lines:
    def __init__(self, console: Console, filing: Filing) -> None:
        self._console = console
        self._filing = filing
        self._began = time.monotonic()
        self._next_line = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, standing: Standing, happened: Sequence[Happening]) -> None:
        for happening in happened:
            if happening.grave:
                self.note(f"      {_title(self._filing, happening.case_no)}  {happening.text}")
        elapsed = time.monotonic() - self._began
        if elapsed >= self._next_line:
            self._next_line = elapsed + _SECONDS_BETWEEN_LINES
            counts = "，".join(f"{name} {count}" for name, count in _numbers(standing).items())
            self.note(f"{elapsed:4.0f}s {counts}")

    def note(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def _numbers(standing: Standing) -> dict[str, int]:
    status = standing.by_status
    return {
        "登记": status.total(),
        "待受理": status[CaseStatus.REGISTERED] + status[CaseStatus.ACCEPTED],
        "办理中": status[CaseStatus.DISPATCHED] + status[CaseStatus.IN_PROGRESS],
        "核查回访": status[CaseStatus.FINISHED] + status[CaseStatus.VERIFIED],
        "已结束": len(standing.ended),
        "即将超期": standing.due_soon,
        "超期中": standing.overdue_now,
        "曾超期": standing.overdue,
        "曾升级": standing.escalated,
        "待运维": standing.needs_operator,
    }


def _counts(standing: Standing) -> RenderableType:
    table = Table(expand=False)
    numbers = _numbers(standing)
    for name in numbers:
        table.add_column(name, justify="right")
    table.add_row(*(str(count) for count in numbers.values()))
    return table


def _title(filing: Filing, case_no: str) -> str:
    filed = filing.find(case_no)
    return f"{filed.report.title[:_LONGEST_TITLE] if filed else ''}"
