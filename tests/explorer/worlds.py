"""What is walked together: the part of the process that may happen in a case, and how much of it at once.

Every command in every combination is more than a test has time for, and most of them have nothing to do with each
other. So the ways through a case are the same in every world, and each world adds what belongs together.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.explorer.moments import PAST
from tests.rules.calendar_2026 import WINDOW_2026
from tests.rules.case_builder import CASE_NO, REQUESTER
from workflows.contracts import commands as c
from workflows.contracts.commands import AnyCommand
from workflows.contracts.events import CaseRegistered
from workflows.contracts.policy import CasePolicy
from workflows.contracts.start import Registration
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import DANGER_CLOCKS, CaseKind, ClockName, Level, TaskRole, Urgency
from workflows.rules.decide import register
from workflows.rules.version import RULES_VERSION

Commands = frozenset[type[AnyCommand]]

THROUGH: Commands = frozenset(
    {
        c.Accept,
        c.Decline,
        c.Whistle,
        c.ReportIn,
        c.Finish,
        c.Verify,
        c.Callback,
        c.Reopen,
        c.Escalate,
        c.Withdraw,
    }
)
"""The ways through a case."""
_ASIDES = frozenset(
    {
        ClockName.SUPERVISION,
        ClockName.COMMITMENT,
        ClockName.SUSPENSION,
        ClockName.EXTENSION,
        ClockName.WITHDRAWAL,
        ClockName.TRANSFER,
        ClockName.LIMITATION,
        *DANGER_CLOCKS,
    }
)
"""The clocks of what goes on beside the work."""
_ONLY_FOR: dict[type[AnyCommand], tuple[str, ...]] = {
    c.ServeNotice: ("notices",),
    c.Close: ("rating", "solved", "dissatisfied", "failed_callbacks", "explanation_signed_by", "explained"),
}
"""What is remembered of a case only where such a command may follow."""


def _limits(**limits: str) -> dict[str, Any]:
    return {name: {"limit": limit, "source": "[default] test"} for name, limit in limits.items()}


def _rule(at_most: str, approver: str) -> dict[str, str]:
    return {"at_most": at_most, "approver": approver, "source": "[default] test"}


def _policy(*, steps: bool = False, statutory: bool = False, sample: int = 100) -> CasePolicy:
    """Every clock that the process knows; of the units' steps before the end only where `steps` are told apart."""
    may_stand_still = {"pauses": {"medical_appraisal": _rule("60 calendar_days", "supervisor")}}
    case = _limits(
        citizen="5 working_days from registered",
        accept="4 working_hours from registered",
        dispatch="4 working_hours",
        verify="2 working_days",
        callback="3 working_days",
        withdrawal="4 working_hours",
        level="3 working_days",
        extension="4 working_hours",
        send_back="4 working_hours",
        dispute="1 working_days",
        objection_decision="1 working_days",
        whistle_request="4 working_hours",
        host="1 working_days",
        transfer="1 working_days",
        legal_outcome="90 calendar_days",
        review="30 calendar_days",
        objection="5 working_days",
        archive_after="180 calendar_days",
    )
    case["citizen"] |= may_stand_still
    finish = _limits(finish="5 working_days from dispatched")["finish"] | may_stand_still
    finish |= {"extension": _rule("10 working_days", "dispatcher"), "statutory": statutory}
    before = _limits(sign="2 working_hours", contact="24 hours", report_in="3 working_days") if steps else {}
    return CasePolicy.model_validate(
        {
            "name": "walked",
            "version": 1,
            "case_limits": case,
            "task_presets": {"standard": before | {"finish": finish}},
            "default_task_preset": "standard",
            "send_back_windows": _limits(standard="2 working_days"),
            "settled_sample": sample,
        }
    )


@dataclass(frozen=True)
class World:
    """What may happen: these commands, in a case of that kind, at these levels, upward.

    At once there are at most so many co-units, clocks that ran out, and matters beside the work. `regions` are those
    that the matter concerns beside its own.
    """

    name: str
    commands: Commands
    policy: CasePolicy = field(default_factory=_policy)
    kind: CaseKind = CaseKind.HELP
    levels: tuple[Level, ...] = (Level.TOWNSHIP, Level.CITY)
    regions: tuple[str, ...] = ()
    co_units: int = 0
    overdue: int = 1
    asides: int = 0

    @cached_property
    def origin(self) -> CaseState:
        """The case when it was registered."""
        registration = CaseRegistered(
            case_no=CASE_NO,
            intake_id="i1",
            case_kind=self.kind,
            source="hotline",
            urgency=Urgency.ORDINARY,
            category=None,
            region_code="990102001001",
            level=self.levels[0],
            centres={level: f"centre-{level}" for level in self.levels},
            policy=self.policy,
            calendar=WINDOW_2026,
            rules_version=RULES_VERSION,
            regions=self.regions,
            host_level=self.levels[-1] if self.regions else None,
        )
        return register(Registration(at=PAST, actor=REQUESTER, event=registration), PAST).state

    @cached_property
    def forgotten(self) -> tuple[str, ...]:
        """The fields of a case that no command of this world asks about."""
        return tuple(name for kind, names in _ONLY_FOR.items() if kind not in self.commands for name in names)

    def holds(self, state: CaseState) -> bool:
        """Whether the state is within the bounds."""
        running = [clock for clock in state.clocks.values() if clock.is_open]
        return (
            sum(task.role is TaskRole.CO for task in state.open_tasks) <= self.co_units
            and sum(clock.breached_at is not None for clock in running) <= self.overdue
            and sum(clock.name in _ASIDES for clock in running) <= self.asides
        )


UNITS = World(
    "units",
    THROUGH - {c.Reopen} | {c.Release, c.SendBack, c.DecideSendBack, c.Designate, c.Reassign},
    co_units=1,
)
"""A lead unit and a co-unit, and whose the matter is."""
OBJECTIONS = World("objections", THROUGH | {c.SendBack, c.DecideSendBack, c.Designate, c.Object, c.DecideObjection})
"""A designated unit objects."""
CONSULTATIONS = World("consultations", THROUGH | {c.Consult, c.Release}, co_units=1)
"""Units that sit together get tasks beside those that were whistled."""
RESULT = World("result", THROUGH | {c.Rate, c.Close, c.Settle}, policy=_policy(sample=0))
"""What the requester says of the result; what is settled where it was raised is not verified."""
STEPS = World(
    "steps",
    THROUGH
    | {
        c.Sign,
        c.Contact,
        c.Progress,
        c.Urge,
        c.AddContact,
        c.RateReportIn,
        c.RateWhistle,
        c.SucceedUnit,
        c.AdoptCalendar,
        c.AdoptPolicy,
        c.Renew,
    },
    policy=_policy(steps=True),
)
"""A unit's steps with a clock each, and what leaves a mark only."""
LEVELS = World(
    "levels",
    THROUGH | {c.RequestWhistle, c.DecideWhistleRequest, c.AssignDown},
    levels=(Level.VILLAGE, Level.TOWNSHIP, Level.CITY),
)
"""Up and down between three levels, and the whistle that is asked for."""
HOSTS = World("hosts", THROUGH | {c.NameHost, c.Settle}, regions=("990103001001",))
"""Two regions, of which one has to be the host."""
BY_LAW = World("by_law", THROUGH | {c.InterimReply, c.AssignDown}, policy=_policy(statutory=True), overdue=2)
"""The law sets the time."""
MORE_TIME = World("more_time", THROUGH | {c.RequestExtension, c.DecideExtension, c.Suspend, c.Resume}, asides=1)
"""More time, and time that stands still."""
ASIDES = World(
    "asides",
    THROUGH | {c.Commit, c.Supervise, c.AnswerSupervision, c.ConfirmWithdrawal, c.Transfer, c.TransferReceipt},
    asides=1,
)
"""What is promised, demanded or asked while the work goes on."""
LINKS = World(
    "links",
    THROUGH
    | {
        c.Answer,
        c.Settle,
        c.Merge,
        c.TakeIn,
        c.FollowMain,
        c.Split,
        c.SplitOff,
        c.GoAlone,
        c.Divide,
        c.Gather,
        c.JoinIssue,
        c.Refer,
        c.RecordReferral,
        c.TakeLegalRoute,
        c.RecordLegalOutcome,
    },
    kind=CaseKind.INQUIRY,
)
"""Other cases and other bodies."""
NOTICES = World(
    "notices",
    THROUGH | {c.ServeNotice, c.TakeLegalRoute, c.Transfer, c.TransferReceipt},
    overdue=0,
    asides=1,
)
"""Formal writings, and the periods that run from their service."""
_IN_DANGER: Commands = frozenset(
    {
        c.Accept,
        c.Withdraw,
        c.SetRisk,
        c.RecordDutyLeader,
        c.ReportDanger,
        c.Record110Call,
        c.ReportProtection,
        c.LiftDanger,
    }
)
DANGER = World("danger", _IN_DANGER, levels=(Level.CITY,), asides=3)
"""What a red case asks for, and a danger in it: at the top, for going up is walked elsewhere."""
LIMITATIONS = World(
    "limitations",
    frozenset({c.Accept, c.Decline, c.Reopen, c.TakeLegalRoute, c.RecordLimitation, c.ForgetLimitation}),
    asides=1,
)
"""A limitation period of a party's, which outlives the case."""

MEDIATIONS = World(
    "mediations",
    frozenset({c.Accept, c.Verify, c.Reopen, c.Escalate, c.Withdraw, c.OpenMediation, c.FollowMediation}),
    kind=CaseKind.DISPUTE,
)
"""A dispute is talked out, going up meanwhile or not; what its mediation says is all that it may ever say."""
BESIDE_UNITS = World(
    "beside_units",
    THROUGH - {c.Decline, c.Callback, c.Reopen, c.Escalate}
    | {c.Release, c.SendBack, c.DecideSendBack, c.OpenMediation, c.FollowMediation},
    kind=CaseKind.DISPUTE,
    levels=(Level.CITY,),
    co_units=1,
    overdue=0,
)
"""Units are at work beside the talks."""

WORLDS = (
    UNITS,
    OBJECTIONS,
    CONSULTATIONS,
    RESULT,
    STEPS,
    LEVELS,
    HOSTS,
    BY_LAW,
    MORE_TIME,
    ASIDES,
    LINKS,
    NOTICES,
    DANGER,
    LIMITATIONS,
    MEDIATIONS,
    BESIDE_UNITS,
)
NOT_WALKED: dict[type[AnyCommand], str] = {
    c.RetryEffect: "about a delivery that failed: the units of a walk have no systems, and the step waits for none",
    c.SkipEffect: "the same",
    c.RebuildMediation: "about a process that was lost, which marks the case and does nothing more",
}
"""Commands that no world gives, and why; in the archive these are tried as well."""
