"""Coming in and leaving."""

import httpx
import pytest

from tests.pages.visiting import Page, Visitors
from workflows.contracts.vocabulary import Role


def cookie_of(answer: httpx.Response) -> str:
    return answer.headers["set-cookie"].lower()


async def test_who_is_not_signed_in_comes_back_to_where_she_wanted(visitors: Visitors) -> None:
    nobody = visitors.nobody()
    page = await nobody.see("/cases", q="路灯")
    assert page.path == "/login"
    back = await nobody.send(page, "/login", token=f"  {visitors.token(Role.DISPATCHER)}\n")
    assert back.path == "/cases"
    assert back.form("/cases").values["q"] == ["路灯"]


async def test_a_token_in_the_address_becomes_a_cookie_that_no_script_reads(visitors: Visitors) -> None:
    nobody = visitors.nobody()
    token = visitors.token(Role.DISPATCHER)
    answer = await nobody.http.get("/login", params={"token": token}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert "httponly" in cookie_of(answer)
    assert "samesite=strict" in cookie_of(answer)
    assert token not in (await nobody.see("/cases")).html


@pytest.mark.parametrize("after", ["//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "", "x"])
async def test_nobody_is_led_to_another_host(visitors: Visitors, after: str) -> None:
    query = {"token": visitors.token(Role.DISPATCHER), "next": after}
    answer = await visitors.nobody().http.get("/login", params=query, follow_redirects=False)
    assert answer.headers["location"] == "/cases"


async def test_a_wrong_token_is_not_taken(visitors: Visitors) -> None:
    nobody = visitors.nobody()
    page = await nobody.send(await nobody.see("/login"), "/login", 401, token="nonsense")
    assert "令牌无效" in page.text
    assert (await nobody.see("/cases")).path == "/login"


async def test_leaving_forgets_the_token(visitors: Visitors) -> None:
    visitor = visitors.nobody()
    await visitor.see("/login", token=visitors.token(Role.DISPATCHER))
    left = await visitor.send(await visitor.see("/cases"), "/logout")
    assert left.path == "/login"
    assert (await visitor.see("/cases")).path == "/login"


async def test_leaving_needs_the_sessions_own_form(visitors: Visitors) -> None:
    visitor = visitors.dispatcher
    refused = Page(await visitor.http.post("/logout"))
    assert refused.status == 403
    assert (await visitor.see("/cases")).path == "/cases"


async def test_static_files_are_kept_for_long(visitors: Visitors) -> None:
    page = await visitors.nobody().see("/login")
    address = page.html.partition('stylesheet" href="')[2].partition('"')[0]
    answer = await visitors.nobody().http.get(address)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
