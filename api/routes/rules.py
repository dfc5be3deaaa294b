"""The book of rules, for programs and people: every code with which a rule may refuse a command."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from api.authorisation import Action, may
from api.errors import problems
from api.rule_book.book import RULE_BOOK, table
from api.tokens import Caller

router = APIRouter(prefix="/api/v1/rules", tags=["service"])

_ABOUT = """Every code with which a rule refuses a command (409), and where the rule comes from.

`source` begins with `[law]` an article in force, `[practice]` published practice of a city, `[default]` this product's
own choice, `[process]` nothing but the order of the steps. A command's own codes stand at its route.

"""


class RuleItem(BaseModel):
    """A rule: its code, its sentences in Chinese and English, and its source."""

    code: str
    zh: str
    en: str
    source: str


class Rules(BaseModel):
    """All rules, by the alphabet of their codes."""

    items: list[RuleItem]


@router.get("", responses=problems(401), description=_ABOUT + table(RULE_BOOK))
async def list_rules(by: Annotated[Caller, may(Action.READ_RULES)]) -> Rules:
    """Every code with which a rule refuses a command; for any token."""
    return Rules(items=[RuleItem(code=code, **asdict(rule)) for code, rule in RULE_BOOK.items()])
