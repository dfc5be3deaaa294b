"""What counts is when a request was received: a step in time stays in time, however late it is applied."""

from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    POLICY,
    REQUESTER,
    VERIFIER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import ClockName, Level, Rung

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"
MORNING = "2026-03-02T09:30"


def withdrawn(case: CaseBuilder) -> list[tuple[str, Level | None]]:
    """The breaches withdrawn in the last step, and where the case went back to."""
    return [(event.clock_id, event.level) for event in case.happened if isinstance(event, e.BreachWithdrawn)]


def with_limit(name: ClockName, limit: str) -> CaseBuilder:
    """A case whose policy has another limit for one of its clocks."""
    other = ClockPolicy(limit=Limit.parse(limit), source="[default] test")
    return registered(policy=POLICY.model_copy(update={"case_limits": POLICY.case_limits | {name: other}}))


def test_a_step_counts_when_it_was_received(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T14:00").does(c.Accept, received=MORNING)
    assert {local(record.at) for record in case.news} == {MORNING}
    assert {record.recorded_at for record in case.news} == {case.now}
    assert local(case.clock("dispatch").started_at) == MORNING


def test_a_step_received_in_time_but_applied_after_the_breach_withdraws_it(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T15:00").does(c.Accept, received=MORNING)
    accept = case.clock("accept")
    assert withdrawn(case) == [("accept", None)]
    assert (accept.breached_at, accept.rung) == (None, Rung.DUE_SOON)
    assert local(accept.met_at) == MORNING


def test_a_step_at_the_very_due_time_is_in_time(given: CaseBuilder) -> None:
    at_once = given.at("2026-03-02T14:30").accepted()
    assert at_once.clock("accept").breached_at is None
    received = given.at("2026-03-02T15:00").does(c.Accept, received="2026-03-02T14:30")
    assert received.clock("accept").breached_at is None


def test_a_step_received_late_leaves_the_breach(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T15:00").does(c.Accept, received="2026-03-02T14:31")
    assert withdrawn(case) == []
    assert local(case.clock("accept").breached_at) == "2026-03-02T14:30"


def test_the_escalation_that_a_withdrawn_breach_caused_is_taken_back(given: CaseBuilder) -> None:
    late = given.at("2026-03-05T09:00")
    assert late.state.level is Level.TOWNSHIP
    case = late.does(c.Accept, received=MORNING)
    assert withdrawn(case) == [("accept", Level.VILLAGE)]
    assert case.state.level is Level.VILLAGE
    assert case.clock("level").stopped_at is not None
    assert case.clock("dispatch").level is Level.VILLAGE


def test_every_level_that_the_case_climbed_because_of_that_breach_is_taken_back() -> None:
    late = with_limit(ClockName.CITIZEN, "6 months").at("2026-03-20T09:00")
    assert late.state.level is Level.CITY
    case = late.does(c.Accept, received=MORNING)
    assert withdrawn(case) == [("accept", Level.VILLAGE)]
    assert case.state.level is Level.VILLAGE
    assert case.armed == {"citizen", "dispatch"}


def test_an_escalation_that_another_breach_would_have_caused_as_well_stands() -> None:
    late = with_limit(ClockName.LEVEL, "3 months").whistled().at("2026-03-20T09:00")
    assert late.state.level is Level.TOWNSHIP
    case = late.signed(received=MORNING)
    assert withdrawn(case) == [("T1/sign", None)]
    assert case.state.level is Level.TOWNSHIP
    assert "level" in case.armed


def test_an_escalation_is_taken_back_with_the_last_breach_that_caused_it() -> None:
    late = with_limit(ClockName.LEVEL, "3 months").whistled("water", preset="emergency").at("2026-03-04T18:00")
    first = late.finished(1, received="2026-03-02T09:05")
    assert first.state.level is Level.TOWNSHIP
    last = first.finished(2, received="2026-03-02T09:05")
    assert withdrawn(last)[-1] == ("T2/finish", Level.VILLAGE)
    assert last.state.level is Level.VILLAGE


def test_an_escalation_by_hand_is_not_taken_back(given: CaseBuilder) -> None:
    case = given.at("2026-03-05T09:00").does(c.Escalate, reason=WORDS).does(c.Accept, received=MORNING)
    assert case.state.level is Level.COUNTY


def test_a_case_that_goes_back_to_a_level_it_had_climbed_to_has_that_levels_time_again(given: CaseBuilder) -> None:
    climbed = given.does(c.Escalate, reason=WORDS).accepted()
    late = climbed.does(c.Withdraw, by=handler("housing"), reason=WORDS).at("2026-03-05T09:00")
    assert late.state.level is Level.COUNTY
    case = late.does(c.Settle, by=VERIFIER, reply=WORDS, received="2026-03-05T08:59")
    assert case.state.level is Level.COUNTY
    refuted = late.does(c.ConfirmWithdrawal, confirmed=False, received=MORNING)
    assert refuted.state.level is Level.COUNTY
    dispatched = refuted.whistled(received=MORNING)
    assert withdrawn(dispatched) == [("dispatch", Level.TOWNSHIP)]
    assert dispatched.state.level is Level.TOWNSHIP
    assert "level#3" in dispatched.armed
    assert dispatched.clock("level#3").level is Level.TOWNSHIP


def test_ending_a_case_in_time_withdraws_the_breaches_of_the_clocks_it_stops(given: CaseBuilder) -> None:
    late = given.at("2026-03-12T09:00")
    case = late.does(c.Withdraw, by=REQUESTER, reason=WORDS, received=MORNING)
    assert {clock_id for clock_id, _ in withdrawn(case)} == {"accept", "citizen"}
    assert case.armed == {"archive_after"}
    assert all(clock.breached_at is None for clock in case.state.clocks.values() if clock.name != ClockName.LEVEL)


def test_releasing_a_unit_in_time_withdraws_its_breaches(given: CaseBuilder) -> None:
    late = given.whistled("water").at("2026-03-02T12:00")
    case = late.does(c.Release, task_no=T2, reason=WORDS, received=MORNING)
    assert withdrawn(case) == [("T2/sign", None)]
    assert case.clock("T1/sign").breached_at is not None


def test_a_breach_withdrawn_by_a_finish_that_does_not_stand_comes_back(given: CaseBuilder) -> None:
    late = given.whistled().at("2026-03-10T09:00").finished(received="2026-03-09T17:00")
    assert late.clock("citizen").breached_at is None
    failed = late.verified(passed=False).noticed()
    assert local(failed.clock("citizen").breached_at) == "2026-03-09T17:30"


def test_nothing_is_received_in_the_future(given: CaseBuilder) -> None:
    case = given.does(c.Accept, received="2026-03-02T11:00")
    assert case.clock("accept").met_at == case.now


def test_nothing_is_received_before_the_registration(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T10:00").does(c.Accept, received="2026-03-01T10:00")
    assert case.clock("accept").met_at == case.state.registered_at


def test_a_step_of_a_task_counts_not_before_the_step_before_it(given: CaseBuilder) -> None:
    case = given.whistled().at("2026-03-02T10:00").signed().at("2026-03-02T11:00").reported_in(received=MORNING)
    assert local(case.clock("T1/report_in").met_at) == "2026-03-02T10:00"


def test_units_do_not_wait_for_each_other(given: CaseBuilder) -> None:
    case = given.whistled("water").at("2026-03-02T10:00").signed(1).at("2026-03-02T11:30").signed(2, received=MORNING)
    assert local(case.clock("T2/sign").met_at) == MORNING


def test_a_step_of_the_case_counts_not_before_any_step_of_its_units(given: CaseBuilder) -> None:
    case = given.whistled("water").at("2026-03-02T10:00").signed(1).at("2026-03-02T10:30").signed(2, received=MORNING)
    urged = case.at("2026-03-02T11:00").does(c.Urge, by=DISPATCHER, note=WORDS, received="2026-03-02T09:45")
    assert [local(record.at) for record in urged.news] == ["2026-03-02T10:00"]


def test_the_case_is_finished_with_the_last_of_its_units_in_whatever_order_they_are_applied(
    given: CaseBuilder,
) -> None:
    case = given.whistled("water").at("2026-03-02T10:00").finished(1)
    case = case.at("2026-03-02T11:00").finished(2, received=MORNING)
    assert local(case.clock("T2/finish").met_at) == MORNING
    assert local(case.clock("citizen").met_at) == "2026-03-02T10:00"
    assert local(case.clock("verify").started_at) == "2026-03-02T10:00"


def test_a_callback_counts_on_the_day_it_was_made(given: CaseBuilder) -> None:
    case = given.verified().called().called()
    late = case.at("2026-03-03T00:30").called(received="2026-03-02T23:30")
    assert kinds(late.happened) == ["callback_made"]
    assert late.refusal(c.Close) == "callback_not_exhausted"
