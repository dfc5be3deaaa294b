"""What a matter counts for: once for its date, and once for each person who reported it."""

from typing import Any

from tests.api.calling import Callers
from tests.driving import until
from workflows.contracts.vocabulary import Role

LI, WANG = ({"name": name, "phone": phone} for name, phone in (("李某", "13900000021"), ("王某", "13900000022")))


async def _verified(callers: Callers, *requesters: dict[str, Any]) -> list[dict[str, Any]]:
    """Receipts of these people's reports: the others are merged into the first, whose result stands."""
    dispatcher = callers.dispatcher
    main, *others = [await dispatcher.report(requester=requester) for requester in requesters]
    case = f"/cases/{main['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    for other in others:
        await dispatcher.post(f"/cases/{other['case_no']}/merge", {"into": main["case_no"], "reason": "同一件事"})
    await _shown(callers, main, "reports", len(requesters))
    await callers.handler().post(f"/tasks/{main['case_no']}-T1/finish", {"reply": "已修好"})
    await callers.role(Role.GRID_WORKER).post(f"{case}/verify", {"passed": True, "note": "看过"})
    for other in others:
        await _shown(callers, other, "main_status", "verified")
    return [main, *others]


async def _shown(callers: Callers, receipt: dict[str, Any], name: str, value: Any) -> None:
    async def shown() -> bool:
        return bool((await callers.dispatcher.get(f"/cases/{receipt['case_no']}"))[name] == value)

    await until(shown, f"{receipt['case_no']} shows {name} {value}")


async def _rated(callers: Callers, receipt: dict[str, Any], rating: str) -> None:
    holder = callers.nobody(Tracking_Pin=receipt["pin"])
    await holder.post(f"/track/{receipt['tracking_code']}/rate", {"rating": rating})


async def _outcome(callers: Callers, receipt: dict[str, Any]) -> Any:
    return await callers.dispatcher.get(f"/cases/{receipt['case_no']}/outcome")


async def test_an_open_matter_has_no_outcome_yet(at_work: Callers) -> None:
    receipt = await at_work.dispatcher.report(requester=LI)
    assert await _outcome(at_work, receipt) == {
        "reports": 1,
        "on_time": None,
        "people": 1,
        "rated": 0,
        "satisfied": 0,
    }


async def test_a_person_who_reported_twice_is_one_voice_and_content_only_with_both(at_work: Callers) -> None:
    main, again, other = await _verified(at_work, LI, LI, WANG)
    await _rated(at_work, main, "satisfied")
    once = {"reports": 3, "on_time": True, "people": 2, "rated": 1, "satisfied": 1}
    assert await _outcome(at_work, main) == once
    await _rated(at_work, other, "basically_satisfied")
    assert await _outcome(at_work, main) == once | {"rated": 2, "satisfied": 2}
    await _rated(at_work, again, "very_dissatisfied")
    assert await _outcome(at_work, main) == once | {"rated": 2, "satisfied": 1}


async def test_those_who_left_no_number_are_each_a_voice_of_their_own(at_work: Callers) -> None:
    nameless = {"anonymous": True}
    main, *_ = await _verified(at_work, nameless, nameless)
    assert (await _outcome(at_work, main))["people"] == 2


async def test_a_report_that_its_reporter_had_taken_up_again_counts_for_itself(at_work: Callers) -> None:
    main, other = await _verified(at_work, LI, WANG)
    holder = at_work.nobody(Tracking_Pin=other["pin"])
    await holder.post(f"/track/{other['tracking_code']}/reopen", {"reason": "还是不亮"})
    assert (await _outcome(at_work, main))["reports"] == 1
    assert (await _outcome(at_work, other))["on_time"] is None


async def test_reports_that_came_through_another_case_count_too(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    first, second, third = [await dispatcher.report(requester=requester) for requester in (LI, WANG, LI)]
    await dispatcher.post(f"/cases/{first['case_no']}/accept")
    merges = ((third, second), (second, first))
    for other, main in merges:
        await dispatcher.post(f"/cases/{other['case_no']}/merge", {"into": main["case_no"], "reason": "同一件事"})
        await _shown(at_work, main, "reports", 2)
    outcome = await _outcome(at_work, first)
    assert (outcome["reports"], outcome["people"]) == (3, 2)
    (hers,) = (await at_work.nobody().get(f"/track/{third['tracking_code']}"))["cases"]
    assert hers["main"]["status"] == "accepted"


async def test_an_outcome_is_for_those_who_see_the_case(at_work: Callers) -> None:
    receipt = await at_work.dispatcher.report()
    stranger = at_work.role(Role.HANDLER, unit="tax")
    await stranger.get(f"/cases/{receipt['case_no']}/outcome", 404)
