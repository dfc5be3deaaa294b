"""Cases as a story: `given.whistled(lead="housing").at("2026-03-09T17:30").when(c.Urge, note=WORDS)`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.rules.calendar_2026 import WINDOW_2026, at
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import CalendarWindow, Clock
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.effects import DeliverTask, SendCommand, SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.events import AnyEvent, CaseRegistered, Recorded
from workflows.contracts.ids import TextId
from workflows.contracts.policy import CasePolicy
from workflows.contracts.start import Registration
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    Level,
    MoveCause,
    News,
    NoticeKind,
    OwnerRole,
    Role,
    UnitKind,
    Urgency,
)
from workflows.rules.decide import clocks_run_out, decide, effect_ended, register, rules_renewed
from workflows.rules.decision import Decision
from workflows.rules.ownership import owner
from workflows.rules.version import RULES_VERSION

CASE_NO = "990102202603020001"
MONDAY = "2026-03-02T09:00"
"""A plain working week begins half an hour after the offices open."""

WORDS = TextId("t1")
DISPATCHER = Actor(id="dispatcher-1", role=Role.DISPATCHER)
"""For the whole city; one who is bound to a centre decides only while that centre's level has the case."""
VERIFIER = Actor(id="grid-1", role=Role.GRID_WORKER)
REQUESTER = Actor(id="requester", role=Role.REQUESTER)
OPERATOR = Actor(id="operator-1", role=Role.OPERATOR)
SUPERVISOR = Actor(id="supervisor-1", role=Role.SUPERVISOR)
CITY = Actor(id="city", role=Role.SYSTEM)

CENTRES = {level: f"centre-{level}" for level in Level}


def handler(unit: str) -> Actor:
    """Somebody of that unit."""
    return Actor(id=f"handler-{unit}", role=Role.HANDLER, unit_id=unit)


def department(unit: str, *, connected: bool = False) -> UnitRef:
    """A unit that can be whistled."""
    return UnitRef(unit_id=unit, kind=UnitKind.DEPARTMENT, connected=connected)


def _rule(at_most: str, approver: Role) -> dict[str, str]:
    return {"at_most": at_most, "approver": approver.value, "source": "[default] test"}


def _limits(**limits: str) -> dict[str, dict[str, str]]:
    return {name: {"limit": limit, "source": "[default] test"} for name, limit in limits.items()}


def _policy(ladder: dict[str, str] | None = None, **case_limits: str) -> CasePolicy:
    usual = {
        "citizen": "5 working_days from registered",
        "accept": "4 working_hours from registered",
        "dispatch": "4 working_hours",
        "verify": "2 working_days",
        "callback": "3 working_days",
        "withdrawal": "4 working_hours",
        "level": "3 working_days",
        "extension": "4 working_hours",
        "send_back": "4 working_hours",
        "dispute": "1 working_days",
        "whistle_request": "4 working_hours",
        "objection_decision": "1 working_days",
        "host": "1 working_days",
        "transfer": "1 working_days",
        "legal_outcome": "90 calendar_days",
        "review": "30 calendar_days from served",
        "objection": "5 working_days from served",
        "archive_after": "180 calendar_days",
    }
    may_stand_still = {
        "pauses": {"medical_appraisal": _rule("60 calendar_days", Role.SUPERVISOR)},
    }
    return CasePolicy.model_validate(
        {
            "name": "test",
            "version": 1,
            "case_limits": {
                name: limit | (may_stand_still if name == "citizen" else {})
                for name, limit in _limits(**(usual | case_limits)).items()
            },
            "task_presets": {
                "standard": {
                    **_limits(
                        sign="2 working_hours",
                        contact="24 hours office_start",
                        report_in="3 working_days",
                    ),
                    "finish": {
                        "limit": "5 working_days from dispatched",
                        "source": "[default] test",
                        "extension": _rule("10 working_days", Role.DISPATCHER),
                        **may_stand_still,
                    },
                },
                "emergency": _limits(sign="10 minutes", report_in="1 hours", finish="2 hours"),
            },
            "default_task_preset": "standard",
            "ladder": ladder or {},
            "send_back_windows": _limits(standard="2 working_days"),
        }
    )


POLICY = _policy()
_STANDARD = POLICY.task_presets["standard"]
BY_LAW = POLICY.model_copy(
    update={
        "task_presets": POLICY.task_presets
        | {
            "standard": _STANDARD
            | {ClockName.FINISH: _STANDARD[ClockName.FINISH].model_copy(update={"statutory": True})}
        }
    }
)
"""As `POLICY`, but the limit to finish is one that the law sets."""
EMERGENCY = _policy(
    {"supervise_after": "15 minutes", "escalate_after": "30 minutes", "top_urge_every": "1 hours"},
    citizen="2 hours from registered",
    accept="10 minutes from registered",
    dispatch="10 minutes",
    level="2 hours",
)


@dataclass(frozen=True)
class CaseBuilder:
    """A case at a moment. Every step gives a new one, so a story may branch.

    `events` are all of the case, `news` those of the last step.
    """

    now: datetime
    state: CaseState
    events: tuple[Recorded, ...]
    news: tuple[Recorded, ...]

    def at(self, moment: str, *, outage: bool = False) -> "CaseBuilder":
        """Time goes on to that moment, Asia/Shanghai. In an outage nobody notices which clocks run out by then."""
        later = replace(self, now=at(moment).astimezone(UTC), news=())
        return later if outage else later.noticed()

    def noticed(self) -> "CaseBuilder":
        """Every clock that is due by now runs out."""
        return self._after(clocks_run_out(self.state, self.now))

    def does(
        self, kind: type[AnyCommand], *, by: Actor = DISPATCHER, received: str | None = None, **fields: Any
    ) -> "CaseBuilder":
        """A command is given, which the rules must allow. `received` is when, if that was not now."""
        fields.setdefault("command_id", f"c{self.state.seq}")
        command = kind(actor=by, received_at=at(received).astimezone(UTC) if received else None, **fields)
        return self._after(decide(self.state, command, self.now))

    def when(self, kind: type[AnyCommand], **fields: Any) -> list[AnyEvent]:
        """What follows from a command, in order."""
        return self.does(kind, **fields).happened

    def refusal(self, kind: type[AnyCommand], **fields: Any) -> str:
        """The code with which the rules refuse a command."""
        with pytest.raises(RuleViolation) as refused:
            self.does(kind, **fields)
        return refused.value.code

    def with_effect_ended(self, effect_id: str, failure: str | None = None) -> "CaseBuilder":
        """The outcome of an effect is known."""
        return self._after(effect_ended(self.state, effect_id, failure, self.now))

    def in_a_new_run(self) -> "CaseBuilder":
        """The case continues as new."""
        return self._after(rules_renewed(self.state, RULES_VERSION, self.now))

    def accepted(self) -> "CaseBuilder":
        return self.does(c.Accept)

    def whistled(self, *co: str, lead: str = "housing", connected: bool = False, **fields: Any) -> "CaseBuilder":
        """Accepted if it was not yet, and whistled."""
        case = self.accepted() if self.state.status is CaseStatus.REGISTERED else self
        return case.does(
            c.Whistle,
            lead=department(lead, connected=connected),
            co_units=tuple(department(unit, connected=connected) for unit in co),
            reason=WORDS,
            **fields,
        )

    def signed(self, n: int = 1, **fields: Any) -> "CaseBuilder":
        return self._by_unit(c.Sign, n, **fields)

    def contacted(self, n: int = 1, **fields: Any) -> "CaseBuilder":
        return self._by_unit(c.Contact, n, note=WORDS, **fields)

    def reported_in(self, n: int = 1, **fields: Any) -> "CaseBuilder":
        return self._by_unit(c.ReportIn, n, **fields)

    def finished(self, n: int = 1, **fields: Any) -> "CaseBuilder":
        """The n-th task is finished; a case nobody was whistled to yet is whistled first."""
        case = self if self.state.tasks else self.whistled()
        return case._by_unit(c.Finish, n, reply=WORDS, **fields)

    def asked_back(self, n: int = 1, *, to: str = "heating", **fields: Any) -> "CaseBuilder":
        """The unit of the n-th task says that it is not its business but that of `to`; the second time is a dispute."""
        words = {"reason": WORDS, "clause": WORDS, "suggested_unit": department(to)}
        return self._by_unit(c.SendBack, n, **words, **fields)

    def sent_back(self, n: int = 1, **fields: Any) -> "CaseBuilder":
        """The unit of the n-th task asks to be rid of it, and the centre agrees."""
        return self.asked_back(n, **fields).decided_send_back(n)

    def decided_send_back(self, n: int = 1, *, approved: bool = True, **fields: Any) -> "CaseBuilder":
        return self.does(c.DecideSendBack, task_no=self.task(n).task_no, approved=approved, reason=WORDS, **fields)

    def disputed(self) -> "CaseBuilder":
        """Housing sent it back, then water, as the lead of the second task."""
        return self.whistled().sent_back(to="water").whistled(lead="water").asked_back(2)

    def designated(self, unit: str | UnitRef = "roads", **fields: Any) -> "CaseBuilder":
        """The centre ends the dispute; where there is none it comes to one first."""
        case = self if self.state.disputed else self.disputed()
        named = department(unit) if isinstance(unit, str) else unit
        return case.does(c.Designate, unit=named, reason=WORDS, **fields)

    def reassigned(self, n: int = 1, *, to: str = "water", **fields: Any) -> "CaseBuilder":
        return self.does(c.Reassign, task_no=self.task(n).task_no, unit=department(to), reason=WORDS, **fields)

    def verified(self, *, passed: bool = True, by: Actor = VERIFIER, **fields: Any) -> "CaseBuilder":
        """The result is looked at; a case that is not finished is finished first."""
        case = self if self.state.status is CaseStatus.FINISHED else self.finished()
        return case.does(c.Verify, by=by, passed=passed, note=WORDS, **{"evidence": ("photo-2",), **fields})

    def called(self, outcome: CallbackOutcome = CallbackOutcome.UNREACHABLE, **fields: Any) -> "CaseBuilder":
        return self.does(c.Callback, outcome=outcome, **fields)

    def closed(self) -> "CaseBuilder":
        """Through to the end, unrated."""
        return self.verified().called(CallbackOutcome.DECLINED)

    def reopened(self, **fields: Any) -> "CaseBuilder":
        """The result does not satisfy; a case that is not closed goes through to its end first."""
        case = self if self.state.status is CaseStatus.CLOSED else self.closed()
        return case.does(c.Reopen, by=REQUESTER, reason=WORDS, **fields)

    def hears(self, *others: "CaseBuilder") -> "CaseBuilder":
        """Time goes on to where those cases are, and what they sent here in their last steps is applied, in order."""
        heard = replace(replace(self, now=max(self.now, *(other.now for other in others))).noticed(), news=())
        for _, command in [word for other in others for word in sent(other) if word[0] == self.state.case_no]:
            said = heard._after(decide(heard.state, command, heard.now))
            heard = replace(said, news=(*heard.news, *said.news))
        return heard

    @property
    def owed(self) -> tuple[OwnerRole, str] | None:
        """Who owes the next step: capacity, and centre or unit."""
        by = owner(self.state)
        return None if by is None else (by.role, by.unit_id)

    @property
    def happened(self) -> list[AnyEvent]:
        """The events of the last step."""
        return [record.event for record in self.news]

    @property
    def armed(self) -> set[str]:
        """The ids of the clocks that are neither met nor stopped."""
        return {clock.id for clock in self.state.clocks.values() if clock.is_open}

    @property
    def rungs(self) -> list[tuple[str, str, str]]:
        """The rungs reached in the last step: local time, clock, rung."""
        return [
            (record.at.astimezone(at(MONDAY).tzinfo).strftime("%m-%dT%H:%M"), record.event.clock_id, record.event.rung)
            for record in self.news
            if isinstance(record.event, e.RungReached)
        ]

    def clock(self, clock_id: str) -> Clock:
        return self.state.clocks[clock_id]

    def task(self, n: int = 1) -> TaskState:
        return self.state.tasks[f"{self.state.case_no}-T{n}"]

    def _by_unit(self, kind: type[AnyCommand], n: int, **fields: Any) -> "CaseBuilder":
        task = self.task(n)
        return self.does(kind, **{"by": handler(task.unit.unit_id), "task_no": task.task_no, **fields})

    def _after(self, decision: Decision) -> "CaseBuilder":
        news = tuple(decision.events)
        return replace(self, state=decision.state, events=(*self.events, *news), news=news)


def registered(
    moment: str = MONDAY,
    *,
    case_no: str = CASE_NO,
    kind: CaseKind = CaseKind.HELP,
    policy: CasePolicy = POLICY,
    level: Level = Level.VILLAGE,
    centres: dict[Level, str] = CENTRES,
    urgency: Urgency = Urgency.ORDINARY,
    calendar: CalendarWindow = WINDOW_2026,
    rules_version: int = RULES_VERSION,
    **told: Any,
) -> CaseBuilder:
    """A case at its registration, at a village centre unless said otherwise; `told` are further fields of it."""
    now = at(moment).astimezone(UTC)
    registration = CaseRegistered(
        case_no=case_no,
        intake_id="i1",
        case_kind=kind,
        source="hotline",
        urgency=urgency,
        category=None,
        region_code="990102001001",
        level=level,
        centres=centres,
        policy=policy,
        calendar=calendar,
        rules_version=rules_version,
        **told,
    )
    decision = register(Registration(at=now, actor=REQUESTER, event=registration), now)
    return CaseBuilder(now, decision.state, tuple(decision.events), tuple(decision.events))


def kinds(events: Iterable[AnyEvent]) -> list[str]:
    """The kinds of events, in order."""
    return [event.kind for event in events]


def local(moment: datetime | None) -> str | None:
    """A moment by the wall clock in Asia/Shanghai."""
    return None if moment is None else moment.astimezone(at(MONDAY).tzinfo).strftime("%Y-%m-%dT%H:%M")


def signals(events: list[AnyEvent]) -> list[tuple[str, SignalType]]:
    """The task signals that were asked for: unit and type."""
    effects = [event.effect for event in events if isinstance(event, e.EffectRequested)]
    return [(effect.unit_id, effect.signal) for effect in effects if isinstance(effect, DeliverTask)]


def sent(case: CaseBuilder) -> list[tuple[str, AnyCommand]]:
    """The commands to other cases that were asked for in the last step: to which case, and what."""
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    return [(effect.to_case_no, effect.command) for effect in effects if isinstance(effect, SendCommand)]


def notices(case: CaseBuilder) -> list[tuple[NoticeKind, str]]:
    """The formal notices that were issued in the last step, each with the kind of the event that it is about."""
    by_seq = {record.seq: record.event.kind for record in case.events}
    issued = [event for event in case.happened if isinstance(event, e.NoticeIssued)]
    return [(event.notice, by_seq[event.about_seq]) for event in issued]


def told(case: CaseBuilder) -> list[tuple[News, date]]:
    """What the requester was told in the last step."""
    return [(event.about, event.due_date) for event in case.happened if isinstance(event, e.RequesterTold)]


def moved(case: CaseBuilder) -> list[tuple[str, MoveCause]]:
    """The clocks that moved in the last step, and why."""
    return [(event.clock_id, event.cause) for event in case.happened if isinstance(event, e.ClockMoved)]
