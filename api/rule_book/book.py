"""The book of rules: for every code with which a rule refuses a command, why, and where the rule comes from."""

from collections.abc import Mapping

from api.rule_book.disagreements import DISAGREEMENTS
from api.rule_book.entry import RuleEntry
from api.rule_book.leaving import LEAVING
from api.rule_book.levels import LEVELS
from api.rule_book.links import LINKS
from api.rule_book.mediation_entry import MEDIATION_ENTRY
from api.rule_book.mediation_people import MEDIATION_PEOPLE
from api.rule_book.mediation_talks import MEDIATION_TALKS
from api.rule_book.notices import NOTICES
from api.rule_book.operation import OPERATION
from api.rule_book.result import RESULT
from api.rule_book.risks import RISKS
from api.rule_book.steps import STEPS
from api.rule_book.tasks import TASKS
from api.rule_book.time import TIME
from api.rule_book.whistles import WHISTLES

PARTS = (
    STEPS,
    WHISTLES,
    TASKS,
    DISAGREEMENTS,
    LEVELS,
    LINKS,
    RESULT,
    TIME,
    LEAVING,
    NOTICES,
    RISKS,
    OPERATION,
    MEDIATION_ENTRY,
    MEDIATION_PEOPLE,
    MEDIATION_TALKS,
)

RULE_BOOK: Mapping[str, RuleEntry] = dict(sorted(entry for part in PARTS for entry in part.items()))
"""By the alphabet of the codes."""


def table(rules: Mapping[str, RuleEntry]) -> str:
    """Entries by their codes as a Markdown table."""
    rows = [f"| `{code}` | {rule.zh} | {rule.en} | {rule.source} |" for code, rule in rules.items()]
    return "\n".join(["| code | 说明 | meaning | source |", "| --- | --- | --- | --- |", *rows])
