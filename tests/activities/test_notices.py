"""The notices that are written when their issue is recorded."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from infra.notice_tables import Notice
from infra.tables import Case, Requester, Wording
from tests.activities.story import BEGIN, Story
from tests.driving import HANDLER, HOUSING, VERIFIER
from tests.installation import Installation
from worker.composition import records
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.ids import TextId
from workflows.contracts.start import EventBatch
from workflows.contracts.vocabulary import CallbackOutcome, DeclineGround, LegalRoute, Role, Solved

HOUR = timedelta(hours=1)
SUPERVISOR = Actor(id="supervisor-1", role=Role.SUPERVISOR)


async def test_a_receipt_names_the_requester_and_her_date(apart: Installation) -> None:
    story = await _story(apart, requester={"name": "王秀英"})
    (notice,) = await _written(apart, story.does(c.Accept, after=HOUR))
    assert (notice.notice_no, notice.kind) == (f"{story.case_no}-N1", "receipt")
    assert notice.issued_at == BEGIN + HOUR
    assert "王秀英：" in notice.body
    assert "最迟于2026年3月9日前答复您" in notice.body


async def test_a_batch_that_comes_twice_writes_a_notice_once(apart: Installation) -> None:
    story = (await _story(apart)).does(c.Accept, after=HOUR)
    (notice,) = await _written(apart, story)
    async with apart.sessions.begin() as session:
        (await session.get_one(Case, story.case_no)).title = "改过的标题"
    (again,) = await _written(apart, story)
    assert again.body == notice.body


async def test_who_is_anonymous_is_not_named(apart: Installation) -> None:
    story = await _story(apart, requester={"name": "王秀英", "anonymous": True})
    (notice,) = await _written(apart, story.does(c.Accept, after=HOUR))
    assert "诉求人（匿名）：" in notice.body
    assert "王秀英" not in notice.body


async def test_a_decline_tells_the_right_route(apart: Installation) -> None:
    story = await _story(apart, route="请向供电公司反映")
    decline: dict[str, Any] = {"ground": DeclineGround.OTHER_AUTHORITY, "route": TextId(f"{story.case_no}-route")}
    (notice,) = await _written(apart, story.does(c.Decline, after=HOUR, **decline))
    assert notice.kind == "decline"
    assert "属于其他机关、单位的职权范围" in notice.body
    assert "请向供电公司反映" in notice.body


async def test_the_closing_notice_tells_what_was_answered_last(apart: Installation) -> None:
    story = await _story(apart, reply="灯修好了", first="灯泡换了")
    story.does(c.Accept, after=HOUR).does(c.Whistle, after=2 * HOUR, lead=HOUSING, reason=TextId("t"))
    for hours, reply in ((3, "first"), (5, "reply")):
        text_id = TextId(f"{story.case_no}-{reply}")
        story.does(c.Finish, HANDLER, after=hours * HOUR, task_no=story.task_no, reply=text_id)
        story.does(c.Verify, VERIFIER, after=(hours + 1) * HOUR, passed=reply == "reply", note=TextId("t"))
    story.does(c.Callback, after=7 * HOUR, outcome=CallbackOutcome.REACHED, solved=Solved.YES)
    notice = (await _written(apart, story))[-1]
    assert notice.kind == "closing"
    assert "灯修好了" in notice.body
    assert "灯泡换了" not in notice.body


async def test_an_extension_is_told_with_its_reason_and_the_requesters_new_date(apart: Installation) -> None:
    story = await _story(apart, reason="须订购配件")
    story.does(c.Accept, after=HOUR).does(c.Whistle, after=2 * HOUR, lead=HOUSING, reason=TextId("t"))
    task, until, reason = story.task_no, date(2026, 3, 9), TextId(f"{story.case_no}-reason")
    story.does(c.RequestExtension, HANDLER, after=3 * HOUR, task_no=task, until=until, reason=TextId("t"))
    story.does(c.DecideExtension, SUPERVISOR, after=4 * HOUR, task_no=task, granted=True, reason=reason)
    notice = (await _written(apart, story))[-1]
    assert notice.kind == "extension"
    assert "须订购配件" in notice.body
    (citizen,) = [clock for clock in story.state.clocks.values() if clock.name == "citizen"]
    assert f"至2026年3月{citizen.due_date.day}日" in notice.body


async def test_a_transfer_names_the_other_city(apart: Installation) -> None:
    story = (await _story(apart, city="邻江市", reason="事发地在邻江市")).does(c.Accept, after=HOUR)
    city, reason = (TextId(f"{story.case_no}-{name}") for name in ("city", "reason"))
    story.does(c.Transfer, after=2 * HOUR, city=city, reason=reason)
    notices = await _written(apart, story.does(c.TransferReceipt, after=3 * HOUR, number=TextId("t")))
    assert "已将其转送邻江市办理" in notices[-1].body
    assert "事发地在邻江市" in notices[-1].body


async def test_a_legal_route_is_told_with_its_reason(apart: Installation) -> None:
    story = (await _story(apart, reason="合同纠纷请起诉")).does(c.Accept, after=HOUR)
    reason = TextId(f"{story.case_no}-reason")
    notices = await _written(apart, story.does(c.TakeLegalRoute, after=2 * HOUR, route=LegalRoute.COURT, reason=reason))
    assert "route" in [notice.kind for notice in notices]
    assert any("合同纠纷请起诉" in notice.body and "人民法院" in notice.body for notice in notices)


async def _story(place: Installation, *, requester: dict[str, Any] | None = None, **given: str) -> Story:
    """A registered case and the words that its commands will refer to, by the names of their fields."""
    case_no = await place.driver().register()
    async with place.sessions.begin() as session:
        if requester is not None:
            person = Requester(id=(await session.get_one(Case, case_no)).intake_id, **requester)
            session.add(person)
            await session.flush()
            (await session.get_one(Case, case_no)).requester_id = person.id
        for name, words in given.items():
            wording = Wording(text_id=f"{case_no}-{name}", case_no=case_no, author="x", body=words, written_at=BEGIN)
            session.add(wording)
    return Story(case_no)


async def _written(place: Installation, story: Story) -> list[Notice]:
    """The notices of the story so far, once it is recorded."""
    batch = EventBatch(case_no=story.case_no, events=tuple(story.events))
    await ActivityEnvironment().run(records(place.sessions).record_events, batch)
    async with place.sessions() as session:
        rows = await session.scalars(select(Notice).where(Notice.case_no == story.case_no).order_by(Notice.notice_no))
        return list(rows)
