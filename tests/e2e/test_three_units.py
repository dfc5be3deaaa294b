"""Fumes, noise and a blocked passage: a whistle to three units, of which one stays away (story a)."""

from typing import Any

from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at

THURSDAY = at("2026-04-02T10:00")
"""Before the Qingming holiday, which ends on Tuesday 7 April."""
NOISE = "环境保护/环境污染/噪音污染"
UNITS = ("urban_management", "market_supervision", "public_security")
ABSENT = 2
DUE = {
    "sign": at("2026-04-02T11:00"),
    "contact": at("2026-04-03T10:00"),
    "report_in": at("2026-04-08T17:30"),
    "finish": at("2026-04-17T17:30"),
}


async def test_the_unit_that_stays_away_is_marked_and_the_others_are_not(apart: Installation) -> None:
    case = DatedCase(apart, THURSDAY)
    await case.report(
        title="餐馆油烟、噪音扰民，通道被占", description="夜里油烟和排风声，桌椅占了消防通道", category=NOISE
    )
    await case.does("accept")
    whistled = await case.does(
        "whistle", lead_unit=UNITS[0], co_units=UNITS[1:], preset="whistle_standard", reason="请现场联合处理"
    )
    assert [task["role"] for task in whistled["tasks"]] == ["lead", "co", "co"]
    for number in (1, 2, 3):
        for name, due in DUE.items():
            assert moment(clock_of(whistled, f"T{number}/{name}")["due_at"]) == due
    # The power over noise lies with a vertical unit, which is asked beside the three and given no date.
    assert [referral["unit_id"] for referral in whistled["referrals"]] == ["ecology"]

    for step, body in (("sign", None), ("contact", {"note": "已联系"}), ("report-in", None)):
        await case.skip_to(DUE[step.replace("-", "_")])
        for number in (1, 3):
            # Received at the last minute it is in time.
            await case.step(step, body, unit=UNITS[number - 1], task=number)
        shown = await case.shown()
        for number in (1, 2, 3):
            clock = clock_of(shown, f"T{number}/{step.replace('-', '_')}")
            ran_out = moment(clock["breached_at"])
            assert ran_out == (moment(clock["due_at"]) if number == ABSENT else None)
    await case.skip_to(at("2026-04-09T09:00"))
    assert _absent(await case.shown()) == [False, True, False]

    await case.does("rate-report-in", task_no=case.task_no, score=5)
    assert await case.refused("rate-report-in", task_no=f"{case.case_no}-T2", score=1) == "not_reported_in"

    await case.skip_to(DUE["finish"])
    for number in (1, 3):
        done = await case.step("finish", {"reply": "已整改"}, unit=UNITS[number - 1], task=number)
    assert (done["status"], done["owner"]["unit_id"]) == ("in_progress", UNITS[ABSENT - 1])
    released = await case.does("release", task_no=f"{case.case_no}-T2", reason="主办已处理完毕")
    assert released["status"] == "finished"
    for number in (1, 3):
        finish = clock_of(released, f"T{number}/finish")
        assert (moment(finish["met_at"]), finish["breached_at"]) == (DUE["finish"], None)
    assert clock_of(released, "T2/finish")["met_at"] is None
    assert moment(clock_of(released, "citizen")["met_at"]) == DUE["finish"]


def _absent(shown: Any) -> list[bool]:
    return [task["absent"] for task in shown["tasks"]]
