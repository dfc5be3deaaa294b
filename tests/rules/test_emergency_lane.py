"""Emergencies: straight to the units that the routing catalogue names, around the clock, in minutes."""

from tests.rules.case_builder import (
    CASE_NO,
    EMERGENCY,
    WORDS,
    CaseBuilder,
    department,
    kinds,
    local,
    notices,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, NoticeKind, OwnerRole, TaskRole, Urgency

AT_NIGHT = "2026-03-07T02:30"
"""On a Saturday."""
LANE = (department("fire", connected=True), department("gas"))
POLICY = EMERGENCY.model_copy(update={"default_task_preset": "emergency"})


def in_the_lane() -> CaseBuilder:
    return registered(AT_NIGHT, urgency=Urgency.EMERGENCY, policy=POLICY, lane=LANE)


def test_an_emergency_is_with_the_units_the_moment_it_is_on_record() -> None:
    case = in_the_lane()
    assert (case.state.status, case.state.accepted_at) == (CaseStatus.DISPATCHED, case.now)
    assert [(task.unit.unit_id, task.role, task.preset) for task in case.state.open_tasks] == [
        ("fire", TaskRole.LEAD, "emergency"),
        ("gas", TaskRole.CO, "emergency"),
    ]
    assert case.owed == (OwnerRole.LEAD_UNIT, "fire")
    assert signals(case.happened) == [("fire", SignalType.DISPATCHED)]
    assert notices(case) == [(NoticeKind.RECEIPT, "case_accepted")]


def test_its_minutes_count_at_night_and_on_a_saturday() -> None:
    case = in_the_lane()
    due = {clock_id: local(case.clock(clock_id).due_at) for clock_id in case.armed}
    assert due == {
        "citizen": "2026-03-07T04:30",
        "T1/sign": "2026-03-07T02:40",
        "T2/sign": "2026-03-07T02:40",
        "T1/report_in": "2026-03-07T03:30",
        "T2/report_in": "2026-03-07T03:30",
        "T1/finish": "2026-03-07T04:30",
        "T2/finish": "2026-03-07T04:30",
    }


def test_nobody_has_to_take_it_on_or_dispatch_it() -> None:
    case = in_the_lane()
    assert case.clock("accept").met_at == case.now
    assert "dispatch" not in case.state.clocks


def test_its_ladder_climbs_in_minutes() -> None:
    case = in_the_lane().at("2026-03-07T03:11")
    assert [rung for rung in case.rungs if rung[1] == "T1/sign"] == [
        ("03-07T02:38", "T1/sign", "due_soon"),
        ("03-07T02:40", "T1/sign", "urge"),
        ("03-07T02:55", "T1/sign", "supervise"),
        ("03-07T03:10", "T1/sign", "escalate"),
    ]


def test_without_a_lane_an_emergency_is_whistled_before_anybody_takes_it_on() -> None:
    case = registered(AT_NIGHT, urgency=Urgency.EMERGENCY, policy=POLICY)
    assert case.state.status is CaseStatus.REGISTERED
    whistled = case.at("2026-03-07T02:35").does(c.Whistle, lead=department("fire"), reason=WORDS)
    assert kinds(whistled.happened)[0] == "case_accepted"
    assert (whistled.state.status, whistled.task(1).task_no) == (CaseStatus.DISPATCHED, f"{CASE_NO}-T1")
    assert local(whistled.clock("accept").met_at) == "2026-03-07T02:35"


def test_what_is_no_emergency_is_taken_on_before_units_are_called_in() -> None:
    assert (
        registered(urgency=Urgency.URGENT).refusal(c.Whistle, lead=department("fire"), reason=WORDS)
        == "case_not_accepted"
    )
