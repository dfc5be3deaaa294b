"""Units that disagree and a resident who is not content, on the working calendar of 2026 and to the minute."""

from typing import Any

import pytest

from tests.api.calling import Caller
from tests.api.dispatching import SEND_BACK
from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts.vocabulary import Role

MONDAY = at("2026-05-11T09:20")
CITIZEN_DUE = at("2026-05-18T17:30")


async def test_two_units_that_do_not_want_it_dispute_and_the_requesters_date_stands(apart: Installation) -> None:
    case = DatedCase(apart, MONDAY)
    await case.report()
    _citizen_is_due(await case.signed())

    await case.skip_to(at("2026-05-12T11:00"))
    asked = await case.step("send-back", SEND_BACK)
    assert moment(_task(asked, 1)["send_back"]["decide_by"]) == at("2026-05-12T16:30")
    approved = await case.does("send-back-decision", task_no=case.task_no, approved=True, reason="属实")
    assert (approved["status"], approved["owner"]["role"]) == ("accepted", "dispatcher")
    _citizen_is_due(approved)
    await case.does("whistle", lead_unit="urban_management", reason="改派")
    _citizen_is_due(await case.step("sign", unit="urban_management", task=2))

    await case.skip_to(at("2026-05-13T10:30"))
    back = SEND_BACK | {"suggested_unit": "housing"}
    disputed = await case.step("send-back", back, unit="urban_management", task=2)
    assert "disputed" in disputed["flags"]
    assert moment(clock_of(disputed, "dispute")["due_at"]) == at("2026-05-14T17:30")
    decision = {"task_no": f"{case.case_no}-T2", "approved": True, "reason": "属实"}
    assert await case.refused("send-back-decision", **decision) == "no_send_back_asked"
    _citizen_is_due(disputed)

    # What is received at the last minute is in time, though the process has recorded the breach by then.
    await case.skip_to(at("2026-05-14T17:30"))
    designated = await case.does("designate", unit="housing", reason="依职责清单")
    dispute = clock_of(designated, "dispute")
    assert (moment(dispute["met_at"]), dispute["breached_at"]) == (at("2026-05-14T17:30"), None)
    assert (_task(designated, 3)["unit_id"], _task(designated, 3)["designated"]) == ("housing", True)
    assert moment(clock_of(designated, "T3/finish")["due_at"]) == at("2026-05-21T17:30")
    path = f"/tasks/{case.case_no}-T3/send-back"
    assert (await case.callers.handler().post(path, SEND_BACK, 409))["code"] == "designated_unit"
    objected = await case.step("object", {"reason": "保留意见"}, task=3)
    _citizen_is_due(objected)
    assert [(turn["what"], moment(turn["at"])) for turn in objected["dispatch_story"]] == [
        ("dispatched", MONDAY),
        ("sent_back_asked", at("2026-05-12T11:00")),
        ("sent_back", at("2026-05-12T11:00")),
        ("dispatched", at("2026-05-12T11:00")),
        ("sent_back_asked", at("2026-05-13T10:30")),
        ("disputed", at("2026-05-13T10:30")),
        ("sent_back", at("2026-05-14T17:30")),
        ("dispatched", at("2026-05-14T17:30")),
        ("designated", at("2026-05-14T17:30")),
        ("objected", at("2026-05-14T17:30")),
    ]
    assert moment((await case.tracked())["promise"]["due_at"]) == CITIZEN_DUE
    assert await case.said("clock_moved") == []


async def test_a_send_back_that_nobody_decides_leaves_the_task_with_its_unit(apart: Installation) -> None:
    case = DatedCase(apart, MONDAY)
    await case.report()
    await case.signed()
    await case.skip_to(at("2026-05-12T11:00"))
    await case.step("send-back", SEND_BACK)
    await case.skip_to(at("2026-05-12T16:29"))
    assert "send_back_asked" in (await case.shown())["flags"]

    await case.skip_to(at("2026-05-12T16:31"))
    lapsed = await case.shown()
    assert "send_back_asked" not in lapsed["flags"]
    assert (lapsed["status"], lapsed["owner"]["unit_id"]) == ("dispatched", "housing")
    assert (_task(lapsed, 1)["status"], _task(lapsed, 1)["send_back"]) == ("signed", None)
    turn = lapsed["dispatch_story"][-1]
    assert (turn["what"], moment(turn["at"])) == ("lapsed", at("2026-05-12T16:30"))
    decision = {"task_no": case.task_no, "approved": True, "reason": "属实"}
    assert await case.refused("send-back-decision", **decision) == "no_send_back_asked"

    # The window is open still, and a second time is a dispute, though it is the same unit.
    again = await case.step("send-back", SEND_BACK)
    assert moment(clock_of(again, "dispute")["due_at"]) == at("2026-05-13T17:30")
    _citizen_is_due(again)


@pytest.mark.parametrize("by_the_requester", [True, False])
async def test_a_closed_case_that_does_not_satisfy_has_five_working_days_more(
    apart: Installation, *, by_the_requester: bool
) -> None:
    case = DatedCase(apart, at("2026-03-02T10:00"))
    await case.report()
    await case.signed()
    await case.skip_to(at("2026-03-05T16:00"))
    verifier, other = (case.callers.role(Role.GRID_WORKER) for _ in range(2))
    await case.step("finish", {"reply": "路灯已修好"})
    await _verified(case, verifier)
    closed = await case.does("callback", outcome="reached", solved="yes", rating="satisfied")
    first = clock_of(closed, "citizen")
    assert (closed["status"], moment(first["met_at"])) == ("closed", at("2026-03-05T16:00"))

    await case.skip_to(at("2026-03-06T15:00"))
    again = await case.does("callback", outcome="reached", solved="no")
    assert (again["status"], again["solved"], again["rating"]) == ("closed", "no", "satisfied")
    if by_the_requester:
        await case.requester.post(f"/track/{case.tracking_code}/reopen", {"reason": "又不亮了"})
    else:
        await case.does("reopen", reason="二次回访未解决")
    reopened = await case.shown()
    assert (reopened["status"], reopened["round"], reopened["rework"]) == ("accepted", 2, 1)
    assert clock_of(reopened, "citizen") == first
    second = clock_of(reopened, "citizen#2")
    assert (second["limit"], moment(second["due_at"])) == ("5 working_days", at("2026-03-13T17:30"))
    assert moment(clock_of(reopened, "dispatch#2")["due_at"]) == at("2026-03-09T10:00")
    assert moment((await case.tracked())["promise"]["due_at"]) == at("2026-03-13T17:30")

    await case.does("whistle", lead_unit="housing", reason="重办")
    await case.step("finish", {"reply": "已换线路"}, task=2)
    refused = await verifier.post(f"/cases/{case.case_no}/verify", {"passed": True, "note": "看过"}, 409)
    assert refused["code"] == "verifier_judged_before"
    verified = await _verified(case, other)
    assert verified["status"] == "verified"
    assert moment(clock_of(verified, "citizen#2")["met_at"]) == at("2026-03-06T15:00")


async def _verified(case: DatedCase, verifier: Caller) -> Any:
    return await verifier.post(f"/cases/{case.case_no}/verify", {"passed": True, "note": "看过"})


def _task(shown: Any, number: int) -> Any:
    return shown["tasks"][number - 1]


def _citizen_is_due(shown: Any) -> None:
    assert moment(clock_of(shown, "citizen")["due_at"]) == CITIZEN_DUE
