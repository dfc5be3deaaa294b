"""Who reads what of a mediation: what is said in it stays with those who hold it."""

import json
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from api.mediation_sight import Sight, sealed
from api.timeline import PROTECTED, TimelineItem
from infra.database import Sessions
from infra.tables import AuditEntry, Case
from tests.api.calling import VILLAGE, Caller, Callers
from tests.api.mediations_on_record import (
    FORMER,
    INVITED,
    MEDIATOR,
    OTHER_MEDIATOR,
    SCAN,
    VILLAGE_COMMITTEE,
    Scene,
    Written,
)
from tests.rules.mediation.talks import talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import Remedy
from workflows.contracts.time_events import RungReached
from workflows.contracts.vocabulary import Role, Rung

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TALKS = {"concession", "open_points", "terms", "promise"}
"""What is for host and mediators of the step alone, the text of an agreement as long as nobody has signed it."""


@pytest.fixture(scope="module")
async def drafted(callers: Callers, sessions: Sessions) -> Written:
    """A mediation in which an agreement is drawn up."""
    scene = Scene()
    return await scene.written(scene.drafted(), callers, sessions)


@pytest.fixture(scope="module")
async def kept(callers: Callers, sessions: Sessions) -> Written:
    """One whose agreement binds, with a promise broken."""
    scene = Scene()
    return await scene.written(scene.binding(), callers, sessions)


def readers(callers: Callers) -> dict[str, Caller]:
    role = callers.role
    return {
        "mediator": role(Role.MEDIATOR, user=MEDIATOR),
        "host_mediator": role(Role.MEDIATOR, unit=VILLAGE_COMMITTEE),
        "host_handler": role(Role.HANDLER, unit=VILLAGE_COMMITTEE),
        "fact_finder": role(Role.MEDIATOR, user=OTHER_MEDIATOR),
        "former_mediator": role(Role.MEDIATOR, user=FORMER),
        "invited": role(Role.HANDLER, unit=INVITED),
        "other_mediator": role(Role.MEDIATOR, unit="committee-medical"),
        "handler": role(Role.HANDLER, unit="roads"),
        "dispatcher": role(Role.DISPATCHER, region=VILLAGE),
        # A token that carries the mediator's own id in another role is no way in.
        **{f"{r}": role(r, user=MEDIATOR) for r in (Role.SUPERVISOR, Role.OPERATOR, Role.AUDITOR, Role.GRID_WORKER)},
        "system": role(Role.SYSTEM, unit=VILLAGE_COMMITTEE),
    }


async def everything(caller: Caller, written: Written) -> str:
    """All that the caller gets to read about it, at every address."""
    papers = (await caller.http.get(f"{written.path}/papers")).json().get("items", [])
    addresses = [
        written.path,
        f"{written.path}?live=false",
        *(f"{written.path}/{part}" for part in ("timeline?limit=200", "people", "papers", "sessions.ics")),
        *(f"{written.path}/papers/{paper['paper_no']}.docx" for paper in papers),
        *(f"{written.path}/{name}.docx" for name in ("agreement", "pack")),
        *(f"/attachments/{file_id}" for file_id in written.files.values()),
        *(f"/cases/{written.case_no}{part}" for part in ("", "/timeline?limit=200", "/mediations", "/outcome")),
        "/mediations?limit=200",
        "/mediations/figures",
        "/mediations/complete-files.xlsx?month=2026-09",
        "/mediators/me/sessions.ics",
        f"/cases?q={written.words['terms']}",
        "/operations/stuck",
    ]
    answers = [await caller.http.get(address) for address in addresses]
    assert not [answer.url for answer in answers if answer.status_code >= 500]
    return "\n".join(_text(answer.content) for answer in answers)


def _text(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.hex() if content == SCAN else content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as file:
        return "\n".join(file.read(name).decode(errors="replace") for name in file.namelist())


async def test_what_is_said_is_read_by_host_and_mediators_alone(callers: Callers, drafted: Written) -> None:
    found = {}
    for who, caller in readers(callers).items():
        read = await everything(caller, drafted)
        found[who] = {what for what, secret in drafted.words.items() if secret in read}
        found[who] |= {"names" for name in drafted.names.values() if name in read}
        found[who] |= {"file"} if SCAN.hex() in read else set()
        found[who] |= {"sum"} if "765432" in read or "7654.32" in read or "7,654.32" in read else set()
    inside = {*drafted.words, "names", "file", "sum"}
    assert found.pop("mediator") == found.pop("host_mediator") == found.pop("host_handler") == inside
    assert found.pop("fact_finder") == inside - TALKS - {"file", "sum"}
    # The centre that plans knows the parties, and hands the notices out.
    assert found.pop("dispatcher") == {"names"}
    assert {who: read for who, read in found.items() if read} == {}


async def test_an_agreement_that_binds_is_for_all_who_took_part_and_nobody_else(
    callers: Callers, kept: Written
) -> None:
    who = readers(callers)
    seen = {name: await everything(who[name], kept) for name in ("fact_finder", "dispatcher", Role.SUPERVISOR)}
    assert kept.words["terms"] in seen["fact_finder"]
    assert kept.words["concession"] not in seen["fact_finder"]
    for outside in ("dispatcher", Role.SUPERVISOR):
        assert not [what for what in TALKS if kept.words[what] in seen[outside]]
    figures = await who[Role.SUPERVISOR].get(kept.path)
    (item,) = figures["agreement"]["items"]
    assert (figures["sealed"], item["what"], item["amount"], item["status"]) == (True, "内容保密", None, "breached")
    assert figures["parties"] == []


async def test_each_look_at_what_is_confidential_is_on_record(
    callers: Callers, sessions: Sessions, drafted: Written
) -> None:
    looker = callers.role(Role.MEDIATOR, unit=VILLAGE_COMMITTEE)
    paper = (await looker.get(f"{drafted.path}/papers"))["items"][0]
    for address in ("", "/timeline", "/people", f"/papers/{paper['paper_no']}.docx", "/agreement.docx", "/pack.docx"):
        assert (await looker.http.get(drafted.path + address)).status_code == 200
    assert (await looker.http.get(f"/attachments/{drafted.files['session']}")).status_code == 200
    async with sessions() as session:
        looks = select(AuditEntry.detail).where(
            AuditEntry.case_no == drafted.case_no,
            AuditEntry.action == "read_mediation",
            AuditEntry.detail["unit"].astext == VILLAGE_COMMITTEE,
            AuditEntry.detail["role"].astext == "mediator",
        )
        whats = {detail["what"] for detail in await session.scalars(looks)}
    assert whats >= {"talks", "timeline", "contacts", "rights_notice", "agreement", "pack", "attachment"}


def test_what_a_clock_does_is_a_figure_that_everybody_reads() -> None:
    reached = RungReached(clock_id="K1/mediation", rung=Rung.URGE, times=2)
    moved = {"clock_id": "K1/mediation", "cause": "merger", "limit": "1 months", "started_at": "x", "source": "[law] x"}
    items = [
        TimelineItem(seq=1, kind=kind, at=NOW, recorded_at=NOW, actor=PROTECTED, data=data)
        for kind, data in (("rung_reached", reached.model_dump(mode="json", exclude={"kind"})), ("clock_moved", moved))
    ]
    assert sealed(items, talks().under_way("people").state, Sight()) == items


async def test_a_timeline_comes_in_pages_with_words_or_what_stands_for_them(callers: Callers, drafted: Written) -> None:
    supervisor, mediator = callers.role(Role.SUPERVISOR), readers(callers)["mediator"]
    first = await supervisor.get(f"{drafted.path}/timeline", limit=5)
    rest = await supervisor.get(f"{drafted.path}/timeline", limit=200, cursor=first["next_cursor"])
    items = first["items"] + rest["items"]
    assert [item["seq"] for item in items] == list(range(1, len(items) + 1))
    (told,) = [item["data"] for item in items if item["kind"] == "session_recorded"]
    assert (told["session_no"], told["status"], told["facts"], told["concessions"]) == (
        "S1",
        "held",
        "内容保密",
        "内容保密",
    )
    whole = await mediator.get(f"{drafted.path}/timeline", limit=200)
    (record,) = [item["data"] for item in whole["items"] if item["kind"] == "session_recorded"]
    assert record["concessions"] == [{"party_no": "P1", "text": drafted.words["concession"]}]


async def test_the_list_finds_mediations_by_what_is_no_secret(
    callers: Callers, drafted: Written, kept: Written
) -> None:
    dispatcher, mediator = callers.dispatcher, readers(callers)["mediator"]

    async def numbers(by: Caller, **asked: Any) -> set[str]:
        return {item["mediation_no"] for item in (await by.get("/mediations", limit=200, **asked))["items"]}

    both = {drafted.number, kept.number}
    assert await numbers(dispatcher, mediator=MEDIATOR, channel="people", host=VILLAGE_COMMITTEE) >= both
    assert await numbers(dispatcher, status="drafted", mediator=MEDIATOR) & both == {drafted.number}
    assert not await numbers(dispatcher, channel="court", mediator=MEDIATOR) & both
    assert not await numbers(dispatcher, region="990101000000") & both
    assert await numbers(mediator) >= both
    assert await numbers(callers.role(Role.HANDLER, unit=INVITED)) >= both
    assert not await numbers(callers.role(Role.HANDLER, unit="roads")) & both
    (item,) = (await dispatcher.get(f"/cases/{kept.case_no}/mediations"))["items"]
    assert (item["status"], item["channel"], item["host"]["unit_id"]) == ("agreed", "people", VILLAGE_COMMITTEE)
    await callers.handler("roads").get(f"/cases/{kept.case_no}/mediations", 404)


async def test_figures_have_numerator_and_denominator_and_one_definition_each(
    callers: Callers, sessions: Sessions
) -> None:
    async def counted() -> Counter[str]:
        period = {"from": "2026-09-01", "until": "2026-11-30"}
        figures = await callers.dispatcher.get("/mediations/figures", **period)
        people: dict[str, Any] = next((one for one in figures["channels"] if one["channel"] == "people"), {})
        shares = {name: share for name, share in people.items() if name != "channel"}
        return Counter({f"{name} {part}": n for name, share in shares.items() for part, n in share.items()})

    before = await counted()
    for story in (Scene.drafted, Scene.binding, Scene.failed):
        scene = Scene()
        await scene.written(story(scene), callers, sessions)
    assert await counted() - before == {
        "success numerator": 1,
        "success denominator": 3,
        "success_of_concluded numerator": 1,
        "success_of_concluded denominator": 2,
        "resolution denominator": 3,
        "fulfilment denominator": 1,
    }


async def test_a_party_sees_her_own_side_by_tracking_code_and_pin(
    callers: Callers, drafted: Written, kept: Written
) -> None:
    def own(written: Written) -> Any:
        return callers.nobody(Tracking_Pin=written.pin).get(f"/track/{written.code}")

    assert kept.words["terms"] not in json.dumps(await callers.nobody().get(f"/track/{kept.code}"))
    (mine,) = (await own(kept))["cases"][0]["private"]["mediations"]
    assert (mine["party_no"], mine["channel"], mine["status"]) == ("P1", "people", "agreed")
    assert mine["agreement"]["terms"] == kept.words["terms"]
    (promise,) = mine["agreement"]["promises"]
    assert (promise["to_her"], promise["by_her"], promise["amount"]) == (True, False, "7654.32")
    assert {way["remedy"] for way in mine["ways"]} == {"enforcement", "court"}
    assert all(way["name"] and way["how"] for way in mine["ways"])
    unsigned = json.dumps(await own(drafted), ensure_ascii=False)
    assert not [what for what in drafted.words if drafted.words[what] in unsigned]


async def test_what_ended_tells_where_to_go(callers: Callers, sessions: Sessions) -> None:
    scene = Scene()
    story = scene.opened().planned("people").at("2026-09-02T09:00").when(c.EndMediation, remedy=Remedy.COURT)
    ended = await scene.written(story, callers, sessions)
    (mine,) = (await callers.nobody(Tracking_Pin=ended.pin).get(f"/track/{ended.code}"))["cases"][0]["private"][
        "mediations"
    ]
    assert (mine["status"], [way["remedy"] for way in mine["ways"]]) == (
        "failed",
        ["other_channel", "arbitration", "court"],
    )


@pytest.mark.parametrize("kept_away", [{"hidden_from": ["990102001"]}, {"concerned": [VILLAGE_COMMITTEE]}])
async def test_what_keeps_somebody_from_a_case_keeps_the_host_from_its_mediation(
    callers: Callers, sessions: Sessions, kept_away: dict[str, list[str]]
) -> None:
    scene = Scene()
    written = await scene.written(scene.drafted(), callers, sessions)
    async with sessions.begin() as session:
        await session.execute(update(Case).where(Case.case_no == written.case_no).values(**kept_away))
    host = callers.role(Role.MEDIATOR, unit=VILLAGE_COMMITTEE)
    read = await everything(host, written)
    assert not [what for what, secret in written.words.items() if secret in read]
    assert not [name for name in written.names.values() if name in read]
    assert SCAN.hex() not in read
