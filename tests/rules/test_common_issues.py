"""A common issue gathers cases that stay separate (共性诉求); what its consultation decides becomes tasks."""

from typing import Any

from tests.rules.case_builder import (
    CASE_NO,
    VERIFIER,
    WORDS,
    CaseBuilder,
    department,
    kinds,
    local,
    registered,
    sent,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.commands import Agreed, UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import CaseStatus, Flag, SubjectType, TaskRole, UnitKind
from workflows.rules.flags import flags

OTHER_NO, THIRD_NO = "990102202603020002", "990102202603020003"


def gathered(case: CaseBuilder, *case_nos: str) -> CaseBuilder:
    return case.does(c.Gather, case_nos=case_nos, reason=WORDS)


def agreed(*units: str, connected: bool = False) -> tuple[Agreed, ...]:
    """What each of these units does."""
    return tuple(Agreed(unit=department(unit, connected=connected), what=WORDS) for unit in units)


def consulted(case: CaseBuilder, *units: str, connected: bool = False, **fields: Any) -> CaseBuilder:
    return case.does(c.Consult, minutes=WORDS, decisions=agreed(*units, connected=connected), **fields)


def unconsulted(case: CaseBuilder, *units: str) -> str:
    """The code with which minutes that give these units something to do are turned down."""
    return case.refusal(c.Consult, minutes=WORDS, decisions=agreed(*units))


def test_the_cases_that_are_gathered_learn_of_it_and_stay_as_they_are(given: CaseBuilder) -> None:
    main = gathered(given, OTHER_NO, THIRD_NO, OTHER_NO)
    assert main.state.gathered == (OTHER_NO, THIRD_NO)
    assert [to for to, _ in sent(main)] == [OTHER_NO, THIRD_NO]
    before = registered(case_no=OTHER_NO).whistled()
    other = before.hears(main)
    assert other.happened == [e.IssueJoined(main=CASE_NO)]
    assert (other.state.status, other.state.clocks) == (before.state.status, before.state.clocks)
    assert Flag.COMMON_ISSUE in flags(other.state)
    assert Flag.COMMON_ISSUE in flags(main.state)
    assert other.hears(main).happened == []


def test_the_latest_case_that_gathers_counts(given: CaseBuilder) -> None:
    other = registered(case_no=OTHER_NO).hears(gathered(given, OTHER_NO))
    later = other.hears(gathered(registered(case_no=THIRD_NO), OTHER_NO))
    assert later.state.common_issue == THIRD_NO


def test_more_cases_join_later_and_those_that_did_are_not_told_again(given: CaseBuilder) -> None:
    main = gathered(gathered(given, OTHER_NO), OTHER_NO, THIRD_NO)
    assert main.state.gathered == (OTHER_NO, THIRD_NO)
    assert [to for to, _ in sent(main)] == [THIRD_NO]
    assert main.refusal(c.Gather, case_nos=(OTHER_NO,), reason=WORDS) == "already_gathered"


def test_a_case_gathers_others_while_it_is_open(given: CaseBuilder) -> None:
    assert given.refusal(c.Gather, case_nos=(OTHER_NO, CASE_NO), reason=WORDS) == "gathers_itself"
    assert given.closed().refusal(c.Gather, case_nos=(OTHER_NO,), reason=WORDS) == "case_ended"


def test_what_the_minutes_decide_becomes_tasks_with_dates_and_the_first_unit_leads(given: CaseBuilder) -> None:
    case = consulted(given.accepted(), "housing", "water", connected=True)
    assert kinds(case.happened)[:2] == ["consulted", "clock_met"]
    assert [(task.unit.unit_id, task.role) for task in case.state.open_tasks] == [
        ("housing", TaskRole.LEAD),
        ("water", TaskRole.CO),
    ]
    assert local(case.clock("T2/finish").due_at) == "2026-03-09T17:30"
    assert signals(case.happened) == [("housing", SignalType.DISPATCHED), ("water", SignalType.DISPATCHED)]
    assert (case.state.status, "dispatch" in case.armed) == (CaseStatus.DISPATCHED, False)


def test_a_unit_at_work_is_given_no_second_task_and_is_told(given: CaseBuilder) -> None:
    case = consulted(given.whistled(connected=True).reported_in(), "housing", "water", connected=True)
    assert [task.unit.unit_id for task in case.state.open_tasks] == ["housing", "water"]
    assert case.task(2).role is TaskRole.CO
    assert signals(case.happened) == [("housing", SignalType.CHANGED), ("water", SignalType.DISPATCHED)]


def test_a_unit_that_was_rid_of_the_matter_leads_again_if_the_minutes_say_so(given: CaseBuilder) -> None:
    case = consulted(given.whistled().sent_back(), "housing")
    assert (case.task(2).role, case.state.lead_task) == (TaskRole.LEAD, case.task(2))


def test_minutes_that_give_nobody_anything_to_do_leave_the_dispatch_owed(given: CaseBuilder) -> None:
    case = consulted(given.accepted())
    assert kinds(case.happened) == ["consulted"]
    assert "dispatch" in case.armed


def test_units_that_a_consultation_names_answer_a_request_for_the_whistle(given: CaseBuilder) -> None:
    asked = given.does(c.RequestWhistle, by=VERIFIER, reason=WORDS)
    assert consulted(asked).state.whistle_asked_by is not None
    case = consulted(asked, "housing")
    assert (case.state.whistle_asked_by, "whistle_request" in case.armed) == (None, False)


def test_the_minutes_name_each_unit_once_and_only_such_as_can_have_the_task(given: CaseBuilder) -> None:
    case = given.accepted()
    assert unconsulted(case, "housing", "housing") == "unit_twice"
    tax = (Agreed(unit=UnitRef(unit_id="tax", kind=UnitKind.VERTICAL), what=WORDS),)
    assert case.refusal(c.Consult, minutes=WORDS, decisions=tax) == "unit_cannot_be_dated"
    concerned = registered(subjects=(Subject(type=SubjectType.UNIT, id="housing"),)).accepted()
    assert unconsulted(concerned, "housing") == "unit_concerned"


def test_units_sit_together_while_the_case_is_at_work(given: CaseBuilder) -> None:
    for case in (given, given.finished(), given.closed()):
        assert unconsulted(case, "housing") == "case_not_at_work"
