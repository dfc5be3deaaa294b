"""Ratings both ways: whoever whistled rates the report-in, and the unit rates the whistle (评报到、评哨)."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.rules.case_builder import CASE_NO, DISPATCHER, WORDS, CaseBuilder, handler
from workflows.contracts import commands as c
from workflows.contracts import events as e

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"
WHISTLE: dict[str, Any] = {"by": handler("housing"), "task_no": T1, "score": 2}


def test_a_report_in_is_rated_once_it_was_made(given: CaseBuilder) -> None:
    case = given.whistled("water").reported_in()
    assert case.when(c.RateReportIn, task_no=T1, score=5, note=WORDS) == [
        e.ReportInRated(task_no=T1, score=5, note=WORDS)
    ]
    assert case.refusal(c.RateReportIn, task_no=T2, score=1) == "not_reported_in"
    assert case.refusal(c.RateReportIn, task_no="no-such-task", score=1) == "unknown_task"


def test_each_report_in_is_rated_once(given: CaseBuilder) -> None:
    case = given.whistled("water").reported_in(1).reported_in(2).does(c.RateReportIn, task_no=T1, score=4)
    assert case.refusal(c.RateReportIn, task_no=T1, score=5) == "report_in_rated"
    assert case.does(c.RateReportIn, task_no=T2, score=3).task(2).report_in_rated


def test_a_unit_that_was_only_contacted_or_gave_the_task_back_has_not_reported_in(given: CaseBuilder) -> None:
    for case in (given.whistled().signed().contacted(), given.whistled().sent_back()):
        assert case.refusal(c.RateReportIn, task_no=T1, score=1) == "not_reported_in"


def test_the_unit_says_whether_the_whistle_was_right_clear_and_avoidable(given: CaseBuilder) -> None:
    about: dict[str, Any] = {"right_unit": False, "clear": True, "avoidable": True}
    assert given.whistled().when(c.RateWhistle, **WHISTLE, **about) == [e.WhistleRated(task_no=T1, score=2, **about)]


def test_each_whistle_is_rated_once_and_even_by_a_unit_that_is_rid_of_the_task(given: CaseBuilder) -> None:
    rated = given.whistled().sent_back().does(c.RateWhistle, **WHISTLE)
    assert rated.refusal(c.RateWhistle, **WHISTLE) == "whistle_rated"
    assert given.refusal(c.RateWhistle, **WHISTLE) == "unknown_task"


def test_ratings_are_given_until_the_case_is_archived_and_move_nothing(given: CaseBuilder) -> None:
    closed = given.closed()
    case = closed.does(c.RateReportIn, task_no=T1, score=1).does(c.RateWhistle, **WHISTLE)
    assert (case.state.status, case.state.clocks) == (closed.state.status, closed.state.clocks)
    archived = closed.at("2026-10-12T09:00")
    assert archived.refusal(c.RateWhistle, **WHISTLE) == "case_archived"


@pytest.mark.parametrize("score", [0, 6])
def test_the_scale_goes_from_one_to_five(score: int) -> None:
    with pytest.raises(ValidationError):
        c.RateReportIn(command_id="c", actor=DISPATCHER, task_no=T1, score=score)
