"""Formal notices (告知书) put into words: one template a kind, in Chinese first and in English beneath."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workflows.contracts.clocks import Limit
from workflows.contracts.vocabulary import DeclineGround, LegalRoute, NoticeKind

_TEMPLATES = Path(__file__).parent / "templates"
_LAW = "[law] "
_ARTICLES = re.compile(r"\d+(?:、\d+)*")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a notice says. Dates are local; `addressee` is None for who is anonymous or gave no name.

    `texts` were written for the requester, None where they were erased. `until` is the date that is told, `provisional`
    while its year's calendar is not published; `period` is how long a review may be asked for, from the day of service
    on, `article` the law behind either. A decline has its `ground`, a transfer its `receiver`, a legal route its
    `route`.
    """

    notice_no: str
    case_no: str
    title: str
    registered_on: date
    addressee: str | None
    centre: str
    issued_on: date
    texts: Sequence[str | None] = ()
    until: date | None = None
    provisional: bool = False
    period: Limit | None = None
    article: str | None = None
    ground: DeclineGround | None = None
    receiver: str | None = None
    route: LegalRoute | None = None


class LetterWriter:
    """Fills the templates in; what a template asks for and a letter does not have is an error."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, kind: NoticeKind, letter: Letter) -> str:
        """The letter as HTML, without a page around it."""
        return self._templates.get_template(f"{kind.value}.jinja").render(letter=letter)


def article_of(source: str) -> str | None:
    """The law that a limit comes from, `[law] 信访工作条例22、23` as 信访工作条例第22、23条; None for other sources."""
    if not source.startswith(_LAW):
        return None
    return _ARTICLES.sub(lambda found: f"第{found[0]}条", source.removeprefix(_LAW))
