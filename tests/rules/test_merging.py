"""Reports of one matter go on in one case: dates, callbacks and ratings of each reporter, and how it is undone."""

from typing import Any

import pytest

from tests.rules.calendar_2026 import WINDOW_2026, at
from tests.rules.case_builder import (
    CASE_NO,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    moved,
    notices,
    registered,
    sent,
    told,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import CLOCKWORK, Actor
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    LegalRoute,
    MoveCause,
    News,
    NoticeKind,
    OwnerRole,
    PauseGround,
    Role,
    Solved,
    TaskRole,
    TaskStatus,
)

OTHER_NO, THIRD_NO = "990102202603020002", "990102202603020003"
SECOND_VERIFIER = Actor(id="grid-2", role=Role.GRID_WORKER)


def other(moment: str = "2026-03-03T09:00", case_no: str = OTHER_NO, **fields: Any) -> CaseBuilder:
    """Another report of the same matter, a day later."""
    return registered(moment, case_no=case_no, **fields)


def merged(report: CaseBuilder, into: str = CASE_NO) -> CaseBuilder:
    return report.does(c.Merge, into=into, reason=WORDS)


def both(main: CaseBuilder, report: CaseBuilder | None = None) -> tuple[CaseBuilder, CaseBuilder]:
    """The main case with the report taken in, and the report."""
    report = merged(report or other())
    return main.hears(report), report


def verified(main: CaseBuilder, report: CaseBuilder) -> tuple[CaseBuilder, CaseBuilder]:
    """The main case has a result that stands, and the report knows."""
    done = (main if main.state.status is CaseStatus.FINISHED else main.finished()).verified()
    return done, report.hears(done)


def test_a_merged_report_is_over_for_its_units_and_stays_within_reach() -> None:
    case = merged(other().whistled("water"))
    assert (case.state.status, case.state.merged_into) == (CaseStatus.MERGED, CASE_NO)
    assert {task.status for task in case.state.tasks.values()} == {TaskStatus.CANCELLED}
    assert case.armed == {"archive_after"}
    assert case.owed == (OwnerRole.LEADER, "centre-village")
    assert kinds(case.happened)[:2] == ["effect_requested", "case_merged"]


def test_a_report_that_is_merged_at_once_is_taken_on_by_that() -> None:
    case = merged(other())
    assert notices(case) == [(NoticeKind.RECEIPT, "case_accepted")]
    assert local(case.clock("accept").met_at) == "2026-03-03T09:00"


def test_the_main_case_takes_it_in_and_keeps_its_own_date_if_that_is_earlier(given: CaseBuilder) -> None:
    main, _ = both(given.whistled())
    assert kinds(main.happened) == ["case_taken_in"]
    assert main.state.merged == (OTHER_NO,)
    assert local(main.clock("citizen").due_at) == "2026-03-09T17:30"
    assert main.hears(merged(other())).happened == []


def test_of_two_dates_the_earlier_one_counts_and_is_told() -> None:
    late = registered("2026-03-05T09:00").whistled()
    assert local(late.clock("citizen").due_at) == "2026-03-12T17:30"
    main, _ = both(late.at("2026-03-06T09:00"))
    assert moved(main) == [("citizen", MoveCause.MERGE)]
    assert local(main.clock("citizen").due_at) == "2026-03-10T17:30"
    assert told(main) == [(News.MERGED, at("2026-03-10T00:00").date())]
    assert ("03-10T17:30", "citizen", "urge") in main.at("2026-03-10T18:00").rungs


def test_an_earlier_date_stays_the_other_reports_on_a_newer_calendar() -> None:
    main, _ = both(registered("2026-03-05T09:00").whistled().at("2026-03-06T09:00"))
    closed = WINDOW_2026.model_copy(update={"version": 2, "days_off": (at("2026-03-09T00:00").date(),)})
    later = main.does(c.AdoptCalendar, by=SUPERVISOR, calendar=closed)
    assert local(later.clock("citizen").started_at) == "2026-03-03T09:00"
    assert local(later.clock("citizen").due_at) == "2026-03-11T17:30"


def test_an_earlier_date_runs_on_when_the_result_does_not_stand() -> None:
    main, _ = both(registered("2026-03-05T09:00").whistled().at("2026-03-06T09:00"))
    case = main.finished().verified(passed=False)
    assert "citizen" in case.armed
    assert local(case.clock("citizen").due_at) == "2026-03-10T17:30"


def test_a_main_case_that_ran_out_already_stays_as_late_as_it_is(given: CaseBuilder) -> None:
    late = given.whistled().at("2026-03-11T09:00")
    main, _ = both(late, other("2026-02-26T09:00").at("2026-03-11T09:00"))
    assert main.clock("citizen") == late.clock("citizen")
    assert local(main.clock("citizen").breached_at) == "2026-03-09T17:30"


def test_a_report_whose_clock_stood_still_brings_the_date_it_has_without_the_pause() -> None:
    until = at("2026-03-20T00:00").date()
    still = (
        other()
        .whistled()
        .does(c.Suspend, by=SUPERVISOR, ground=PauseGround.MEDICAL_APPRAISAL, until=until, reason=WORDS)
    )
    report = merged(still.at("2026-03-05T10:00"))
    (_, take_in), *_ = sent(report)
    assert isinstance(take_in, c.TakeIn)
    assert take_in.citizen is not None
    assert local(take_in.citizen.due_at) == "2026-03-12T17:30"
    assert report.state.suspension is None


def test_each_reporter_is_called_back_once_the_result_of_the_main_case_stands(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled().at("2026-03-03T09:00")))
    assert sent(main)[0][0] == OTHER_NO
    assert (report.state.status, report.state.main_status) == (CaseStatus.MERGED, CaseStatus.VERIFIED)
    assert report.state.main_units == ("housing",)
    assert report.armed == {"callback", "archive_after#2"}
    assert local(report.clock("callback").due_at) == "2026-03-06T17:30"
    assert report.owed == (OwnerRole.CALLBACK_DESK, "centre-village")


def test_each_reporter_rates_for_herself(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled()))
    content = main.does(c.Rate, by=REQUESTER, rating="very_satisfied", solved=Solved.YES)
    angry = report.does(c.Callback, outcome=CallbackOutcome.REACHED, rating="dissatisfied", solved=Solved.NO)
    assert (content.state.rating, content.state.status) == ("very_satisfied", CaseStatus.CLOSED)
    assert (angry.state.rating, angry.state.solved) == ("dissatisfied", Solved.NO)
    assert (angry.state.status, angry.armed) == (CaseStatus.MERGED, {"archive_after#2"})


def test_whoever_handled_the_main_case_does_not_call_its_reporters_back(given: CaseBuilder) -> None:
    _, report = verified(*both(given.whistled()))
    assert report.refusal(c.Callback, by=handler("housing"), outcome=CallbackOutcome.DECLINED) == "caller_is_handler"


def test_before_the_result_stands_no_reporter_is_asked(given: CaseBuilder) -> None:
    _, report = both(given.whistled())
    assert report.refusal(c.Callback, outcome=CallbackOutcome.DECLINED) == "case_not_verified"
    assert report.refusal(c.Rate, by=REQUESTER, rating="satisfied") == "case_not_verified"
    assert report.refusal(c.Reopen, by=REQUESTER, reason=WORDS) == "case_not_closed"


def test_a_reporter_who_cannot_be_reached_is_given_up_after_three_attempts_on_two_days(given: CaseBuilder) -> None:
    _, report = verified(*both(given.whistled()))
    tried = report.called().called()
    assert tried.refusal(c.Close) == "callback_not_exhausted"
    case = tried.at("2026-03-04T09:00").called().does(c.Close)
    assert (case.state.status, case.armed) == (CaseStatus.MERGED, {"archive_after#2"})


def test_a_reporter_who_did_not_want_to_be_asked_may_rate_later_all_the_same(given: CaseBuilder) -> None:
    _, report = verified(*both(given.whistled()))
    asked = report.called(CallbackOutcome.DECLINED)
    late = asked.at("2026-03-20T09:00").does(c.Rate, by=REQUESTER, rating="satisfied")
    assert late.state.rating == "satisfied"
    heard = asked.does(c.Callback, outcome=CallbackOutcome.VISITED, solved=Solved.NO)
    assert heard.state.solved is Solved.NO


def test_a_report_that_is_not_solved_for_its_reporter_is_taken_up_as_a_case_of_its_own(given: CaseBuilder) -> None:
    _, report = verified(*both(given.whistled()))
    case = report.at("2026-03-06T15:00").does(c.Reopen, by=REQUESTER, reason=WORDS)
    assert (case.state.status, case.state.round, case.state.merged_into) == (CaseStatus.ACCEPTED, 2, None)
    assert case.armed == {"citizen#2", "dispatch"}
    assert local(case.clock("citizen#2").due_at) == "2026-03-13T17:30"
    done = case.whistled(lead="roads").finished()
    again = done.refusal(c.Verify, by=VERIFIER, passed=True, note=WORDS)
    assert again == "verifier_judged_before"
    assert done.verified(by=SECOND_VERIFIER).state.status is CaseStatus.VERIFIED


def test_the_next_result_of_a_reopened_main_case_is_asked_about_anew(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled()))
    rated = report.does(c.Rate, by=REQUESTER, rating="dissatisfied")
    again = main.called(CallbackOutcome.DECLINED).reopened().whistled(lead="roads").finished(2)
    following = rated.hears(again.verified(by=SECOND_VERIFIER))
    assert (following.state.rating, "callback#2" in following.armed) == (None, True)


@pytest.mark.parametrize("over", ["verified", "closed"])
def test_a_case_whose_result_stands_takes_nothing_in_and_the_report_goes_on_by_itself(
    given: CaseBuilder, over: str
) -> None:
    ended = given.verified() if over == "verified" else given.closed()
    main, report = both(ended)
    assert kinds(main.happened) == ["take_in_refused", "effect_requested"]
    alone = report.hears(main)
    assert (alone.state.status, alone.state.merged_into) == (CaseStatus.ACCEPTED, None)
    assert alone.armed == {"citizen", "dispatch"}


def test_a_case_with_two_hundred_reports_is_full(given: CaseBuilder) -> None:
    main = given.whistled()
    for n in range(200):
        main = main.does(c.TakeIn, by=CLOCKWORK, case_no=f"99010220260303{n:04d}", command_id=f"t{n}")
    assert len(main.state.merged) == 200
    assert kinds(main.hears(merged(other())).happened) == ["take_in_refused", "effect_requested"]


def test_a_report_of_something_else_is_split_off_with_its_own_original_date(given: CaseBuilder) -> None:
    main, report = both(given.whistled(), other().whistled())
    split = main.at("2026-03-05T10:00").does(c.Split, case_nos=(OTHER_NO,), reason=WORDS)
    assert (kinds(split.happened), split.state.merged) == (["cases_split_off", "effect_requested"], ())
    alone = report.hears(split)
    assert (alone.state.status, alone.state.merged_into) == (CaseStatus.ACCEPTED, None)
    assert local(alone.clock("citizen").due_at) == "2026-03-10T17:30"
    assert alone.armed == {"citizen", "dispatch#2"}
    assert local(alone.clock("dispatch#2").due_at) == "2026-03-05T15:30"
    assert alone.owed == (OwnerRole.DISPATCHER, "centre-village")
    assert alone.whistled(lead="roads").task(2).role is TaskRole.LEAD


def test_a_unit_that_a_consultation_names_for_a_split_off_report_leads(given: CaseBuilder) -> None:
    main, report = both(given.whistled(), other().whistled())
    alone = report.hears(main.does(c.Split, case_nos=(OTHER_NO,), reason=WORDS))
    assert alone.state.lead_task is None
    water = c.Agreed(unit=given.whistled(lead="water").task(1).unit, what=WORDS)
    assert alone.does(c.Consult, minutes=WORDS, decisions=(water,)).task(2).role is TaskRole.LEAD


def test_a_date_that_passed_while_it_was_merged_has_run_out_on_its_own_day(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    split = main.at("2026-03-12T10:00").does(c.Split, case_nos=(OTHER_NO,), reason=WORDS)
    alone = report.hears(split).noticed()
    assert local(alone.clock("citizen").breached_at) == "2026-03-10T17:30"


def test_the_main_case_keeps_the_earlier_date_after_the_split_for_merging_may_only_bring_it_forward() -> None:
    main, _ = both(registered("2026-03-05T09:00").whistled())
    split = main.does(c.Split, case_nos=(OTHER_NO,), reason=WORDS)
    assert local(split.clock("citizen").due_at) == "2026-03-10T17:30"


def test_a_report_may_be_split_off_after_the_result_and_is_not_called_back_about_it(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled()))
    alone = report.hears(main.does(c.Split, case_nos=(OTHER_NO,), reason=WORDS))
    assert alone.armed == {"citizen", "dispatch"}


def test_only_reports_that_go_on_here_are_split_off(given: CaseBuilder) -> None:
    main, _ = both(given.whistled())
    assert main.refusal(c.Split, case_nos=(OTHER_NO, THIRD_NO), reason=WORDS) == "not_merged_here"


def test_what_comes_from_a_case_that_it_does_not_go_on_in_any_more_changes_nothing(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    split = main.does(c.Split, case_nos=(OTHER_NO,), reason=WORDS)
    alone = report.hears(split)
    assert alone.hears(split).happened == []
    finished = main.finished().verified()
    assert alone.hears(finished).happened == []


def test_a_case_is_merged_only_while_it_is_at_work_and_not_into_itself(given: CaseBuilder) -> None:
    main, _ = both(given.whistled())
    for into in (CASE_NO, OTHER_NO):
        assert main.refusal(c.Merge, into=into, reason=WORDS) == "merges_into_itself"
    for case in (given.finished(), given.verified(), given.closed()):
        assert case.refusal(c.Merge, into=OTHER_NO, reason=WORDS) == "case_not_at_work"


def test_two_cases_that_are_merged_into_each_other_at_once_both_go_on(given: CaseBuilder) -> None:
    one, two = merged(given, OTHER_NO), merged(other())
    one_heard, two_heard = one.hears(two), two.hears(one)
    assert one_heard.hears(two_heard).state.status is CaseStatus.ACCEPTED
    assert two_heard.hears(one_heard).state.status is CaseStatus.ACCEPTED


def test_a_main_case_may_be_merged_itself_and_its_reports_follow_along(given: CaseBuilder) -> None:
    report = merged(other(case_no=THIRD_NO), OTHER_NO)
    main, middle = both(given.whistled(), other().hears(report))
    done = main.finished().verified()
    followed = middle.hears(done)
    assert [to for to, _ in sent(followed)] == [THIRD_NO]
    last = report.hears(followed)
    assert (last.state.main_status, last.state.main_units) == (CaseStatus.VERIFIED, ("housing",))
    assert "callback" in last.armed


def test_a_report_is_not_archived_while_its_matter_is_at_work(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    late = report.at("2026-09-15T09:00")
    assert (late.state.status, late.armed) == (CaseStatus.MERGED, {"archive_after#2"})
    _, followed = verified(main.at("2026-09-15T09:00"), late)
    ended = followed.called(CallbackOutcome.DECLINED).at("2027-04-01T09:00")
    assert (ended.state.status, ended.state.outcome) == (CaseStatus.ARCHIVED, CaseStatus.MERGED)


def test_when_the_main_case_is_withdrawn_the_others_go_on_by_themselves(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    withdrawn = main.at("2026-03-04T09:00").does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert e.CasesSplitOff(case_nos=(OTHER_NO,)) in withdrawn.happened
    alone = report.hears(withdrawn)
    assert alone.state.status is CaseStatus.ACCEPTED
    assert local(alone.clock("citizen").due_at) == "2026-03-10T17:30"


def test_a_withdrawal_after_the_result_stands_takes_the_others_callback_from_nobody(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled()))
    withdrawn = main.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert sent(withdrawn) == []
    assert "callback" in report.armed


def test_how_the_main_case_ended_without_a_result_is_known_and_nobody_is_called_back(given: CaseBuilder) -> None:
    main, report = both(given)
    declined = main.does(c.Decline, ground="other_authority", route=WORDS)
    followed = report.hears(declined)
    assert (followed.state.main_status, followed.armed) == (CaseStatus.DECLINED, {"archive_after#2"})
    assert followed.owed == (OwnerRole.LEADER, "centre-village")


def test_a_matter_that_goes_to_court_after_the_result_ends_the_callbacks_that_wait(given: CaseBuilder) -> None:
    main, report = verified(*both(given.whistled()))
    to_court = main.does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    followed = report.hears(to_court)
    assert followed.state.main_status is CaseStatus.LEGAL_ROUTE
    assert followed.armed == {"archive_after#3"}
    rated = report.does(c.Rate, by=REQUESTER, rating="satisfied").hears(to_court)
    assert rated.state.rating == "satisfied"


def test_an_answered_inquiry_has_its_reporters_called_back() -> None:
    main, report = both(registered(kind=CaseKind.INQUIRY))
    answered = main.does(c.Answer, reply=WORDS)
    assert "callback" in report.hears(answered).armed


def test_a_policy_without_a_callback_lets_reporters_rate_all_the_same(given: CaseBuilder) -> None:
    limits = {name: limit for name, limit in POLICY.case_limits.items() if name is not ClockName.CALLBACK}
    silent = POLICY.model_copy(update={"case_limits": limits})
    _, report = verified(*both(given.whistled(), other(policy=silent)))
    assert report.does(c.Rate, by=REQUESTER, rating="satisfied").state.rating == "satisfied"


def test_a_further_call_about_a_merged_report_reaches_the_case_in_which_it_goes_on(given: CaseBuilder) -> None:
    main, report = both(given.whistled(connected=True))
    called = report.does(c.AddContact, by=REQUESTER, text=WORDS)
    assert [(to, command.kind) for to, command in sent(called)] == [(CASE_NO, "add_contact")]
    assert main.hears(called).state.contacts == 1


def test_after_the_result_a_further_call_asks_for_more_to_be_done_instead(given: CaseBuilder) -> None:
    _, report = verified(*both(given.whistled()))
    assert report.refusal(c.AddContact, by=REQUESTER, text=WORDS) == "case_ended"


def test_a_merged_reporter_takes_back_her_report_alone(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    alone = report.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert (alone.state.status, alone.state.merged_into) == (CaseStatus.WITHDRAWN, None)
    assert alone.armed == {"archive_after#2"}
    done, _ = verified(main, report)
    assert alone.hears(done).happened == []


def test_what_a_case_is_asked_to_split_off_twice_is_told_once(given: CaseBuilder) -> None:
    main, report = both(given.whistled())
    case = main.does(c.Split, case_nos=(OTHER_NO, OTHER_NO), reason=WORDS)
    assert [to for to, _ in sent(case)] == [report.state.case_no]
