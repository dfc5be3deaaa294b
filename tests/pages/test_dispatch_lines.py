"""How a case went from unit to unit, told line by line; and what marks a unit bears."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter

from api.dispatch_story import DispatchStory, DispatchTurn
from api.pages.dispatch_lines import dispatch_lines
from api.pages.names import Names
from api.pages.task_marks import task_marks
from api.snapshots import clock_view
from api.timeline import TimelineActor, TimelineItem
from tests.rules.calendar_2026 import at
from tests.rules.case_builder import SUPERVISOR, WORDS, CaseBuilder, registered
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.events import EventMessage, Recorded
from workflows.contracts.vocabulary import Role

NAMES = Names({"a": "甲局", "b": "乙局", "c": "丙局"}, {"county": "县区"}, {}, {"990102": "临江区"})
MOMENT = datetime(2026, 3, 9, 1, tzinfo=UTC)
EVENT: TypeAdapter[Any] = TypeAdapter(EventMessage)
SOMEBODY = Actor(id="somebody", role=Role.DISPATCHER)
REOPENED: tuple[str, dict[str, Any]] = ("case_reopened", {"round": 2, "rework": 1, "reason": "x"})
HOST_NAMED: tuple[str, dict[str, Any]] = (
    "host_named",
    {"region_code": "990102", "centres": {"county": "centre-990102"}, "level": "county", "reason": "x"},
)
Decision = Sequence[tuple[str, dict[str, Any]]]
"""Events that one command brought about, by their kinds."""


def given(number: int, unit: str, role: str = "lead") -> tuple[str, dict[str, Any]]:
    known = {"unit_id": unit, "kind": "department"}
    return "task_dispatched", {"task_no": f"N-T{number}", "unit": known, "role": role, "preset": "whistle_standard"}


def whistled(*called: tuple[str, dict[str, Any]]) -> Decision:
    return [("whistled", {"preset": "whistle_standard", "reason": "x"}), *called]


def asked(number: int, decision_clock: str | None = "send_back") -> Decision:
    data = {"reason": "x", "clause": "y", "suggested_unit": "b", "decision_clock": decision_clock}
    disputed = [] if decision_clock else [("dispatch_dispute_opened", {"task_no": f"N-T{number}"})]
    return [("send_back_asked", {"task_no": f"N-T{number}"} | data), *disputed]


def of_task(kind: str, number: int, **data: Any) -> tuple[str, dict[str, Any]]:
    return kind, {"task_no": f"N-T{number}", "reason": "x"} | data


def story(*decisions: Decision) -> list[Recorded]:
    happened = [(command, event) for command, events in enumerate(decisions) for event in events]
    return [
        Recorded(
            seq=seq,
            at=MOMENT,
            recorded_at=MOMENT,
            actor=SOMEBODY,
            command_id=f"c{command}",
            event=EVENT.validate_python(data | {"kind": kind}),
        )
        for seq, (command, (kind, data)) in enumerate(happened, 1)
    ]


def lines(*decisions: Decision) -> list[str]:
    records = story(*decisions)
    actor = TimelineActor(id=SOMEBODY.id, role=SOMEBODY.role, unit_id=None, name=None)
    items = [
        TimelineItem(
            seq=record.seq,
            kind=record.event.kind,
            at=MOMENT,
            recorded_at=MOMENT,
            actor=actor,
            data=record.event.model_dump(mode="json"),
        )
        for record in records
    ]
    return [entry.sentence for entry in dispatch_lines(turns(*decisions), items, NAMES)]


def turns(*decisions: Decision) -> list[DispatchTurn]:
    return DispatchStory(story(*decisions), {"x": "理由"}).turns(NAMES.units)


def test_a_whistle_names_every_unit_that_it_calls() -> None:
    assert lines(whistled(given(1, "a"), given(2, "b", "co"))) == ["吹哨（推进哨）派给甲局（主办）、乙局（协办）"]


def test_a_whistle_that_grants_a_request_names_its_units_all_the_same() -> None:
    granted = ("whistle_request_decided", {"granted": True})
    assert lines([*whistled(), granted, given(1, "a")]) == [
        "吹哨（推进哨）派给甲局（主办）",
        "已直接吹哨，吹哨请求一并办结",
    ]


def test_two_whistles_are_two_lines() -> None:
    told = lines(whistled(given(1, "a")), whistled(given(2, "b", "co")))
    assert told == ["吹哨（推进哨）派给甲局（主办）", "吹哨（推进哨）派给乙局（协办）"]


def test_a_request_that_nobody_decided_leaves_the_task_where_it_is() -> None:
    told = lines(whistled(given(1, "a")), asked(1), [("send_back_lapsed", {"task_no": "N-T1"})])
    assert told[1:] == ["甲局退单，建议由乙局承办", "退单逾期未审定，仍由甲局办理"]


def test_a_designation_tells_at_once_who_is_rid_of_the_task() -> None:
    designated = of_task("unit_designated", 2, unit_id="c")
    told = lines(whistled(given(1, "a")), asked(1, None), [of_task("task_sent_back", 1), given(2, "c"), designated])
    assert told[1:] == [
        "甲局再次退单，建议由乙局承办；转为派单争议，由中心指定承办单位",
        "指定丙局承办，不得再退单，甲局不再办理",
    ]


def test_a_unit_that_is_told_to_keep_the_task_is_not_told_to_be_rid_of_it() -> None:
    told = lines(whistled(given(1, "a")), asked(1, None), [of_task("unit_designated", 1, unit_id="a")])
    assert told[2:] == ["指定甲局承办，不得再退单"]


def test_an_objection_that_is_upheld_tells_whom_the_task_leaves() -> None:
    upheld = [
        of_task("objection_decided", 1, upheld=True),
        of_task("task_sent_back", 1),
        given(2, "c"),
        of_task("unit_designated", 2, unit_id="c"),
    ]
    told = lines(whistled(given(1, "a")), [of_task("objected", 1)], upheld)
    assert told[2:] == ["甲局的异议成立", "指定丙局承办，不得再退单，甲局不再办理"]


def test_a_unit_in_the_place_of_another_is_told_once() -> None:
    told = lines(whistled(given(1, "a")), [of_task("task_reassigned", 1, to_unit="b"), given(2, "b")])
    assert told[1:] == ["由甲局转派给乙局"]


def test_a_co_unit_is_released_by_somebody_and_not_by_the_end_of_the_case() -> None:
    called = whistled(given(1, "a"), given(2, "b", "co"))
    assert lines(called, [of_task("task_cancelled", 2)])[1:] == ["取消乙局协办"]
    assert lines(called, [of_task("task_cancelled", 2, reason=None)])[1:] == []


def test_a_new_round_and_a_host_are_told_on_the_page() -> None:
    told = lines([REOPENED], [HOST_NAMED])
    assert told == ["重办，进入第2轮办理（第1次返工）", "确定临江区为主办地，由县区一级办理"]


def test_the_story_tells_releases_new_rounds_and_hosts_with_their_reasons() -> None:
    told = turns(whistled(given(1, "a"), given(2, "b", "co")), [of_task("task_cancelled", 2)], [REOPENED], [HOST_NAMED])
    assert [(turn.what, turn.unit_id, turn.reason) for turn in told[2:]] == [
        ("released", "b", "理由"),
        ("reopened", None, "理由"),
        ("host_named", None, "理由"),
    ]
    assert (told[-1].level, told[-1].region_code) == ("county", "990102")


def test_units_that_were_called_together_are_turns_of_one_event() -> None:
    told = turns(
        whistled(given(1, "a"), given(2, "b", "co")), [of_task("task_reassigned", 1, to_unit="c"), given(3, "c")]
    )
    assert [(turn.what, turn.seq, turn.role) for turn in told] == [
        ("dispatched", 1, "lead"),
        ("dispatched", 1, "co"),
        ("reassigned", 4, None),
        ("dispatched", 5, "lead"),
    ]


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
