"""A simulation as tables on a terminal: all matters, class by class, and the longest waits with their stories."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.simulation import wording
from cli.simulation.figures import ClassFigures, Figures, Simulation
from workflows.contracts.vocabulary import Level

_CLASSES_SHOWN = 20
_DIFFERENCE = "差异 difference"


def print_tables(found: Simulation, console: Console) -> None:
    """With two policies the difference is the second less the first."""
    console.print(_in_all(found))
    if any(one.category for one in found.policies[0].classes):
        console.print(_by_class(found))
        more = len(found.policies[0].classes) - _CLASSES_SHOWN
        if more > 0:
            console.print(f"另有 {more} 类见 --json · {more} more classes in --json", style="dim")
    console.print("\n[bold]等待最久 longest waits[/bold]")
    for wait in found.longest:
        console.print(Text(f"{wording.figure(wait.days)} 天  {wording.matter(wait)}"), soft_wrap=True)
        for told in wait.policies:
            console.print(Text(f"    {told.policy}：{wording.story(told)}", style="dim"), soft_wrap=True)


def _in_all(found: Simulation) -> Table:
    still = f"，其中 {found.unanswered} 件尚未答复 unanswered" if found.unanswered else ""
    left_out = f"，未计入 left out {found.left_out} 行" if found.left_out else ""
    table = Table(title=f"{found.matters:,} 件诉求 matters{still}{left_out}", title_justify="left")
    table.add_column("指标 figure")
    for one in found.policies:
        table.add_column(Text(f"{one.policy}\n{wording.limits(one.limits)}"), justify="right")
    if len(found.policies) > 1:
        table.add_column(_DIFFERENCE, justify="right")
    for label, counts in _counts(found.policies):
        cells = [
            f"{count:,} ({wording.percent(count, one.matters)})"
            for count, one in zip(counts, found.policies, strict=True)
        ]
        table.add_row(label, *cells, *(f"{after - before:+,}" for before, after in pairwise(counts)))
    table.add_section()
    for label, values in _waits(found.policies):
        cells = [wording.figure(value) for value in values]
        table.add_row(label, *cells, *(f"{after - before:+,.1f}" for before, after in pairwise(values)))
    return table


def _counts(policies: Sequence[Figures]) -> Iterator[tuple[str, list[int]]]:
    yield "即将超期 due soon", [one.due_soon for one in policies]
    yield "超期 overdue", [one.overdue for one in policies]
    yield "升级 escalated", [one.escalated for one in policies]
    for level in Level:
        if any(level in one.escalated_to for one in policies):
            yield f"  最高到{wording.LEVELS[level]} to {level}", [one.escalated_to.get(level, 0) for one in policies]


def _waits(policies: Sequence[Figures]) -> Iterator[tuple[str, list[float]]]:
    yield "等待中位数（天） median days", [one.median_days or 0 for one in policies]
    yield "九成在此以内（天） p90 days", [one.p90_days or 0 for one in policies]
    yield "中位数 ÷ 时限 median, of the limit", [one.median_of_limit or 0 for one in policies]
    yield "九成 ÷ 时限 p90, of the limit", [one.p90_of_limit or 0 for one in policies]


def _by_class(found: Simulation) -> Table:
    table = Table(title="分类 by class（中位 / 九成 median / p90）", title_justify="left")
    table.add_column("类别\nclass", overflow="fold")
    table.add_column("件数\nmatters", justify="right", no_wrap=True)
    table.add_column("等待天数\ndays", justify="right", no_wrap=True)
    table.add_column("策略\npolicy", overflow="fold")
    for name in ("即将超期\ndue soon", "超期\noverdue", "升级\nescalated", "÷ 时限\nof the limit"):
        table.add_column(name, justify="right", no_wrap=True)
    names = [one.policy for one in found.policies]
    # All policies saw the same matters, so their classes come in the same order.
    for same in zip(*(one.classes[:_CLASSES_SHOWN] for one in found.policies), strict=True):
        first = same[0]
        waits = f"{wording.figure(first.median_days)} / {wording.figure(first.p90_days)}"
        head: list[str | Text] = [Text(first.category or wording.NO_CLASS), f"{first.matters:,}", waits]
        for name, one in zip(names, same, strict=True):
            table.add_row(*head, *_class_cells(name, one))
            head = ["", "", ""]
        for before, after in pairwise(same):
            table.add_row(*head, _DIFFERENCE, *_class_difference(before, after), style="dim")
        table.add_section()
    return table


def _class_cells(policy: str, one: ClassFigures) -> list[str | Text]:
    to = "".join(f"\n{wording.LEVELS[level]} {count:,}" for level, count in one.escalated_to.items())
    return [
        Text(policy),
        f"{one.due_soon:,}",
        f"{one.overdue:,}",
        f"{one.escalated:,}" + to,
        f"{wording.figure(one.median_of_limit)} / {wording.figure(one.p90_of_limit)}",
    ]


def _class_difference(before: ClassFigures, after: ClassFigures) -> list[str]:
    median = (after.median_of_limit or 0) - (before.median_of_limit or 0)
    p90 = (after.p90_of_limit or 0) - (before.p90_of_limit or 0)
    return [
        f"{after.due_soon - before.due_soon:+,}",
        f"{after.overdue - before.overdue:+,}",
        f"{after.escalated - before.escalated:+,}",
        f"{median:+,.1f} / {p90:+,.1f}",
    ]
