"""Twenty-three reports from nineteen people of one burst pipe: one matter, and nineteen voices (story f)."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.driving import until
from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at

MONDAY = at("2026-07-20T09:00")
PEOPLE = 19
CALLED_TWICE = (0, 1, 2, 3)
FRIGHTENED = 12
"""Who reports it as an emergency, at 09:41."""
IN_TWO_HOURS = at("2026-07-20T11:41")
IN_FIVE_DAYS = at("2026-07-27T17:30")
NOT_CONTENT, NOT_TO_BE_ASKED = 5, 6


async def test_a_burst_pipe_is_one_matter_and_everybody_who_reported_it_is_asked(apart: Installation) -> None:
    main = DatedCase(apart, MONDAY)
    await _reported(main, 0)
    whistled = await main.whistled("water_supply")
    assert moment(clock_of(whistled, "citizen")["due_at"]) == IN_FIVE_DAYS
    await main.step("report-in", unit="water_supply")
    await main.skip_to(at("2026-07-20T10:00"))

    callers = [*range(1, PEOPLE), *CALLED_TWICE]
    reports = [DatedCase(apart, MONDAY + timedelta(minutes=30 + nth)) for nth in range(len(callers))]
    for report, person in zip(reports, callers, strict=True):
        await _reported(report, person, urgency="emergency" if person == FRIGHTENED else "ordinary")
        await _merged(report, main)
    another = DatedCase(apart, at("2026-07-20T10:00"))
    await _reported(another, PEOPLE, title="另一处水管爆裂")
    await _merged(another, main)
    taken_in = await _shows(main, reports=len(reports) + 2)
    assert moment(clock_of(taken_in, "citizen")["due_at"]) == IN_TWO_HOURS
    assert [told["about"] for told in (await main.tracked())["told"]] == ["merged"]

    await main.does("split", tracking_codes=[another.tracking_code], reason="是另一处水管")
    own = await _shows(another, status="accepted")
    assert moment(clock_of(own, "citizen")["due_at"]) == IN_FIVE_DAYS
    assert moment(clock_of(await main.shown(), "citizen")["due_at"]) == IN_TWO_HOURS

    await main.skip_to(at("2026-07-20T11:30"))
    await asyncio.gather(*(report.skip_to(main.now) for report in reports))
    await main.step("finish", {"reply": "水管已换"}, unit="water_supply")
    await main.does("verify", passed=True, note="已通水")
    voices = list(zip([main, *reports], [0, *callers], strict=True))
    for report, person in voices:
        followed = await _shows(report, **({} if report is main else {"main_status": "verified"}))
        assert moment(clock_of(followed, "callback")["due_at"]) == at("2026-07-23T17:30")
        await _asked(report, person)
    assert len({report.tracking_code for report, _ in voices}) == len(voices)

    outcome = await main.dispatcher.get(f"/cases/{main.case_no}/outcome")
    assert outcome == {"reports": 23, "on_time": True, "people": 19, "rated": 18, "satisfied": 17}
    alone = await another.dispatcher.get(f"/cases/{another.case_no}/outcome")
    assert alone == {"reports": 1, "on_time": None, "people": 1, "rated": 0, "satisfied": 0}


async def _reported(case: DatedCase, person: int, *, title: str = "水管爆裂", **fields: Any) -> None:
    who = {"name": f"居民{person}", "phone": f"138000000{person:02d}"}
    await case.report(title=title, description="路口水管爆了，水漫到路上", requester=who, **fields)


async def _merged(report: DatedCase, main: DatedCase) -> None:
    merged = await report.does("merge", into=main.case_no, reason="同一处水管")
    assert (merged["status"], merged["merged_into"]["case_no"]) == ("merged", main.case_no)
    own = await report.tracked()
    assert own["merged"]
    # A merged report is told by its main case what the matter came to; until then nobody asks its reporter.
    assert await report.refused("callback", outcome="declined") == "case_not_verified"


async def _asked(report: DatedCase, person: int) -> None:
    """She rates it by her code, or is called; one does not want to be asked."""
    if person == NOT_TO_BE_ASKED:
        await report.does("callback", outcome="declined")
    elif person == NOT_CONTENT:
        await report.does("callback", outcome="reached", rating="dissatisfied", solved="partly")
    else:
        await report.requester.post(f"/track/{report.tracking_code}/rate", {"rating": "satisfied", "solved": "yes"})


async def _shows(case: DatedCase, **wanted: Any) -> Any:
    """The snapshot, once it says all this."""

    async def shown() -> Any:
        found = await case.shown()
        return found if all(found[name] == value for name, value in wanted.items()) else None

    return await until(shown, f"{case.case_no} shows {wanted}")
