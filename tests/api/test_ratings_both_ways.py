"""The whistler rates how a unit came, and the unit how it was called."""

from typing import Any

from tests.api.calling import Callers
from tests.api.dispatching import dispatched
from workflows.contracts.vocabulary import Role


def _ratings(shown: dict[str, Any], number: int) -> dict[str, Any]:
    given: dict[str, Any] = shown["tasks"][number - 1]["ratings"]
    return {side: {name: value for name, value in told.items() if name != "at"} for side, told in given.items() if told}


async def test_both_sides_of_a_whistle_rate_each_other_once(at_work: Callers) -> None:
    case_no = await dispatched(at_work, "transport")
    case, dispatcher, handler = f"/cases/{case_no}", at_work.dispatcher, at_work.handler()
    report_in = {"task_no": f"{case_no}-T1", "score": 4, "note": "到场及时"}
    early = await dispatcher.post(f"{case}/rate-report-in", report_in, 409)
    assert early["code"] == "not_reported_in"
    await handler.post(f"/tasks/{case_no}-T1/report-in")
    await at_work.role(Role.GRID_WORKER).post(f"{case}/rate-report-in", report_in)
    whistle = {"score": 2, "right_unit": True, "clear": False, "note": "事由不清"}
    rated = await handler.post(f"/tasks/{case_no}-T1/rate-whistle", whistle)
    assert _ratings(rated, 1) == {
        "report_in": {"score": 4, "note": "到场及时"},
        "whistle": whistle | {"avoidable": None},
    }
    assert _ratings(rated, 2) == {}
    assert (await dispatcher.post(f"{case}/rate-report-in", report_in, 409))["code"] == "report_in_rated"
    assert (await handler.post(f"/tasks/{case_no}-T1/rate-whistle", whistle, 409))["code"] == "whistle_rated"
    assert _ratings(await dispatcher.get(case, live=True), 1) == _ratings(rated, 1)


async def test_a_unit_rates_its_own_whistle_only(at_work: Callers) -> None:
    case_no = await dispatched(at_work, "transport")
    path = f"/tasks/{case_no}-T1/rate-whistle"
    assert (await at_work.handler("transport").post(path, {"score": 1}, 403))["code"] == "not_yours_to_do"
    await at_work.dispatcher.post(path, {"score": 1}, 403)
    for wrong in ({"score": 0}, {"score": 6}, {"score": "5"}, {}, {"score": 3, "clear": "yes"}):
        await at_work.handler().post(path, wrong, 422)
