"""Somebody above demands an answer by a date; it is shown, and timed, until it is given."""

from datetime import date
from typing import Any

import pytest

from tests.rules.case_builder import REQUESTER, SUPERVISOR, WORDS, CaseBuilder, kinds, local, signals
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import Level, Rung

FRIDAY = date(2026, 3, 6)


def supervised(case: CaseBuilder, due: date = FRIDAY, **fields: Any) -> CaseBuilder:
    return case.does(c.Supervise, by=SUPERVISOR, due=due, reason=WORDS, **fields)


def answered(case: CaseBuilder, **fields: Any) -> CaseBuilder:
    return case.does(c.AnswerSupervision, text=WORDS, **fields)


def unsupervised(case: CaseBuilder, due: date = FRIDAY) -> str:
    """The code with which a demand is turned down."""
    return case.refusal(c.Supervise, by=SUPERVISOR, due=due, reason=WORDS)


def test_an_answer_is_demanded_on_a_clock_of_its_own(given: CaseBuilder) -> None:
    case = supervised(given)
    assert kinds(case.happened) == ["supervised", "clock_started"]
    assert local(case.clock("supervision").due_at) == "2026-03-07T00:00"
    assert case.clock("supervision").due_date == FRIDAY


def test_units_at_work_are_told(given: CaseBuilder) -> None:
    case = supervised(given.at("2026-03-02T09:30").whistled("water", connected=True).finished(2))
    assert signals(case.happened) == [("housing", SignalType.SUPERVISED)]


def test_a_unit_is_told_when_its_offices_open(given: CaseBuilder) -> None:
    case = supervised(given.whistled(connected=True).at("2026-03-02T20:00"))
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    assert [local(getattr(effect, "not_before", None)) for effect in effects] == ["2026-03-03T08:30"]


def test_a_date_that_is_no_working_day_rolls_on(given: CaseBuilder) -> None:
    clock = supervised(given, date(2026, 3, 7)).clock("supervision")
    assert (clock.raw_due_date, clock.due_date) == (date(2026, 3, 7), date(2026, 3, 9))


def test_the_answer_ends_it_and_another_may_be_demanded(given: CaseBuilder) -> None:
    case = answered(supervised(given).at("2026-03-04T10:00"))
    assert kinds(case.happened) == ["supervision_answered", "clock_met"]
    again = supervised(case)
    assert "supervision#2" in again.armed


def test_without_an_answer_the_case_climbs(given: CaseBuilder) -> None:
    waiting = given.whistled().signed().reported_in().does(c.Commit, measures=WORDS, date=date(2026, 3, 31))
    case = supervised(waiting, date(2026, 3, 3)).at("2026-03-06T09:00")
    assert [rung for _, clock_id, rung in case.rungs if clock_id == "supervision"] == [
        Rung.DUE_SOON,
        Rung.URGE,
        Rung.SUPERVISE,
        Rung.ESCALATE,
    ]
    assert case.state.level is Level.TOWNSHIP
    in_time = answered(case, received="2026-03-03T16:00")
    assert in_time.state.level is Level.VILLAGE
    assert in_time.clock("supervision").breached_at is None


def test_it_is_owed_until_it_is_answered_whatever_becomes_of_the_work(given: CaseBuilder) -> None:
    case = supervised(given.whistled()).finished().verified()
    assert "supervision" in case.armed
    assert "supervision" not in answered(case).armed


def test_it_is_over_with_the_case(given: CaseBuilder) -> None:
    case = supervised(given.whistled()).does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert case.armed == {"archive_after"}
    assert unsupervised(case) == "case_ended"
    assert case.refusal(c.AnswerSupervision, text=WORDS) == "case_ended"


def test_one_answer_is_demanded_at_a_time(given: CaseBuilder) -> None:
    assert unsupervised(supervised(given)) == "already_supervised"


def test_only_what_is_demanded_is_answered(given: CaseBuilder) -> None:
    assert given.refusal(c.AnswerSupervision, text=WORDS) == "not_supervised"
    assert answered(supervised(given)).refusal(c.AnswerSupervision, text=WORDS) == "not_supervised"


@pytest.mark.parametrize(
    ("due", "code"),
    [
        (date(2026, 3, 2), "date_not_ahead"),
        (date.min, "date_not_ahead"),
        (date(2027, 3, 4), "date_too_far"),
        (date.max, "date_too_far"),
    ],
)
def test_the_date_lies_ahead_but_not_beyond_a_year(given: CaseBuilder, due: date, code: str) -> None:
    assert unsupervised(given, due) == code
    assert "supervision" in supervised(given, date(2027, 3, 3)).armed
