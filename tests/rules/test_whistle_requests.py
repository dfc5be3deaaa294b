"""Whoever took a matter up cannot settle it and asks for the whistle: the township decides (请求吹哨)."""

from tests.rules.case_builder import CENTRES, POLICY, VERIFIER, WORDS, CaseBuilder, kinds, local, registered
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.vocabulary import CaseStatus, ClockName, Flag, Level, OwnerRole, Role
from workflows.rules.flags import flags

GRID_WORKER = VERIFIER
TOWNSHIP = Actor(id="dispatcher-2", role=Role.DISPATCHER, unit_id=CENTRES[Level.TOWNSHIP])


def asked(case: CaseBuilder) -> CaseBuilder:
    return case.does(c.RequestWhistle, by=GRID_WORKER, reason=WORDS)


def decided(case: CaseBuilder, *, granted: bool, by: Actor = TOWNSHIP) -> CaseBuilder:
    return case.does(c.DecideWhistleRequest, by=by, granted=granted, reason=WORDS)


def test_asking_for_the_whistle_takes_the_matter_on_and_the_township_has_four_working_hours(given: CaseBuilder) -> None:
    case = asked(given)
    assert kinds(case.happened)[0] == "case_accepted"
    assert kinds(case.happened)[-2:] == ["whistle_requested", "clock_started"]
    assert case.armed == {"citizen", "whistle_request"}
    assert local(case.clock("whistle_request").due_at) == "2026-03-02T14:30"
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.TOWNSHIP])
    assert (case.state.level, Flag.WHISTLE_ASKED in flags(case.state)) == (Level.VILLAGE, True)


def test_of_an_accepted_case_the_dispatch_is_not_owed_while_the_township_decides(given: CaseBuilder) -> None:
    case = asked(given.accepted())
    assert kinds(case.happened) == ["clock_stopped", "whistle_requested", "clock_started"]
    assert case.armed == {"citizen", "whistle_request"}


def test_granted_the_township_has_the_case_and_owes_the_whistle_on_its_own_clocks(given: CaseBuilder) -> None:
    case = decided(asked(given).at("2026-03-02T10:00"), granted=True)
    assert (case.state.level, case.state.status) == (Level.TOWNSHIP, CaseStatus.ACCEPTED)
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.TOWNSHIP])
    assert case.armed == {"citizen", "level", "dispatch"}
    assert local(case.clock("dispatch").due_at) == "2026-03-02T15:30"
    assert local(case.clock("level").due_at) == "2026-03-05T17:30"
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert case.whistled().state.level is Level.TOWNSHIP


def test_refused_the_matter_stays_where_it_was_raised_and_can_be_asked_for_again(given: CaseBuilder) -> None:
    case = decided(asked(given).at("2026-03-02T10:00"), granted=False)
    assert (case.state.level, case.state.status) == (Level.VILLAGE, CaseStatus.ACCEPTED)
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.VILLAGE])
    assert case.armed == {"citizen", "dispatch"}
    assert "whistle_request#2" in asked(case).armed


def test_nobody_decides_about_their_own_request(given: CaseBuilder) -> None:
    about = {"granted": True, "reason": WORDS}
    assert asked(given).refusal(c.DecideWhistleRequest, by=GRID_WORKER, **about) == "own_request"


def test_a_village_does_not_decide_for_the_township_once_that_has_the_case(given: CaseBuilder) -> None:
    village = Actor(id="dispatcher-1", role=Role.DISPATCHER, unit_id=CENTRES[Level.VILLAGE])
    raised = given.does(c.Escalate, reason=WORDS)
    assert asked(raised).refusal(c.DecideWhistleRequest, by=village, granted=True, reason=WORDS) == "case_is_above"


def test_it_is_asked_once_and_decided_once(given: CaseBuilder) -> None:
    case = asked(given)
    assert case.refusal(c.RequestWhistle, by=GRID_WORKER, reason=WORDS) == "whistle_already_asked"
    about = {"by": TOWNSHIP, "granted": False, "reason": WORDS}
    assert given.refusal(c.DecideWhistleRequest, **about) == "no_whistle_asked"
    assert decided(case, granted=True).refusal(c.DecideWhistleRequest, **about) == "no_whistle_asked"


def test_the_whistle_is_asked_for_only_before_units_are_called_in(given: CaseBuilder) -> None:
    for case in (given.whistled(), given.finished(), given.closed()):
        assert case.refusal(c.RequestWhistle, by=GRID_WORKER, reason=WORDS) == "case_not_accepted"


def test_what_a_township_has_already_it_decides_itself_and_keeps(given: CaseBuilder) -> None:
    case = asked(registered(level=Level.TOWNSHIP))
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.TOWNSHIP])
    assert decided(case, granted=True).state.level is Level.TOWNSHIP
    while_asked = asked(given).does(c.Escalate, reason=WORDS)
    assert decided(while_asked, granted=True).state.level is Level.TOWNSHIP


def test_units_that_are_called_in_at_once_grant_the_request(given: CaseBuilder) -> None:
    case = asked(given).whistled(by=TOWNSHIP)
    assert kinds(case.happened)[:3] == ["whistled", "whistle_request_decided", "clock_met"]
    assert (case.state.status, case.state.whistle_asked_by) == (CaseStatus.DISPATCHED, None)
    assert "whistle_request" not in case.armed


def test_what_is_settled_after_all_needs_no_decision(given: CaseBuilder) -> None:
    case = asked(given).does(c.Settle, by=GRID_WORKER, reply=WORDS)
    assert (case.state.status, case.state.whistle_asked_by) == (CaseStatus.FINISHED, None)
    assert case.armed == {"verify"}
    assert case.refusal(c.DecideWhistleRequest, by=TOWNSHIP, granted=True, reason=WORDS) == "no_whistle_asked"


def test_a_request_that_nobody_decides_climbs_the_ladder_like_anything_that_is_owed(given: CaseBuilder) -> None:
    case = asked(given).at("2026-03-05T09:00")
    assert [rung for rung in case.rungs if rung[1] == "whistle_request"] == [
        ("03-02T13:42", "whistle_request", "due_soon"),
        ("03-02T14:30", "whistle_request", "urge"),
        ("03-03T17:30", "whistle_request", "supervise"),
        ("03-04T17:30", "whistle_request", "escalate"),
    ]
    assert case.state.level is Level.TOWNSHIP
    granted = decided(case, granted=True)
    assert (granted.state.level, "dispatch" in granted.armed) == (Level.TOWNSHIP, True)


def test_a_withdrawn_matter_waits_for_no_decision(given: CaseBuilder) -> None:
    case = asked(given).does(c.Withdraw, reason=WORDS)
    assert (case.state.whistle_asked_by, case.armed) == (None, {"archive_after"})


def test_under_a_policy_without_a_clock_for_it_the_dispatch_stays_owed() -> None:
    limits = {name: limit for name, limit in POLICY.case_limits.items() if name is not ClockName.WHISTLE_REQUEST}
    case = registered(rules_version=2, policy=POLICY.model_copy(update={"case_limits": limits}))
    assert asked(case).armed == asked(case.accepted()).armed == {"citizen", "dispatch"}
    assert decided(asked(case), granted=False).armed == {"citizen", "dispatch"}
