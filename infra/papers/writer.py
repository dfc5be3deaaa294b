"""Papers as DOCX files: the contents put into the template of the form, or of the city where it has its own."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from infra.papers.channel_words import CHANNEL_WORDS
from infra.papers.contents import Contents
from infra.papers.printable import printable
from infra.papers.vocabulary_words import ENDINGS, MEETINGS, REMEDIES, SIDES
from workflows.contracts.mediation.vocabulary import MediationForm, Paper
from workflows.rules.calendar import LOCAL

TEMPLATES = Path(__file__).parent / "templates"


class PaperWriter:
    """Writes papers. A template is looked for at `overrides` first, there as here in the form's own folder first:
    `{form}/{paper}.docx`, then `{paper}.docx`.
    """

    def __init__(self, overrides: Path | None = None) -> None:
        self._folders = [TEMPLATES] if overrides is None else [overrides, TEMPLATES]
        # a city's template comes from outside and may reach nothing but what it is given
        self._tags = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_shown)
        self._tags.filters |= {"yuan": _yuan, "clock": _clock}

    def write(self, form: MediationForm, paper: Paper, contents: Contents) -> bytes:
        """The paper as a DOCX file; the same contents are the same bytes at any time.

        Raises:
            jinja2.TemplateError: if the template is broken or asks for what the contents do not have.
        """
        # As loading them takes a server half a second and fifty megabytes, whoever never writes a paper never does.
        from docxtpl import DocxTemplate  # noqa: PLC0415

        from infra.papers.docx_pages import saved  # noqa: PLC0415

        template = DocxTemplate(self._template(form, paper))
        context: dict[str, Any] = {
            "it": contents,
            "words": CHANNEL_WORDS[form],
            "sides": SIDES,
            "meetings": MEETINGS,
            "remedies": REMEDIES,
            "endings": ENDINGS,
        }
        template.render(context, self._tags, autoescape=True)
        return saved(template.docx)

    def _template(self, form: MediationForm, paper: Paper) -> Path:
        places = [folder / kind / f"{paper}.docx" for folder in self._folders for kind in (form.value, "")]
        return next(place for place in places if place.is_file())


def _shown(value: object) -> object:
    """How a value stands in a paper: what is not there is left blank, moments in local time."""
    match value:
        case None:
            return ""
        case StrEnum():
            return value.value
        case str():
            return printable(value)
        case datetime():
            return f"{_shown(value.astimezone(LOCAL).date())}{_clock(value)}"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case _:
            return value


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{Decimal(fen) / 100:,.2f}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M}"
