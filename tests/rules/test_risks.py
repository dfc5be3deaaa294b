"""How likely a case is to get worse: raised by rules, lowered by people only, and what each level asks for."""

from typing import Any

import pytest

from tests.rules.case_builder import POLICY, SUPERVISOR, WORDS, CaseBuilder, kinds, local, registered
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.risk import RiskReason
from workflows.contracts.vocabulary import CaseStatus, ClockName, Level, RiskLevel, Rung
from workflows.rules.risks import risk_by_rules

RED: dict[str, Any] = {"risk": RiskLevel.RED, "reason": WORDS, "policy": POLICY}
YELLOW: dict[str, Any] = {**RED, "risk": RiskLevel.YELLOW}
BLUE: dict[str, Any] = {**RED, "risk": RiskLevel.BLUE}


def by_rules(case: CaseBuilder) -> list[tuple[RiskLevel, tuple[RiskReason, ...]]]:
    """How the rules raised the case in its whole life."""
    told = [record.event for record in case.events]
    return [(event.risk, event.by_rules) for event in told if isinstance(event, e.RiskSet) and event.by_rules]


@pytest.mark.parametrize(
    ("reason", "count", "risk"),
    [
        (RiskReason.DANGER, 1, RiskLevel.RED),
        (RiskReason.CROWD, 1, RiskLevel.RED),
        (RiskReason.FAILED_MEDIATIONS, 1, RiskLevel.YELLOW),
        (RiskReason.FAILED_MEDIATIONS, 2, RiskLevel.RED),
        (RiskReason.REWORKED_OFTEN, 1, None),
        (RiskReason.REWORKED_OFTEN, 2, RiskLevel.YELLOW),
    ],
)
def test_facts_of_the_case_speak_for_a_level(reason: RiskReason, count: int, risk: RiskLevel | None) -> None:
    found = risk_by_rules({reason: count})
    assert max((rule.risk for rule in found), key=list(RiskLevel).index, default=None) is risk
    assert {rule.reason for rule in found} <= {reason}


def test_a_crowd_is_red_from_the_start_and_calls_the_duty_leader() -> None:
    case = registered(policy=POLICY.model_copy(update={"group_threshold": 10}), headcount=12)
    assert by_rules(case) == [(RiskLevel.RED, (RiskReason.CROWD,))]
    assert {"duty_leader", "consultation"} <= case.armed


def test_the_second_rework_is_yellow_with_a_review_within_seven_days(given: CaseBuilder) -> None:
    once = given.verified(passed=False)
    assert once.state.risk is None
    case = once.finished().verified(passed=False, by=SUPERVISOR)
    assert by_rules(case) == [(RiskLevel.YELLOW, (RiskReason.REWORKED_OFTEN,))]
    assert local(case.clock("risk_review").due_at) == "2026-03-10T00:00"


def test_what_people_lowered_the_rules_raise_again_for_something_new_only(given: CaseBuilder) -> None:
    yellow = given.accepted().does(c.AddContact, text=WORDS).does(c.AddContact, text=WORDS)
    assert yellow.state.risk is RiskLevel.YELLOW
    lowered = yellow.does(c.SetRisk, by=SUPERVISOR, **BLUE)
    assert "risk_review" not in lowered.armed
    assert lowered.does(c.AddContact, text=WORDS).state.risk is RiskLevel.BLUE


def test_rules_never_lower_what_people_raised(given: CaseBuilder) -> None:
    red = given.accepted().does(c.SetRisk, **RED)
    case = red.does(c.AddContact, text=WORDS).does(c.AddContact, text=WORDS)
    assert case.state.risk is RiskLevel.RED
    assert by_rules(case) == []


def test_red_calls_the_duty_leader_within_the_hour_and_units_together_within_a_day(given: CaseBuilder) -> None:
    case = given.accepted().at("2026-03-02T22:05").does(c.SetRisk, **RED)
    assert kinds(case.happened) == ["risk_set", "reported_upward", "clock_started", "clock_started"]
    assert case.happened[1] == e.ReportedUpward(to_level=Level.TOWNSHIP)
    assert local(case.clock("duty_leader").due_at) == "2026-03-02T23:05"
    assert local(case.clock("consultation").due_at) == "2026-03-03T22:05"
    there = case.does(c.RecordDutyLeader, note=WORDS)
    assert there.clock("duty_leader").met_at == there.now
    assert there.refusal(c.RecordDutyLeader, note=WORDS) == "no_duty_leader_called"
    assert there.does(c.Consult, minutes=WORDS).clock("consultation").met_at is not None


def test_nobody_comes_in_time_so_the_emergency_ladder_follows_by_night(given: CaseBuilder) -> None:
    late = given.accepted().at("2026-03-02T22:05").does(c.SetRisk, **RED).at("2026-03-02T23:40")
    reached = [rung for rung in late.rungs if rung[1] == "duty_leader"]
    assert reached == [
        ("03-02T22:53", "duty_leader", Rung.DUE_SOON),
        ("03-02T23:05", "duty_leader", Rung.URGE),
        ("03-02T23:20", "duty_leader", Rung.SUPERVISE),
        ("03-02T23:35", "duty_leader", Rung.ESCALATE),
    ]
    assert late.state.level is Level.TOWNSHIP


def test_a_finished_case_that_is_red_may_still_be_talked_about(given: CaseBuilder) -> None:
    case = given.finished().does(c.SetRisk, **RED)
    assert case.state.status is CaseStatus.FINISHED
    assert case.does(c.Consult, minutes=WORDS).clock("consultation").met_at is not None


def test_lowered_it_asks_for_nothing_of_that_any_more(given: CaseBuilder) -> None:
    case = given.accepted().does(c.SetRisk, **RED).does(c.SetRisk, **YELLOW)
    assert case.armed & {ClockName.DUTY_LEADER, ClockName.CONSULTATION, ClockName.RISK_REVIEW} == {"risk_review"}


def test_a_review_may_find_the_case_yellow_again_and_the_next_is_due(given: CaseBuilder) -> None:
    case = given.accepted().does(c.SetRisk, **YELLOW).at("2026-03-06T10:00").does(c.SetRisk, **YELLOW)
    assert case.clock("risk_review").met_at is not None
    assert local(case.clock("risk_review#2").due_at) == "2026-03-14T00:00"


def test_under_older_rules_a_risk_is_a_word_alone() -> None:
    case = registered(rules_version=3).accepted().does(c.SetRisk, **RED)
    assert kinds(case.happened) == ["risk_set"]
    assert case.refusal(c.SetRisk, **RED) == "risk_unchanged"
