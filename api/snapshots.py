"""What the API shows of a case: shapes, and how they are made from the read model or from the running case."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.dispatch_story import DispatchStory, DispatchTurn, Turn, read_story
from api.link_views import Ties
from api.requesters import SafeContact
from api.risk_views import DangerView, LimitationView, danger_view, limitation_views
from api.scope import SEALED
from api.task_views import ObjectionView, TaskRatings, is_absent, objection, read_ratings
from api.time_ledger import ExtensionRequestView, PauseLedger, extension_requests, pause_ledger
from infra.directory_tables import CityRow, Region
from infra.rosters import OnDuty, UnitName, unit_names
from infra.tables import Case
from workflows.contracts.clocks import Clock, LimitText, Pause
from workflows.contracts.state import CaseState, Owner, TaskState
from workflows.contracts.vocabulary import (
    CaseKind,
    CaseStatus,
    ClockName,
    Flag,
    Level,
    OwnerRole,
    RiskLevel,
    Rung,
    Solved,
    TaskRole,
    TaskStatus,
    Urgency,
)
from workflows.rules.flags import flags
from workflows.rules.ownership import owner as owner_of


class ClockView(BaseModel):
    """A time limit. `from` is what it is counted from, `due_date` a local date, `extended_by` in its unit."""

    id: str
    name: ClockName
    round: int
    task_no: str | None
    limit: LimitText
    started_from: str = Field(serialization_alias="from")
    source: str
    level: Level
    started_at: datetime
    due_at: datetime
    due_date: date
    raw_due_date: date
    provisional: bool
    pauses: list[Pause]
    extended_by: int
    warned_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    rung: Rung | None
    next_rung: Rung | None
    next_at: datetime | None


class OwnerView(BaseModel):
    """Who owes the next step: `name` is the person on duty, or the duty office where no person is known."""

    role: OwnerRole
    name: str
    user_id: str | None = None
    unit_id: str | None = None
    unit_name: str | None = None


class SendBackView(BaseModel):
    """A unit asked to be rid of its task: the centre decides by `decide_by`, else the task stays."""

    asked_at: datetime
    decide_by: datetime
    suggested_unit: str | None
    suggested_unit_name: str | None


class TaskView(BaseModel):
    """One unit's part of a case.

    A `designated` unit may not send it back; `send_back` and `objection` are there while they wait for a decision,
    `on_duty` while the unit is at it. `absent` if its time to report in ran out and it has not come. `round` is the
    case's when the task was given.
    """

    task_no: str
    unit_id: str
    unit_name: str
    role: TaskRole
    status: TaskStatus
    on_duty: OnDuty | None
    designated: bool
    absent: bool
    round: int
    send_back: SendBackView | None
    objection: ObjectionView | None
    ratings: TaskRatings
    clocks: list[ClockView]


class PolicyView(BaseModel):
    """The policy that the case goes by."""

    name: str
    version: int


class LocationView(BaseModel):
    """Where it is; coordinates in WGS-84."""

    text: str | None = None
    lat: float | None = None
    lng: float | None = None


class CaseSnapshot(Ties):
    """A case as of `seq`; `stale` if the case itself may already be further on.

    `provisional` if the due time of an open clock rests on a year whose calendar is not published yet. `round` counts
    how often the case was taken up, `contacts` the further calls about it; `dispatch_story` is how it went from unit to
    unit and from level to level. Its ties to other cases are told as `Ties` say.
    """

    case_no: str
    tracking_code: str | None
    status: CaseStatus
    outcome: CaseStatus | None
    kind: CaseKind
    source: str
    urgency: Urgency
    category: str | None
    region_code: str | None
    region_name: str | None
    level: Level
    level_label: str
    risk: RiskLevel | None
    title: str
    description: str
    location: LocationView | None
    safe_contact: SafeContact | None
    flags: list[Flag]
    owner: OwnerView | None
    tasks: list[TaskView]
    clocks: list[ClockView]
    provisional: bool
    pauses: PauseLedger
    extension_requests: list[ExtensionRequestView]
    dispatch_story: list[DispatchTurn]
    danger: DangerView | None
    limitations: list[LimitationView]
    mediations: list[str]
    rework: int
    round: int
    contacts: int
    rating: str | None
    solved: Solved | None
    registered_at: datetime
    policy: PolicyView | None
    calendar_version: int | None
    seq: int
    stale: bool


def owner_view(owner: Owner | None, names: dict[str, UnitName]) -> OwnerView | None:
    """The owner with the names that people know."""
    if owner is None:
        return None
    unit = names[owner.unit_id]
    person = unit.on_duty
    return OwnerView(
        role=owner.role, name=person.name, user_id=person.user_id, unit_id=owner.unit_id, unit_name=unit.unit
    )


def clock_view(clock: Clock) -> ClockView:
    """A clock as the interfaces show it."""
    return ClockView.model_validate({"id": clock.id} | dict(clock))


def clock_views(clocks: Iterable[Clock]) -> list[ClockView]:
    """Clocks in the order they were started in."""
    # A state that was stored has lost its own order.
    in_order = sorted(clocks, key=lambda clock: (clock.started_at, clock.id))
    return [clock_view(clock) for clock in in_order]


def recorded_owner(case: Case) -> Owner | None:
    """The owner as the read model has it."""
    if case.owner_role is None or case.owner_unit is None:
        return None
    return Owner(role=OwnerRole(case.owner_role), unit_id=case.owner_unit)


def recorded_state(case: Case) -> CaseState | None:
    """The state as the read model has it; None while only the case's intake exists."""
    return CaseState.model_validate(case.snapshot) if case.snapshot is not None else None


async def snapshot(
    session: AsyncSession,
    case: Case,
    state: CaseState | None,
    *,
    today: date,
    ties: Ties,
    stale: bool = False,
    tracking_code: bool = True,
    safe_contact: SafeContact | None = None,
    sealed: bool = False,
) -> CaseSnapshot:
    """The case in this state; without one, as before it was started, its row alone tells.

    `today` is the local date whose duty is shown, `ties` are those that the viewer may see. `sealed`: nothing that
    anybody wrote is shown.
    """
    owner = owner_of(state) if state else recorded_owner(case)
    units = {task.unit.unit_id for task in state.tasks.values()} if state else set()
    story = await read_story(session, case.case_no, state.seq) if state else DispatchStory()
    names = await unit_names(session, units | story.units | ({owner.unit_id} if owner else set()), today)
    turns = story.turns({unit_id: name.unit for unit_id, name in names.items()})
    if sealed:
        turns = [turn.model_copy(update={"reason": None}) for turn in turns]
    level = state.level if state else Level(case.level)
    place = select(
        select(Region.name).where(Region.code == case.region_code).scalar_subquery(),
        select(CityRow.data["level_labels"]).limit(1).scalar_subquery(),
    )
    region_name, labels = (await session.execute(place)).one()
    clocks = clock_views(state.clocks.values()) if state else []
    ratings = await read_ratings(session, state, sealed=sealed)
    return CaseSnapshot(
        case_no=case.case_no,
        tracking_code=case.tracking_code if tracking_code else None,
        kind=CaseKind(case.kind),
        source=case.source,
        urgency=Urgency(case.urgency),
        category=case.category,
        region_code=case.region_code,
        region_name=region_name,
        level=level,
        level_label=(labels or {}).get(level.value, level.value),
        title=SEALED if sealed else case.title,
        description=SEALED if sealed else case.description,
        location=LocationView.model_validate(case.location) if case.location and not sealed else None,
        safe_contact=safe_contact,
        owner=owner_view(owner, names),
        clocks=clocks,
        dispatch_story=turns,
        mediations=sorted(state.mediations, key=lambda number: (len(number), number)) if state else [],
        registered_at=case.registered_at,
        stale=stale,
        **dict(ties),
        **(_from_state(state, _tasks(state, names, clocks, turns, ratings)) if state else _NOT_STARTED),
    )


_NOT_STARTED: Mapping[str, Any] = {
    "status": CaseStatus.REGISTERED,
    "outcome": None,
    "flags": [],
    "tasks": [],
    "rework": 0,
    "round": 1,
    "contacts": 0,
    "rating": None,
    "solved": None,
    "risk": None,
    "danger": None,
    "limitations": [],
    "provisional": False,
    "pauses": PauseLedger(),
    "extension_requests": [],
    "policy": None,
    "calendar_version": None,
    "seq": 0,
}
"""What is told of a case of which only the row exists."""


def _from_state(state: CaseState, tasks: list[TaskView]) -> dict[str, Any]:
    return {
        "status": state.status,
        "outcome": state.outcome,
        "flags": flags(state),
        "tasks": tasks,
        "rework": state.rework,
        "round": state.round,
        "contacts": state.contacts,
        "rating": state.rating,
        "solved": state.solved,
        "risk": state.risk,
        "danger": danger_view(state),
        "limitations": limitation_views(state),
        "provisional": Flag.PROVISIONAL in flags(state),
        "pauses": pause_ledger(state),
        "extension_requests": extension_requests(state),
        "policy": PolicyView(name=state.policy.name, version=state.policy.version),
        "calendar_version": state.calendar.version,
        "seq": state.seq,
    }


def _tasks(
    state: CaseState,
    names: Mapping[str, UnitName],
    clocks: list[ClockView],
    turns: list[DispatchTurn],
    ratings: Mapping[str, TaskRatings],
) -> list[TaskView]:
    return [
        TaskView(
            task_no=task.task_no,
            unit_id=task.unit.unit_id,
            unit_name=names[task.unit.unit_id].unit,
            role=task.role,
            status=task.status,
            on_duty=names[task.unit.unit_id].on_duty if task.is_open else None,
            designated=task.designated,
            absent=is_absent(clock for clock in state.clocks.values() if clock.task_no == task.task_no),
            round=task.round,
            send_back=_send_back(state, task, turns),
            objection=objection(state, task),
            ratings=ratings.get(task.task_no, TaskRatings()),
            clocks=[clock for clock in clocks if clock.task_no == task.task_no],
        )
        for task in state.tasks.values()
    ]


def _send_back(state: CaseState, task: TaskState, turns: list[DispatchTurn]) -> SendBackView | None:
    clock = state.clocks.get(task.send_back_clock or "")
    if clock is None or not clock.is_open:
        return None
    asked = [turn for turn in turns if turn.task_no == task.task_no and turn.what is Turn.SENT_BACK_ASKED]
    # A running case may be ahead of its record, from which the story is told.
    latest = asked[-1] if asked else None
    return SendBackView(
        asked_at=clock.started_at,
        decide_by=clock.due_at,
        suggested_unit=latest.suggested_unit if latest else None,
        suggested_unit_name=latest.suggested_unit_name if latest else None,
    )
