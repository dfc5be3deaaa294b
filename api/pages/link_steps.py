"""The steps that bind a case to others, make cases of its parts, or lead its matter out of the city's hands."""

from api import link_bodies as b
from api.authorisation import Action
from api.pages import words as w
from api.pages.steps import REASON, Control, Field, Section, Step

_PARTS = (
    Field("title", "标题", Control.LINE),
    Field("description", "内容"),
    Field("category", "分类（可不填，输入几个字从中选择）", Control.CLASS, required=False),
)
HAZARD = Field(
    "hazard",
    "撤回时保留公共隐患（可不填；填写的另立一案继续处理）",
    Control.GROUP,
    required=False,
    parts=_PARTS,
)

LINK_STEPS = (
    Step(
        "consult",
        "会商纪要",
        Action.CONSULT,
        b.ConsultBody,
        (
            Field("minutes", "会商纪要"),
            Field(
                "decisions",
                "明确各单位的工作（可不填；没有任务的单位将收到任务）",
                Control.ROWS,
                required=False,
                parts=(Field("unit", "单位", Control.DATED_UNIT), Field("what", "工作内容", Control.LINE)),
                rows=5,
            ),
        ),
        main=False,
    ),
    Step(
        "transfer-receipt",
        "登记移交回执",
        Action.RECORD_TRANSFER_RECEIPT,
        b.TransferReceiptBody,
        (
            Field(
                "refused",
                "回执",
                Control.YES_NO,
                required=False,
                choices={"false": "对方接收", "true": "对方不予接收，继续由本市办理"},
            ),
            Field("number", "对方编号（接收的必填）", Control.LINE, required=False),
        ),
    ),
    Step(
        "transfer",
        "移交外市",
        Action.TRANSFER,
        b.TransferBody,
        (Field("city", "移交到哪个城市", Control.LINE), REASON),
        main=False,
    ),
    Step(
        "legal-route",
        "转法律途径",
        Action.TAKE_LEGAL_ROUTE,
        b.LegalRouteBody,
        (
            Field("route", "途径", Control.CHOICE, choices=w.LEGAL_ROUTES),
            Field("reason", "理由和办法（写入告知书，诉求人可见）"),
        ),
        main=False,
    ),
    Step(
        "legal-outcome",
        "登记法律途径结果",
        Action.RECORD_LEGAL_OUTCOME,
        b.LegalOutcomeBody,
        (Field("outcome", "结果"),),
    ),
    Step(
        "merge",
        "并案",
        Action.MERGE,
        b.MergeBody,
        (Field("into", "并入的案件编号（主案）", Control.LINE), REASON),
        main=False,
        section=Section.TIES,
    ),
    Step(
        "split",
        "拆分",
        Action.SPLIT,
        b.SplitBody,
        (Field("tracking_codes", "拆出的诉求（可多选）", Control.REPORTS), REASON),
        main=False,
        section=Section.TIES,
    ),
    Step(
        "divide",
        "分案",
        Action.DIVIDE,
        b.DivideBody,
        (
            Field(
                "parts",
                "分出的部分（其余仍在本案；登记时间和查询码不变）",
                Control.ROWS,
                parts=(*_PARTS, Field("kind", "类别（可不选，不选即与本案相同）", Control.CHOICE, False, w.KINDS)),
                rows=3,
            ),
            REASON,
        ),
        main=False,
        section=Section.TIES,
    ),
    Step(
        "gather",
        "共性诉求归集",
        Action.GATHER,
        b.GatherBody,
        (Field("case_nos", "归集的案件编号（每行一个，各案仍单独办理）", Control.CASES), REASON),
        main=False,
        section=Section.TIES,
    ),
)
