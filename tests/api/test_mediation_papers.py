"""Files of mediations: papers as of the event that they tell of, the whole file, calendars, the list for the county."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import icalendar
import pytest
from openpyxl import load_workbook

from infra.database import Sessions
from tests.api.calling import Caller, Callers
from tests.api.mediations_on_record import MEDIATOR, VILLAGE_COMMITTEE, Scene, Written
from tests.papers.test_papers import text_of
from workflows.contracts.mediation.vocabulary import Paper
from workflows.contracts.vocabulary import Role


@pytest.fixture(scope="module")
async def broken(callers: Callers, sessions: Sessions) -> Written:
    scene = Scene()
    return await scene.written(scene.binding(), callers, sessions)


def mediator(callers: Callers) -> Caller:
    return callers.role(Role.MEDIATOR, user=MEDIATOR)


async def test_each_paper_is_written_from_the_records_as_of_its_event(callers: Callers, broken: Written) -> None:
    reader = mediator(callers)
    papers: dict[Paper, str] = {}
    for item in (await reader.get(f"{broken.path}/papers"))["items"]:
        answer = await reader.http.get(f"{broken.path}/papers/{item['paper_no']}.docx")
        name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
        assert name == f"{item['name']}-{item['paper_no']}.docx"
        assert answer.headers["content-type"].endswith("wordprocessingml.document")
        papers.setdefault(Paper(item["paper"]), text_of(answer.content))
    assert set(papers) == set(Paper) - {Paper.TERMINATION}
    assert all(broken.names["P1"] in text for text in papers.values())
    words = broken.words
    # Who stepped back later was not named yet; what was told of her ties came after this notice.
    assert words["ties"] not in papers[Paper.RIGHTS_NOTICE]
    assert "2026年9月2日14:00" in papers[Paper.INVITATION]
    record = papers[Paper.SESSION_RECORD]
    assert words["facts"] in record
    assert words["open_points"] in record
    assert words["concession"] not in "".join(papers.values())
    agreement = papers[Paper.AGREEMENT]
    assert all(part in agreement for part in (words["terms"], words["promise"], "7,654.32", "最迟在2026年10月8日24时"))
    assert "该纠纷已经达成调解协议，但有约定的事项没有履行" in papers[Paper.ROUTE_NOTICE]


async def test_a_draft_is_printed_to_be_signed(callers: Callers, sessions: Sessions) -> None:
    scene = Scene()
    drafted = await scene.written(scene.drafted(), callers, sessions)
    draft = await mediator(callers).http.get(f"{drafted.path}/agreement.docx")
    assert drafted.words["terms"] in text_of(draft.content)
    nothing = await scene_without_agreement(callers, sessions)
    await mediator(callers).get(f"{nothing.path}/agreement.docx", 404)


async def scene_without_agreement(callers: Callers, sessions: Sessions) -> Written:
    scene = Scene()
    return await scene.written(scene.failed(), callers, sessions)


async def test_the_pack_binds_everything_in_order_and_names_what_is_missing(callers: Callers, broken: Written) -> None:
    bound = await mediator(callers).http.get(f"{broken.path}/pack.docx")
    assert bound.status_code == 200
    text = text_of(bound.content)
    order = (
        "调解申请书",
        "调解权利义务告知书（已送达申请人P1）",
        "调解笔录",
        "调解笔录原件",
        "调解协议书",
        "调解协议书签署件",
        "救济途径告知书",
    )
    places = [text.index(f"|{title}|") for title in order]
    assert places == sorted(places)
    assert "本卷尚缺下列材料" in text
    assert "调解权利义务告知书的送达回证（被申请人P2）" in text
    assert "回访记录" in text
    assert broken.words["concession"] not in text


async def test_calendars_hold_sessions_and_nobodys_name(callers: Callers, broken: Written) -> None:
    for address in (f"{broken.path}/sessions.ics", "/mediators/me/sessions.ics"):
        answer = await mediator(callers).http.get(address)
        assert answer.headers["content-type"].startswith("text/calendar")
        events: list[Any] = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        (own,) = [event for event in events if event["UID"].startswith(broken.number)]
        assert own["DTSTART"].dt.astimezone(UTC) == datetime(2026, 9, 2, 6, tzinfo=UTC)
        assert own["SUMMARY"] == f"人民调解 {broken.number}"
        assert not [name for name in broken.names.values() if name in answer.text]


async def test_the_monthly_list_has_what_ended_with_an_agreement_and_what_files_lack(
    callers: Callers, sessions: Sessions, broken: Written
) -> None:
    scene = Scene()
    kept = await scene.written(scene.fulfilled(), callers, sessions)
    supervisor = callers.role(Role.SUPERVISOR)
    listed = await rows(supervisor, "2026-10")
    (row,) = [row for row in listed if row[1] == kept.number]
    assert "回访记录" in row[11]
    assert (row[10], row[12]) == ("否", 0)
    assert broken.number not in {row[1] for row in listed}
    assert kept.number not in {row[1] for row in await rows(supervisor, "2026-09")}
    await callers.role(Role.HANDLER, unit=VILLAGE_COMMITTEE).get(
        "/mediations/complete-files.xlsx", 403, month="2026-10"
    )
    await supervisor.get("/mediations/complete-files.xlsx", 422, month="2026-13")


async def rows(caller: Caller, month: str) -> list[tuple[Any, ...]]:
    answer = await caller.http.get("/mediations/complete-files.xlsx", params={"month": month})
    assert answer.status_code == 200, answer.text
    return list(load_workbook(BytesIO(answer.content))["清单"].iter_rows(min_row=3, values_only=True))
