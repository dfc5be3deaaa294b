"""How a case went from unit to unit, as one story: given, sent back, disputed, designated (派单经过)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import get_args

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.wording import look_up
from infra.tables import TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId


class Turn(StrEnum):
    """What happened to a task between units."""

    DISPATCHED = "dispatched"
    SENT_BACK_ASKED = "sent_back_asked"
    REFUSED = "refused"
    LAPSED = "lapsed"
    SENT_BACK = "sent_back"
    DISPUTED = "disputed"
    DESIGNATED = "designated"
    REASSIGNED = "reassigned"
    OBJECTED = "objected"


class DispatchTurn(BaseModel):
    """One turn of the story: `unit_id` is the task's unit, `suggested_unit` whose business that unit says it is.

    `reason` is in the words of who gave it: null where none was due, and once they were erased.
    """

    at: datetime
    what: Turn
    task_no: str
    unit_id: str
    unit_name: str
    suggested_unit: str | None = None
    suggested_unit_name: str | None = None
    reason: str | None = None


_WithReason = e.SendBackAsked | e.SendBackRefused | e.TaskSentBack | e.UnitDesignated | e.TaskReassigned | e.Objected
_Told = _WithReason | e.TaskDispatched | e.SendBackLapsed | e.DispatchDisputeOpened
_WHAT: Mapping[type, Turn] = {
    e.TaskDispatched: Turn.DISPATCHED,
    e.SendBackAsked: Turn.SENT_BACK_ASKED,
    e.SendBackRefused: Turn.REFUSED,
    e.SendBackLapsed: Turn.LAPSED,
    e.TaskSentBack: Turn.SENT_BACK,
    e.DispatchDisputeOpened: Turn.DISPUTED,
    e.UnitDesignated: Turn.DESIGNATED,
    e.TaskReassigned: Turn.REASSIGNED,
    e.Objected: Turn.OBJECTED,
}
_KINDS = {event.model_fields["kind"].default for event in (*get_args(_Told), e.Whistled)}


@dataclass(frozen=True)
class DispatchStory:
    """What is on record of it in order, and the words by their ids."""

    records: Sequence[Recorded] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def units(self) -> set[str]:
        """The units that need a name."""
        events = [record.event for record in self.records]
        suggested = {event.suggested_unit for event in events if isinstance(event, e.SendBackAsked)}
        return suggested | {event.unit.unit_id for event in events if isinstance(event, e.TaskDispatched)}

    def turns(self, names: Mapping[str, str]) -> list[DispatchTurn]:
        """The story with the names of its units, by their ids."""
        told = []
        units: dict[str, str] = {}
        whistled: dict[str | None, TextId] = {}
        for record in self.records:
            event = record.event
            if isinstance(event, e.Whistled):
                whistled[record.command_id] = event.reason
            elif isinstance(event, _Told):
                reason = event.reason if isinstance(event, _WithReason) else None
                if isinstance(event, e.TaskDispatched):
                    units[event.task_no] = event.unit.unit_id
                    reason = whistled.get(record.command_id)
                suggested = event.suggested_unit if isinstance(event, e.SendBackAsked) else None
                told.append(
                    DispatchTurn(
                        at=record.at,
                        what=_WHAT[type(event)],
                        task_no=event.task_no,
                        unit_id=units[event.task_no],
                        unit_name=names[units[event.task_no]],
                        suggested_unit=suggested,
                        suggested_unit_name=names[suggested] if suggested else None,
                        reason=self.words.get(reason or ""),
                    )
                )
        return told


async def read_story(session: AsyncSession, case_no: str, seq: int) -> DispatchStory:
    """The story of a case through that event."""
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.kind.in_(_KINDS), TimelineEvent.seq <= seq)
        .order_by(TimelineEvent.seq)
    )
    records = [Recorded.model_validate(row) for row in rows]
    given = {record.event.reason for record in records if isinstance(record.event, _WithReason | e.Whistled)}
    return DispatchStory(records, await look_up(session, given))
