"""The steps between centres and units: who is asked, who decides, which level has the case, how units came."""

from api import dispatch_bodies as b
from api.authorisation import Action
from api.pages import words as w
from api.pages.steps import REASON, Control, Field, Section, Step

DISPATCH_STEPS = (
    Step(
        "request-whistle",
        "请求吹哨",
        Action.REQUEST_WHISTLE,
        b.RequestWhistleBody,
        (Field("reason", "为何本级办不了（供审核）"),),
        main=False,
    ),
    Step(
        "whistle-request-decision",
        "审核吹哨请求",
        Action.DECIDE_WHISTLE_REQUEST,
        b.DecideWhistleRequestBody,
        (
            Field(
                "granted",
                "审核结果",
                Control.YES_NO,
                choices={"true": "同意，由本级吹哨", "false": "不同意，仍由提出的一级办理"},
            ),
            REASON,
        ),
    ),
    Step(
        "objection-decision",
        "异议裁定",
        Action.DECIDE_OBJECTION,
        b.DecideObjectionBody,
        (
            Field("task_no", "提出异议的任务", Control.OFFERED),
            Field(
                "upheld",
                "裁定结果",
                Control.YES_NO,
                choices={"true": "异议成立，改由其他单位承办", "false": "异议不成立，维持指定"},
            ),
            Field("unit", "改由哪个单位承办（异议成立时选）", Control.UNIT, required=False),
            REASON,
        ),
    ),
    Step(
        "name-host",
        "确定主办地",
        Action.NAME_HOST,
        b.NameHostBody,
        (Field("region_code", "主办地", Control.OFFERED), REASON),
    ),
    Step(
        "assign-down",
        "交办下级",
        Action.ASSIGN_DOWN,
        b.AssignDownBody,
        (Field("level", "交办到", Control.OFFERED), Field("instructions", "交办要求")),
        main=False,
    ),
    Step(
        "refer",
        "移送商请",
        Action.REFER,
        b.ReferBody,
        (Field("unit", "移送单位（不定期限，可催办）", Control.REFERRED_UNIT), REASON),
        main=False,
        section=Section.REFERRALS,
    ),
    Step(
        "record-referral",
        "登记回执和结果",
        Action.RECORD_REFERRAL,
        b.RecordReferralBody,
        (
            Field("referral_no", "移送", Control.OFFERED),
            Field("receipt", "回执（可只登记回执）", required=False),
            Field("outcome", "结果（登记后移送办结）", required=False),
        ),
        section=Section.REFERRALS,
    ),
    Step(
        "rate-report-in",
        "评报到",
        Action.RATE_REPORT_IN,
        b.RateReportInBody,
        (
            Field("task_no", "报到的单位", Control.OFFERED),
            Field("score", "评分", Control.SCORE, choices=w.SCORES),
            Field("note", "说明（可不填）", required=False),
        ),
        main=False,
        section=Section.TASKS,
    ),
)
