"""What people read: the Chinese word for every name in code. What is missing here shows by its code name."""

from collections.abc import Mapping

from infra.cities.pack import Presence
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.risk import RiskReason
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    DeclineGround,
    LegalRoute,
    LimitUnit,
    MoveCause,
    NoticeKind,
    OwnerRole,
    PauseGround,
    RiskLevel,
    Role,
    Rung,
    ServiceMethod,
    Solved,
    SubjectType,
    TaskRole,
    TaskStatus,
    Urgency,
)
from workflows.rules.day_strip import Reason, Verdict

STATUSES: Mapping[str, str] = {
    CaseStatus.REGISTERED: "已登记",
    CaseStatus.ACCEPTED: "已受理",
    CaseStatus.DISPATCHED: "已吹哨",
    CaseStatus.IN_PROGRESS: "办理中",
    CaseStatus.IN_MEDIATION: "调解中",
    CaseStatus.AGREED: "已达成协议待履行",
    CaseStatus.FINISHED: "已办结",
    CaseStatus.VERIFIED: "已核查",
    CaseStatus.CLOSED: "已结案",
    CaseStatus.DECLINED: "不予受理",
    CaseStatus.WITHDRAWN: "已撤回",
    CaseStatus.MERGED: "已并案",
    CaseStatus.TRANSFERRED: "已移交外市",
    CaseStatus.LEGAL_ROUTE: "已转法律途径",
    CaseStatus.ARCHIVED: "已归档",
}
TASK_STATUSES: Mapping[str, str] = {
    TaskStatus.DISPATCHED: "待签收",
    TaskStatus.SIGNED: "已签收",
    TaskStatus.CONTACTED: "已联系",
    TaskStatus.REPORTED_IN: "已报到",
    TaskStatus.FINISHED: "已办结",
    TaskStatus.SENT_BACK: "已退单",
    TaskStatus.REASSIGNED: "已转派",
    TaskStatus.CANCELLED: "已取消",
}
TASK_ROLES: Mapping[str, str] = {TaskRole.LEAD: "主办", TaskRole.CO: "协办"}
PRESENCES: Mapping[str, str] = {
    Presence.STATIONED: "常驻",
    Presence.ROTATING: "轮驻",
    Presence.ON_CALL: "随叫随驻",
    Presence.ONLINE: "网络连通",
}
KINDS: Mapping[str, str] = {
    CaseKind.INQUIRY: "咨询",
    CaseKind.HELP: "求助",
    CaseKind.COMPLAINT: "投诉",
    CaseKind.TIP_OFF: "举报",
    CaseKind.SUGGESTION: "建议",
    CaseKind.HAZARD: "隐患",
    CaseKind.DISPUTE: "纠纷",
}
URGENCIES: Mapping[str, str] = {
    Urgency.EMERGENCY: "突发",
    Urgency.URGENT: "紧急",
    Urgency.IMPORTANT: "重要",
    Urgency.ORDINARY: "一般",
}
RISKS: Mapping[str, str] = {RiskLevel.BLUE: "蓝色预警", RiskLevel.YELLOW: "黄色预警", RiskLevel.RED: "红色预警"}
RISK_REASONS: Mapping[str, str] = {
    RiskReason.DANGER: "现实危险",
    RiskReason.PROTECTED_PERSON: "涉及未成年人或无完全行为能力人",
    RiskReason.CROWD: "群体诉求",
    RiskReason.FAILED_MEDIATIONS: "调解未成",
    RiskReason.DISSATISFIED_AGAIN: "诉求人再次表示未解决",
    RiskReason.REWORKED_OFTEN: "多次返工",
    RiskReason.CALLED_OFTEN: "多次来电",
}
DANGERS: Mapping[str, str] = {
    DangerKind.VIOLENCE: "暴力伤害",
    DangerKind.THREAT: "扬言伤人",
    DangerKind.WEAPON: "持有凶器",
    DangerKind.SELF_HARM: "自伤自杀",
    DangerKind.MASS_CONFLICT: "群体冲突",
    DangerKind.FIRE_OR_GAS: "纵火、燃气",
    DangerKind.ABUSE: "虐待、侵害",
}
PROTECTION_BODIES: Mapping[str, str] = {
    ProtectionBody.PUBLIC_SECURITY: "公安机关",
    ProtectionBody.CIVIL_AFFAIRS: "民政部门",
    ProtectionBody.EDUCATION: "教育部门",
    ProtectionBody.WOMEN_FEDERATION: "妇联",
}
LIMITATIONS: Mapping[str, str] = {
    LimitationKind.CIVIL: "诉讼时效",
    LimitationKind.LABOUR: "劳动争议仲裁时效",
    LimitationKind.LAND_ARBITRATION: "农村土地承包仲裁时效",
    LimitationKind.ENFORCEMENT: "申请执行时效",
    LimitationKind.RECONSIDERATION: "行政复议申请期限",
    LimitationKind.ADMINISTRATIVE_SUIT: "行政起诉期限",
    LimitationKind.SUIT_AFTER_AWARD: "仲裁裁决后起诉期限",
}
YES_NO: Mapping[str, str] = {"true": "是", "false": "否"}
ROLES: Mapping[str, str] = {
    Role.REQUESTER: "诉求人",
    Role.GRID_WORKER: "网格员",
    Role.DISPATCHER: "调度员",
    Role.HANDLER: "承办人",
    Role.MEDIATOR: "调解员",
    Role.SUPERVISOR: "督导",
    Role.OPERATOR: "运维",
    Role.AUDITOR: "审计",
    Role.SYSTEM: "系统",
}
OWNER_ROLES: Mapping[str, str] = {
    OwnerRole.DISPATCHER: "调度员",
    OwnerRole.LEAD_UNIT: "主办单位",
    OwnerRole.CO_UNIT: "协办单位",
    OwnerRole.HOST: "主持调解单位",
    OwnerRole.PROMISOR: "义务方",
    OwnerRole.VERIFIER: "核查人",
    OwnerRole.CALLBACK_DESK: "回访席",
    OwnerRole.LEADER: "中心负责人",
}
OWED: Mapping[str, str] = {
    CaseStatus.REGISTERED: "受理",
    CaseStatus.ACCEPTED: "吹哨派单或当场办结",
    CaseStatus.DISPATCHED: "签收、联系、报到",
    CaseStatus.IN_PROGRESS: "办理并办结",
    CaseStatus.IN_MEDIATION: "推进联合调解",
    CaseStatus.AGREED: "履行调解协议",
    CaseStatus.FINISHED: "核查办理结果",
    CaseStatus.VERIFIED: "回访诉求人",
    CaseStatus.CLOSED: "到期归档",
    CaseStatus.DECLINED: "到期归档",
    CaseStatus.WITHDRAWN: "到期归档",
    CaseStatus.MERGED: "随主案办理，主案有结果后回访诉求人",
    CaseStatus.TRANSFERRED: "到期归档",
    CaseStatus.LEGAL_ROUTE: "了解法律途径的结果，到期归档",
}
"""What the owner of a case in that status has to do next."""
CLOCKS: Mapping[str, str] = {
    ClockName.CITIZEN: "答复诉求人",
    ClockName.ACCEPT: "受理",
    ClockName.DISPATCH: "派单",
    ClockName.SIGN: "签收",
    ClockName.CONTACT: "联系",
    ClockName.REPORT_IN: "报到",
    ClockName.FINISH: "办结",
    ClockName.VERIFY: "核查",
    ClockName.CALLBACK: "回访",
    ClockName.WITHDRAWAL: "撤回确认",
    ClockName.LEVEL: "本级办理",
    ClockName.ARCHIVE_AFTER: "归档",
    ClockName.NOTICE: "书面告知",
    ClockName.REVIEW: "复查",
    ClockName.RE_REVIEW: "复核",
    ClockName.OBJECTION: "受理异议",
    ClockName.EXTENSION: "延期审批",
    ClockName.SUSPENSION: "挂起期限",
    ClockName.COMMITMENT: "承诺办理",
    ClockName.SEND_BACK: "退单审定",
    ClockName.DISPUTE: "指定承办",
    ClockName.SUPERVISION: "答复督办",
    ClockName.WHISTLE_REQUEST: "审核吹哨请求",
    ClockName.OBJECTION_DECISION: "异议裁定",
    ClockName.HOST: "确定主办地",
    ClockName.TRANSFER: "移交回执",
    ClockName.LEGAL_OUTCOME: "了解法律途径结果",
    ClockName.MEDIATION: "调解",
    ClockName.PLAN: "确定调解方案",
    ClockName.CONSENT: "答复是否同意调解",
    ClockName.TAKE_UP: "受理调解",
    ClockName.MEDIATOR: "确定调解员",
    ClockName.SESSION: "调解笔录",
    ClockName.SECOND_SESSION: "再次调解",
    ClockName.PLAN_REVIEW: "重新研究方案",
    ClockName.SIGNATURE: "签署协议",
    ClockName.CONFIRMATION: "申请司法确认",
    ClockName.COURT_DECISION: "法院确认裁定",
    ClockName.FULFILMENT: "履行协议",
    ClockName.FULFILMENT_CHECK: "核实履行",
    ClockName.REMEDY: "违约救济",
    ClockName.DUTY_LEADER: "值班领导到位",
    ClockName.CONSULTATION: "红色预警会商",
    ClockName.RISK_REVIEW: "黄色预警研判",
    ClockName.DANGER_CALL: "拨打110",
    ClockName.PROTECTION_REPORT: "强制报告",
    ClockName.LIMITATION: "时效",
}
RUNGS: Mapping[str, str] = {
    Rung.DUE_SOON: "即将超期，提醒",
    Rung.URGE: "已到期未完成，自动催办",
    Rung.SUPERVISE: "超期未完成，自动督办",
    Rung.ESCALATE: "超期未完成，自动升级",
    Rung.URGE_AGAIN: "仍未完成，再次催办",
}
LIMIT_UNITS: Mapping[str, str] = {
    LimitUnit.SECONDS: "秒",
    LimitUnit.MINUTES: "分钟",
    LimitUnit.HOURS: "小时",
    LimitUnit.WORKING_HOURS: "个工作时",
    LimitUnit.WORKING_DAYS: "个工作日",
    LimitUnit.CALENDAR_DAYS: "个自然日",
    LimitUnit.MONTHS: "个月",
    LimitUnit.YEARS: "年",
}
PAUSE_GROUNDS: Mapping[str, str] = {
    PauseGround.HEARING: "听证",
    PauseGround.MEDICAL_APPRAISAL: "医疗损害鉴定",
    PauseGround.PRE_FILING_APPRAISAL: "立案前鉴定",
}
MOVE_CAUSES: Mapping[str, str] = {
    MoveCause.EXTENSION: "延期",
    MoveCause.PAUSE: "挂起或恢复",
    MoveCause.CALENDAR: "工作日历更新",
    MoveCause.MERGE: "并入的诉求期限更早",
}
VERDICTS: Mapping[str, str] = {
    Verdict.COUNTED: "计入",
    Verdict.SKIPPED: "不计",
    Verdict.PAUSED: "暂停",
    Verdict.ROLLED: "顺延",
}
DAY_REASONS: Mapping[str, str] = {
    Reason.START: "起算日",
    Reason.WORKDAY: "工作日",
    Reason.MAKEUP: "调休上班",
    Reason.WEEKEND: "周末",
    Reason.HOLIDAY: "节假日",
    Reason.CLOSED: "已下班",
    Reason.PAUSE: "挂起",
}
"""What sort of day it is, in the strip that says why a date is what it is."""
GROUNDS: Mapping[str, str] = {
    DeclineGround.OTHER_AUTHORITY: "属其他机关职权",
    DeclineGround.IN_LEGAL_PROCEDURE: "已进入诉讼、仲裁、复议程序",
    DeclineGround.MUST_USE_LEGAL_PROCEDURE: "依法应走诉讼、仲裁、复议",
    DeclineGround.EFFECTIVE_DECISION: "已有生效裁决或决定",
    DeclineGround.REVIEW_EXHAUSTED: "已复查复核终结",
    DeclineGround.SAME_MATTER_PENDING: "同一事项正在办理",
    DeclineGround.DISCIPLINE_MATTER: "属纪检监察事项",
    DeclineGround.EMERGENCY_LINE: "应拨打紧急电话",
    DeclineGround.NO_IDENTIFIABLE_CLAIM: "联系后仍无明确诉求",
}
NOTICES: Mapping[str, str] = {
    NoticeKind.RECEIPT: "受理告知书",
    NoticeKind.DECLINE: "不予受理告知书",
    NoticeKind.EXTENSION: "延期告知书",
    NoticeKind.TRANSFER: "转送告知书",
    NoticeKind.ROUTE: "法律途径告知书",
    NoticeKind.CLOSING: "答复意见书",
}
SERVICE_METHODS: Mapping[str, str] = {
    ServiceMethod.IN_PERSON: "直接送达",
    ServiceMethod.MAIL: "邮寄送达",
    ServiceMethod.ELECTRONIC: "电子送达",
    ServiceMethod.PHONE: "电话告知",
    ServiceMethod.LEAVE_ON_SITE: "留置送达",
    ServiceMethod.PUBLIC_NOTICE: "公告送达",
}
LEGAL_ROUTES: Mapping[str, str] = {
    LegalRoute.COURT: "诉讼",
    LegalRoute.ARBITRATION: "仲裁",
    LegalRoute.RECONSIDERATION: "行政复议",
    LegalRoute.AUTHORITY: "有权机关依法处理",
}
SUBJECTS: Mapping[str, str] = {
    SubjectType.PERSON: "个人",
    SubjectType.UNIT: "单位",
    SubjectType.STAFF: "工作人员",
    SubjectType.COMPANY: "企业",
}
"""Whom a matter is about (被反映对象)."""
SCORES: Mapping[str, str] = {
    "5": "5 分，很好",
    "4": "4 分，较好",
    "3": "3 分，一般",
    "2": "2 分，较差",
    "1": "1 分，很差",
}
"""How units and centres rate each other (评哨、评报到)."""
OUTCOMES: Mapping[str, str] = {
    CallbackOutcome.REACHED: "已联系到诉求人",
    CallbackOutcome.VISITED: "已上门回访",
    CallbackOutcome.UNREACHABLE: "未联系到",
    CallbackOutcome.ANONYMOUS: "匿名，无法回访",
    CallbackOutcome.DECLINED: "诉求人不愿接受回访",
}
SOLVED: Mapping[str, str] = {Solved.YES: "已解决", Solved.PARTLY: "部分解决", Solved.NO: "未解决"}
RATINGS: Mapping[str, str] = {
    "very_satisfied": "非常满意",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
    "very_dissatisfied": "非常不满意",
}
"""The default scale; a city's own words for it come first."""
PRESETS: Mapping[str, str] = {
    "hotline_general": "热线一般事项",
    "whistle_standard": "推进哨",
    "whistle_critical": "攻坚哨",
    "emergency": "突发事项",
    "urgent": "较急事项",
    "petition": "信访事项",
    "rehearsal": "演练",
}
CASE_FLAGS: Mapping[str, str] = {
    "overdue": "超期",
    "due_soon": "即将超期",
    "withdrawal_asked": "撤回待确认",
    "needs_operator": "待运维处理",
    "suspended": "挂起中",
    "extension_asked": "延期待审批",
    "send_back_asked": "退单待审定",
    "disputed": "派单争议",
    "supervised": "督办中",
    "supervisor_called": "多次来电",
    "reopened": "重办",
    "committed": "承诺办理中",
    "whistle_asked": "请求吹哨待审核",
    "objected": "异议待裁定",
    "host_wanted": "待定主办地",
    "transfer_asked": "移交待回执",
    "explanation_unsigned": "待双签说明",
    "dissatisfied": "诉求人称未解决",
    "group": "群体诉求",
    "pending_procedure": "另有法律程序",
    "common_issue": "共性诉求",
    "danger": "现实危险",
    "limitation_near": "时效将届满",
    "provisional": "日期暂定",
}
"""What stands out about a case."""
FLAGS: Mapping[str, str] = {**CASE_FLAGS, "designated": "指定承办", "absent": "未报到"}
"""What stands out about a case, or about a unit's part in it."""
SORTS: Mapping[str, str] = {"-registered_at": "最新登记", "registered_at": "最早登记", "due_at": "最先到期"}
TEXTS: Mapping[str, str] = {
    "reply": "答复",
    "route": "正确途径",
    "reason": "理由",
    "note": "说明",
    "internal_note": "内部备注",
    "measures": "措施和说明",
    "procedure": "办理程序",
    "clause": "依据条款",
    "text": "内容",
    "instructions": "交办要求",
    "receipt": "回执",
    "receipt_no": "接警编号",
    "outcome": "结果",
    "minutes": "会商纪要",
    "city": "移交城市",
    "ties": "披露的关系",
    "facts": "无争议的事实",
    "open_points": "争议焦点",
    "terms": "协议内容",
    "findings": "查明的事实",
    "number": "对方编号",
}
"""The words that people wrote in an event, by the field that holds them."""
SOURCES: Mapping[str, str] = {"[law]": "法规", "[practice]": "通行做法", "[default]": "系统默认"}
"""What sort of source a limit has; the policy files write it before the source's name."""
EFFECT_FAILURES: Mapping[str, str] = {
    "refused": "对方系统拒收",
    "unavailable": "多次重试仍未送达",
    "wrong_effect": "信号种类有误",
}


def word(words: Mapping[str, str], name: object) -> str:
    """The word for a name in code, or that name."""
    return words.get(str(name), str(name))
