"""The whistle, and what units do with their part of it."""

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    MONDAY,
    POLICY,
    WORDS,
    CaseBuilder,
    department,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, TaskRole, TaskStatus, UnitKind

T1 = f"{CASE_NO}-T1"
HOUSING = department("housing")
STEPS: list[tuple[type[AnyCommand], dict[str, str]]] = [
    (c.Sign, {}),
    (c.Contact, {"note": WORDS}),
    (c.ReportIn, {}),
    (c.Progress, {"note": WORDS}),
    (c.Finish, {"reply": WORDS}),
    (c.Release, {"reason": WORDS}),
]


def test_a_whistle_gives_each_unit_a_task_with_clocks_of_its_own(given: CaseBuilder) -> None:
    case = given.whistled("water", lead="housing")
    assert [(task.unit.unit_id, task.role) for task in case.state.tasks.values()] == [
        ("housing", TaskRole.LEAD),
        ("water", TaskRole.CO),
    ]
    assert case.armed == {"citizen"} | {
        f"{task}/{clock}" for task in ("T1", "T2") for clock in ("sign", "contact", "report_in", "finish")
    }
    assert case.clock("dispatch").met_at == case.now


def test_the_preset_of_the_whistle_sets_the_limits_of_its_tasks(given: CaseBuilder) -> None:
    case = given.whistled(preset="emergency")
    assert local(case.clock("T1/sign").due_at) == "2026-03-02T09:10"
    assert "T1/contact" not in case.state.clocks


def test_a_registered_case_is_not_whistled_before_it_is_accepted(given: CaseBuilder) -> None:
    assert given.refusal(c.Whistle, lead=HOUSING, reason=WORDS) == "case_not_accepted"


def test_a_case_is_not_whistled_while_units_work_on_it(given: CaseBuilder) -> None:
    assert given.whistled().refusal(c.Whistle, lead=HOUSING, reason=WORDS) == "case_not_accepted"


def test_a_unit_has_one_part_in_a_whistle(given: CaseBuilder) -> None:
    twice = given.accepted().refusal(c.Whistle, lead=HOUSING, co_units=(HOUSING,), reason=WORDS)
    assert twice == "unit_twice"


@pytest.mark.parametrize(
    "kind", [UnitKind.VERTICAL, UnitKind.JUDICIAL, UnitKind.DISCIPLINE, UnitKind.GOVERNANCE_CENTRE, UnitKind.COMMITTEE]
)
def test_a_unit_that_cannot_be_given_dates_is_not_whistled(given: CaseBuilder, kind: UnitKind) -> None:
    unit = UnitRef(unit_id="tobacco", kind=kind)
    assert given.accepted().refusal(c.Whistle, lead=unit, reason=WORDS) == "unit_cannot_be_dated"
    co_unit = given.accepted().refusal(c.Whistle, lead=HOUSING, co_units=(unit,), reason=WORDS)
    assert co_unit == "unit_cannot_be_dated"


def test_a_preset_that_the_policy_does_not_have_is_refused(given: CaseBuilder) -> None:
    unheard_of = given.accepted().refusal(c.Whistle, lead=HOUSING, preset="gold", reason=WORDS)
    assert unheard_of == "unknown_preset"


def test_only_a_connected_unit_gets_a_signal(given: CaseBuilder) -> None:
    units = {"lead": department("housing", connected=True), "co_units": (department("water"),)}
    events = given.accepted().when(c.Whistle, **units, reason=WORDS)
    assert signals(events) == [("housing", SignalType.DISPATCHED)]


@pytest.mark.parametrize(("kind", "fields"), STEPS)
def test_a_step_needs_a_task_of_the_case(given: CaseBuilder, kind: type[AnyCommand], fields: dict[str, str]) -> None:
    assert given.whistled().refusal(kind, task_no=f"{CASE_NO}-T2", **fields) == "unknown_task"


@pytest.mark.parametrize(("kind", "fields"), STEPS)
def test_a_step_needs_an_open_task(given: CaseBuilder, kind: type[AnyCommand], fields: dict[str, str]) -> None:
    assert given.finished().refusal(kind, task_no=T1, **fields) == "task_not_open"


@pytest.mark.parametrize("earlier", ["signed", "contacted", "reported_in"])
def test_a_task_is_signed_before_anything_else_or_not_at_all(given: CaseBuilder, earlier: str) -> None:
    assert getattr(given.whistled(), earlier)().refusal(c.Sign, task_no=T1) == "already_signed"


def test_a_unit_reports_in_once(given: CaseBuilder) -> None:
    assert given.whistled().reported_in().refusal(c.ReportIn, task_no=T1) == "already_reported_in"


def test_the_first_report_in_puts_the_case_in_progress(given: CaseBuilder) -> None:
    case = given.whistled("water").signed().contacted()
    assert case.state.status is CaseStatus.DISPATCHED
    assert case.reported_in(2).state.status is CaseStatus.IN_PROGRESS


def test_a_later_step_meets_the_clocks_of_the_steps_before_it(given: CaseBuilder) -> None:
    whistled = given.whistled()
    assert whistled.contacted().armed == {"citizen", "T1/report_in", "T1/finish"}
    assert whistled.reported_in().armed == {"citizen", "T1/finish"}
    finished = whistled.finished()
    assert all(finished.clock(f"T1/{name}").met_at == finished.now for name in ("sign", "contact", "report_in"))


def test_a_step_of_one_unit_meets_no_clock_of_another(given: CaseBuilder) -> None:
    assert {"T2/sign", "T2/contact", "T2/report_in"} <= given.whistled("water").reported_in(1).armed


def test_a_contact_after_the_report_in_does_not_set_the_task_back(given: CaseBuilder) -> None:
    assert given.whistled().reported_in().contacted().task().status is TaskStatus.REPORTED_IN


def test_a_progress_note_meets_no_clock_and_moves_no_status(given: CaseBuilder) -> None:
    case = given.whistled()
    noted = case.does(c.Progress, task_no=T1, note=WORDS)
    assert kinds(noted.happened) == ["task_progressed"]
    assert noted.armed == case.armed
    assert noted.task().status is TaskStatus.DISPATCHED


def test_finishing_brings_evidence_where_the_policy_asks_for_it() -> None:
    case = registered(policy=POLICY.model_copy(update={"evidence_required": True})).whistled()
    assert case.refusal(c.Finish, task_no=T1, reply=WORDS) == "evidence_required"
    assert case.finished(evidence=("photo-1",)).state.status is CaseStatus.FINISHED


def test_the_only_units_finish_finishes_the_case(given: CaseBuilder) -> None:
    case = given.finished()
    assert case.state.status is CaseStatus.FINISHED
    assert case.armed == {"verify"}
    assert case.clock("citizen").met_at == case.now


def test_the_case_is_not_finished_while_a_co_unit_works(given: CaseBuilder) -> None:
    case = given.whistled("water").finished(1)
    assert case.state.status is CaseStatus.IN_PROGRESS
    assert "T1/finish" not in case.armed
    assert "citizen" in case.armed
    assert case.finished(2).state.status is CaseStatus.FINISHED


def test_releasing_the_last_co_unit_finishes_a_case_whose_lead_is_done(given: CaseBuilder) -> None:
    case = given.whistled("water", connected=True).finished(1).does(c.Release, task_no=f"{CASE_NO}-T2", reason=WORDS)
    assert case.state.status is CaseStatus.FINISHED
    assert case.task(2).status is TaskStatus.CANCELLED
    assert signals(case.happened) == [("water", SignalType.CANCELLED)]
    assert case.clock("T2/finish").stopped_at == case.now


def test_a_released_co_unit_leaves_the_lead_at_work(given: CaseBuilder) -> None:
    case = given.whistled("water").does(c.Release, task_no=f"{CASE_NO}-T2", reason=WORDS)
    assert case.state.status is CaseStatus.DISPATCHED
    assert case.armed == {"citizen", "T1/sign", "T1/contact", "T1/report_in", "T1/finish"}


def test_the_lead_is_not_released(given: CaseBuilder) -> None:
    assert given.whistled("water").refusal(c.Release, task_no=T1, reason=WORDS) == "lead_cannot_be_released"


def test_an_urge_reaches_one_unit_or_every_unit_still_at_work(given: CaseBuilder) -> None:
    case = given.whistled("water", "roads", connected=True).finished(1)
    assert signals(case.when(c.Urge, note=WORDS)) == [("water", SignalType.URGED), ("roads", SignalType.URGED)]
    assert signals(case.when(c.Urge, task_no=f"{CASE_NO}-T3", note=WORDS)) == [("roads", SignalType.URGED)]


def test_an_urge_before_the_whistle_is_for_whoever_owes_the_next_step(given: CaseBuilder) -> None:
    assert kinds(given.when(c.Urge, note=WORDS)) == ["urged"]


def test_an_urge_names_an_open_task_or_none(given: CaseBuilder) -> None:
    case = given.whistled("water").finished(1)
    assert case.refusal(c.Urge, task_no=f"{CASE_NO}-T9", note=WORDS) == "unknown_task"
    assert case.refusal(c.Urge, task_no=T1, note=WORDS) == "task_not_open"


def test_an_ended_case_is_not_urged(given: CaseBuilder) -> None:
    assert given.closed().refusal(c.Urge, note=WORDS) == "case_ended"


def test_every_event_of_a_command_carries_who_gave_it_and_under_which_id(given: CaseBuilder) -> None:
    case = given.at(MONDAY).does(c.Accept, by=DISPATCHER, command_id="key-1")
    assert {(record.actor, record.command_id) for record in case.news} == {(DISPATCHER, "key-1")}
