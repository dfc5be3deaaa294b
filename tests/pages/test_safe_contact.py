"""How a requester may be reached safely stands where somebody is about to contact her."""

import re

from tests.api.calling import Callers
from tests.api.dispatching import dispatched
from tests.pages.visiting import Page, Visitors
from workflows.contracts.vocabulary import Role

UNIT = "ethnic_religion"
WISHES = {"how": "短信", "when": "周末", "never": "打座机"}
SHOWN = "安全联系 ：方式：短信。时间：周末。 切勿：打座机"


def beside(page: Page, step: str) -> bool:
    """Whether it stands in the form of that step."""
    (form,) = re.findall(rf'<form method="post" action="[^"]*/{step}">.*?</form>', page.html, re.DOTALL)
    return "安全联系" in form


async def test_it_stands_beside_the_contact_the_callback_and_the_requester(
    visitors: Visitors, callers: Callers
) -> None:
    # A unit that has little to do, so that the case is on the first page of its inbox.
    case_no = await dispatched(callers, lead=UNIT, requester={"name": "王小明", "safe_contact": WISHES})
    handler, dispatcher = visitors.handler(UNIT), visitors.dispatcher
    page = await handler.see(f"/cases/{case_no}")
    assert SHOWN in page.text
    assert beside(page, "contact")
    assert not beside(page, "progress")
    assert SHOWN in (await handler.see(f"/units/{UNIT}/inbox")).text
    page = await handler.send(page, "/finish", reply="已办")
    assert "安全联系" not in page.text
    await callers.role(Role.SUPERVISOR).post(f"/cases/{case_no}/verify", {"passed": True, "note": "属实"})
    page = await dispatcher.see(f"/cases/{case_no}")
    assert beside(page, "callback")
    assert "打座机" in (await dispatcher.send(page, "/requester")).text


async def test_the_handler_of_a_tip_off_reads_the_matter_and_nothing_of_the_reporter(
    visitors: Visitors, callers: Callers
) -> None:
    case_no = await dispatched(
        callers, kind="tip_off", description="举报内容", requester={"name": "王小明", "safe_contact": WISHES}
    )
    page = await visitors.handler().see(f"/cases/{case_no}")
    assert "举报内容" in page.text
    assert "安全联系" not in page.text
    assert not [form for form in page.forms if form.action.endswith("/requester")]
    await visitors.role(Role.GRID_WORKER).see(f"/cases/{case_no}", 404)
