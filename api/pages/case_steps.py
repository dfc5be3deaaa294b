"""The steps of a case."""

from collections.abc import Mapping

from api import bodies as b
from api.authorisation import Action
from api.link_bodies import ConfirmWithdrawalBody, WithdrawThroughStaffBody
from api.notice_bodies import ServeNoticeBody
from api.pages import words as w
from api.pages.dispatch_steps import DISPATCH_STEPS
from api.pages.link_steps import HAZARD, LINK_STEPS
from api.pages.mediation_people_steps import OPEN_MEDIATION
from api.pages.risk_steps import RISK_STEPS
from api.pages.steps import EVIDENCE, REASON, REPLY, Control, Field, Section, Step

_NOTE = Field("note", "备注（可不填）", required=False)

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
                Field("lead_unit", "主办单位", Control.UNIT, prefilled=True),
                Field("co_units", "协办单位（可多选，可不选）", Control.UNITS, required=False),
                Field("preset", "哨种", Control.PRESET, required=False),
                Field("reason", "吹哨事由（单位可见）"),
            ),
        ),
        Step("answer", "直接答复", Action.ANSWER, b.AnswerBody, (REPLY,)),
        Step("settle", "当场办结", Action.SETTLE, b.SettleBody, (REPLY, EVIDENCE)),
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
                EVIDENCE,
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
            reaches_out=True,
        ),
        Step(
            "close",
            "手工结案",
            Action.CLOSE,
            b.CloseBody,
            (Field("note", "说明（诉求人两次不满意而不再办理的必填，告知诉求人）", required=False),),
        ),
        Step(
            "confirm-withdrawal",
            "确认撤回",
            Action.CONFIRM_WITHDRAWAL,
            ConfirmWithdrawalBody,
            (
                Field(
                    "confirmed",
                    "向诉求人核实的结果",
                    Control.YES_NO,
                    choices={"true": "确认撤回", "false": "并非要撤回，继续办理"},
                ),
                _NOTE,
                HAZARD,
            ),
            reaches_out=True,
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
                Field("reason", "理由（同意的，写入延期告知书，诉求人可见）"),
            ),
        ),
        Step(
            "send-back-decision",
            "审定退单",
            Action.DECIDE_SEND_BACK,
            b.DecideSendBackBody,
            (
                Field("task_no", "退单的任务", Control.OFFERED),
                Field(
                    "approved",
                    "审定结果",
                    Control.YES_NO,
                    choices={"true": "同意退单，收回任务", "false": "不同意，仍由该单位办理"},
                ),
                REASON,
            ),
        ),
        Step(
            "designate",
            "指定承办",
            Action.DESIGNATE,
            b.DesignateBody,
            (Field("unit", "指定的承办单位（不得再退单）", Control.UNIT), REASON),
        ),
        Step(
            "answer-supervision",
            "答复督办",
            Action.ANSWER_SUPERVISION,
            b.AnswerSupervisionBody,
            (Field("text", "答复督办的内容"),),
            at_work=True,
        ),
        Step("reopen", "重办", Action.REOPEN, b.ReopenBody, (Field("reason", "重办的理由"),)),
        Step(
            "serve-notice",
            "登记送达",
            Action.SERVE_NOTICE,
            ServeNoticeBody,
            (
                Field("notice_no", "告知书", Control.OFFERED),
                Field("how", "送达方式", Control.CHOICE, choices=w.SERVICE_METHODS),
                Field("served_at", "送达时间（可不填，不填即为现在）", Control.MOMENT, required=False),
                _NOTE,
            ),
            main=False,
            reaches_out=True,
            section=Section.NOTICES,
        ),
        Step("resume", "恢复计时", Action.RESUME, b.ResumeBody, (REASON,)),
        Step(
            "contacts",
            "再次来电",
            Action.ADD_CONTACT,
            b.AddContactBody,
            (Field("text", "诉求人再次反映的内容"),),
            main=False,
        ),
        Step(
            "urge",
            "催办",
            Action.URGE,
            b.UrgeBody,
            (
                Field("referral_no", "催办移送单位（不选即催办正在办理的单位）", Control.OFFERED, required=False),
                Field("note", "催办内容"),
            ),
            main=False,
        ),
        Step(
            "supervise",
            "督办",
            Action.SUPERVISE,
            b.SuperviseBody,
            (Field("reason", "督办的理由和要求"), Field("due", "最迟答复日期", Control.DATE)),
            main=False,
        ),
        Step(
            "reassign",
            "转派",
            Action.REASSIGN,
            b.ReassignBody,
            (
                Field("task_no", "转派的任务", Control.OFFERED),
                Field("unit", "转派给", Control.UNIT),
                REASON,
            ),
            main=False,
        ),
        Step(
            "release",
            "取消协办",
            Action.RELEASE,
            b.ReleaseBody,
            (Field("task_no", "协办任务", Control.OFFERED), REASON),
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
                REASON,
            ),
            main=False,
        ),
        Step(
            "set-risk",
            "定风险",
            Action.SET_RISK,
            b.SetRiskBody,
            (Field("risk", "风险等级", Control.OFFERED), REASON),
            main=False,
        ),
        Step("escalate", "升级", Action.ESCALATE, b.EscalateBody, (REASON,), main=False),
        OPEN_MEDIATION,
        *RISK_STEPS,
        *DISPATCH_STEPS,
        *LINK_STEPS,
        Step(
            "withdraw",
            "代为撤回",
            Action.WITHDRAW,
            WithdrawThroughStaffBody,
            (REASON, HAZARD),
            main=False,
            at_work=True,
        ),
    )
}
