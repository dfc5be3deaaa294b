"""More time: asked for in time, decided by the named approver, once for a clock; the requester's date moves with it."""

from datetime import date
from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    moved,
    registered,
    signals,
    told,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import CasePolicy, ClockPolicy, ExtensionPolicy
from workflows.contracts.vocabulary import TASK_CLOCKS, ClockName, Level, MoveCause, News, Role

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"
UNTIL = date(2026, 3, 16)
"""A week after the due date of `finish` and of the requester's clock, Monday 9 March 17:30."""


def with_limits(finish: str, at_most: str, **case_limits: str) -> CasePolicy:
    """The policy with another limit to finish, a maximum for its extension, and other limits of the case."""
    more = ExtensionPolicy(at_most=Limit.parse(at_most), approver=Role.DISPATCHER, source="[default] test")
    preset = POLICY.task_presets["standard"] | {
        ClockName.FINISH: ClockPolicy(limit=Limit.parse(finish), source="[default] test", extension=more)
    }
    others = {
        ClockName(name): ClockPolicy(limit=Limit.parse(limit), source="[default] test")
        for name, limit in case_limits.items()
    }
    return POLICY.model_copy(
        update={
            "task_presets": POLICY.task_presets | {"standard": preset},
            "case_limits": POLICY.case_limits | others,
        }
    )


def asked(case: CaseBuilder, until: date = UNTIL, n: int = 1, **fields: Any) -> CaseBuilder:
    """The unit asks for more time on its `finish`."""
    task = case.task(n)
    return case.does(
        c.RequestExtension,
        **{"by": handler(task.unit.unit_id), "task_no": task.task_no, "until": until, "reason": WORDS, **fields},
    )


def refused_to_ask(case: CaseBuilder, until: date = UNTIL, **fields: Any) -> str:
    """The code with which a request is turned down."""
    about = {"by": handler("housing"), "task_no": T1, "until": until, "reason": WORDS, **fields}
    return case.refusal(c.RequestExtension, **about)


def granted(case: CaseBuilder, **fields: Any) -> CaseBuilder:
    return case.does(c.DecideExtension, **{"granted": True, "reason": WORDS, **fields})


def test_a_request_is_decided_on_a_clock_and_moves_nothing_yet(given: CaseBuilder) -> None:
    case = asked(given.whistled(connected=True))
    assert kinds(case.happened) == ["extension_asked", "clock_started"]
    assert local(case.clock("extension").due_at) == "2026-03-02T14:30"
    assert local(case.clock("T1/finish").due_at) == "2026-03-09T17:30"
    assert case.state.extension_requests[T1].until == UNTIL


def test_granted_more_time_moves_the_limit_and_the_requesters_date_by_as_much(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled(connected=True)).at("2026-03-02T10:00"))
    assert moved(case) == [("T1/finish", MoveCause.EXTENSION), ("citizen", MoveCause.EXTENSION)]
    for clock in (case.clock("T1/finish"), case.clock("citizen")):
        assert (local(clock.due_at), clock.extended_by) == ("2026-03-16T17:30", 5)
    assert told(case) == [(News.EXTENDED, UNTIL)]
    assert signals(case.happened) == [("housing", SignalType.CHANGED)]
    assert local(case.clock("extension").met_at) == "2026-03-02T10:00"
    assert case.state.extension_requests == {}


def test_more_time_has_a_warning_of_its_own(given: CaseBuilder) -> None:
    early = granted(asked(given.whistled()))
    assert local(early.clock("T1/finish").next_at) == "2026-03-12T16:06"
    warned = given.whistled().at("2026-03-09T09:00")
    late = granted(asked(warned))
    finish = late.clock("T1/finish")
    assert finish.warned_at == warned.clock("T1/finish").warned_at
    assert (finish.rung, finish.next_rung, local(finish.next_at)) == (None, "due_soon", "2026-03-12T16:06")


def test_who_was_warned_is_not_warned_again_of_time_that_is_nearly_gone(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled().at("2026-03-09T15:00"), date(2026, 3, 10)))
    finish = case.clock("T1/finish")
    assert (finish.next_rung, local(finish.next_at)) == ("urge", "2026-03-10T17:30")


def test_working_days_of_an_extension_leave_holidays_out() -> None:
    case = registered("2026-04-27T09:00").whistled()
    assert local(case.clock("T1/finish").due_at) == "2026-05-07T17:30"
    more = granted(asked(case, date(2026, 5, 12)))
    assert more.clock("T1/finish").extended_by == 4
    assert local(more.clock("T1/finish").due_at) == "2026-05-12T17:30"
    over = registered("2026-04-22T09:00").whistled()
    assert local(over.clock("T1/finish").due_at) == "2026-04-29T17:30"
    assert granted(asked(over, date(2026, 5, 7))).clock("T1/finish").extended_by == 3


def test_more_time_is_asked_for_before_the_limit_runs_out(given: CaseBuilder) -> None:
    assert asked(given.whistled().at("2026-03-09T17:30")).state.extension_requests
    assert refused_to_ask(given.whistled().at("2026-03-09T17:31")) == "limit_run_out"


def test_a_request_received_in_time_and_applied_late_is_in_time(given: CaseBuilder) -> None:
    late = given.whistled().at("2026-03-10T09:00")
    assert late.clock("T1/finish").breached_at is not None
    case = asked(late, received="2026-03-09T17:00")
    assert local(case.state.extension_requests[T1].asked_at) == "2026-03-09T17:00"
    assert refused_to_ask(late, received="2026-03-09T17:31") == "limit_run_out"


def test_only_the_approver_whom_the_policy_names_decides(given: CaseBuilder) -> None:
    case = asked(given.whistled())
    for by in (SUPERVISOR, REQUESTER, handler("housing")):
        for decision in (True, False):
            assert case.refusal(c.DecideExtension, by=by, granted=decision, reason=WORDS) == "not_the_approver"


def test_a_limit_is_extended_once_and_a_refused_request_may_be_made_again(given: CaseBuilder) -> None:
    whistled = given.whistled()
    assert refused_to_ask(granted(asked(whistled)), date(2026, 3, 17)) == "already_extended"
    refused = asked(whistled).does(c.DecideExtension, granted=False, reason=WORDS)
    assert kinds(refused.happened) == ["extension_refused", "clock_met"]
    assert refused.clock("T1/finish") == whistled.clock("T1/finish")
    again = asked(refused)
    assert again.state.extension_requests[T1].decision_clock == "extension#2"
    assert granted(again).clock("extension#2").met_at == again.now


def test_what_has_to_be_done_again_may_be_extended_again_but_her_own_date_is_moved_once(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled())).finished().verified(passed=False)
    again = granted(asked(case, date(2026, 3, 10)))
    assert (again.clock("T1/finish").extended_by, again.clock("T1/finish#2").extended_by) == (5, 1)
    assert (again.clock("citizen").extended_by, local(again.clock("citizen").due_at)) == (5, "2026-03-16T17:30")


def test_another_unit_may_get_more_time_but_her_own_date_is_moved_once(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled())).reassigned(to="gas")
    again = granted(asked(case, date(2026, 3, 16), n=2))
    assert again.clock("T2/finish").extended_by == 5
    assert again.clock("citizen").due_at == case.clock("citizen").due_at


def test_one_request_of_a_task_waits_at_a_time_but_tasks_do_not_wait_for_each_other(given: CaseBuilder) -> None:
    case = asked(given.whistled("water"))
    assert refused_to_ask(case) == "extension_already_asked"
    both = asked(case, n=2)
    assert {"extension", "extension#2"} <= both.armed
    assert both.refusal(c.DecideExtension, granted=True, reason=WORDS) == "no_extension_asked"
    second = granted(both, task_no=T2)
    assert set(second.state.extension_requests) == {T1}
    assert "extension" in second.armed
    assert second.clock("T1/finish").extended_by == 0


def test_a_co_units_extension_leaves_the_requesters_date(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled("water"), n=2))
    assert moved(case) == [("T2/finish", MoveCause.EXTENSION)]
    assert told(case) == []


def test_no_more_is_asked_for_than_the_policy_allows(given: CaseBuilder) -> None:
    whistled = given.whistled()
    assert asked(whistled, date(2026, 3, 23)).state.extension_requests
    assert refused_to_ask(whistled, date(2026, 3, 24)) == "beyond_maximum"
    assert refused_to_ask(whistled, date.max) == "beyond_maximum"


@pytest.mark.parametrize("until", [date(2026, 3, 9), date(2026, 3, 6), date.min, date(2026, 3, 15)])
def test_the_date_asked_for_lies_ahead_of_the_one_that_stands(given: CaseBuilder, until: date) -> None:
    whistled = given.at("2026-03-06T09:00").whistled()
    assert local(whistled.clock("T1/finish").due_at) == "2026-03-13T17:30"
    assert refused_to_ask(whistled, until) == "date_not_ahead"


def test_less_may_be_granted_but_nothing_more(given: CaseBuilder) -> None:
    case = asked(given.whistled())
    less = granted(case, until=date(2026, 3, 11))
    assert local(less.clock("T1/finish").due_at) == local(less.clock("citizen").due_at) == "2026-03-11T17:30"
    assert told(less) == [(News.EXTENDED, date(2026, 3, 11))]
    decide = {"granted": True, "reason": WORDS}
    assert case.refusal(c.DecideExtension, until=date(2026, 3, 17), **decide) == "beyond_request"
    assert case.refusal(c.DecideExtension, until=date(2026, 3, 9), **decide) == "date_not_ahead"


def test_the_silence_of_the_approver_climbs_the_ladder_of_its_own_clock(given: CaseBuilder) -> None:
    case = asked(given.whistled().signed().reported_in()).at("2026-03-05T09:00")
    assert [rung for rung in case.rungs if rung[1] == "extension"] == [
        ("03-02T13:42", "extension", "due_soon"),
        ("03-02T14:30", "extension", "urge"),
        ("03-03T17:30", "extension", "supervise"),
        ("03-04T17:30", "extension", "escalate"),
    ]
    assert case.state.level is Level.TOWNSHIP


def test_a_grant_that_comes_late_undoes_the_breach_of_the_limit_and_what_followed(given: CaseBuilder) -> None:
    policy = with_limits("5 working_days", "10 working_days", extension="10 working_days")
    case = asked(registered(policy=policy).whistled().signed().reported_in()).at("2026-03-11T18:00")
    assert (case.clock("T1/finish").rung, case.state.level) == ("escalate", Level.TOWNSHIP)
    late = granted(case)
    withdrawn = [(event.clock_id, event.level) for event in late.happened if isinstance(event, e.BreachWithdrawn)]
    assert withdrawn == [("T1/finish", None), ("citizen", Level.VILLAGE)]
    assert late.state.level is Level.VILLAGE
    for clock_id in ("T1/finish", "citizen"):
        clock = late.clock(clock_id)
        assert (clock.breached_at, local(clock.due_at)) == (None, "2026-03-16T17:30")


def test_a_late_grant_takes_back_the_notice_that_waits_for_the_unit_to_open() -> None:
    case = registered(policy=with_limits("8 hours", "48 hours")).at("2026-03-02T10:00")
    overdue = asked(case.whistled(connected=True).reported_in().at("2026-03-02T17:45"), date(2026, 3, 3)).at(
        "2026-03-02T18:00"
    )
    assert signals(overdue.happened) == [("housing", SignalType.URGED)]
    late = granted(overdue.at("2026-03-02T18:10"))
    assert "effect_lapsed" in kinds(late.happened)


def test_a_refusal_that_comes_late_leaves_the_breach(given: CaseBuilder) -> None:
    case = asked(given.whistled()).at("2026-03-10T09:00").does(c.DecideExtension, granted=False, reason=WORDS)
    assert local(case.clock("T1/finish").breached_at) == "2026-03-09T17:30"


def test_a_date_granted_after_it_has_gone_by_has_run_out_at_that_date(given: CaseBuilder) -> None:
    case = granted(asked(given.whistled()).at("2026-03-20T09:00")).noticed()
    assert local(case.clock("T1/finish").breached_at) == "2026-03-16T17:30"
    assert local(case.clock("citizen").breached_at) == "2026-03-16T17:30"


def test_a_requesters_date_that_had_run_out_before_the_request_stays_run_out() -> None:
    policy = with_limits("5 working_days", "10 working_days", citizen="2 working_days from registered")
    case = granted(asked(registered(policy=policy).whistled().at("2026-03-05T09:00")))
    assert moved(case) == [("T1/finish", MoveCause.EXTENSION)]
    assert local(case.clock("citizen").breached_at) == "2026-03-04T17:30"
    assert told(case) == []


@pytest.mark.parametrize(
    ("finish", "at_most", "citizen", "was", "then", "by"),
    [
        ("5 working_days", "10 working_days", "200 hours from registered", "03-10T17:00", "03-17T17:00", 168),
        ("5 working_days", "10 working_days", "9 calendar_days from registered", "03-12T00:00", "03-19T00:00", 7),
        ("7 calendar_days", "10 calendar_days", "5 working_days from registered", "03-09T17:30", "03-16T17:30", 5),
        ("7 calendar_days", "10 calendar_days", "40 working_hours from registered", "03-09T11:30", "03-16T11:00", 37),
        ("7 calendar_days", "10 calendar_days", "1 months from registered", "04-03T00:00", "04-10T00:00", 7),
        ("168 hours", "240 hours", "168 hours from registered", "03-09T09:00", "03-16T09:00", 168),
    ],
)
def test_the_requesters_date_moves_by_as_much_whatever_it_counts(
    finish: str, at_most: str, citizen: str, was: str, then: str, by: int
) -> None:
    case = asked(registered(policy=with_limits(finish, at_most, citizen=citizen)).whistled())
    assert local(case.clock("citizen").due_at) == f"2026-{was}"
    more = granted(case)
    assert (local(more.clock("citizen").due_at), more.clock("citizen").extended_by) == (f"2026-{then}", by)
    assert [about for about, _ in told(more)] == [News.EXTENDED]


@pytest.mark.parametrize(
    ("finish", "at_most", "was", "longest", "due_at"),
    [
        ("48 hours", "48 hours", "03-04T09:00", date(2026, 3, 6), "03-06T09:00"),
        ("2880 minutes", "1440 minutes", "03-04T09:00", date(2026, 3, 5), "03-05T09:00"),
        ("16 working_hours", "16 working_hours", "03-04T10:00", date(2026, 3, 6), "03-06T10:00"),
    ],
)
def test_an_extension_is_counted_in_the_unit_of_its_limit(
    finish: str, at_most: str, was: str, longest: date, due_at: str
) -> None:
    case = registered(policy=with_limits(finish, at_most)).whistled()
    assert local(case.clock("T1/finish").due_at) == f"2026-{was}"
    assert local(granted(asked(case, longest)).clock("T1/finish").due_at) == f"2026-{due_at}"
    assert refused_to_ask(case, date(2026, 3, 9)) == "beyond_maximum"


def test_sixty_calendar_days_extended_by_thirty_count_from_the_unrolled_date() -> None:
    policy = with_limits("60 calendar_days from accepted", "30 calendar_days", citizen="75 calendar_days")
    case = registered(policy=policy).whistled()
    finish = case.clock("T1/finish")
    assert (finish.raw_due_date, finish.due_date) == (date(2026, 5, 1), date(2026, 5, 6))
    assert refused_to_ask(case, date(2026, 6, 1)) == "beyond_maximum"
    longer = granted(asked(case, date(2026, 5, 31)))
    finish = longer.clock("T1/finish")
    assert (finish.raw_due_date, finish.due_date) == (date(2026, 5, 31), date(2026, 6, 1))
    assert local(finish.due_at) == "2026-06-02T00:00"
    citizen = longer.clock("citizen")
    assert (citizen.extended_by, citizen.raw_due_date) == (30, date(2026, 6, 15))


def test_a_clock_for_which_the_policy_has_no_extension_gets_none(given: CaseBuilder) -> None:
    case = given.whistled()
    for clock in (ClockName.SIGN, ClockName.CONTACT, ClockName.REPORT_IN):
        assert refused_to_ask(case, clock=clock) == "extension_not_allowed"
    assert refused_to_ask(given.whistled(preset="emergency")) == "extension_not_allowed"


def test_only_a_running_clock_of_an_open_task_is_extended(given: CaseBuilder) -> None:
    case = given.whistled("water").signed()
    assert refused_to_ask(case, clock=ClockName.SIGN) == "clock_not_running"
    assert refused_to_ask(case, clock=ClockName.CITIZEN) == "clock_not_running"
    assert refused_to_ask(case, task_no="no-such-task") == "unknown_task"
    for clock in TASK_CLOCKS:
        assert refused_to_ask(case.finished(1), clock=clock) == "task_not_open"


def test_only_a_request_that_waits_is_decided(given: CaseBuilder) -> None:
    whistled = given.whistled("water")
    decide: dict[str, Any] = {"granted": True, "reason": WORDS}
    assert whistled.refusal(c.DecideExtension, **decide) == "no_extension_asked"
    case = asked(whistled)
    assert case.refusal(c.DecideExtension, task_no=T2, **decide) == "no_extension_asked"
    assert case.refusal(c.DecideExtension, clock=ClockName.SIGN, **decide) == "no_extension_asked"
    assert granted(case, task_no=T1, clock=ClockName.FINISH).refusal(c.DecideExtension, **decide) == (
        "no_extension_asked"
    )


def test_a_request_is_dropped_with_its_clock_when_the_unit_is_done(given: CaseBuilder) -> None:
    case = asked(given.whistled("water")).at("2026-03-02T10:00").finished(1)
    assert case.state.extension_requests == {}
    assert local(case.clock("extension").stopped_at) == "2026-03-02T10:00"
    assert case.at("2026-03-02T18:00").clock("extension").breached_at is None


def test_a_request_is_dropped_when_the_unit_is_released(given: CaseBuilder) -> None:
    case = asked(given.whistled("water"), n=2).does(c.Release, task_no=T2, reason=WORDS)
    assert case.state.extension_requests == {}
    assert "extension" not in case.armed


def test_a_request_is_dropped_when_the_case_is_taken_back(given: CaseBuilder) -> None:
    case = asked(given.whistled()).does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert case.state.extension_requests == {}
    assert case.armed == {"archive_after"}


def test_a_task_that_is_finished_in_time_by_its_receipt_drops_its_request_and_its_breach(given: CaseBuilder) -> None:
    late = asked(given.whistled()).at("2026-03-10T09:00")
    case = late.finished(received="2026-03-09T17:00")
    assert case.clock("T1/finish").breached_at is None
    assert "extension" not in case.armed
    assert case.state.extension_requests == {}


def test_under_a_policy_that_allows_no_more_time_a_request_can_only_be_refused(given: CaseBuilder) -> None:
    plain = POLICY.task_presets["standard"]
    fixed = plain | {ClockName.FINISH: plain[ClockName.FINISH].model_copy(update={"extension": None})}
    stricter = POLICY.model_copy(update={"version": 2, "task_presets": POLICY.task_presets | {"standard": fixed}})
    case = asked(given.whistled()).does(c.AdoptPolicy, policy=stricter)
    assert case.refusal(c.DecideExtension, granted=True, reason=WORDS) == "extension_not_allowed"
    refused = case.does(c.DecideExtension, by=DISPATCHER, granted=False, reason=WORDS)
    assert "extension" not in refused.armed
