"""Which steps of a case or task this viewer has now, and what may be picked in them: the rules are asked themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.authorisation import ALLOWED
from api.bodies import Envelope
from api.pages.case_steps import CASE_STEPS
from api.pages.examples import ANY_CASE, ANY_UNIT, UNDATED_UNIT, Example, Situation, examples
from api.pages.steps import Control, Field, Step
from api.pages.task_steps import TASK_STEPS
from api.tokens import UNIT_BOUND, Caller
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import Limit
from workflows.contracts.commands import AnyCommand, Escalate
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import Role, TaskRole
from workflows.rules.decide import decide

_UNIT_CONTROLS = frozenset({Control.UNIT, Control.UNITS, Control.OTHER_UNIT, Control.DATED_UNIT, Control.REFERRED_UNIT})


_ANY_TABLE = MediationPolicy(name="any", version=1, channels={}, limits={}, reminder=Limit.parse("1 working_days"))
"""Stands for the channel table of a mediation that is opened."""


@dataclass(frozen=True)
class Offer:
    """A step that the viewer has now, of `task_no` if that is given.

    `taken` are bodies that the rules would take: where the case decides what may be picked, all that may. `fields` are
    those of its form that are of use now.
    """

    step: Step
    fields: Sequence[Field]
    taken: Sequence[Example]
    task_no: str | None = None

    def options(self, name: str) -> list[str]:
        """What the field may be, without repetition."""
        return list(dict.fromkeys(example[name] for example in self.taken if name in example))

    @property
    def names_units(self) -> bool:
        """Whether a unit is picked in its form."""
        return any(field.control in _UNIT_CONTROLS for field in self.step.all_fields)

    @property
    def names_classes(self) -> bool:
        """Whether a class of matters is picked in its form."""
        return any(field.control is Control.CLASS for field in self.step.all_fields)


def case_offers(state: CaseState, by: Caller, actor: Actor, now: datetime) -> list[Offer]:
    """The steps of the case that the authorisation table lets this caller do and the rules allow now.

    `actor` is the caller as the record would name her.
    """
    return [offer for step in CASE_STEPS.values() if (offer := _offer(step, state, by, actor, now))]


def reads_only(state: CaseState, actor: Actor, now: datetime) -> bool:
    """Whether the case has gone up from the level that the actor decides for: that one may read on."""
    try:
        decide(state, Escalate(command_id="offer", actor=actor, reason=TextId("x")), now)
    except RuleViolation as violation:
        return violation.code == "case_is_above"
    return False


def task_offers(state: CaseState, task_no: str, by: Caller, now: datetime) -> list[Offer]:
    """The steps of a task: only for its own unit."""
    task = state.tasks.get(task_no)
    if task is None or task.unit.unit_id != by.unit:
        return []
    return [offer for step in TASK_STEPS.values() if (offer := _offer(step, state, by, by.actor, now, task_no))]


def allowed(state: CaseState, command: AnyCommand, now: datetime) -> bool:
    """Whether the rules would take such a command now; missing evidence does not forbid the step as such."""
    try:
        decide(state, command, now)
    except RuleViolation as violation:
        return violation.code == "evidence_required"
    return True


def _offer(
    step: Step, state: CaseState, by: Caller, actor: Actor, now: datetime, task_no: str | None = None
) -> Offer | None:
    # The rules are pure, so they are asked themselves; what people write does not matter to their answer.
    if by.role not in ALLOWED[step.action] or (step.at_work and not _works_on(state, by, step)):
        return None
    envelope = Envelope(
        "offer",
        actor,
        now,
        task_no,
        units={unit.unit_id: unit for unit in (ANY_UNIT, UNDATED_UNIT)},
        policy=state.policy,
        case_nos=state.merged if step.name == "split" else (ANY_CASE,),
        case_kind=state.kind,
        centres=state.centres,
        mediation_policy=_ANY_TABLE,
    )
    taken = [
        example
        for example in examples(step, Situation(state, now, task_no))
        if allowed(state, step.body.model_validate(example).command(envelope), now)
    ]
    return Offer(step, _of_use(step, taken, by), taken, task_no) if taken else None


def _of_use(step: Step, taken: Sequence[Example], by: Caller) -> list[Field]:
    """Without what cannot be picked now, and what would not be heeded."""
    # Whoever is not the centre only asks for a withdrawal: what goes on is named when that is confirmed.
    heeded = step.name != "withdraw" or by.role is Role.DISPATCHER
    pickable = {name for example in taken for name in example}
    return [
        field
        for field in step.fields
        if (heeded or field.control is not Control.GROUP)
        and (field.required or field.control is not Control.OFFERED or field.name in pickable)
    ]


def _works_on(state: CaseState, by: Caller, step: Step) -> bool:
    working = [task for task in state.open_tasks if task.role is TaskRole.LEAD or not step.body.for_lead]
    return by.role not in UNIT_BOUND or by.unit in {task.unit.unit_id for task in working}
