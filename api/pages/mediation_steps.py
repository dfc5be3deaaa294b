"""The steps of a mediation, first those about its plan: the limit of a channel, other authorities, its end."""

from collections.abc import Mapping
from itertools import chain

from api import hearing_bodies as h
from api import mediation_bodies as b
from api.authorisation import Action
from api.pages import mediation_words as m
from api.pages import words as w
from api.pages.agreement_steps import AGREEMENT_STEPS
from api.pages.mediation_people_steps import PEOPLE_STEPS
from api.pages.steps import REASON, Control, Field, Section, Step
from api.risk_bodies import ReportDangerBody

REPORT_DANGER = "report-danger"
"""Told to the case, which locks the mediation; all others are commands to the mediation itself."""
_TRACK = Field("track", "步骤", Control.SCORE, required=False)

_PLAN = (
    Step(
        "decide-plan",
        "确定方案",
        Action.PLAN_MEDIATION,
        b.DecidePlanBody,
        (
            Field(
                "tracks",
                "步骤（依次进行，一步未成进行下一步）",
                Control.ROWS,
                required=False,
                parts=(
                    Field("form", "渠道", Control.OFFERED),
                    Field("host", "主持单位", Control.OFFERED),
                    Field("invited", "邀请参加的单位（可多选）", Control.UNITS, required=False),
                    Field("mediator_id", "调解员（可以以后确定）", Control.OFFERED, required=False),
                    Field("together", "与前一步并行", Control.TICK, required=False),
                    Field("fact_finding", "只查明事实", Control.TICK, required=False),
                ),
                rows=4,
            ),
            Field("drop_current", "正在进行的步骤不再进行", Control.TICK, required=False),
            REASON,
        ),
        section=Section.PLAN,
    ),
    Step(
        "take-up",
        "受理",
        Action.RUN_MEDIATION,
        h.TakeUpBody,
        (
            _TRACK,
            Field(
                "accepted",
                "决定",
                Control.YES_NO,
                required=False,
                choices={"true": "受理", "false": "不予受理，进行方案的下一步"},
            ),
            Field("reason", "理由（不予受理的必填）", required=False),
        ),
        section=Section.PLAN,
    ),
    Step(
        "apply",
        "登记申请",
        Action.RUN_MEDIATION,
        h.ApplyBody,
        (
            _TRACK,
            Field("party_no", "申请人", Control.OFFERED),
            Field("paper", "书面申请的扫描件（口头申请的不填）", Control.FILE, required=False),
        ),
        section=Section.PLAN,
    ),
    Step(
        "complete",
        "登记查明的事实",
        Action.ATTEND_MEDIATION,
        h.CompleteTrackBody,
        (_TRACK, Field("findings", "查明的事实")),
        section=Section.PLAN,
    ),
    Step(
        "extend",
        "延长期限",
        Action.RUN_MEDIATION,
        h.ExtendTrackBody,
        (
            _TRACK,
            Field("until", "延至", Control.DATE),
            Field("agreed_by", "同意延长的当事人（须各方同意）", Control.SOME),
            REASON,
        ),
        main=False,
        section=Section.PLAN,
    ),
    Step(
        "pause",
        "鉴定，暂停计时",
        Action.RUN_MEDIATION,
        h.PauseTrackBody,
        (
            _TRACK,
            Field("ground", "事由", Control.OFFERED),
            Field("until", "最迟至", Control.DATE),
            REASON,
        ),
        main=False,
        section=Section.PLAN,
    ),
    Step("go-on", "恢复计时", Action.RUN_MEDIATION, h.GoOnWithTrackBody, (_TRACK, REASON), section=Section.PLAN),
    Step(
        "refer-outside",
        "移送有关机关",
        Action.ATTEND_MEDIATION,
        h.ReferOutsideBody,
        (
            _TRACK,
            Field("system", "机关", Control.CHOICE, choices=m.OUTSIDE),
            Field("unit_id", "受理单位", Control.OFFERED),
        ),
        main=False,
        section=Section.PLAN,
    ),
    Step(
        "record-outside",
        "登记有关机关的答复",
        Action.ATTEND_MEDIATION,
        h.RecordOutsideBody,
        (
            Field("system", "机关", Control.OFFERED),
            Field("ask", "事项", Control.OFFERED),
            Field("number", "对方编号", Control.LINE, required=False),
            Field("agreed", "是否达成协议（移送的）", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("confirmed", "是否确认有效（司法确认的）", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("outcome", "结果、理由", required=False),
        ),
        main=False,
        section=Section.PLAN,
    ),
    Step(
        "fail",
        "调解不成",
        Action.RUN_MEDIATION,
        h.FailTrackBody,
        (_TRACK, Field("reason", "不成的情况（写入终止调解书）")),
        main=False,
        section=Section.PLAN,
    ),
    Step(
        "end",
        "终止调解",
        Action.PLAN_MEDIATION,
        b.EndMediationBody,
        (Field("remedy", "接下来的途径", Control.OFFERED), REASON),
        main=False,
        section=Section.PLAN,
    ),
    Step(
        REPORT_DANGER,
        "报告现实危险，锁定调解",
        Action.REPORT_DANGER,
        ReportDangerBody,
        (
            Field("kinds", "危险情形（可多选）", Control.CHOICES, choices=w.DANGERS),
            Field("minors", "是否涉及未成年人", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("without_capacity", "是否涉及无完全行为能力人", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("note", "情况说明（报告人身份保密）"),
        ),
        main=False,
        section=Section.NEXT,
    ),
)
MEDIATION_STEPS: Mapping[str, Step] = {step.name: step for step in chain(_PLAN, PEOPLE_STEPS, AGREEMENT_STEPS)}
