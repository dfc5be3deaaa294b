"""How a case went from unit to unit and from level to level, as one story (派单经过)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.wording import look_up, text_ids
from infra.tables import TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import Level, TaskRole


class Turn(StrEnum):
    """What happened to a task between units, or to the case between centres."""

    DISPATCHED = "dispatched"
    SENT_BACK_ASKED = "sent_back_asked"
    REFUSED = "refused"
    LAPSED = "lapsed"
    SENT_BACK = "sent_back"
    DISPUTED = "disputed"
    DESIGNATED = "designated"
    REASSIGNED = "reassigned"
    RELEASED = "released"
    OBJECTED = "objected"
    OBJECTION_UPHELD = "objection_upheld"
    OBJECTION_REFUSED = "objection_refused"
    SUCCEEDED = "succeeded"
    REFERRED = "referred"
    CONSULTED = "consulted"
    WHISTLE_REQUESTED = "whistle_requested"
    WHISTLE_GRANTED = "whistle_granted"
    WHISTLE_REFUSED = "whistle_refused"
    ESCALATED = "escalated"
    ASSIGNED_DOWN = "assigned_down"
    HOST_NAMED = "host_named"
    REOPENED = "reopened"


class DispatchTurn(BaseModel):
    """One turn of the story: `unit_id` is the task's unit, `suggested_unit` whose business that unit says it is.

    `seq` is its event on the timeline, of units that were called in together the whistle. Once `succeeded`, the task is
    the unit's that the one before was merged into or renamed to. Without a task `unit_id` is the unit that was asked by
    referral; of what concerns no unit, `level` is the one that has the case from then on, or decides. `role` is there
    if the task was dispatched, `region_code` if that region became the host.

    `reason` is in the words of who gave it: null where none was due, and once they were erased.
    """

    seq: int
    at: datetime
    what: Turn
    task_no: str | None = None
    role: TaskRole | None = None
    unit_id: str | None = None
    unit_name: str | None = None
    suggested_unit: str | None = None
    suggested_unit_name: str | None = None
    level: Level | None = None
    region_code: str | None = None
    reason: str | None = None


_OF_A_TASK: Mapping[type[BaseModel], Turn] = {
    e.SendBackRefused: Turn.REFUSED,
    e.SendBackLapsed: Turn.LAPSED,
    e.TaskSentBack: Turn.SENT_BACK,
    e.DispatchDisputeOpened: Turn.DISPUTED,
    e.UnitDesignated: Turn.DESIGNATED,
    e.TaskReassigned: Turn.REASSIGNED,
    e.Objected: Turn.OBJECTED,
}
_WithReason = e.SendBackRefused | e.TaskSentBack | e.UnitDesignated | e.TaskReassigned | e.Objected
_TOLD: Sequence[type[BaseModel]] = (
    *_OF_A_TASK,
    e.SendBackAsked,
    e.Whistled,
    e.WhistleRequested,
    e.WhistleRequestDecided,
    e.Consulted,
    e.TaskDispatched,
    e.ObjectionDecided,
    e.UnitSucceeded,
    e.Referred,
    e.Escalated,
    e.AssignedDown,
    e.HostNamed,
    e.TaskCancelled,
    e.CaseReopened,
)
STORY_KINDS = frozenset(event.model_fields["kind"].default for event in _TOLD)
"""The events that the story is made of."""


@dataclass(frozen=True)
class DispatchStory:
    """What is on record of it in order, and the words by their ids."""

    records: Sequence[Recorded] = ()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def units(self) -> set[str]:
        """The units that need a name."""
        named: set[str] = set()
        for record in self.records:
            match record.event:
                case e.TaskDispatched(unit=unit) | e.Referred(unit=unit) | e.UnitSucceeded(new=unit):
                    named.add(unit.unit_id)
                case e.SendBackAsked(suggested_unit=suggested):
                    named.add(suggested)
                case _:
                    pass
        return named

    def turns(self, names: Mapping[str, str]) -> list[DispatchTurn]:
        """The story with the names of its units, by their ids."""
        telling = _Telling(names, self.words)
        for record in self.records:
            telling.add(record)
        return telling.turns


class _Telling:
    """Tells the events one by one, keeping in mind whose each task is and for what its unit was called."""

    def __init__(self, names: Mapping[str, str], words: Mapping[str, str]) -> None:
        self._names = names
        self._words = words
        self._units: dict[str, str] = {}
        self._whistle: tuple[Recorded, TextId | None] | None = None
        self._agreed: dict[tuple[str | None, str], TextId] = {}
        self.turns: list[DispatchTurn] = []

    def add(self, record: Recorded) -> None:  # noqa: C901, PLR0912 - one case an event
        match record.event:
            case e.Whistled(reason=reason):
                self._whistle = record, reason
            case e.Consulted(minutes=minutes, decisions=decisions):
                self._agreed |= {(record.command_id, decision.unit_id): decision.what for decision in decisions}
                self._tell(record, Turn.CONSULTED, minutes)
            case e.TaskDispatched() as event:
                self._dispatched(record, event)
            case e.TaskCancelled(task_no=task_no, reason=reason):
                # Without a reason it ended with its case.
                if reason is not None:
                    self._tell(record, Turn.RELEASED, reason, task_no)
            case e.CaseReopened(reason=reason):
                self._tell(record, Turn.REOPENED, reason)
            case e.HostNamed(region_code=region_code, level=level, reason=reason):
                self._tell(record, Turn.HOST_NAMED, reason, level=level, region_code=region_code)
            case e.ObjectionDecided(task_no=task_no, upheld=upheld, reason=reason):
                self._tell(record, Turn.OBJECTION_UPHELD if upheld else Turn.OBJECTION_REFUSED, reason, task_no)
            case e.UnitSucceeded(task_nos=task_nos, new=new):
                self._units |= dict.fromkeys(task_nos, new.unit_id)
                for task_no in task_nos:
                    self._tell(record, Turn.SUCCEEDED, None, task_no)
            case e.Referred(unit=unit, reason=reason):
                self._tell(record, Turn.REFERRED, reason, unit_id=unit.unit_id)
            case e.WhistleRequested(decided_at=level, reason=reason):
                self._tell(record, Turn.WHISTLE_REQUESTED, reason, level=level)
            case e.WhistleRequestDecided(granted=granted, reason=reason):
                self._tell(record, Turn.WHISTLE_GRANTED if granted else Turn.WHISTLE_REFUSED, reason)
            case e.Escalated(to_level=level, reason=reason):
                self._tell(record, Turn.ESCALATED, reason, level=level)
            case e.AssignedDown(to_level=level, instructions=instructions):
                self._tell(record, Turn.ASSIGNED_DOWN, instructions, level=level)
            case e.SendBackAsked(task_no=task_no, reason=reason, suggested_unit=suggested):
                self._tell(record, Turn.SENT_BACK_ASKED, reason, task_no, suggested=suggested)
            case e.SendBackLapsed(task_no=task_no) | e.DispatchDisputeOpened(task_no=task_no) as event:
                self._tell(record, _OF_A_TASK[type(event)], None, task_no)
            case event if isinstance(event, _WithReason):
                self._tell(record, _OF_A_TASK[type(event)], event.reason, event.task_no)
            case _:
                pass

    def _dispatched(self, record: Recorded, event: e.TaskDispatched) -> None:
        self._units[event.task_no] = event.unit.unit_id
        reason = self._agreed.get((record.command_id, event.unit.unit_id))
        if self._whistle is not None and self._whistle[0].command_id == record.command_id:
            record, reason = self._whistle
        self._tell(record, Turn.DISPATCHED, reason, event.task_no, role=event.role)

    def _tell(
        self,
        record: Recorded,
        what: Turn,
        reason: TextId | None,
        task_no: str | None = None,
        *,
        unit_id: str | None = None,
        suggested: str | None = None,
        level: Level | None = None,
        role: TaskRole | None = None,
        region_code: str | None = None,
    ) -> None:
        unit_id = unit_id or self._units.get(task_no or "")
        turn = DispatchTurn(
            seq=record.seq,
            at=record.at,
            what=what,
            task_no=task_no,
            role=role,
            unit_id=unit_id,
            unit_name=self._names[unit_id] if unit_id else None,
            suggested_unit=suggested,
            suggested_unit_name=self._names[suggested] if suggested else None,
            level=level,
            region_code=region_code,
            reason=self._words.get(reason or ""),
        )
        self.turns.append(turn)


async def read_story(session: AsyncSession, case_no: str, seq: int) -> DispatchStory:
    """The story of a case through that event."""
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.kind.in_(STORY_KINDS), TimelineEvent.seq <= seq)
        .order_by(TimelineEvent.seq)
    )
    records = [Recorded.model_validate(row) for row in rows]
    events = [record.event for record in records]
    given = {text_id for event in events for text_id in text_ids(type(event), event.model_dump())}
    return DispatchStory(records, await look_up(session, given))
