"""The steps about a case's risk, a danger in it, and the limitation periods of its parties."""

from api import risk_bodies as b
from api.authorisation import Action
from api.pages import words as w
from api.pages.steps import REASON, Control, Field, Step

RISK_STEPS = (
    Step(
        "record-110-call",
        "登记110报警",
        Action.RECORD_110_CALL,
        b.Record110CallBody,
        (
            Field("receipt_no", "接警编号", Control.LINE),
            Field("called_at", "报警时间（可不填，不填即为现在）", Control.MOMENT, required=False),
        ),
    ),
    Step(
        "report-protection",
        "登记强制报告",
        Action.REPORT_PROTECTION,
        b.ReportProtectionBody,
        (
            Field("to", "报告的部门", Control.CHOICE, choices=w.PROTECTION_BODIES),
            Field("receipt", "接报回执", Control.LINE),
            Field("note", "说明（可不填）", required=False),
        ),
    ),
    Step(
        "record-duty-leader",
        "登记值班领导到位",
        Action.RECORD_DUTY_LEADER,
        b.RecordDutyLeaderBody,
        (Field("note", "到位情况"),),
    ),
    Step(
        "report-danger",
        "报告现实危险",
        Action.REPORT_DANGER,
        b.ReportDangerBody,
        (
            Field("kinds", "危险情形（可多选）", Control.CHOICES, choices=w.DANGERS),
            Field("minors", "是否涉及未成年人", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("without_capacity", "是否涉及无完全行为能力人", Control.YES_NO, required=False, choices=w.YES_NO),
            Field("caller", "由谁立即拨打110（人员编号，不填即为本人）", Control.LINE, required=False),
            Field("note", "情况说明（报告人身份保密）"),
        ),
        main=False,
    ),
    Step("lift-danger", "解除危险", Action.LIFT_DANGER, b.LiftDangerBody, (REASON,), main=False),
    Step(
        "record-limitation",
        "登记时效",
        Action.RECORD_LIMITATION,
        b.RecordLimitationBody,
        (
            Field("limitation", "时效种类", Control.CHOICE, choices=w.LIMITATIONS),
            Field("began_on", "起算日（当日不计入）", Control.PAST_DATE),
            Field("note", "说明（可不填）", required=False),
        ),
        main=False,
    ),
    Step(
        "forget-limitation",
        "撤销误登的时效",
        Action.FORGET_LIMITATION,
        b.ForgetLimitationBody,
        (Field("clock_id", "时效", Control.OFFERED), REASON),
        main=False,
    ),
)
