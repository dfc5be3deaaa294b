"""A case as its events have made it."""

from datetime import date, datetime

from pydantic import Field

from workflows.contracts.clocks import Clock, OfficeHours, SharedCalendar
from workflows.contracts.command import UnitRef
from workflows.contracts.danger import Danger
from workflows.contracts.effects import EffectState, EffectStatus
from workflows.contracts.events import Subject
from workflows.contracts.limitation import Limitation
from workflows.contracts.mediation.of_case import MediationOfCase
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS
from workflows.contracts.model import Frozen
from workflows.contracts.policy import SharedPolicy
from workflows.contracts.vocabulary import (
    GIVEN_UP,
    TASK_ENDS,
    CaseKind,
    CaseStatus,
    Level,
    NoticeKind,
    OwnerRole,
    PauseGround,
    RiskLevel,
    Solved,
    TaskRole,
    TaskStatus,
    Urgency,
)


class Owner(Frozen):
    """Who owes the next step: a capacity, and the centre or unit it is owed by. Persons are looked up where shown."""

    role: OwnerRole
    unit_id: str


class TaskState(Frozen):
    """One unit's part of a whistle. `last_at` is the time of its latest step.

    A `designated` unit may not send it back; `send_back_clock` is the clock on which the centre decides
    about a send-back that was asked for, or was to decide: a decision received in time counts after it ran out, too.
    `objection_clock` is the clock on which the common superior decides about its objection. `round` is the case's when
    the task was given.
    """

    task_no: str
    unit: UnitRef
    role: TaskRole
    preset: str
    status: TaskStatus = TaskStatus.DISPATCHED
    last_at: datetime
    dispatched_at: datetime | None = None
    designated: bool = False
    send_back_clock: str | None = None
    objection_clock: str | None = None
    round: int = 1
    report_in_rated: bool = False
    whistle_rated: bool = False

    @property
    def is_open(self) -> bool:
        """The unit is still at it."""
        return self.status not in TASK_ENDS


class ExtensionRequest(Frozen):
    """More time that was asked for and not decided yet; `until` is a local date before rolling.

    `decision_clock` is the clock on which the approver decides.
    """

    clock_id: str
    until: date
    asked_at: datetime
    decision_clock: str


class Suspension(Frozen):
    """An entry of the pause ledger: the clocks stood still in [since, until), or until `resumed_at` if that is given.

    Open while `resumed_at` is None.
    """

    ground: PauseGround
    since: datetime
    until: datetime
    clock_ids: tuple[str, ...]
    resumed_at: datetime | None = None


class Referral(Frozen):
    """A unit without dates that was asked; `ended` once its outcome is on record."""

    unit: UnitRef
    received: bool = False
    ended: bool = False


class Notice(Frozen):
    """A formal writing to the requester, and whether it has reached her."""

    notice: NoticeKind
    issued_at: datetime
    served_at: datetime | None = None


class CaseState(Frozen):
    """Everything that decisions about a case rest on.

    `level` is where the case is now, `origin_level` where it began. `escalated_by` is the clock whose breach brought it
    up here, the levels' own clocks aside, which only carry on what another began; None if a person did.
    `last_at` is the time of the latest step by a person; `outcome` keeps the end status once archived.
    `effects` holds those without outcome and those that failed; `recent` the latest command ids with their last seq.
    `round` counts how often the case was taken up, `contacts` the further calls about it while it was open;
    `verifiers` are the ids of those who passed it in an earlier round or this one.
    `send_backs` counts how often a unit said that the matter is not its business; `disputed` is the task that units
    dispute about, until one is designated.
    `extension_requests` are those without a decision, by task number; `suspensions` is the pause ledger.
    `host_level` is there until its centre has named which of the `regions` hosts the matter. `dissatisfied` counts the
    rounds after which the requester said that the matter is not solved; `explanation_signed_by` signed first why
    nothing more is done, `explained` once a second person did.
    `merged_into` is the case in which this one goes on, `main_status` what that came to and `main_units` who handled
    it; `merged` are those that go on in this one. `gathered` have one issue in common with this case, `common_issue` is
    the case that gathers.
    `children` were divided off. `alone_since` is when the case was divided or split off another one.
    `limitations` are the limitation periods of its parties by the ids of their clocks.
    """

    case_no: str
    intake_id: str
    kind: CaseKind
    source: str
    urgency: Urgency
    category: str | None = None
    region_code: str | None = None
    level: Level
    origin_level: Level
    centres: dict[Level, str]
    policy: SharedPolicy
    calendar: SharedCalendar
    rules_version: int
    registered_at: datetime
    accepted_at: datetime | None = None
    last_at: datetime
    seq: int
    status: CaseStatus = CaseStatus.REGISTERED
    outcome: CaseStatus | None = None
    tasks: dict[str, TaskState] = Field(default_factory=dict)
    clocks: dict[str, Clock] = Field(default_factory=dict)
    effects: dict[str, EffectState] = Field(default_factory=dict)
    recent: dict[str, int] = Field(default_factory=dict)
    escalated_by: str | None = None
    settled_by: str | None = None
    rework: int = 0
    round: int = 1
    contacts: int = 0
    verifiers: tuple[str, ...] = ()
    send_backs: int = 0
    disputed: str | None = None
    failed_callbacks: tuple[date, ...] = ()
    rating: str | None = None
    solved: Solved | None = None
    withdrawal_asked: bool = False
    risk: RiskLevel | None = None
    extension_requests: dict[str, ExtensionRequest] = Field(default_factory=dict)
    suspensions: tuple[Suspension, ...] = ()
    interim_replied: bool = False
    subjects: tuple[Subject, ...] = ()
    headcount: int | None = None
    pending_procedure: bool = False
    regions: tuple[str, ...] = ()
    host_level: Level | None = None
    whistle_asked_by: str | None = None
    dissatisfied: int = 0
    explanation_signed_by: str | None = None
    explained: bool = False
    transfer_asked: bool = False
    referrals: dict[str, Referral] = Field(default_factory=dict)
    notices: dict[str, Notice] = Field(default_factory=dict)
    merged_into: str | None = None
    main_status: CaseStatus | None = None
    main_units: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    gathered: tuple[str, ...] = ()
    common_issue: str | None = None
    children: tuple[str, ...] = ()
    alone_since: datetime | None = None
    mediations: dict[str, MediationOfCase] = Field(default_factory=dict)
    power_holder: UnitRef | None = None
    main_judges: tuple[str, ...] = ()
    renewal_asked: bool = False
    danger: Danger | None = None
    limitations: dict[str, Limitation] = Field(default_factory=dict)

    @property
    def is_archived(self) -> bool:
        return self.status is CaseStatus.ARCHIVED

    @property
    def needs_operator(self) -> bool:
        """An effect failed for good, or a mediation's process is lost, and nobody has decided yet what follows."""
        failed = any(effect.status is EffectStatus.FAILED for effect in self.effects.values())
        # In the archive nobody can.
        return not self.is_archived and (failed or any(one.lost for one in self.mediations.values()))

    @property
    def pending_effects(self) -> list[EffectState]:
        return [effect for effect in self.effects.values() if effect.status is EffectStatus.PENDING]

    @property
    def round_began(self) -> datetime:
        """The registration; of a reopened case the time when it was taken up again."""
        return self.registered_at if self.round == 1 or self.accepted_at is None else self.accepted_at

    @property
    def suspension(self) -> Suspension | None:
        """The one that is in force now."""
        latest = self.suspensions[-1] if self.suspensions else None
        return latest if latest is not None and latest.resumed_at is None else None

    @property
    def open_tasks(self) -> list[TaskState]:
        return [task for task in self.tasks.values() if task.is_open]

    @property
    def lead_task(self) -> TaskState | None:
        """The lead unit's part in this round, at work or finished; None if no unit has it now."""
        leads = [task for task in self.tasks.values() if task.role is TaskRole.LEAD and task.round == self.round]
        return next((task for task in reversed(leads) if task.status not in GIVEN_UP), None)

    def level_above(self, level: Level) -> Level | None:
        """The next level up that has a centre for this case; None at the top."""
        return next((higher for higher in Level if higher.rank > level.rank and higher in self.centres), None)

    def office_hours(self, task_no: str | None) -> OfficeHours | None:
        """The opening hours of the unit that has the task; None where they are the city's."""
        return self.tasks[task_no].unit.office if task_no else None

    @property
    def taken_up_at(self) -> datetime:
        """Since when anybody could work on it as a case of its own: nothing of it ran out before that."""
        return max(self.registered_at, self.alone_since or self.registered_at)

    @property
    def goes_on_elsewhere(self) -> bool:
        """The matter is at work in the case that this one was merged into."""
        return self.status is CaseStatus.MERGED and self.main_status is None

    @property
    def concerned(self) -> frozenset[str]:
        """The ids of the units and staff that the matter is about."""
        return frozenset(subject.id for subject in self.subjects if subject.id is not None)

    def level_of_centre(self, unit_id: str | None) -> Level | None:
        """The highest level whose centre that unit is; None if it is none of the case's centres."""
        levels = [level for level, centre in self.centres.items() if centre == unit_id]
        return max(levels, key=lambda level: level.rank, default=None)

    @property
    def is_talked_out(self) -> bool:
        """A mediation goes on, instead of the work of units or beside it."""
        return self.status in {CaseStatus.IN_MEDIATION, CaseStatus.AGREED}

    @property
    def running_mediation(self) -> str | None:
        """The number of the mediation that has not ended; at most one at a time."""
        return next((number for number, one in self.mediations.items() if one.status not in MEDIATION_ENDS), None)

    @property
    def centre(self) -> str:
        """The governance centre of the level where the case is now."""
        return self.centres[self.level]
