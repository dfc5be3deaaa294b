"""Which steps of a case or task this viewer has now, and what may be picked in them: the rules are asked themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.authorisation import ALLOWED
from api.bodies import Envelope
from api.pages.case_steps import CASE_STEPS
from api.pages.steps import Control, Field, Step
from api.pages.task_steps import TASK_STEPS
from api.tokens import UNIT_BOUND, Caller
from workflows.contracts.clocks import Clock
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import TASK_CLOCKS, ClockName, PauseGround, RiskLevel, TaskRole, UnitKind
from workflows.rules.calendar import ONE_DAY, local_date
from workflows.rules.clock_starts import policy_of, running
from workflows.rules.decide import decide
from workflows.rules.rungs import calendar_of

_UNIT_CONTROLS = frozenset({Control.UNIT, Control.UNITS, Control.OTHER_UNIT})
_ANY_UNIT = UnitRef(unit_id="any", kind=UnitKind.DEPARTMENT)

Example = Mapping[str, Any]
"""A body as a form would give it, by the names of its fields."""


@dataclass(frozen=True)
class Offer:
    """A step that the viewer has now, of `task_no` if that is given.

    `taken` are bodies that the rules would take: where the case decides what may be picked, all that may.
    """

    step: Step
    taken: Sequence[Example]
    task_no: str | None = None

    def options(self, name: str) -> list[str]:
        """What the field may be, without repetition."""
        return list(dict.fromkeys(example[name] for example in self.taken if name in example))

    @property
    def names_units(self) -> bool:
        """Whether a unit is picked in its form."""
        return any(field.control in _UNIT_CONTROLS for field in self.step.fields)


def case_offers(state: CaseState, by: Caller, now: datetime) -> list[Offer]:
    """The steps of the case that the authorisation table lets this caller do and the rules allow now."""
    return [offer for step in CASE_STEPS.values() if (offer := _offer(step, state, by, now))]


def task_offers(state: CaseState, task_no: str, by: Caller, now: datetime) -> list[Offer]:
    """The steps of a task: only for its own unit."""
    task = state.tasks.get(task_no)
    if task is None or task.unit.unit_id != by.unit:
        return []
    return [offer for step in TASK_STEPS.values() if (offer := _offer(step, state, by, now, task_no))]


def allowed(state: CaseState, command: AnyCommand, now: datetime) -> bool:
    """Whether the rules would take such a command now; missing evidence does not forbid the step as such."""
    try:
        decide(state, command, now)
    except RuleViolation as violation:
        return violation.code == "evidence_required"
    return True


def _offer(step: Step, state: CaseState, by: Caller, now: datetime, task_no: str | None = None) -> Offer | None:
    # The rules are pure, so they are asked themselves; what people write does not matter to their answer.
    if by.role not in ALLOWED[step.action] or (step.at_work and not _works_on(state, by, step)):
        return None
    envelope = Envelope("offer", by.actor, now, task_no, units={_ANY_UNIT.unit_id: _ANY_UNIT}, policy=state.policy)
    taken = [
        example
        for example in _examples(step, state, now, task_no)
        if allowed(state, step.body.model_validate(example).command(envelope), now)
    ]
    return Offer(step, taken, task_no) if taken else None


def _works_on(state: CaseState, by: Caller, step: Step) -> bool:
    working = [task for task in state.open_tasks if task.role is TaskRole.LEAD or not step.body.for_lead]
    return by.role not in UNIT_BOUND or by.unit in {task.unit.unit_id for task in working}


def _examples(step: Step, state: CaseState, now: datetime, task_no: str | None) -> Iterator[Example]:
    """Bodies to ask the rules about: one for each thing that may be picked, else one with whatever fits the fields."""
    tomorrow = (local_date(now) + ONE_DAY).isoformat()
    match step.name:
        case "request-extension":
            clocks = [clock for name in TASK_CLOCKS for clock in running(state, name, task_no)]
            yield from (
                {"clock": clock.name.value, "until": _next_day(state, clock).isoformat(), "reason": "x"}
                for clock in clocks
            )
        case "extension-decision":
            yield from ({"task_no": asking, "granted": False, "reason": "x"} for asking in state.extension_requests)
        case "release":
            yield from ({"task_no": task.task_no, "reason": "x"} for task in state.open_tasks)
        case "send-back-decision":
            yield from ({"task_no": task.task_no, "approved": False, "reason": "x"} for task in state.open_tasks)
        case "reassign":
            unit = _ANY_UNIT.unit_id
            yield from ({"task_no": task.task_no, "unit": unit, "reason": "x"} for task in state.open_tasks)
        case "supervise":
            yield {"due": tomorrow, "reason": "x"}
        case "suspend":
            yield from ({"ground": ground.value, "until": tomorrow, "reason": "x"} for ground in PauseGround)
        case "commit":
            yield {"measures": "x", "date": tomorrow}
        case "interim-reply":
            yield from ({"procedure": "x", "legal_due": day.isoformat()} for day in _legal_dates(state))
        case "set-risk":
            yield from ({"risk": risk.value, "reason": "x"} for risk in RiskLevel)
        case _:
            yield {field.name: _filled(field) for field in step.fields if field.required}


def _next_day(state: CaseState, clock: Clock) -> date:
    """The first day by which the clock can be extended."""
    calendar, day = calendar_of(state, clock.task_no), clock.raw_due_date + ONE_DAY
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def _legal_dates(state: CaseState) -> list[date]:
    """The dates that a statute sets the lead unit."""
    lead = state.lead_task
    clocks = running(state, ClockName.FINISH, lead.task_no) if lead else []
    return [clock.raw_due_date for clock in clocks if (policy := policy_of(state, clock)) and policy.statutory]


def _filled(field: Field) -> Any:
    match field.control:
        case Control.UNIT | Control.OTHER_UNIT:
            return _ANY_UNIT.unit_id
        case Control.CHOICE:
            return next(iter(field.choices or {}), None)
        case Control.YES_NO:
            return True
        case _:
            return "x"
