"""One matter reported more than once: the reports go on in one case, each with its own code, callback and rating."""

from typing import Any

from sqlalchemy import select

from infra.database import Sessions
from infra.tables import Case
from tests.api.calling import OTHER_COUNTY, TOWNSHIP, Caller, Callers
from tests.driving import until
from workflows.contracts.vocabulary import Role

MERGE = {"reason": "同一处路灯"}


async def _reported(callers: Callers, **fields: Any) -> dict[str, Any]:
    """The receipt of a case that was accepted."""
    receipt: dict[str, Any] = await callers.dispatcher.report(**fields)
    await callers.dispatcher.post(f"/cases/{receipt['case_no']}/accept")
    return receipt


async def _once(caller: Caller, path: str, what: str, holds: Any) -> dict[str, Any]:
    """What is shown there once that holds of it."""

    async def shown() -> dict[str, Any] | None:
        found: dict[str, Any] = await caller.get(path)
        return found if holds(found) else None

    found: dict[str, Any] = await until(shown, what)
    return found


async def _merged(callers: Callers, **fields: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The receipts of a main case and of one that goes on in it."""
    main, other = await _reported(callers), await _reported(callers, **fields)
    into = MERGE | {"into": main["case_no"]}
    await callers.dispatcher.post(f"/cases/{other['case_no']}/merge", into)
    await _once(callers.dispatcher, f"/cases/{main['case_no']}", "it is taken in", lambda shown: shown["merged"])
    return main, other


async def test_a_merged_case_and_its_main_case_know_each_other(at_work: Callers, sessions: Sessions) -> None:
    main, other = await _merged(at_work, title="路灯又不亮")
    shown = await at_work.dispatcher.get(f"/cases/{main['case_no']}")
    assert shown["merged"] == [
        {
            "case_no": other["case_no"],
            "title": "路灯又不亮",
            "status": "merged",
            "tracking_code": other["tracking_code"],
        }
    ]
    assert shown["reports"] == 2
    merged = await at_work.dispatcher.get(f"/cases/{other['case_no']}")
    assert (merged["status"], merged["merged_into"]["case_no"]) == ("merged", main["case_no"])
    assert (merged["main_status"], merged["reports"]) == (None, 1)
    async with sessions() as session:
        ended = await session.scalars(select(Case.ended_at).where(Case.case_no == other["case_no"]))
        assert ended.one() is not None


async def test_only_cases_that_the_viewer_may_see_are_named(at_work: Callers) -> None:
    main, other = await _merged(at_work, region_code="990103000000")
    here = at_work.role(Role.DISPATCHER, region="990102000000")
    shown = await here.get(f"/cases/{main['case_no']}")
    assert (shown["merged"], shown["reports"]) == ([], 2)
    there = at_work.role(Role.DISPATCHER, region="990103000000")
    assert (await there.get(f"/cases/{other['case_no']}"))["merged_into"] is None


async def test_each_reporter_follows_her_own_report_and_rates_it(at_work: Callers) -> None:
    main, other = await _merged(at_work)
    track = f"/track/{other['tracking_code']}"
    (hers,) = (await at_work.nobody().get(track))["cases"]
    assert (hers["case_no"], hers["status"], hers["merged"], hers["goes_on_in"]) == (
        other["case_no"],
        "merged",
        True,
        None,
    )
    assert main["case_no"] not in str(hers)
    await _verified(at_work, main["case_no"])
    concluded = await _once(
        at_work.nobody(), track, "the main case's result is known", lambda found: found["cases"][0]["handled_by"]
    )
    (hers,) = concluded["cases"]
    assert (hers["status"], hers["handled_by"]) == ("verified", ["云江市住房和城乡建设局"])
    assert [step["kind"] for step in hers["steps"]][-2:] == ["case_merged", "main_concluded"]
    holder = at_work.nobody(Tracking_Pin=other["pin"])
    rated = await holder.post(f"{track}/rate", {"rating": "dissatisfied", "solved": "partly"})
    assert (rated["private"]["rating"], rated["merged"]) == ("dissatisfied", True)
    assert (await at_work.dispatcher.get(f"/cases/{main['case_no']}"))["rating"] is None


async def _verified(callers: Callers, case_no: str) -> None:
    case = f"/cases/{case_no}"
    await callers.dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    await callers.handler().post(f"/tasks/{case_no}-T1/finish", {"reply": "路灯已修好"})
    await callers.role(Role.GRID_WORKER).post(f"{case}/verify", {"passed": True, "note": "看过"})


async def test_a_report_of_something_else_is_split_off_again(at_work: Callers, sessions: Sessions) -> None:
    main, other = await _merged(at_work)
    case, split = f"/cases/{main['case_no']}", {"tracking_codes": [other["tracking_code"]], "reason": "另一处路灯"}
    unknown = await at_work.dispatcher.post(f"{case}/split", split | {"tracking_codes": [main["tracking_code"]]}, 422)
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("unknown_tracking_code", "tracking_codes.0")
    shown = await at_work.dispatcher.post(f"{case}/split", split)
    assert (shown["merged"], shown["reports"]) == ([], 1)
    own = f"/cases/{other['case_no']}"
    again = await _once(at_work.dispatcher, own, "it goes on by itself", lambda found: found["status"] == "accepted")
    assert again["merged_into"] is None
    async with sessions() as session:
        ended = await session.scalars(select(Case.ended_at).where(Case.case_no == other["case_no"]))
        assert ended.one() is None
    gone = await at_work.dispatcher.post(f"{case}/split", split, 422)
    assert gone["code"] == "unknown_tracking_code"


async def test_a_case_goes_on_in_one_that_the_caller_sees_and_that_is_not_over(at_work: Callers) -> None:
    case_no = (await _reported(at_work))["case_no"]
    merge = f"/cases/{case_no}/merge"
    elsewhere = (await at_work.dispatcher.report(region_code="990103000000"))["case_no"]
    local = at_work.role(Role.DISPATCHER, region=TOWNSHIP)
    assert (await local.post(merge, MERGE | {"into": elsewhere}, 404))["code"] == "not_found"
    await at_work.role(Role.DISPATCHER, region=OTHER_COUNTY).post(merge, MERGE | {"into": case_no}, 404)
    itself = await local.post(merge, MERGE | {"into": case_no}, 409)
    assert itself["code"] == "merges_into_itself"
    await at_work.dispatcher.post(f"/cases/{elsewhere}/withdraw", {"reason": "自己解决了"})
    over = await at_work.dispatcher.post(merge, MERGE | {"into": elsewhere}, 409)
    assert over["code"] == "main_case_over"


async def test_cases_do_not_go_on_in_each_other_in_a_circle(at_work: Callers) -> None:
    first, second = await _merged(at_work)
    third = await _reported(at_work)
    into = MERGE | {"into": third["case_no"]}
    await at_work.dispatcher.post(f"/cases/{first['case_no']}/merge", into)
    for last in (first, second):
        back = MERGE | {"into": last["case_no"]}
        circle = await at_work.dispatcher.post(f"/cases/{third['case_no']}/merge", back, 409)
        assert (circle["code"], circle["detail_zh"] is not None) == ("merges_into_itself", True)
