"""How a case went from unit to unit, told line by line; and what marks a unit bears."""

from datetime import UTC, date, datetime
from typing import Any

from api.pages.dispatch_lines import dispatch_lines
from api.pages.names import Names
from api.pages.task_marks import task_marks
from api.snapshots import clock_view
from api.timeline import TimelineActor, TimelineItem
from tests.rules.calendar_2026 import at
from tests.rules.case_builder import SUPERVISOR, WORDS, CaseBuilder, registered
from workflows.contracts import commands as c

NAMES = Names({"a": "甲局", "b": "乙局", "c": "丙局"}, {}, {})
WHISTLED: tuple[str, dict[str, Any]] = ("whistled", {"preset": "whistle_standard", "reason": "x"})
ASKED: dict[str, Any] = {"reason": "x", "clause": "y", "suggested_unit": "b", "decision_clock": "send_back"}


def given(number: int, unit: str, role: str = "lead") -> tuple[str, dict[str, Any]]:
    return "task_dispatched", {"task_no": f"N-T{number}", "unit": {"unit_id": unit}, "role": role}


def asked(number: int, **changed: Any) -> tuple[str, dict[str, Any]]:
    return "send_back_asked", {"task_no": f"N-T{number}"} | ASKED | changed


def of_task(kind: str, number: int, **data: Any) -> tuple[str, dict[str, Any]]:
    return kind, {"task_no": f"N-T{number}", "reason": "x"} | data


def lines(*happened: tuple[str, dict[str, Any]]) -> list[str]:
    moment = datetime(2026, 3, 9, 1, tzinfo=UTC)
    actor = TimelineActor(id="somebody", role="dispatcher", unit_id=None, name=None)
    items = [
        TimelineItem(seq=seq, kind=kind, at=moment, recorded_at=moment, actor=actor, data=data)
        for seq, (kind, data) in enumerate(happened, 1)
    ]
    return [entry.sentence for entry in dispatch_lines(items, NAMES)]


def test_a_whistle_names_every_unit_that_it_calls() -> None:
    assert lines(WHISTLED, given(1, "a"), given(2, "b", "co")) == ["吹哨（推进哨）派给甲局（主办）、乙局（协办）"]


def test_a_request_that_nobody_decided_leaves_the_task_where_it_is() -> None:
    told = lines(WHISTLED, given(1, "a"), asked(1), ("send_back_lapsed", {"task_no": "N-T1"}))
    assert told[1:] == ["甲局退单，建议由乙局承办", "退单逾期未审定，仍由甲局办理"]


def test_a_designation_tells_at_once_who_is_rid_of_the_task() -> None:
    designated = of_task("unit_designated", 2, unit_id="c")
    told = lines(
        WHISTLED, given(1, "a"), asked(1, decision_clock=None), of_task("task_sent_back", 1), given(2, "c"), designated
    )
    assert told[2:] == ["指定丙局承办，不得再退单，甲局不再办理"]


def test_a_unit_that_is_told_to_keep_the_task_is_not_told_to_be_rid_of_it() -> None:
    told = lines(WHISTLED, given(1, "a"), asked(1, decision_clock=None), of_task("unit_designated", 1, unit_id="a"))
    assert told[2:] == ["指定甲局承办，不得再退单"]


def test_a_unit_in_the_place_of_another_is_told_once() -> None:
    told = lines(WHISTLED, given(1, "a"), of_task("task_reassigned", 1, to_unit="b"), given(2, "b"))
    assert told[1:] == ["由甲局转派给乙局"]


def test_a_co_unit_is_released_by_somebody_and_not_by_the_end_of_the_case() -> None:
    called = (WHISTLED, given(1, "a"), given(2, "b", "co"))
    assert lines(*called, of_task("task_cancelled", 2))[1:] == ["取消乙局协办"]
    assert lines(*called, of_task("task_cancelled", 2, reason=None))[1:] == []


def marks(case: CaseBuilder, number: int, now: str) -> list[str]:
    task = case.task(number)
    clocks = [clock_view(clock) for clock in case.state.clocks.values() if clock.task_no == task.task_no]
    return task_marks(case.state, task.task_no, clocks, at(now))


def test_a_co_unit_that_did_not_report_in_bears_the_mark_alone() -> None:
    too_late = "2026-03-09T09:00"
    case = registered().whistled("police").reported_in(1).at(too_late)
    assert marks(case, 2, too_late) == ["absent"]
    assert marks(case, 1, too_late) == []
    assert marks(registered().whistled("police"), 2, "2026-03-02T10:00") == []
    assert marks(case.reported_in(2), 2, too_late) == []


def test_a_lead_unit_that_did_not_report_in_is_late_but_not_absent() -> None:
    too_late = "2026-03-09T09:00"
    assert marks(registered().whistled("police").at(too_late), 1, too_late) == []


def test_an_answer_that_is_demanded_marks_the_lead_unit_while_it_is_at_work() -> None:
    case = registered().whistled("police").does(c.Supervise, by=SUPERVISOR, due=date(2026, 3, 5), reason=WORDS)
    assert marks(case, 1, "2026-03-02T10:00") == ["supervised"]
    assert marks(case, 2, "2026-03-02T10:00") == []
    assert marks(case.finished(1), 1, "2026-03-02T10:00") == []
