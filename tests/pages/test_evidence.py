"""Files sent with the forms of the pages, where a policy asks for evidence."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from infra.tables import Attachment, PolicyRow
from tests.api.calling import Callers
from tests.conftest import Servers
from tests.installation import Installation, new_installation
from tests.pages.visiting import Page, Visitor, Visitors, app_with_pages
from worker.composition import case_worker
from workflows.contracts.vocabulary import Role

STRICT = "strict"
PHOTO = ("修好的灯.jpg", b"\xff\xd8 a lamp that shines", "image/jpeg")
ASKED_FOR = "按规定须随结果附上佐证材料"


@pytest.fixture(scope="module")
async def strict(servers: Servers, clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Installation]:
    """An installation whose policy asks for evidence."""
    async with new_installation(servers.temporal_address, clone) as made:
        async with made.sessions.begin() as session:
            city = (await session.scalars(select(PolicyRow).where(PolicyRow.name == "yunjiang"))).one()
            data = {**city.data, "name": STRICT, "evidence_required": True}
            session.add(PolicyRow(name=STRICT, version=1, data=data, applied_at=city.applied_at))
        async with case_worker(made.client, made.sessions, made.gateway(made.starts(policy=STRICT))):
            yield made


@pytest.fixture(scope="module")
def people(strict: Installation) -> tuple[Visitors, Callers]:
    """Visitors and callers there."""
    app = app_with_pages(strict.sessions, strict.gateway(strict.starts(policy=STRICT)), strict.client)
    return Visitors(app), Callers(app)


async def whistled(callers: Callers) -> str:
    case_no: str = (await callers.dispatcher.report())["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept")
    await callers.dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    return case_no


async def sent(visitor: Visitor, page: Page, step: str, status: int = 200, /, **said: Any) -> Page:
    """The page after a form was sent with the photo."""
    return await visitor.send(page, step, status, files=[("evidence", PHOTO)], **said)


async def test_a_task_is_finished_with_several_files(people: tuple[Visitors, Callers]) -> None:
    visitors, callers = people
    handler, case_no = visitors.handler(), await whistled(callers)
    page = await handler.see(f"/cases/{case_no}")
    assert 'enctype="multipart/form-data"' in page.html
    files = [("evidence", PHOTO), ("evidence", ("签收单.txt", b"signed", "text/plain"))]
    finished = await handler.send(page, "/finish", reply="灯修好了", files=files)
    assert "finish" not in finished.steps
    (seen,) = [item for item in await _told(callers, case_no) if item["kind"] == "task_finished"]
    named, other = seen["data"]["evidence"]
    assert f'href="/attachments/{other}"' in finished.html
    photo = await visitors.dispatcher.http.get(f"/attachments/{named}")
    assert (photo.content, photo.headers["content-type"]) == (PHOTO[1], PHOTO[2])


async def test_without_a_file_the_form_comes_back_with_what_was_typed(people: tuple[Visitors, Callers]) -> None:
    visitors, callers = people
    handler, case_no = visitors.handler(), await whistled(callers)
    page = await handler.see(f"/cases/{case_no}")
    # What a browser sends where no file was picked.
    nothing = [("evidence", ("", b"", "application/octet-stream"))]
    refused = await handler.send(page, "/finish", 409, reply="写了很久", files=nothing)
    assert ASKED_FOR in refused.text
    assert refused.form("/finish").values["reply"] == ["写了很久"]
    assert "finish" not in (await sent(handler, refused, "/finish")).steps


async def test_a_file_of_a_refused_form_is_still_in_it(people: tuple[Visitors, Callers]) -> None:
    visitors, callers = people
    handler, case_no = visitors.handler(), await whistled(callers)
    page = await handler.see(f"/cases/{case_no}")
    refused = await sent(handler, page, "/finish", 422, reply=" ")
    (kept,) = refused.form("/finish").values["evidence"]
    await handler.send(refused, "/finish", reply="灯修好了")
    (seen,) = [item for item in await _told(callers, case_no) if item["kind"] == "task_finished"]
    assert seen["data"]["evidence"] == [kept]


async def test_a_form_with_a_file_that_is_sent_twice_counts_once(
    people: tuple[Visitors, Callers], strict: Installation
) -> None:
    visitors, callers = people
    handler, case_no = visitors.handler(), await whistled(callers)
    page = await handler.see(f"/cases/{case_no}")
    photo = [("evidence", ("twice.jpg", b"the same", "image/jpeg"))]
    for _ in range(2):
        await handler.send(page, "/finish", reply="灯修好了", files=photo)
    async with strict.sessions() as session:
        assert len(list(await session.scalars(select(Attachment.id).where(Attachment.name == "twice.jpg")))) == 1


async def test_a_matter_is_settled_with_a_photo(people: tuple[Visitors, Callers]) -> None:
    visitors, callers = people
    grid_worker, case_no = visitors.role(Role.GRID_WORKER), (await callers.dispatcher.report())["case_no"]
    await callers.dispatcher.post(f"/cases/{case_no}/accept")
    page = await grid_worker.see(f"/cases/{case_no}")
    refused = await grid_worker.send(page, "/settle", 409, reply="当场修好了")
    assert ASKED_FOR in refused.text
    settled = await sent(grid_worker, refused, "/settle")
    assert "settle" not in settled.steps
    assert "附件1" in settled.text


async def test_a_result_is_verified_with_a_photo(people: tuple[Visitors, Callers]) -> None:
    visitors, callers = people
    handler, dispatcher, case_no = visitors.handler(), visitors.dispatcher, await whistled(callers)
    await sent(handler, await handler.see(f"/cases/{case_no}"), "/finish", reply="灯修好了")
    page = await dispatcher.see(f"/cases/{case_no}")
    refused = await dispatcher.send(page, "/verify", 409, passed="true", note="去看过了")
    assert ASKED_FOR in refused.text
    verified = await sent(dispatcher, refused, "/verify")
    assert "verify" not in verified.steps
    assert verified.text.count("附件1") == 2


async def test_a_file_is_taken_only_with_a_form_of_the_session(
    people: tuple[Visitors, Callers], strict: Installation
) -> None:
    visitors, callers = people
    handler, case_no = visitors.handler(), await whistled(callers)
    page = await handler.see(f"/cases/{case_no}")
    forged = [("evidence", ("forged.jpg", b"x", "image/jpeg"))]
    await handler.send(page, "/finish", 403, form_token="another", reply="x", files=forged)
    async with strict.sessions() as session:
        assert await session.scalar(select(Attachment.id).where(Attachment.name == "forged.jpg")) is None


async def _told(callers: Callers, case_no: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = (await callers.dispatcher.get(f"/cases/{case_no}/timeline"))["items"]
    return told
