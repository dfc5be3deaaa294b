"""Visiting the pages as people do: with a cookie, by reading what is shown and sending the forms that are there."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client

from api.app import create_app
from api.pages.install import install_pages
from api.server import TemporalProbe
from api.tokens import COOKIE, Claims, Tokens
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from tests.api.calling import SECRET
from workflows.contracts.vocabulary import Role

_FROM_OUTSIDE = re.compile(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}|@import|url\(""", re.IGNORECASE)


@dataclass
class Form:
    """A form of a page: where it goes, and what stands in it; choices of radios and selects are in `choices`."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Collects the forms and the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given["action"]))
        form, name = (self.forms[-1] if self.forms else Form("")), given.get("name", "")
        match tag:
            case "input" if given.get("type") in {"radio", "checkbox"}:
                form.choices.setdefault(name, []).append(given["value"])
                if "checked" in given:
                    form.values.setdefault(name, []).append(given["value"])
            case "input" if given.get("type") == "file":
                pass
            case "input":
                form.values[name] = [given.get("value", "")]
            case "textarea":
                self._area = name
                form.values[name] = [""]
            case "select":
                self._select = name
            case "option" if self._select is not None:
                form.choices.setdefault(self._select, []).append(given["value"])
                if "selected" in given:
                    form.values.setdefault(self._select, []).append(given["value"])

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "select":
                self._select = None
            case "textarea":
                self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1].values[self._area][0] += data
        elif data.strip():
            self.text.append(data.strip())


class Page:
    """A page as it was answered. Whatever it is, it names nobody outside and keeps scripts of others out."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.path = urlsplit(str(answer.url)).path
        self.html = answer.text
        assert answer.headers["content-type"].startswith("text/html"), answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert not _FROM_OUTSIDE.search(self.html)
        assert " style=" not in self.html
        assert " onclick=" not in self.html
        assert '<html lang="zh-CN">' in self.html
        reader = _Reader()
        reader.feed(self.html)
        self.forms = reader.forms
        self.text = " ".join(reader.text)

    @property
    def steps(self) -> set[str]:
        """The names of the steps whose buttons are there."""
        return {
            form.action.rpartition("/")[2]
            for form in self.forms
            # Under the address of a case, task or mediation: the form that looks for a moment of the past is no step.
            if re.match(r"/(?:cases|tasks|mediations)/[^/]+/(?!requester$)", form.action)
        }

    def form(self, action: str) -> Form:
        """The form that goes to an address with this end."""
        return next(form for form in self.forms if form.action.endswith(action))


class Visitor:
    """A person with a browser."""

    def __init__(self, app: FastAPI, token: str | None = None) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url="http://yingshao.test",
            headers={"Accept": "text/html"},
            cookies={COOKIE: token} if token else None,
            follow_redirects=True,
        )

    async def see(self, path: str, expected: int = 200, /, **params: Any) -> Page:
        """A page."""
        page = Page(await self.http.get(path, params=params or None))
        assert page.status == expected, page.text
        return page

    async def send(self, page: Page, action: str, expected: int = 200, /, **fields: Any) -> Page:
        """Fills in the page's form that goes to `action` and sends it; the page that follows.

        `files` are fields with files as (name, content, media type).
        """
        form = page.form(action)
        files = fields.pop("files", None)
        answer = Page(await self.http.post(form.action, data=form.values | fields, files=files))
        assert answer.status == expected, answer.text
        return answer


def app_with_pages(sessions: Sessions, gateway: CaseGateway, client: Client) -> FastAPI:
    """The app as the pages are tried on it."""
    # The database's address is not used: the sessions are given.
    settings = Settings(database_url=SecretStr(""), token_secret=SecretStr(SECRET))
    app = create_app(
        settings,
        sessions,
        gateway,
        MediationGateway(client, sessions),
        temporal_answers=TemporalProbe(client).answers,
        now=lambda: datetime.now(UTC),
    )
    install_pages(app)
    return app


class Visitors:
    """Hands out cookies."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._tokens = Tokens(SECRET)

    def token(self, role: Role, *, region: str | None = None, unit: str | None = None) -> str:
        return self._tokens.issue(Claims(sub=f"{role}-of-pages", role=role, region=region, unit=unit))

    def role(self, role: Role, *, region: str | None = None, unit: str | None = None) -> Visitor:
        return Visitor(self._app, self.token(role, region=region, unit=unit))

    def nobody(self) -> Visitor:
        return Visitor(self._app)

    @property
    def dispatcher(self) -> Visitor:
        return self.role(Role.DISPATCHER)

    def handler(self, unit: str = "housing") -> Visitor:
        return self.role(Role.HANDLER, unit=unit)
