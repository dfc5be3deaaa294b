"""The steps of a task, for the unit that has it."""

from collections.abc import Mapping

from api import bodies as b
from api.authorisation import Action
from api.dispatch_bodies import RateWhistleBody
from api.pages import words as w
from api.pages.steps import EVIDENCE, REASON, REPLY, Control, Field, Step

_YES_NO = {"true": "是", "false": "否"}

TASK_STEPS: Mapping[str, Step] = {
    step.name: step
    for step in (
        Step("sign", "签收", Action.WORK_ON_TASK, b.SignBody),
        Step("contact", "联系", Action.WORK_ON_TASK, b.ContactBody, (Field("note", "联系情况"),), reaches_out=True),
        Step("report-in", "报到", Action.WORK_ON_TASK, b.ReportInBody),
        Step("progress", "进展", Action.WORK_ON_TASK, b.ProgressBody, (Field("note", "进展情况"),)),
        Step(
            "finish",
            "办结",
            Action.WORK_ON_TASK,
            b.FinishBody,
            (REPLY, Field("internal_note", "内部备注（诉求人不可见）", required=False), EVIDENCE),
        ),
        Step(
            "send-back",
            "退单",
            Action.WORK_ON_TASK,
            b.SendBackBody,
            (
                REASON,
                Field("clause", "依据条款"),
                Field("suggested_unit", "建议的承办单位", Control.OTHER_UNIT),
            ),
            main=False,
        ),
        Step(
            "object",
            "提出异议",
            Action.WORK_ON_TASK,
            b.ObjectBody,
            (Field("reason", "异议的理由（异议期间照常办理）"),),
            main=False,
        ),
        Step(
            "request-extension",
            "申请延期",
            Action.WORK_ON_TASK,
            b.RequestExtensionBody,
            (
                Field("clock", "时限", Control.OFFERED, required=False),
                Field("until", "延至", Control.DATE),
                REASON,
            ),
            main=False,
        ),
        Step(
            "rate-whistle",
            "评哨",
            Action.RATE_WHISTLE,
            RateWhistleBody,
            (
                Field("score", "评分", Control.SCORE, choices=w.SCORES),
                Field("right_unit", "派给本单位是否准确（可不选）", Control.YES_NO, required=False, choices=_YES_NO),
                Field("clear", "吹哨事由是否清楚（可不选）", Control.YES_NO, required=False, choices=_YES_NO),
                Field("avoidable", "本可不必吹哨（可不选）", Control.YES_NO, required=False, choices=_YES_NO),
                Field("note", "说明（可不填）", required=False),
            ),
            main=False,
        ),
    )
}
