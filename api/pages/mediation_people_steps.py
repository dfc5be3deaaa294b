"""The steps about who takes part in a mediation: parties, mediators, interpreters, help beside it, service on them."""

from api import hearing_bodies as h
from api import mediation_bodies as b
from api.authorisation import Action
from api.pages import mediation_words as m
from api.pages import words as w
from api.pages.steps import REASON, Control, Field, Section, Step

_TRACK = Field("track", "步骤", Control.SCORE, required=False)
_PARTY = Field("party_no", "当事人", Control.OFFERED)
_NOTE = Field("note", "说明（可不填）", required=False)
_GUARDIAN = Field(
    "guardian",
    "监护人（无完全民事行为能力的必填）",
    Control.GROUP,
    required=False,
    parts=(
        Field("name", "姓名", Control.LINE),
        Field("phone", "电话", Control.LINE, required=False),
        Field("relation", "与当事人的关系", Control.LINE),
    ),
)
_REPRESENTATIVES = Field(
    "representatives",
    "代理人",
    Control.ROWS,
    required=False,
    parts=(
        Field("name", "姓名", Control.LINE),
        Field("phone", "电话", Control.LINE, required=False),
        Field("authority", "授权", Control.CHOICE, choices=m.AUTHORITIES),
    ),
    rows=2,
)
_PARTY_PARTS = (
    Field("side", "一方", Control.CHOICE, choices=m.SIDES),
    Field("name", "姓名或者名称", Control.LINE),
    Field("kind", "类别", Control.CHOICE, required=False, choices=m.PARTY_KINDS),
    Field("phone", "电话", Control.LINE, required=False),
    Field("capacity", "民事行为能力", Control.CHOICE, required=False, choices=m.CAPACITIES),
    Field("language", "语言（不通汉语的填代码，如蒙古语 mn）", Control.LINE, required=False),
    Field("requester", "本案诉求人（凭查询码查看调解）", Control.TICK, required=False),
    Field("suspect", "违反治安管理行为人", Control.TICK, required=False),
)
OPEN_MEDIATION = Step(
    "mediations",
    "启动联调",
    Action.OPEN_MEDIATION,
    b.OpenMediationBody,
    (
        Field(
            "dispute",
            "纠纷",
            Control.GROUP,
            parts=(
                Field("type", "纠纷类型", Control.CHOICE, choices=m.DISPUTES),
                Field("amount", "标的额（元，可不填）", Control.LINE, required=False),
                *(Field(name, label, Control.TICK, required=False) for name, label in m.DISPUTE_FACTS.items()),
            ),
        ),
        Field("parties", "当事人（双方都要填）", Control.ROWS, parts=_PARTY_PARTS, rows=4),
    ),
    section=Section.MEDIATIONS,
)
"""The one that is taken on the page of a case; guardians and representatives are named on the mediation's own."""

PEOPLE_STEPS = (
    Step(
        "consent",
        "登记是否同意",
        Action.ATTEND_MEDIATION,
        b.ConsentBody,
        (
            _TRACK,
            _PARTY,
            Field(
                "agreed",
                "答复",
                Control.YES_NO,
                choices={"true": "同意调解", "false": "不同意，本次调解终止"},
            ),
            _NOTE,
        ),
        section=Section.PARTIES,
    ),
    Step(
        "add-party",
        "追加当事人",
        Action.ATTEND_MEDIATION,
        b.AddPartyBody,
        (Field("party", "当事人", Control.GROUP, parts=(*_PARTY_PARTS, _GUARDIAN, _REPRESENTATIVES)),),
        main=False,
        section=Section.PARTIES,
    ),
    Step(
        "change-party",
        "变更监护人、代理人",
        Action.ATTEND_MEDIATION,
        b.ChangePartyBody,
        (_PARTY, _GUARDIAN, _REPRESENTATIVES),
        main=False,
        section=Section.PARTIES,
    ),
    Step(
        "leave",
        "当事人退出",
        Action.ATTEND_MEDIATION,
        b.LeaveBody,
        (_PARTY, REASON),
        main=False,
        section=Section.PARTIES,
    ),
    Step(
        "name-mediator",
        "确定调解员",
        Action.ATTEND_MEDIATION,
        b.NameMediatorBody,
        (
            _TRACK,
            Field("mediator_id", "调解员", Control.OFFERED),
            Field("chosen", "由谁确定", Control.CHOICE, required=False, choices=m.CHOSEN),
            Field("ties", "与当事人的关系（有的必须披露）", required=False),
        ),
        section=Section.MEDIATORS,
    ),
    Step(
        "disclose",
        "披露关系",
        Action.RUN_MEDIATION,
        b.DiscloseBody,
        (_TRACK, Field("mediator_id", "调解员", Control.OFFERED), Field("ties", "与当事人的关系")),
        main=False,
        section=Section.MEDIATORS,
    ),
    Step(
        "object",
        "登记回避",
        Action.ATTEND_MEDIATION,
        b.ObjectToPersonBody,
        (
            _TRACK,
            Field("party_no", "提出的当事人", Control.OFFERED),
            Field("person_id", "回避的人员", Control.OFFERED),
            REASON,
        ),
        main=False,
        section=Section.MEDIATORS,
    ),
    Step(
        "appoint-interpreter",
        "聘请翻译",
        Action.RUN_MEDIATION,
        b.AppointInterpreterBody,
        (
            Field("language", "语言", Control.OFFERED),
            Field("name", "翻译姓名", Control.LINE, required=False),
            Field("phone", "电话", Control.LINE, required=False),
        ),
        main=False,
        section=Section.MEDIATORS,
    ),
    Step(
        "refer-support",
        "转介帮助",
        Action.ATTEND_MEDIATION,
        b.ReferSupportBody,
        (
            _PARTY,
            Field("support", "帮助", Control.CHOICE, choices=m.SUPPORTS),
            Field("unit_id", "接收单位", Control.OFFERED),
            Field("consented", "当事人是否同意转介", Control.YES_NO, choices=w.YES_NO),
        ),
        main=False,
        section=Section.SUPPORTS,
    ),
    Step(
        "record-support",
        "登记转介结果",
        Action.ATTEND_MEDIATION,
        b.RecordSupportBody,
        (Field("support_no", "转介", Control.OFFERED), Field("outcome", "结果")),
        main=False,
        section=Section.SUPPORTS,
    ),
    Step(
        "serve-paper",
        "登记送达",
        Action.ATTEND_MEDIATION,
        h.ServePaperBody,
        (
            Field("paper_no", "文书", Control.OFFERED),
            Field("party_no", "送达给", Control.OFFERED),
            Field("how", "送达方式", Control.CHOICE, choices=w.SERVICE_METHODS),
            Field("served_at", "送达时间（可不填，不填即为现在）", Control.MOMENT, required=False),
        ),
        main=False,
        section=Section.PAPERS,
    ),
)
