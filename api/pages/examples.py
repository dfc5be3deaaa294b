"""Bodies to ask the rules about: one for each thing that may be picked, else one with whatever fits the fields."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from api.pages.steps import Control, Field, Step
from workflows.contracts.clocks import Clock
from workflows.contracts.commands import UnitRef
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    TASK_CLOCKS,
    ClockName,
    Level,
    PauseGround,
    RiskLevel,
    ServiceMethod,
    UnitKind,
)
from workflows.rules.calendar import ONE_DAY, local_date
from workflows.rules.clock_starts import policy_of, running
from workflows.rules.rungs import calendar_of

Example: TypeAlias = Mapping[str, Any]
"""A body as a form would give it, by the names of its fields."""

ANY_UNIT = UnitRef(unit_id="any", kind=UnitKind.DEPARTMENT)
UNDATED_UNIT = UnitRef(unit_id="undated", kind=UnitKind.VERTICAL)
ANY_CASE = "0" * 18
"""What stands in examples for whatever will be picked or written."""


class Situation(NamedTuple):
    """A case in which a step is looked at, of `task_no` if that is given."""

    state: CaseState
    now: datetime
    task_no: str | None

    @property
    def tomorrow(self) -> str:
        return (local_date(self.now) + ONE_DAY).isoformat()


def examples(step: Step, at: Situation) -> Iterable[Example]:
    """Bodies of the step; what people would write in them does not matter to the rules."""
    special = _SPECIAL.get(step.name)
    return special(at) if special else [{field.name: _filled(field) for field in step.fields if field.required}]


def _each(name: str, values: Iterable[Any], **rest: Any) -> list[Example]:
    return [{name: value, **rest} for value in values]


def _open_tasks(at: Situation) -> list[str]:
    return [task.task_no for task in at.state.open_tasks]


def _extensions(at: Situation) -> list[Example]:
    clocks = [clock for name in TASK_CLOCKS for clock in running(at.state, name, at.task_no)]
    return [
        {"clock": clock.name.value, "until": _next_day(at.state, clock).isoformat(), "reason": "x"} for clock in clocks
    ]


def _next_day(state: CaseState, clock: Clock) -> date:
    """The first day by which the clock can be extended."""
    calendar, day = calendar_of(state, clock.task_no), clock.raw_due_date + ONE_DAY
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def _legal_dates(state: CaseState) -> list[str]:
    """The dates that a statute sets the lead unit."""
    lead = state.lead_task
    clocks = running(state, ClockName.FINISH, lead.task_no) if lead else []
    return [
        clock.raw_due_date.isoformat() for clock in clocks if (policy := policy_of(state, clock)) and policy.statutory
    ]


_SPECIAL: Mapping[str, Callable[[Situation], Iterable[Example]]] = {
    "request-extension": _extensions,
    "extension-decision": lambda at: _each("task_no", at.state.extension_requests, granted=False, reason="x"),
    "release": lambda at: _each("task_no", _open_tasks(at), reason="x"),
    "send-back-decision": lambda at: _each("task_no", _open_tasks(at), approved=False, reason="x"),
    "objection-decision": lambda at: _each("task_no", _open_tasks(at), upheld=False, reason="x"),
    "reassign": lambda at: _each("task_no", _open_tasks(at), unit=ANY_UNIT.unit_id, reason="x"),
    "supervise": lambda at: [{"due": at.tomorrow, "reason": "x"}],
    "suspend": lambda at: _each("ground", [ground.value for ground in PauseGround], until=at.tomorrow, reason="x"),
    "commit": lambda at: [{"measures": "x", "date": at.tomorrow}],
    "interim-reply": lambda at: _each("legal_due", _legal_dates(at.state), procedure="x"),
    "serve-notice": lambda at: _each("notice_no", at.state.notices, how=ServiceMethod.MAIL.value),
    "set-risk": lambda at: _each("risk", [risk.value for risk in RiskLevel], reason="x"),
    "urge": lambda at: [{"note": "x"}, *_each("referral_no", at.state.referrals, note="x")],
    "record-referral": lambda at: _each("referral_no", at.state.referrals, receipt="x"),
    "rate-report-in": lambda at: _each("task_no", at.state.tasks, score=3),
    "assign-down": lambda at: _each("level", [level.value for level in Level], instructions="x"),
    "name-host": lambda at: _each(
        "region_code", dict.fromkeys(filter(None, (at.state.region_code, *at.state.regions))), reason="x"
    ),
    "transfer-receipt": lambda at: [{"number": "x"}],
    "close": lambda at: [{"note": "x"}],
    "record-limitation": lambda at: _each("limitation", LimitationKind, began_on=local_date(at.now).isoformat()),
    "forget-limitation": lambda at: _each("clock_id", at.state.limitations, reason="x"),
    "merge": lambda at: [{"into": ANY_CASE, "reason": "x"}],
    # Which of them is picked does not matter, if there is one.
    "split": lambda at: _each("tracking_codes", [[ANY_CASE] for _ in at.state.merged[:1]], reason="x"),
    "mediations": lambda at: [
        {"dispute": {"type": "other"}, "parties": [{"side": side, "name": "x"} for side in ("applicant", "respondent")]}
    ],
    "divide": lambda at: [{"parts": [{"title": "x", "description": "x"}], "reason": "x"}],
}
"""By the step's name, where the fields alone do not say it."""


def _filled(field: Field) -> Any:
    if field.control in {Control.CHOICE, Control.CHOICES}:
        first = next(iter(field.choices or {}), None)
        return first if field.control is Control.CHOICE else [first]
    return _FILLED.get(field.control, "x")


_FILLED: Mapping[Control, Any] = {
    Control.UNIT: ANY_UNIT.unit_id,
    Control.OTHER_UNIT: ANY_UNIT.unit_id,
    Control.REFERRED_UNIT: UNDATED_UNIT.unit_id,
    Control.YES_NO: True,
    Control.SCORE: 3,
    Control.CASES: [ANY_CASE],
}
