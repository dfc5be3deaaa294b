"""A designated unit objects, and the common superior decides."""

from typing import Any

from tests.api.calling import VILLAGE, Callers
from tests.api.dispatching import disputed
from workflows.contracts.vocabulary import Role


async def _objected(callers: Callers) -> tuple[str, dict[str, Any]]:
    """The number of a case in which housing was designated and objects, with its task T3; and what was shown then."""
    case_no = await disputed(callers)
    await callers.dispatcher.post(f"/cases/{case_no}/designate", {"unit": "housing", "reason": "依职责清单"})
    return case_no, await callers.handler().post(f"/tasks/{case_no}-T3/object", {"reason": "保留意见"})


async def test_an_upheld_objection_frees_the_unit_and_names_another(at_work: Callers) -> None:
    case_no, asked = await _objected(at_work)
    (clock,) = [clock for clock in asked["clocks"] if clock["id"] == "objection_decision"]
    assert asked["tasks"][2]["objection"]["decide_by"] == clock["due_at"]
    assert "objected" in asked["flags"]
    path, body = f"/cases/{case_no}/objection-decision", {"task_no": f"{case_no}-T3", "upheld": True, "reason": "成立"}
    assert (await at_work.dispatcher.post(path, body, 409))["code"] == "unit_missing"
    decided = await at_work.role(Role.SUPERVISOR).post(path, body | {"unit": "transport"})
    assert [(task["unit_id"], task["status"], task["designated"]) for task in decided["tasks"][2:]] == [
        ("housing", "sent_back", True),
        ("transport", "dispatched", True),
    ]
    assert decided["tasks"][2]["objection"] is None
    turns = [(turn["what"], turn["unit_id"], turn["reason"]) for turn in decided["dispatch_story"]]
    assert ("objection_upheld", "housing", "成立") in turns


async def test_a_designation_that_stands_is_told(at_work: Callers) -> None:
    case_no, _ = await _objected(at_work)
    path, body = (
        f"/cases/{case_no}/objection-decision",
        {"task_no": f"{case_no}-T3", "upheld": False, "reason": "不成立"},
    )
    own_centre = at_work.role(Role.SUPERVISOR, region=VILLAGE)
    assert (await own_centre.post(path, body, 409))["code"] == "decided_a_level_up"
    decided = await at_work.dispatcher.post(path, body)
    assert (decided["tasks"][2]["status"], decided["tasks"][2]["objection"]) == ("dispatched", None)
    assert decided["dispatch_story"][-1]["what"] == "objection_refused"
    assert (await at_work.dispatcher.post(path, body, 409))["code"] == "no_objection"
