"""Clocks, their days and what moved them, in words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from api.pages.clock_lines import ClockLine, clock_line
from api.pages.names import Names
from api.pages.sentences import tell
from api.snapshots import clock_view
from api.timeline import TimelineActor, TimelineItem
from tests.rules.calendar_2026 import at
from tests.rules.case_builder import POLICY, SUPERVISOR, WORDS, CaseBuilder, registered
from workflows.contracts import commands as c
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import ClockName, PauseGround

NAMES = Names({}, {}, {})
MOVED: dict[str, Any] = {
    "clock_id": "T1/finish",
    "cause": "calendar",
    "was_due_at": "2026-03-09T09:30:00Z",
    "due_at": "2026-03-11T16:00:00Z",
    "provisional": False,
    "next_rung": "due_soon",
}


def told(kind: str, data: dict[str, Any], *, by: str = "somebody") -> str:
    moment = datetime(2026, 3, 9, 1, tzinfo=UTC)
    actor = TimelineActor(id=by, role="dispatcher", unit_id=None, name=None)
    item = TimelineItem(seq=1, kind=kind, at=moment, recorded_at=moment, actor=actor, data=data)
    return tell(item, NAMES).sentence


def line(case: CaseBuilder, clock_id: str, now: str) -> ClockLine:
    return clock_line(clock_view(case.clock(clock_id)), at(now), case.state, explained=True)


def suspended(*, through: str) -> CaseBuilder:
    """A whistled case whose clocks stand still from Tuesday morning on."""
    ground, until = PauseGround.MEDICAL_APPRAISAL, date.fromisoformat(through)
    at_work = registered().accepted().whistled().at("2026-03-03T10:00")
    return at_work.does(c.Suspend, by=SUPERVISOR, ground=ground, until=until, reason=WORDS)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "任务1·办结的到期时间由2026-03-09 17:30改为2026-03-11 24:00，原因：工作日历更新"),
        (
            {"provisional": True},
            "任务1·办结的到期时间由2026-03-09 17:30改为2026-03-11 24:00（暂定），原因：工作日历更新",
        ),
        (
            {"due_at": MOVED["was_due_at"], "next_rung": "supervise"},
            "任务1·办结已经超期，到期时间不变，此后的督办、催办时间随之调整，原因：工作日历更新",
        ),
        (
            {"due_at": MOVED["was_due_at"], "cause": "pause"},
            "任务1·办结重新核算，到期时间仍为2026-03-09 17:30，原因：挂起或恢复",
        ),
    ],
)
def test_a_move_is_told_with_both_times_and_its_cause(changed: dict[str, Any], sentence: str) -> None:
    assert told("clock_moved", MOVED | changed) == sentence


def test_a_suspension_that_ends_by_itself_is_told_otherwise_than_one_that_somebody_ended() -> None:
    assert told("case_resumed", {"reason": None}, by=CLOCKWORK.id) == "挂起期满，自动恢复计时"
    assert told("case_resumed", {"reason": "x"}) == "恢复计时"


def test_a_task_signal_that_waits_for_the_offices_says_until_when() -> None:
    effect = {"kind": "deliver_task", "not_before": "2026-03-09T00:30:00Z"}
    assert told("effect_requested", {"effect": effect}).endswith("，待单位上班后（2026-03-09 08:30）发出")


def test_a_date_that_rolled_shows_the_unrolled_one_as_the_internal_target() -> None:
    fifteen = ClockPolicy(limit=Limit.parse("15 calendar_days from registered"), source="[law] test")
    policy = POLICY.model_copy(update={"case_limits": POLICY.case_limits | {ClockName.CITIZEN: fifteen}})
    rolled = line(registered("2026-02-06T10:00", policy=policy), "citizen", "2026-02-07T09:00")
    assert rolled.due == "2026年2月24日（周二）24:00"
    assert rolled.notes == ["内部目标2026年2月21日（周六）", "窗口办理至当日17:30"]
    assert rolled.why is not None
    assert "期满日2026年2月21日（周六）顺延到2026年2月24日（周二）" in rolled.why.sentence
    cells = rolled.why.cells
    assert (rolled.why.column, cells[0].word, cells[0].reason) == (5, "不计", "起算日")
    assert [(cell.date, cell.word, cell.reason) for cell in cells[-4:]] == [
        ("2/21", "第15日", "周末"),
        ("2/22", "顺延", "周末"),
        ("2/23", "顺延", "节假日"),
        ("2/24", "顺延", "工作日"),
    ]
    assert [cell.last for cell in cells[-2:]] == [False, True]


def test_days_on_which_a_clock_stands_still_are_told_as_such() -> None:
    shown = line(suspended(through="2026-03-05"), "T1/finish", "2026-03-03T11:00")
    assert shown.stands_still
    assert shown.office is None
    assert shown.notes == ["预计暂停3天"]
    assert shown.why is not None
    assert [cell.date for cell in shown.why.cells if cell.verdict == "paused"] == ["3/3", "3/4", "3/5"]
    assert [cell.word for cell in shown.why.cells if cell.verdict == "paused"] == ["暂停"] * 3


def test_a_clock_whose_end_was_named_is_not_explained_by_counting() -> None:
    why = line(suspended(through="2026-03-07"), "suspension", "2026-03-03T11:00").why
    assert why is not None
    assert (why.cells, why.left_out) == ((), 0)
    assert "遇休息日也不顺延" in why.sentence
