"""A designated unit objects to the common superior and works on: the designation stands, or another unit is named."""

from typing import Any

import pytest

from tests.rules.case_builder import CASE_NO, CENTRES, WORDS, CaseBuilder, department, handler, kinds, local, signals
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, Flag, Level, Role, TaskRole, TaskStatus, UnitKind
from workflows.rules.flags import flags

T3 = f"{CASE_NO}-T3"


def centre(level: Level) -> Actor:
    return Actor(id=f"dispatcher-{level}", role=Role.DISPATCHER, unit_id=CENTRES[level])


TOWNSHIP = centre(Level.TOWNSHIP)


def objected(case: CaseBuilder, n: int = 3, **fields: Any) -> CaseBuilder:
    """The n-th task's unit objects; where none was designated one is first."""
    designated = case if any(task.designated for task in case.state.open_tasks) else case.designated(**fields)
    task = designated.task(n)
    return designated.does(c.Object, by=handler(task.unit.unit_id), task_no=task.task_no, reason=WORDS)


def decided(case: CaseBuilder, *, upheld: bool, by: Actor = TOWNSHIP, **fields: Any) -> CaseBuilder:
    if upheld:
        fields.setdefault("unit", department("gas"))
    return case.does(c.DecideObjection, by=by, task_no=T3, upheld=upheld, reason=WORDS, **fields)


def undecided(case: CaseBuilder, **fields: Any) -> str:
    """The code with which a decision about the objection is turned down."""
    about = {"by": TOWNSHIP, "task_no": T3, "upheld": False, "reason": WORDS}
    return case.refusal(c.DecideObjection, **(about | fields))


def test_the_common_superior_has_a_working_day_and_the_units_clocks_run_on(given: CaseBuilder) -> None:
    designated = given.designated()
    case = objected(designated)
    assert kinds(case.happened) == ["objected", "clock_started"]
    assert case.armed == designated.armed | {"objection_decision"}
    assert local(case.clock("objection_decision").due_at) == "2026-03-03T17:30"
    assert Flag.OBJECTED in flags(case.state)


def test_a_designation_that_stands_is_final(given: CaseBuilder) -> None:
    case = decided(objected(given), upheld=False)
    assert kinds(case.happened) == ["objection_decided", "clock_met"]
    assert (case.task(3).is_open, case.task(3).designated) == (True, True)
    again = {"by": handler("roads"), "task_no": T3, "reason": WORDS}
    assert case.refusal(c.Object, **again) == "already_objected"
    assert undecided(case) == "no_objection"
    assert Flag.OBJECTED not in flags(case.state)


def test_an_objection_that_is_upheld_hands_the_task_to_another_unit_that_is_designated_too(given: CaseBuilder) -> None:
    roads = department("roads", connected=True)
    case = decided(objected(given.designated(roads)), upheld=True, unit=department("gas", connected=True))
    assert case.task(3).status is TaskStatus.SENT_BACK
    gas = case.task(4)
    assert (gas.unit.unit_id, gas.role, gas.designated) == ("gas", TaskRole.LEAD, True)
    assert signals(case.happened) == [("roads", SignalType.CANCELLED), ("gas", SignalType.DISPATCHED)]
    assert case.armed == {"citizen", "T4/sign", "T4/contact", "T4/report_in", "T4/finish"}
    about = {"by": handler("gas"), "task_no": gas.task_no, "reason": WORDS, "clause": WORDS}
    assert case.refusal(c.SendBack, **about, suggested_unit=department("water")) == "designated_unit"


def test_whoever_designated_does_not_decide_nor_anybody_below(given: CaseBuilder) -> None:
    assert undecided(objected(given), by=centre(Level.VILLAGE)) == "decided_a_level_up"
    raised = given.does(c.Escalate, reason=WORDS)
    for level in (Level.VILLAGE, Level.TOWNSHIP):
        assert undecided(objected(raised), by=centre(level)) == "decided_a_level_up"
    assert kinds(decided(objected(raised), upheld=False, by=centre(Level.COUNTY)).happened)[0] == "objection_decided"


def test_a_case_that_went_up_since_is_decided_by_the_level_that_has_it_now(given: CaseBuilder) -> None:
    case = decided(objected(given).does(c.Escalate, reason=WORDS), upheld=False)
    assert kinds(case.happened) == ["objection_decided", "clock_met"]


def test_at_the_top_there_is_nobody_above_to_decide(given: CaseBuilder) -> None:
    top = given
    for _ in range(3):
        top = top.does(c.Escalate, reason=WORDS)
    assert decided(objected(top), upheld=False, by=centre(Level.CITY)).task(3).is_open


def test_whoever_upholds_an_objection_names_a_unit_that_can_take_the_task(given: CaseBuilder) -> None:
    case = objected(given)
    assert undecided(case, upheld=True) == "unit_missing"
    assert undecided(case, upheld=True, unit=department("roads")) == "unit_twice"
    tax = UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)
    assert undecided(case, upheld=True, unit=tax) == "unit_cannot_be_dated"


def test_only_an_objection_that_was_made_is_decided(given: CaseBuilder) -> None:
    assert undecided(given.designated()) == "no_objection"
    assert undecided(given) == "unknown_task"
    assert undecided(objected(given).finished(3)) == "task_not_open"


def test_an_objection_is_over_when_the_unit_finishes_all_the_same(given: CaseBuilder) -> None:
    case = objected(given).at("2026-03-02T15:00").finished(3)
    assert case.state.status is CaseStatus.FINISHED
    assert case.armed == {"verify"}
    assert local(case.clock("objection_decision").stopped_at) == "2026-03-02T15:00"


def test_an_objection_is_over_when_the_matter_is(given: CaseBuilder) -> None:
    assert objected(given).does(c.Withdraw, reason=WORDS).armed == {"archive_after"}


def test_the_silence_of_the_superior_climbs_the_ladder_and_the_unit_keeps_the_task(given: CaseBuilder) -> None:
    case = objected(given).signed(3).reported_in(3).at("2026-03-06T09:00")
    assert [rung for rung in case.rungs if rung[1] == "objection_decision"] == [
        ("03-03T14:36", "objection_decision", "due_soon"),
        ("03-03T17:30", "objection_decision", "urge"),
        ("03-04T17:30", "objection_decision", "supervise"),
        ("03-05T17:30", "objection_decision", "escalate"),
    ]
    assert (case.state.level, case.task(3).is_open) == (Level.TOWNSHIP, True)
    assert decided(case, upheld=True).task(4).designated


@pytest.mark.parametrize("upheld", [True, False])
def test_a_decision_about_an_objection_moves_no_date_of_the_requester(given: CaseBuilder, upheld: bool) -> None:
    case = decided(objected(given), upheld=upheld)
    assert case.clock("citizen") == given.clock("citizen")
