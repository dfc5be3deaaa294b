"""The steps of a mediation from its sessions on: what was said, agreed, signed, kept, and confirmed by a court."""

from api import agreement_bodies as a
from api import hearing_bodies as h
from api.authorisation import Action
from api.pages import mediation_words as m
from api.pages.steps import EVIDENCE, REASON, Control, Field, Section, Step

_TRACK = Field("track", "步骤", Control.SCORE, required=False)
_SESSION = Field("session_no", "调解", Control.OFFERED)
_ITEM = Field("item_no", "履行事项", Control.OFFERED)
_NOTE = Field("note", "说明（可不填）", required=False)

AGREEMENT_STEPS = (
    Step(
        "schedule-session",
        "安排调解",
        Action.RUN_MEDIATION,
        h.ScheduleSessionBody,
        (
            _TRACK,
            Field("form", "方式", Control.CHOICE, required=False, choices=m.MEETINGS),
            Field("starts_at", "开始时间", Control.MOMENT),
            Field("ends_at", "结束时间", Control.MOMENT),
            Field("room", "调解室（可不选）", Control.OFFERED, required=False),
            Field("parties", "通知的当事人", Control.SOME),
            Field("invited", "邀请的人员（可不选）", Control.SOME, required=False),
        ),
        section=Section.SESSIONS,
    ),
    Step(
        "record-session",
        "登记笔录",
        Action.RUN_MEDIATION,
        h.RecordSessionBody,
        (
            _SESSION,
            Field("present", "到场的当事人（都未到场的不选）", Control.SOME),
            Field("facts", "无争议的事实", required=False),
            Field("open_points", "争议焦点", required=False),
            Field(
                "concessions",
                "各方的让步（保密，只供主持单位、调解员和该方查阅，不写入笔录）",
                Control.ROWS,
                required=False,
                parts=(Field("party_no", "当事人", Control.OFFERED), Field("text", "内容")),
                rows=2,
            ),
            Field("attachments", "签名的笔录等（可多选）", Control.FILES, required=False),
        ),
        section=Section.SESSIONS,
    ),
    Step(
        "call-off-session",
        "延期或取消",
        Action.RUN_MEDIATION,
        h.CallOffSessionBody,
        (
            _SESSION,
            Field("adjourned", "处理", Control.YES_NO, choices={"true": "延期，另行安排", "false": "取消"}),
            REASON,
        ),
        main=False,
        section=Section.SESSIONS,
    ),
    Step(
        "draft-agreement",
        "拟定协议",
        Action.RUN_MEDIATION,
        a.DraftAgreementBody,
        (
            _TRACK,
            Field("form", "形式", Control.CHOICE, required=False, choices=m.AGREEMENT_FORMS),
            Field("terms", "协议内容"),
            Field(
                "promises",
                "履行事项",
                Control.ROWS,
                required=False,
                parts=(
                    Field("promisor", "义务方", Control.OFFERED),
                    Field("to", "权利方", Control.OFFERED),
                    Field("what", "履行什么", Control.LINE),
                    Field("due", "履行期限（当场履行的不填）", Control.DATE, required=False),
                    Field("amount", "金额（元）", Control.LINE, required=False),
                ),
                rows=4,
            ),
            Field("clauses", "含有法院不予确认的内容（可多选）", Control.CHOICES, required=False, choices=m.CLAUSES),
            Field("fee", "收费（元，不收费的不填）", Control.LINE, required=False),
        ),
        section=Section.AGREEMENT,
    ),
    Step(
        "sign",
        "登记签署",
        Action.RUN_MEDIATION,
        a.SignAgreementBody,
        (
            Field("by", "签署", Control.OFFERED),
            Field("party_no", "当事人（签名、签收的必填）", Control.OFFERED, required=False),
            Field("means", "方式", Control.CHOICE, required=False, choices=m.SIGNATURE_MEANS),
            Field("scan", "签署页的扫描件（纸质签署的必填）", Control.FILE, required=False),
        ),
        section=Section.AGREEMENT,
    ),
    Step(
        "check-fulfilment",
        "核实履行",
        Action.RUN_MEDIATION,
        a.CheckFulfilmentBody,
        (
            _ITEM,
            Field("kept", "权利方的答复", Control.YES_NO, choices={"true": "已履行", "false": "未按约定履行"}),
            _NOTE,
        ),
        section=Section.AGREEMENT,
    ),
    Step(
        "prove-fulfilment",
        "登记履行证明",
        Action.RUN_MEDIATION,
        a.ProveFulfilmentBody,
        (_ITEM, EVIDENCE, _NOTE),
        section=Section.AGREEMENT,
    ),
    Step(
        "take-remedy",
        "违约救济",
        Action.RUN_MEDIATION,
        a.TakeRemedyBody,
        (_ITEM, Field("remedy", "救济途径", Control.OFFERED), REASON),
        section=Section.AGREEMENT,
    ),
    Step(
        "apply-confirmation",
        "申请司法确认",
        Action.RUN_MEDIATION,
        a.ApplyConfirmationBody,
        (
            Field("court", "法院", Control.OFFERED),
            Field("parties", "共同申请的当事人（须各方共同申请）", Control.SOME),
        ),
        section=Section.AGREEMENT,
    ),
    Step(
        "postpone-promise",
        "改期履行",
        Action.RUN_MEDIATION,
        a.PostponePromiseBody,
        (_ITEM, Field("due", "经双方同意改至", Control.DATE), REASON),
        main=False,
        section=Section.AGREEMENT,
    ),
    Step(
        "forgo-promise",
        "权利方放弃",
        Action.RUN_MEDIATION,
        a.ForgoPromiseBody,
        (_ITEM, REASON),
        main=False,
        section=Section.AGREEMENT,
    ),
)
