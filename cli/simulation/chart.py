"""A simulation as one HTML file that needs nothing else: to be opened, sent on or printed."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.simulation import wording
from cli.simulation.figures import ClassFigures, Figures, Simulation
from workflows.contracts.vocabulary import Level

_CLASSES_SHOWN = 20


def chart_of(found: Simulation, file_name: str) -> str:
    """The page; every word of the file is escaped."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("chart.html").render(
        found=found,
        file_name=file_name,
        wording=wording,
        parts=_parts,
        counts=_counts,
        waits=_waits,
        key=_key(found),
        classes=_classes(found),
        classes_left_out=max(0, len(found.policies[0].classes) - _CLASSES_SHOWN),
        tallest=max((share.matters for one in found.policies for share in one.spread), default=0),
    )


def _parts(one: Figures) -> list[tuple[str, str, int]]:
    """The matters by the worst that befell them: a style, the words and how many; together they are all matters."""
    return [
        ("fine", "预警之前已答复", one.matters - one.due_soon),
        ("warned", "预警后、到期前答复", one.due_soon - one.overdue),
        ("overdue", "超期，未升级", one.overdue - one.escalated),
        *((f"to-{level}", f"升级到{wording.LEVELS[level]}", one.escalated_to.get(level, 0)) for level in Level),
    ]


def _counts(one: Figures) -> list[tuple[str, str, int]]:
    return [
        ("即将超期", "due soon", one.due_soon),
        ("超期", "overdue", one.overdue),
        ("升级", "escalated", one.escalated),
        ("其中到市", "to the city", one.escalated_to.get(Level.CITY, 0)),
    ]


def _waits(one: Figures) -> list[tuple[str, str, float | None, str]]:
    return [
        ("等待中位数", "median wait", one.median_days, "天"),
        ("九成在此以内", "p90 wait", one.p90_days, "天"),
        ("中位数 ÷ 时限", "median, of the limit", one.median_of_limit, "倍"),
        ("九成 ÷ 时限", "p90, of the limit", one.p90_of_limit, "倍"),
    ]


def _key(found: Simulation) -> dict[str, str]:
    """The words for each style that occurs."""
    return {style: words for one in found.policies for style, words, matters in _parts(one) if matters}


def _classes(found: Simulation) -> list[tuple[ClassFigures, ...]]:
    """The largest classes under each policy; none if no matter has one. The policies have them in the same order."""
    if not any(one.category for one in found.policies[0].classes):
        return []
    return list(zip(*(one.classes[:_CLASSES_SHOWN] for one in found.policies), strict=True))
