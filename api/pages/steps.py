"""The buttons: which steps of a case or task there are, what each asks for, and which of them this viewer has now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from starlette.datastructures import FormData

from api import bodies as b
from api.authorisation import ALLOWED, Action
from api.bodies import CommandBody, Envelope
from api.pages import words as w
from api.tokens import Caller
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import TaskRole, UnitKind
from workflows.rules.decide import decide

_ANY_UNIT = UnitRef(unit_id="any", kind=UnitKind.DEPARTMENT)


class Control(StrEnum):
    """How a field is filled in. The choices of `CHOICE` are fixed words; those of the others depend on the case."""

    WORDS = auto()
    CHOICE = auto()
    YES_NO = auto()
    UNIT = auto()
    UNITS = auto()
    CO_TASK = auto()
    PRESET = auto()
    RATING = auto()


@dataclass(frozen=True)
class Field:
    """One field of a step's form, by its name in the body."""

    name: str
    label: str
    control: Control = Control.WORDS
    required: bool = True
    choices: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Step:
    """A step: `name` as in the address, the button's `label`, what the authorisation table calls it, and its body.

    `main` steps carry the case forward and stand in front; the others are exceptions.
    """

    name: str
    label: str
    action: Action
    body: type[CommandBody]
    fields: Sequence[Field] = ()
    main: bool = True


_NOTE = Field("note", "备注（可不填）", required=False)
_REASON = Field("reason", "理由")
_REPLY = Field("reply", "答复（诉求人可见）")

CASE_STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("accept", "受理", Action.ACCEPT, b.AcceptBody, (_NOTE,)),
        Step(
            "whistle",
            "吹哨",
            Action.WHISTLE,
            b.WhistleBody,
            (
                Field("lead_unit", "主办单位", Control.UNIT),
                Field("co_units", "协办单位（可多选，可不选）", Control.UNITS, required=False),
                Field("preset", "哨种", Control.PRESET, required=False),
                Field("reason", "吹哨事由（单位可见）"),
            ),
        ),
        Step("answer", "直接答复", Action.ANSWER, b.AnswerBody, (_REPLY,)),
        Step("settle", "当场办结", Action.SETTLE, b.SettleBody, (_REPLY,)),
        Step(
            "decline",
            "不予受理",
            Action.DECLINE,
            b.DeclineBody,
            (
                Field("ground", "理由", Control.CHOICE, choices=w.GROUNDS),
                Field("route", "告知诉求人的正确途径（诉求人可见）"),
            ),
            main=False,
        ),
        Step(
            "verify",
            "核查",
            Action.VERIFY,
            b.VerifyBody,
            (
                Field("passed", "核查结果", Control.YES_NO, choices={"true": "通过", "false": "不通过，返工"}),
                Field("note", "核查情况"),
            ),
        ),
        Step(
            "callback",
            "回访",
            Action.CALL_BACK,
            b.CallbackBody,
            (
                Field("outcome", "回访情况", Control.CHOICE, choices=w.OUTCOMES),
                Field("solved", "是否解决", Control.CHOICE, required=False, choices=w.SOLVED),
                Field("rating", "满意度", Control.RATING, required=False),
                _NOTE,
            ),
        ),
        Step("close", "手工结案", Action.CLOSE, b.CloseBody, (_NOTE,)),
        Step(
            "confirm-withdrawal",
            "确认撤回",
            Action.CONFIRM_WITHDRAWAL,
            b.ConfirmWithdrawalBody,
            (
                Field(
                    "confirmed",
                    "向诉求人核实的结果",
                    Control.YES_NO,
                    choices={"true": "确认撤回", "false": "并非要撤回，继续办理"},
                ),
                _NOTE,
            ),
        ),
        Step("urge", "催办", Action.URGE, b.UrgeBody, (Field("note", "催办内容"),), main=False),
        Step(
            "release",
            "取消协办",
            Action.RELEASE,
            b.ReleaseBody,
            (Field("task_no", "协办任务", Control.CO_TASK), _REASON),
            main=False,
        ),
        Step("escalate", "升级", Action.ESCALATE, b.EscalateBody, (_REASON,), main=False),
        Step("withdraw", "代为撤回", Action.WITHDRAW, b.WithdrawBody, (_REASON,), main=False),
    )
}
TASK_STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("sign", "签收", Action.WORK_ON_TASK, b.SignBody),
        Step("contact", "联系", Action.WORK_ON_TASK, b.ContactBody, (Field("note", "联系情况"),)),
        Step("report-in", "报到", Action.WORK_ON_TASK, b.ReportInBody),
        Step("progress", "进展", Action.WORK_ON_TASK, b.ProgressBody, (Field("note", "进展情况"),)),
        Step(
            "finish",
            "办结",
            Action.WORK_ON_TASK,
            b.FinishBody,
            (_REPLY, Field("internal_note", "内部备注（诉求人不可见）", required=False)),
        ),
    )
}


def case_steps(state: CaseState, by: Caller, now: datetime) -> list[Step]:
    """The steps of the case that the authorisation table lets this caller do and the rules allow now."""
    return [step for step in CASE_STEPS.values() if _offered(step, state, by, now)]


def task_steps(state: CaseState, task_no: str, by: Caller, now: datetime) -> list[Step]:
    """The steps of a task: only for its own unit."""
    task = state.tasks.get(task_no)
    if task is None or task.unit.unit_id != by.unit:
        return []
    return [step for step in TASK_STEPS.values() if _offered(step, state, by, now, task_no)]


def open_co_tasks(state: CaseState) -> list[TaskState]:
    """The tasks that may be released."""
    return [task for task in state.open_tasks if task.role is TaskRole.CO]


def given(step: Step, form: FormData) -> dict[str, Any]:
    """What the form says for the step's body; what was left empty is left out."""
    values: dict[str, Any] = {}
    for field in step.fields:
        texts = [text for text in form.getlist(field.name) if isinstance(text, str) and text.strip()]
        if not texts:
            continue
        match field.control:
            case Control.UNITS:
                values[field.name] = texts
            case Control.YES_NO:
                values[field.name] = {"true": True, "false": False}.get(texts[0])
            case _:
                values[field.name] = texts[0]
    return values


def allowed(state: CaseState, command: AnyCommand, now: datetime) -> bool:
    """Whether the rules would take such a command now; missing evidence does not forbid the step as such."""
    try:
        decide(state, command, now)
    except RuleViolation as violation:
        return violation.code == "evidence_required"
    return True


def _offered(step: Step, state: CaseState, by: Caller, now: datetime, task_no: str | None = None) -> bool:
    # The rules are pure, so they are asked themselves; what people write does not matter to their answer.
    if by.role not in ALLOWED[step.action]:
        return False
    example = {field.name: _example(field, state) for field in step.fields if field.required}
    if None in example.values():
        return False
    envelope = Envelope("offer", by.actor, now, task_no, units={_ANY_UNIT.unit_id: _ANY_UNIT})
    return allowed(state, step.body.model_validate(example).command(envelope), now)


def _example(field: Field, state: CaseState) -> Any:
    match field.control:
        case Control.UNIT:
            return _ANY_UNIT.unit_id
        case Control.CO_TASK:
            return next((task.task_no for task in open_co_tasks(state)), None)
        case Control.CHOICE:
            return next(iter(field.choices or {}), None)
        case Control.YES_NO:
            return True
        case _:
            return "x"
