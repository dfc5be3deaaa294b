"""A quarrel of neighbours is withdrawn; the danger of fire in it goes on as a case of its own (story e)."""

from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at

HAZARD = {"title": "楼道堆物有火险", "description": "楼道里堆满纸箱，挡住消防栓"}


async def test_the_quarrel_is_over_and_the_fire_hazard_is_not(apart: Installation) -> None:
    quarrel = DatedCase(apart, at("2026-07-13T09:00"))
    who = {"name": "李某", "phone": "13900000015"}
    before = await quarrel.report(kind="dispute", title="邻里争吵", description="为楼道堆物吵了几次", requester=who)
    assert moment(clock_of(before, "citizen")["due_at"]) == at("2026-07-20T17:30")
    await quarrel.signed()
    await quarrel.skip_to(at("2026-07-15T10:00"))
    asked = await quarrel.callers.handler().post(f"/cases/{quarrel.case_no}/withdraw", {"reason": "双方和好了"})
    assert (asked["status"], moment(clock_of(asked, "withdrawal")["due_at"])) == (
        "dispatched",
        at("2026-07-15T15:30"),
    )

    await quarrel.skip_to(at("2026-07-15T11:00"))
    over = await quarrel.does("confirm-withdrawal", confirmed=True, hazard=HAZARD)
    assert (over["status"], over["tasks"][0]["status"]) == ("withdrawn", "cancelled")
    assert {clock["name"] for clock in over["clocks"] if not (clock["met_at"] or clock["stopped_at"])} == {
        "archive_after"
    }
    (child,) = over["children"]

    hazard = await quarrel.takes_up(child["case_no"])
    shown = await hazard.shown()
    assert (shown["kind"], shown["title"], shown["status"]) == ("hazard", HAZARD["title"], "registered")
    assert shown["parent"]["case_no"] == quarrel.case_no
    assert moment(shown["registered_at"]) == at("2026-07-15T11:00")
    assert moment(clock_of(shown, "citizen")["due_at"]) == at("2026-07-22T17:30")
    requester = await hazard.dispatcher.get(f"/cases/{hazard.case_no}/requester")
    assert (requester["name"], requester["phone"]) == (None, None)
    assert [one["case_no"] for one in (await quarrel.requester.get(f"/track/{quarrel.tracking_code}"))["cases"]] == [
        quarrel.case_no
    ]

    await hazard.whistled("emergency_management")
    await hazard.skip_to(at("2026-07-16T16:00"))
    await hazard.step("finish", {"reply": "已清理"}, unit="emergency_management")
    await hazard.does("verify", passed=True, note="现场看过")
    closed = await hazard.does("callback", outcome="anonymous")
    assert (closed["status"], (await quarrel.shown())["status"]) == ("closed", "withdrawn")
