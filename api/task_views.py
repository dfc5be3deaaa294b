"""What the API shows of one unit's part in a case beside its clocks: its objection, its absence, ratings both ways."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.wording import look_up
from infra.tables import TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import ClockName


class ObjectionView(BaseModel):
    """A designated unit objected: the common superior decides by `decide_by`, and the unit works on meanwhile."""

    asked_at: datetime
    decide_by: datetime


class ReportInRating(BaseModel):
    """评报到: how the unit came, from 1, poor, to 5, very good; `note` is null once it was erased."""

    at: datetime
    score: int
    note: str | None


class WhistleRating(BaseModel):
    """评哨: how the unit was called in, from 1, poor, to 5, very good; `note` is null once it was erased."""

    at: datetime
    score: int
    right_unit: bool | None
    clear: bool | None
    avoidable: bool | None
    note: str | None


class TaskRatings(BaseModel):
    """What the two sides of a whistle think of each other."""

    report_in: ReportInRating | None = None
    whistle: WhistleRating | None = None


def objection(state: CaseState, task: TaskState) -> ObjectionView | None:
    """The task's objection while it waits for a decision."""
    clock = state.clocks.get(task.objection_clock or "")
    if clock is None or not clock.is_open:
        return None
    return ObjectionView(asked_at=clock.started_at, decide_by=clock.due_at)


def is_absent(clocks: Iterable[Clock]) -> bool:
    """Whether a unit with these clocks let its time to report in run out and has not come."""
    return any(
        clock.name is ClockName.REPORT_IN and clock.breached_at is not None and clock.met_at is None for clock in clocks
    )


async def read_ratings(
    session: AsyncSession, state: CaseState | None, *, sealed: bool = False
) -> Mapping[str, TaskRatings]:
    """The ratings by task number; `sealed`: without what was written."""
    found: defaultdict[str, TaskRatings] = defaultdict(TaskRatings)
    if state is None or not any(task.report_in_rated or task.whistle_rated for task in state.tasks.values()):
        return found
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == state.case_no, TimelineEvent.seq <= state.seq)
        .where(TimelineEvent.kind.in_(["report_in_rated", "whistle_rated"]))
        .order_by(TimelineEvent.seq)
    )
    records = [Recorded.model_validate(row) for row in rows]
    text_ids = {text_id for record in records if (text_id := _note(record))}
    words = {} if sealed else await look_up(session, text_ids)
    for record in records:
        note = words.get(_note(record) or "")
        match record.event:
            case e.ReportInRated() as event:
                rating = ReportInRating(at=record.at, score=event.score, note=note)
                found[event.task_no] = found[event.task_no].model_copy(update={"report_in": rating})
            case e.WhistleRated() as event:
                whistle = WhistleRating.model_validate(dict(event) | {"at": record.at, "note": note})
                found[event.task_no] = found[event.task_no].model_copy(update={"whistle": whistle})
            case _:
                pass
    return found


def _note(record: Recorded) -> TextId | None:
    return record.event.note if isinstance(record.event, e.ReportInRated | e.WhistleRated) else None
