"""Turns data into pages: templates that escape everything, and headers that let nothing in from outside."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.fields import in_yuan
from api.pages import moments
from api.pages import resident_words as resident
from api.pages import words as w
from api.pages.names import clock_name
from api.pages.sentences import news

_FOLDER = Path(__file__).parent.parent
STATIC = _FOLDER / "static"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Pages hold what people wrote; nobody else's cache may keep them.
    "Cache-Control": "no-store",
}


class View:
    """Renders the templates; one an app."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        names = {
            "w": w,
            "resident": resident,
            "word": w.word,
            "moments": moments,
            "clock_name": clock_name,
            "news": news,
            "yuan": in_yuan,
        }
        self._templates.globals |= names | {"assets": self._assets}
        self._templates.filters["clock_name"] = clock_name

    def page(self, template: str, *, status: int = 200, **data: Any) -> HTMLResponse:
        """The filled-in template with this HTTP status. `viewer` is absent where nobody is signed in."""
        text = self._templates.get_template(template).render({"viewer": None, "status": status} | data)
        return HTMLResponse(text, status, headers=dict(HEADERS))

    @cached_property
    def _assets(self) -> str:
        """Changes whenever a static file does, so that browsers may keep them for long."""
        digest = hashlib.sha256()
        for file in sorted(STATIC.iterdir()):
            digest.update(file.read_bytes())
        return digest.hexdigest()[:12]


def _view(request: Request) -> View:
    made: View = request.app.state.view
    return made


Shown = Annotated[View, Depends(_view)]
