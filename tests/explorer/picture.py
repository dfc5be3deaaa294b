"""The process as the rules have it, for the guide: which status follows which, by what, drawn from what was walked."""

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from api.pages.words import STATUSES
from tests.explorer.hearing_picture import HEADING
from tests.explorer.proof import TIME, Transitions, transitions
from tests.explorer.walk import explore
from tests.explorer.worlds import WORLDS
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "process.md"
"""Where the picture hangs."""

_OPEN: list[CaseStatus] = [
    status for status in CaseStatus if status not in END_STATUSES and status is not CaseStatus.ARCHIVED
]
_ENDS: list[CaseStatus] = [status for status in CaseStatus if status in END_STATUSES]
_GROUPS: dict[str, tuple[str, list[CaseStatus]]] = {"open": ("在办 open", _OPEN), "over": ("已了结 over", _ENDS)}
_ARROW = re.compile(r"^ +(\w+) --> (\w+) : (.+)$", re.MULTILINE)
_ROW = re.compile(r"^\| \S+ `(\w+)` \| (.+) \|$", re.MULTILINE)
_HEAD = """# The process, drawn from its rules

Written by `.venv/bin/python -m tests.explorer --write`, never by hand: every command was tried in every state that a
case can come to, and the arrows are what the rules made of it. A test draws the picture again and compares. What each
step means is in [How a case lives](case.md).
"""
_TABLE = """
An arrow from a frame leaves from every status in it; `time` is nobody's command. In each status these commands are
accepted as well and leave it as it is:

| status | accepted there |
| --- | --- |
"""


def outline() -> Transitions:
    """Every change of status that can happen, and what is accepted where: of all worlds, while nothing is overdue."""
    found: Transitions = defaultdict(set)
    for world in WORLDS:
        for ends, names in transitions(explore(replace(world, overdue=0))).items():
            found[ends] |= names
    return found


def page(found: Transitions) -> str:
    """The page of the guide, in Markdown with Mermaid."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {CaseStatus.REGISTERED}"]
    for group, (title, members) in _GROUPS.items():
        lines += [
            f'    state "{title}" as {group} {{',
            *(f"        {_declared(status)}" for status in members),
            "    }",
        ]
    lines.append(f"    {_declared(CaseStatus.ARCHIVED)}")
    lines += [f"    {before} --> {after} : {', '.join(sorted(names))}" for (before, after), names in _arrows(found)]
    lines += [f"    {CaseStatus.ARCHIVED} --> [*]", "```"]
    rows = [f"| {STATUSES[status]} `{status}` | {_staying(found, status)} |" for status in CaseStatus]
    return "\n".join([_HEAD, *lines]) + "\n" + _TABLE + "\n".join(rows) + "\n"


def drawn(text: str) -> Transitions:
    """What a page of the guide shows, read back from it."""
    found: Transitions = defaultdict(set)
    text = case_part(text)
    for before, after, names in _ARROW.findall(text):
        for status in _GROUPS[before][1] if before in _GROUPS else [CaseStatus(before)]:
            found[status, CaseStatus(after)].update(names.split(", "))
    for status, names in _ROW.findall(text):
        found[CaseStatus(status), CaseStatus(status)].update(names.replace("`", "").split(", "))
    return found


def case_part(text: str) -> str:
    """What the page of the guide shows of the case."""
    return text.partition(HEADING)[0]


def _declared(status: CaseStatus) -> str:
    return f'state "{STATUSES[status]} {status}" as {status}'


def _arrows(found: Transitions) -> list[tuple[tuple[str, str], set[str]]]:
    """From where to where and by what; what leads there from every member of a group leaves from its frame."""
    arrows: dict[tuple[str, str], set[str]] = defaultdict(set)
    for after in CaseStatus:
        coming = {before: names for (before, to), names in found.items() if to is after and before is not after}
        for name in sorted({name for names in coming.values() for name in names}):
            sources = {before for before, names in coming.items() if name in names}
            for group, (_, members) in _GROUPS.items():
                if sources >= set(members):
                    arrows[group, after.value].add(name)
                    sources -= set(members)
            for before in sorted(sources, key=list(CaseStatus).index):
                arrows[before.value, after.value].add(name)
    return list(arrows.items())


def _staying(found: Transitions, status: CaseStatus) -> str:
    names = sorted(found.get((status, status), set()) - {TIME})
    return ", ".join(f"`{name}`" for name in names) or "—"
