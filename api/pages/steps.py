"""The steps of a case and of a task that pages have buttons for, and what each asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from starlette.datastructures import FormData

from api import bodies as b
from api.authorisation import Action
from api.bodies import CommandBody
from api.pages import words as w


class Control(StrEnum):
    """How a field is filled in. The choices of `CHOICE` are fixed words; those of the others depend on the case.

    `OFFERED` is one of what the rules take now, `DATE` a local date.
    """

    WORDS = auto()
    DATE = auto()
    OFFERED = auto()
    CHOICE = auto()
    YES_NO = auto()
    UNIT = auto()
    UNITS = auto()
    CO_TASK = auto()
    PRESET = auto()
    RATING = auto()


@dataclass(frozen=True)
class Field:
    """One field of a step's form, by its name in the body; `prefilled` with the only thing that the rules take."""

    name: str
    label: str
    control: Control = Control.WORDS
    required: bool = True
    choices: Mapping[str, str] | None = None
    prefilled: bool = False


@dataclass(frozen=True)
class Step:
    """A step: `name` as in the address, the button's `label`, what the authorisation table calls it, and its body.

    `main` steps carry the case forward and stand in front; the others are exceptions. `at_work` steps are for those
    who work on the case: of a unit, only while it has an open task there.
    """

    name: str
    label: str
    action: Action
    body: type[CommandBody]
    fields: Sequence[Field] = ()
    main: bool = True
    at_work: bool = False


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
        Step(
            "extension-decision",
            "审批延期",
            Action.DECIDE_EXTENSION,
            b.DecideExtensionBody,
            (
                Field("task_no", "延期申请", Control.OFFERED, required=False),
                Field("granted", "审批结果", Control.YES_NO, choices={"true": "同意", "false": "不同意"}),
                Field("until", "准予延至（可不填，不填即为申请的日期）", Control.DATE, required=False),
                _REASON,
            ),
        ),
        Step("resume", "恢复计时", Action.RESUME, b.ResumeBody, (_REASON,)),
        Step("urge", "催办", Action.URGE, b.UrgeBody, (Field("note", "催办内容"),), main=False),
        Step(
            "release",
            "取消协办",
            Action.RELEASE,
            b.ReleaseBody,
            (Field("task_no", "协办任务", Control.CO_TASK), _REASON),
            main=False,
        ),
        Step(
            "commit",
            "承诺办理",
            Action.COMMIT,
            b.CommitBody,
            (
                Field("measures", "措施和说明（诉求人可见）"),
                Field("date", "承诺的日期（原有时限照常计时）", Control.DATE),
            ),
            main=False,
            at_work=True,
        ),
        Step(
            "interim-reply",
            "阶段性答复",
            Action.REPLY_INTERIM,
            b.InterimReplyBody,
            (
                Field("procedure", "依法适用的程序（诉求人可见）"),
                Field("legal_due", "法定期限", Control.DATE, prefilled=True),
            ),
            main=False,
            at_work=True,
        ),
        Step(
            "suspend",
            "挂起",
            Action.SUSPEND,
            b.SuspendBody,
            (
                Field("ground", "事由", Control.OFFERED),
                Field("until", "最迟至（届时自动恢复）", Control.DATE),
                _REASON,
            ),
            main=False,
        ),
        Step(
            "set-risk",
            "定风险",
            Action.SET_RISK,
            b.SetRiskBody,
            (Field("risk", "风险等级", Control.OFFERED), _REASON),
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
        Step(
            "request-extension",
            "申请延期",
            Action.WORK_ON_TASK,
            b.RequestExtensionBody,
            (
                Field("clock", "时限", Control.OFFERED, required=False),
                Field("until", "延至", Control.DATE),
                _REASON,
            ),
            main=False,
        ),
    )
}


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
