"""Who owes the next step while somebody waits for a decision."""

from datetime import date

from tests.rules.case_builder import (
    CENTRES,
    WORDS,
    CaseBuilder,
    handler,
)
from workflows.contracts import commands as c
from workflows.contracts.vocabulary import Level, OwnerRole

CENTRE = (OwnerRole.DISPATCHER, CENTRES[Level.VILLAGE])


def test_the_centre_owes_a_decision_about_more_time(given: CaseBuilder) -> None:
    case = given.whistled()
    asked = case.does(
        c.RequestExtension, by=handler("housing"), task_no=case.task().task_no, until=date(2026, 3, 16), reason=WORDS
    )
    assert case.owed == (OwnerRole.LEAD_UNIT, "housing")
    assert asked.owed == CENTRE
    decided = asked.does(c.DecideExtension, task_no=case.task().task_no, granted=False, reason=WORDS)
    assert decided.owed == (OwnerRole.LEAD_UNIT, "housing")


def test_the_centre_owes_a_decision_about_a_send_back_of_any_unit(given: CaseBuilder) -> None:
    asked = given.whistled("water").asked_back(2)
    assert asked.owed == CENTRE
    assert asked.decided_send_back(2, approved=False).owed == (OwnerRole.LEAD_UNIT, "housing")


def test_the_centre_owes_the_answer_of_another_city_and_of_the_requester(given: CaseBuilder) -> None:
    case = given.whistled()
    assert case.does(c.Transfer, city=WORDS, reason=WORDS).owed == CENTRE
    assert case.does(c.Withdraw, by=handler("housing"), reason=WORDS).owed == CENTRE


def test_the_common_superior_owes_a_decision_about_an_objection(given: CaseBuilder) -> None:
    case = given.designated("roads")
    objected = case.does(c.Object, by=handler("roads"), task_no=case.task(3).task_no, reason=WORDS)
    assert case.owed == (OwnerRole.LEAD_UNIT, "roads")
    assert objected.owed == (OwnerRole.DISPATCHER, CENTRES[Level.TOWNSHIP])
