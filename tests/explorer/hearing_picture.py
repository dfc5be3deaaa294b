"""The mediation as the rules have it, for the guide: drawn from what was walked, below the picture of the case."""

from collections import defaultdict

from api.pages.mediation_words import STATUSES
from tests.explorer.hearing_walk import TIME, HearingWalk, MediationTransitions
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS, MediationStatus

HEADING = "\n## 调解 The mediation beside a case\n"
_TEXT = """
A process of its own, which tells its case how it stands: its case is `in_mediation`, or `agreed` while promises are
being kept. It is walked with every sort of channel; whatever happens it comes to one of its five ends, and until then
somebody owes the next step by a day that the case keeps.

"""


def transitions(walks: list[HearingWalk]) -> MediationTransitions:
    """From which status to which, and by what, in all of them."""
    found: MediationTransitions = defaultdict(set)
    for one in walks:
        for ends, kinds in one.found.items():
            found[ends] |= kinds
    return found


def section(found: MediationTransitions) -> str:
    """The part of the page, in Markdown with Mermaid."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {MediationStatus.OPENED}"]
    lines += [f'    state "{STATUSES[status]} {status}" as {status}' for status in MediationStatus]
    arrows = sorted((before, after) for before, after in found if before is not after)
    order = list(MediationStatus)
    for before, after in sorted(arrows, key=lambda ends: (order.index(ends[0]), order.index(ends[1]))):
        lines.append(f"    {before} --> {after} : {', '.join(sorted(found[before, after]))}")
    lines += [f"    {end} --> [*]" for end in order if end in MEDIATION_ENDS]
    rows = [f"| {STATUSES[status]} `{status}` | {_staying(found, status)} |" for status in order]
    table = ["", "| status | accepted there as well |", "| --- | --- |", *rows]
    return HEADING + _TEXT + "\n".join([*lines, "```", *table]) + "\n"


def _staying(found: MediationTransitions, status: MediationStatus) -> str:
    return ", ".join(f"`{kind}`" for kind in sorted(found.get((status, status), set()) - {TIME})) or "—"
