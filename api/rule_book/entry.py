"""What the book says about one rule."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RuleEntry:
    """Why a rule refuses and what would help, in a Chinese and an English sentence, and where the rule comes from.

    `source` begins with its mark: `[law]` an article in force, `[practice]` published practice of a city, `[default]`
    this product's own choice, `[process]` nothing but the order of the steps.
    """

    zh: str
    en: str
    source: str


PROCESS = "[process]"
DEFAULT = "[default]"
