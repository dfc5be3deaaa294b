"""Limitation periods: how long each runs, what mediation does to it, and what happens when it ends."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import at
from tests.rules.case_builder import WORDS, CaseBuilder, kinds, local, registered
from workflows.contracts import commands as c
from workflows.contracts.limitation import LIMITATIONS, LimitationEffect, LimitationKind
from workflows.contracts.vocabulary import CaseStatus, Flag, LegalRoute
from workflows.rules.decision import Decision
from workflows.rules.flags import flags
from workflows.rules.limitations import interrupt, run_again


def counted(case: CaseBuilder, kind: LimitationKind, began_on: str = "2026-03-02") -> CaseBuilder:
    return case.does(c.RecordLimitation, limitation=kind, began_on=date.fromisoformat(began_on))


def decided(case: CaseBuilder) -> Decision:
    """A decision that a rule of mediation makes."""
    return Decision(case.state, case.now)


@pytest.mark.parametrize(
    ("kind", "began_on", "ends", "effect"),
    [
        (LimitationKind.CIVIL, "2026-03-02", "2029-03-02", LimitationEffect.INTERRUPTED),
        (LimitationKind.LABOUR, "2025-12-30", "2026-12-30", LimitationEffect.INTERRUPTED),
        (LimitationKind.LAND_ARBITRATION, "2026-03-02", "2028-03-02", LimitationEffect.INTERRUPTED),
        (LimitationKind.ENFORCEMENT, "2025-03-02", "2027-03-02", LimitationEffect.INTERRUPTED),
        (LimitationKind.RECONSIDERATION, "2026-03-02", "2026-05-06", LimitationEffect.NOT_STOPPED),
        (LimitationKind.ADMINISTRATIVE_SUIT, "2026-02-27", "2026-08-27", LimitationEffect.NOT_STOPPED),
        (LimitationKind.SUIT_AFTER_AWARD, "2026-03-02", "2026-03-17", LimitationEffect.NOT_STOPPED),
    ],
)
def test_a_period_ends_on_its_last_day_which_is_a_working_day(
    given: CaseBuilder, kind: LimitationKind, began_on: str, ends: str, effect: LimitationEffect
) -> None:
    case = counted(given, kind, began_on)
    assert case.clock("limitation").due_date.isoformat() == ends
    assert case.state.limitations["limitation"].effect is effect
    assert LIMITATIONS[kind].source.startswith("[law] ")


def test_it_warns_before_its_end_and_ends_by_itself_with_nobody_late(given: CaseBuilder) -> None:
    case = counted(given, LimitationKind.SUIT_AFTER_AWARD)
    before = case.at("2026-03-12T23:59")
    assert Flag.LIMITATION_NEAR not in flags(before.state)
    near = before.at("2026-03-13T00:00")
    assert near.rungs == [("03-13T00:00", "limitation", "due_soon")]
    assert Flag.LIMITATION_NEAR in flags(near.state)
    over = near.at("2026-03-18T00:00")
    assert kinds(over.happened)[-2:] == ["clock_met", "limitation_ran_out"]
    assert local(over.clock("limitation").met_at) == "2026-03-18T00:00"
    assert over.clock("limitation").breached_at is None
    assert Flag.LIMITATION_NEAR not in flags(over.state)


def test_a_period_of_which_little_is_left_warns_at_once(given: CaseBuilder) -> None:
    case = counted(given, LimitationKind.SUIT_AFTER_AWARD, "2026-02-18")
    assert case.clock("limitation").next_at == case.now
    assert case.noticed().rungs == [("03-02T09:00", "limitation", "due_soon")]


def test_mediation_interrupts_some_and_they_begin_anew_after_it(given: CaseBuilder) -> None:
    both = counted(counted(given, LimitationKind.LABOUR, "2025-06-30"), LimitationKind.RECONSIDERATION)
    applied = decided(both.at("2026-03-03T10:00"))
    interrupt(applied)
    assert applied.state.clocks["limitation"].stopped_at is not None
    assert applied.state.clocks["limitation#2"].is_open
    failed = Decision(applied.state, at("2026-03-23T16:00"))
    run_again(failed)
    run_again(failed)
    assert set(failed.state.limitations) == {"limitation", "limitation#2", "limitation#3"}
    assert failed.state.limitations["limitation#3"].restarted_from == "limitation"
    assert failed.state.clocks["limitation#3"].due_date == date(2027, 3, 23)
    interrupt(failed)
    assert not failed.state.clocks["limitation#3"].is_open


def test_it_goes_on_when_the_matter_has_ended_until_it_is_archived(given: CaseBuilder) -> None:
    case = counted(given.accepted(), LimitationKind.CIVIL)
    ended = case.does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    assert ended.state.status is CaseStatus.LEGAL_ROUTE
    assert "limitation" in ended.armed
    assert counted(ended, LimitationKind.SUIT_AFTER_AWARD).clock("limitation#2").is_open
    assert ended.does(c.RecordLegalOutcome, outcome=WORDS).at("2026-09-30T09:00").armed == set()


def test_what_cannot_be_counted_down_is_refused(given: CaseBuilder) -> None:
    award: dict[str, Any] = {"limitation": LimitationKind.SUIT_AFTER_AWARD}
    assert given.refusal(c.RecordLimitation, **award, began_on=date(2026, 3, 3)) == "began_in_future"
    assert given.refusal(c.RecordLimitation, **award, began_on=date(2026, 2, 13)) == "limitation_over"
    known = counted(given, LimitationKind.SUIT_AFTER_AWARD)
    assert known.refusal(c.RecordLimitation, **award, began_on=date(2026, 3, 2)) == "limitation_known"


def test_a_mistake_is_forgotten(given: CaseBuilder) -> None:
    case = counted(given, LimitationKind.CIVIL).does(c.ForgetLimitation, clock_id="limitation", reason=WORDS)
    assert case.state.limitations == {}
    assert not case.clock("limitation").is_open
    assert case.refusal(c.ForgetLimitation, clock_id="limitation", reason=WORDS) == "unknown_limitation"


def test_a_new_calendar_moves_the_end_and_the_warning_with_it() -> None:
    case = counted(registered("2026-03-03T09:00"), LimitationKind.SUIT_AFTER_AWARD)
    off = case.state.calendar.model_copy(
        update={"version": 2, "days_off": (*case.state.calendar.days_off, date(2026, 3, 17))}
    )
    moved = case.does(c.AdoptCalendar, calendar=off).clock("limitation")
    assert (moved.due_date, local(moved.next_at)) == (date(2026, 3, 18), "2026-03-14T00:00")
