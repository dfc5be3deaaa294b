"""A firm date that is promised, and the date of the law that is told: neither stops a clock."""

from datetime import date
from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    registered,
    told,
)
from workflows.contracts import commands as c
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import ClockPolicy, ExtensionPolicy, PausePolicy
from workflows.contracts.vocabulary import (
    CaseKind,
    CaseStatus,
    ClockName,
    DeclineGround,
    News,
    PauseGround,
    Role,
    TaskRole,
)

FRIDAY = date(2026, 3, 20)
_MORE = ExtensionPolicy(at_most=Limit.parse("30 working_days"), approver=Role.SUPERVISOR, source="[law] test")
_STILL = PausePolicy(at_most=Limit.parse("60 calendar_days"), approver=Role.SUPERVISOR, source="[law] test")
_BY_LAW = ClockPolicy(
    limit=Limit.parse("60 working_days"),
    source="[law] test",
    statutory=True,
    extension=_MORE,
    pauses={PauseGround.MEDICAL_APPRAISAL: _STILL},
)
STATUTORY = POLICY.model_copy(
    update={
        "task_presets": POLICY.task_presets
        | {"standard": POLICY.task_presets["standard"] | {ClockName.FINISH: _BY_LAW}}
    }
)
LEGAL_DUE = date(2026, 5, 28)
"""Sixty working days after Monday 2 March."""


@pytest.fixture
def by_law() -> CaseBuilder:
    """Whistled, where the law gives the lead unit sixty working days and the requester was told of five."""
    return registered(policy=STATUTORY).whistled("water")


def committed(case: CaseBuilder, day: date = FRIDAY, **fields: Any) -> CaseBuilder:
    return case.does(c.Commit, measures=WORDS, date=day, **fields)


def replied(case: CaseBuilder, legal_due: date = LEGAL_DUE) -> CaseBuilder:
    return case.does(c.InterimReply, procedure=WORDS, legal_due=legal_due)


def test_a_promise_is_told_and_stops_no_clock(given: CaseBuilder) -> None:
    whistled = given.whistled()
    case = committed(whistled)
    assert kinds(case.happened) == ["committed", "clock_started", "requester_told"]
    assert told(case) == [(News.COMMITTED, FRIDAY)]
    assert case.armed == whistled.armed | {"commitment"}
    assert {name: case.state.clocks[name] for name in whistled.armed} == {
        name: whistled.state.clocks[name] for name in whistled.armed
    }


def test_a_promise_is_held_to_its_date(given: CaseBuilder) -> None:
    case = committed(given.whistled().signed().contacted().reported_in()).at("2026-03-26T09:00")
    assert [rung for rung in case.rungs if rung[1] == "commitment"] == [
        ("03-18T08:36", "commitment", "due_soon"),
        ("03-21T00:00", "commitment", "urge"),
        ("03-23T17:30", "commitment", "supervise"),
        ("03-24T17:30", "commitment", "escalate"),
    ]


def test_a_promise_for_a_sunday_ends_with_the_monday(given: CaseBuilder) -> None:
    case = committed(given.whistled(), date(2026, 3, 8))
    assert told(case) == [(News.COMMITTED, date(2026, 3, 8))]
    commitment = case.clock("commitment")
    assert (commitment.raw_due_date, local(commitment.due_at)) == (date(2026, 3, 8), "2026-03-10T00:00")


def test_a_result_keeps_the_promise_unless_it_does_not_stand(given: CaseBuilder) -> None:
    done = committed(given.whistled()).at("2026-03-19T09:00").finished()
    assert local(done.clock("commitment").met_at) == "2026-03-19T09:00"
    failed = done.verified(passed=False)
    assert failed.clock("commitment").is_open
    overdue = failed.at("2026-03-21T00:00")
    assert ("03-21T00:00", "commitment", "urge") in overdue.rungs
    assert failed.refusal(c.Commit, measures=WORDS, date=date(2026, 4, 1)) == "already_committed"


def test_settling_or_answering_keeps_the_promise() -> None:
    inquiry = committed(registered(kind=CaseKind.INQUIRY).accepted()).at("2026-03-19T09:00")
    for case in (inquiry.does(c.Settle, reply=WORDS), inquiry.does(c.Answer, reply=WORDS)):
        assert local(case.clock("commitment").met_at) == "2026-03-19T09:00"


def test_a_promise_is_over_with_its_case(given: CaseBuilder) -> None:
    case = committed(given.whistled()).does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert case.clock("commitment").stopped_at == case.now


def test_one_promise_runs_at_a_time(given: CaseBuilder) -> None:
    assert committed(given.whistled()).refusal(c.Commit, measures=WORDS, date=FRIDAY) == "already_committed"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 3, 2), "date_not_ahead"),
        (date.min, "date_not_ahead"),
        (date(2031, 3, 8), "date_too_far"),
        (date.max, "date_too_far"),
    ],
)
def test_what_is_promised_lies_ahead_and_within_five_years(given: CaseBuilder, day: date, code: str) -> None:
    assert given.whistled().refusal(c.Commit, measures=WORDS, date=day) == code


def test_something_is_promised_only_while_the_matter_is_at_work(given: CaseBuilder) -> None:
    for case in (given, given.finished(), given.verified(), given.closed()):
        assert case.refusal(c.Commit, measures=WORDS, date=FRIDAY) == "case_not_at_work"
    assert committed(given.accepted()).clock("commitment").is_open


def test_an_interim_reply_meets_the_requesters_clock_and_the_clock_of_the_law_runs_on(by_law: CaseBuilder) -> None:
    case = replied(by_law.at("2026-03-04T10:00"))
    assert kinds(case.happened) == ["interim_replied", "clock_met", "requester_told"]
    assert local(case.clock("citizen").met_at) == "2026-03-04T10:00"
    assert told(case) == [(News.INTERIM_REPLY, LEGAL_DUE)]
    assert case.clock("T1/finish") == by_law.clock("T1/finish")
    assert case.state.status is CaseStatus.DISPATCHED


def test_an_interim_reply_after_the_requesters_date_meets_it_late(by_law: CaseBuilder) -> None:
    citizen = replied(by_law.at("2026-03-10T09:00")).clock("citizen")
    assert (local(citizen.breached_at), local(citizen.met_at)) == ("2026-03-09T17:30", "2026-03-10T09:00")


def test_an_interim_reply_names_the_date_of_the_law(by_law: CaseBuilder) -> None:
    for wrong in (date(2026, 5, 27), date(2026, 5, 29), date.max):
        assert by_law.refusal(c.InterimReply, procedure=WORDS, legal_due=wrong) == "wrong_legal_due"


def test_of_a_date_of_the_law_that_rolls_either_day_may_be_told() -> None:
    calendar_days = _BY_LAW.model_copy(update={"limit": Limit.parse("60 calendar_days")})
    presets = {"standard": POLICY.task_presets["standard"] | {ClockName.FINISH: calendar_days}}
    case = registered(policy=POLICY.model_copy(update={"task_presets": presets})).whistled()
    for day in (date(2026, 5, 1), date(2026, 5, 6)):
        assert told(replied(case, day)) == [(News.INTERIM_REPLY, date(2026, 5, 6))]
    assert case.refusal(c.InterimReply, procedure=WORDS, legal_due=date(2026, 5, 4)) == "wrong_legal_due"


def test_without_a_limit_of_the_law_there_is_no_interim_reply(given: CaseBuilder, by_law: CaseBuilder) -> None:
    about: dict[str, Any] = {"procedure": WORDS, "legal_due": date(2026, 3, 9)}
    assert given.whistled().refusal(c.InterimReply, **about) == "no_statutory_limit"
    assert registered(policy=STATUTORY).accepted().refusal(c.InterimReply, **about) == "no_statutory_limit"
    assert by_law.finished(1).refusal(c.InterimReply, **about) == "no_statutory_limit"
    assert registered(policy=STATUTORY).refusal(c.InterimReply, **about) == "case_not_at_work"


def test_she_is_replied_to_once(by_law: CaseBuilder) -> None:
    again: dict[str, Any] = {"procedure": WORDS, "legal_due": LEGAL_DUE}
    assert replied(by_law).refusal(c.InterimReply, **again) == "citizen_clock_not_running"


def test_an_interim_reply_stands_although_the_result_does_not(by_law: CaseBuilder) -> None:
    replied_at = replied(by_law.at("2026-03-04T10:00"))
    failed = replied_at.at("2026-03-20T10:00").finished(1).finished(2).verified(passed=False)
    assert local(failed.clock("citizen").met_at) == "2026-03-04T10:00"
    assert failed.state.status is CaseStatus.IN_PROGRESS


def test_a_promise_beside_an_interim_reply_is_taken_back_alone(by_law: CaseBuilder) -> None:
    case = committed(replied(by_law)).finished(1).finished(2).verified(passed=False)
    assert case.clock("commitment").is_open
    assert not case.clock("citizen").is_open


def test_after_an_interim_reply_she_is_told_when_the_date_of_the_law_moves(by_law: CaseBuilder) -> None:
    case = replied(by_law)
    about: dict[str, Any] = {"by": handler("housing"), "task_no": f"{CASE_NO}-T1", "reason": WORDS}
    asked = case.does(c.RequestExtension, until=date(2026, 6, 12), **about)
    assert told(asked.does(c.DecideExtension, by=SUPERVISOR, granted=True, reason=WORDS)) == [
        (News.EXTENDED, date(2026, 6, 12))
    ]
    ground = PauseGround.MEDICAL_APPRAISAL
    still = case.does(c.Suspend, by=SUPERVISOR, ground=ground, until=date(2026, 3, 6), reason=WORDS)
    assert told(still) == [(News.SUSPENDED, date(2026, 6, 3))]


def test_a_case_that_is_not_taken_on_owes_no_promise(given: CaseBuilder) -> None:
    case = given.does(c.Decline, ground=DeclineGround.EMERGENCY_LINE, route=WORDS)
    assert case.refusal(c.Commit, measures=WORDS, date=FRIDAY) == "case_not_at_work"


def test_the_law_gives_its_time_once(by_law: CaseBuilder) -> None:
    failed = replied(by_law).at("2026-04-01T09:00").finished(1).finished(2).verified(passed=False)
    assert "T1/finish#2" not in failed.state.clocks
    finish = failed.clock("T1/finish")
    assert (finish.is_open, finish.due_at) == (True, by_law.clock("T1/finish").due_at)


def test_rework_after_the_law_has_run_out_is_timed_at_the_level_that_has_the_case() -> None:
    case = registered(policy=STATUTORY).whistled().at("2026-07-01T09:00").finished().verified(passed=False)
    assert case.clock("T1/finish").next_at is None
    level = [clock for clock in case.state.clocks.values() if clock.name is ClockName.LEVEL][-1]
    assert (level.is_open, level.started_from) == (True, "reworked")


def test_of_the_units_only_the_lead_speaks_for_the_matter(by_law: CaseBuilder) -> None:
    reply: dict[str, Any] = {"procedure": WORDS, "legal_due": LEGAL_DUE}
    promise: dict[str, Any] = {"measures": WORDS, "date": FRIDAY}
    co_unit, lead = (handler(by_law.task(n).unit.unit_id) for n in (2, 1))
    for kind, fields in ((c.InterimReply, reply), (c.Commit, promise)):
        assert by_law.refusal(kind, by=co_unit, **fields) == "not_the_lead"
        assert by_law.when(kind, by=lead, **fields)
    assert by_law.state.tasks[f"{CASE_NO}-T2"].role is TaskRole.CO


def test_the_time_of_the_law_is_not_given_again_to_a_unit_in_anothers_place(by_law: CaseBuilder) -> None:
    moved = by_law.at("2026-03-11T09:00").reassigned(to="gas")
    assert moved.clock("T3/finish").due_at == by_law.clock("T1/finish").due_at
