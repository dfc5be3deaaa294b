"""What people read of joint mediation: the Chinese word for every name in code. Sides and remedies are as on paper."""

from collections.abc import Mapping

from api.mediation_papers import PAPER_NAMES
from infra.papers import vocabulary_words as on_paper
from workflows.contracts.mediation.policy import Entry, LimitStart
from workflows.contracts.mediation.vocabulary import (
    AgreementEffect,
    AgreementForm,
    BarredClause,
    Capacity,
    Channel,
    Chosen,
    ConfirmationStatus,
    FailureCause,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Outside,
    OutsideAsk,
    PartyKind,
    SessionStatus,
    SignatureMeans,
    SignedBy,
    Support,
    TrackStatus,
)
from workflows.contracts.vocabulary import UnitKind

SIDES: Mapping[str, str] = dict(on_paper.SIDES.items())
MEETINGS: Mapping[str, str] = dict(on_paper.MEETINGS.items())
CHANNELS: Mapping[str, str] = {
    Channel.PEOPLE: "人民调解",
    Channel.PETITION: "访调",
    Channel.ADMINISTRATIVE: "行调",
    Channel.PROFESSIONAL: "专调",
    Channel.POLICE: "警调",
    Channel.PROCURATORATE: "检调",
    Channel.LOCAL_WORTHY: "贤调",
    Channel.COURT: "诉调",
}
FORMS: Mapping[str, str] = {
    MediationForm.PEOPLE: "人民调解",
    MediationForm.LOCAL_WORTHY: "乡贤参与的人民调解",
    MediationForm.PETITION: "信访调解",
    MediationForm.ADMINISTRATIVE: "行政调解",
    MediationForm.MEDICAL: "医疗纠纷调解",
    MediationForm.LABOUR: "劳动争议调解",
    MediationForm.PROPERTY_SERVICE: "物业纠纷调解",
    MediationForm.TRAFFIC: "交通事故调解",
    MediationForm.COMMERCIAL: "商事调解",
    MediationForm.POLICE_VIOLATION: "治安调解",
    MediationForm.POLICE_CIVIL: "驻所人民调解",
    MediationForm.PROCURATORATE: "刑事和解（检察）",
    MediationForm.COURT_BEFORE_FILING: "立案前委派调解",
    MediationForm.COURT_ORDINARY: "立案后委托调解（普通程序）",
    MediationForm.COURT_SUMMARY: "立案后委托调解（简易程序）",
}
DISPUTES: Mapping[str, str] = dict(on_paper.DISPUTES.items())
DISPUTE_FACTS: Mapping[str, str] = {
    "wages": "涉及拖欠劳动报酬",
    "tied_to_powers": "与主管部门的职权有关",
    "within_discretion": "诉求在行政机关裁量权范围内",
    "violation": "构成违反治安管理行为",
    "reconcilable": "属于依法可以和解的刑事案件",
    "filed": "法院已经立案",
    "summary": "法院适用简易程序",
}
"""What the entry conditions ask, by the fields of a dispute."""
STATUSES: Mapping[str, str] = {
    MediationStatus.OPENED: "待定方案",
    MediationStatus.PLANNED: "征求同意",
    MediationStatus.CONSENTED: "待受理",
    MediationStatus.UNDER_WAY: "调解中",
    MediationStatus.DRAFTED: "待签协议",
    MediationStatus.AGREED: "履行中",
    MediationStatus.FULFILLED: "履行完毕",
    MediationStatus.FAILED: "调解未成",
    MediationStatus.REFUSED: "当事人不同意调解",
    MediationStatus.WITHDRAWN: "已撤回",
    MediationStatus.STOPPED: "已停止",
}
OWED: Mapping[str, str] = {
    MediationStatus.OPENED: "确定调解方案",
    MediationStatus.PLANNED: "征求各方当事人是否同意调解",
    MediationStatus.CONSENTED: "受理，或者说明不受理的理由",
    MediationStatus.UNDER_WAY: "组织调解，记录结果",
    MediationStatus.DRAFTED: "请各方签署协议",
    MediationStatus.AGREED: "督促履行，核实结果",
}
"""What the owner of a mediation in that status has to do next."""
FACT_FINDING = "查明事实"
TRACK_STATUSES: Mapping[str, str] = {
    TrackStatus.WAITING: "尚未开始",
    TrackStatus.CONSENT_ASKED: "征求同意",
    TrackStatus.CONSENTED: "待受理",
    TrackStatus.UNDER_WAY: "进行中",
    TrackStatus.AGREED: "达成协议",
    TrackStatus.FAILED: "未成",
    TrackStatus.DONE: "已查明",
    TrackStatus.DROPPED: "不再进行",
}
FAILURES: Mapping[str, str] = {
    FailureCause.NO_AGREEMENT: "未能达成协议",
    FailureCause.LIMIT_RAN_OUT: "期限届满未达成协议",
    FailureCause.NOT_TAKEN_UP: "主持单位不予受理",
    FailureCause.ENDED_ELSEWHERE: "受移送机关告知未成",
}
PARTY_KINDS: Mapping[str, str] = {
    PartyKind.PERSON: "个人",
    PartyKind.GROUP: "群体",
    PartyKind.ORGANISATION: "单位",
}
CAPACITIES: Mapping[str, str] = {
    Capacity.FULL: "完全民事行为能力",
    Capacity.LIMITED: "限制民事行为能力",
    Capacity.NONE: "无民事行为能力",
}
AUTHORITIES: Mapping[str, str] = {"general": "一般授权", "special": "特别授权"}
"""What a representative may do."""
CHOSEN: Mapping[str, str] = {Chosen.BY_THE_PARTIES: "当事人选定", Chosen.BY_THE_HOST: "主持单位指定"}
SUPPORTS: Mapping[str, str] = {
    Support.LEGAL_AID: "法律援助",
    Support.COUNSELLING: "心理咨询",
    Support.WOMEN_AND_CHILDREN: "妇女儿童维权",
}
SESSION_STATUSES: Mapping[str, str] = {
    SessionStatus.SCHEDULED: "已安排",
    SessionStatus.HELD: "已调解",
    SessionStatus.ADJOURNED: "延期",
    SessionStatus.CANCELLED: "取消",
    SessionStatus.NO_SHOW: "有一方未到",
}
AGREEMENT_FORMS: Mapping[str, str] = {AgreementForm.WRITTEN: "书面协议", AgreementForm.ORAL: "口头协议"}
EFFECTS: Mapping[str, str] = {
    AgreementEffect.BINDING: "有法律约束力",
    AgreementEffect.MEDIATION_STATEMENT: "法院调解书，签收后生效，可以申请执行",
    AgreementEffect.NO_PENALTY: "履行的不予处罚",
    AgreementEffect.RECONCILIATION: "刑事和解协议",
    AgreementEffect.BY_FORM: "依所用形式",
}
SIGNED_BY: Mapping[str, str] = {
    SignedBy.PARTIES: "当事人签名、盖章或者按指印",
    SignedBy.MEDIATOR: "调解员签名",
    SignedBy.SEAL: "主持单位盖章",
    SignedBy.RECEIPT: "当事人签收",
}
SIGNATURE_MEANS: Mapping[str, str] = {
    SignatureMeans.WET_INK: "手写签名",
    SignatureMeans.FINGERPRINT: "按指印",
    SignatureMeans.SEAL: "盖章",
    SignatureMeans.ELECTRONIC: "可靠的电子签名",
}
CLAUSES: Mapping[str, str] = {
    BarredClause.STATUS_OF_PERSONS: "确认或者解除身份关系",
    BarredClause.TITLE: "物权确权",
    BarredClause.UNLAWFUL: "违反法律强制性规定",
    BarredClause.THIRD_PARTY_HARM: "损害他人利益",
    BarredClause.INVOLUNTARY: "违反自愿原则",
    BarredClause.UNCLEAR: "内容不明确",
}
FULFILMENTS: Mapping[str, str] = {
    FulfilmentStatus.OPEN: "待履行",
    FulfilmentStatus.PROVEN: "称已履行，待核实",
    FulfilmentStatus.KEPT: "已履行",
    FulfilmentStatus.BREACHED: "未履行",
    FulfilmentStatus.GIVEN_UP: "对方放弃",
}
CONFIRMATIONS: Mapping[str, str] = {
    ConfirmationStatus.APPLIED: "已申请",
    ConfirmationStatus.ACCEPTED: "法院已受理",
    ConfirmationStatus.CONFIRMED: "裁定确认有效",
    ConfirmationStatus.REFUSED: "裁定驳回",
}
REMEDY_NAMES: Mapping[str, str] = {remedy: words.name for remedy, words in on_paper.REMEDIES.items()}
REMEDY_WAYS: Mapping[str, str] = {remedy: words.how for remedy, words in on_paper.REMEDIES.items()}
OUTSIDE: Mapping[str, str] = {
    Outside.COURT: "人民法院调解平台",
    Outside.PETITION_OFFICE: "信访部门",
    Outside.POLICE: "公安派出所",
    Outside.PROCURATORATE: "人民检察院",
}
ASKED: Mapping[str, str] = {OutsideAsk.REFERRAL: "移送", OutsideAsk.CONFIRMATION: "司法确认"}
PAPERS: Mapping[str, str] = dict(PAPER_NAMES.items())
UNIT_KINDS: Mapping[str, str] = {
    UnitKind.DEPARTMENT: "主管部门",
    UnitKind.TOWNSHIP: "乡镇街道",
    UnitKind.VERTICAL: "垂直管理单位",
    UnitKind.ENTERPRISE: "企业、商事组织",
    UnitKind.JUDICIAL: "司法机关",
    UnitKind.DISCIPLINE: "纪检监察机关",
    UnitKind.GOVERNANCE_CENTRE: "综治中心",
    UnitKind.COMMITTEE: "调解委员会",
}
ENTRIES: Mapping[str, str] = {
    Entry.CIVIL: "民间纠纷",
    Entry.NEIGHBOURLY: "邻里、家庭、村务",
    Entry.DISCRETION: "行政机关裁量权范围内",
    Entry.POWERS: "与主管部门职权有关",
    Entry.MEDICAL: "医疗纠纷",
    Entry.LABOUR: "劳动争议",
    Entry.PROPERTY_SERVICE: "物业、房屋纠纷",
    Entry.TRAFFIC: "交通事故损害赔偿",
    Entry.COMMERCIAL: "合同、债务纠纷",
    Entry.VIOLATION: "违反治安管理行为",
    Entry.NO_VIOLATION: "不构成违反治安管理",
    Entry.RECONCILABLE: "可以和解的刑事案件",
    Entry.NOT_FILED: "法院尚未立案",
    Entry.ORDINARY: "已立案，普通程序",
    Entry.SUMMARY: "已立案，简易程序",
}
STARTS: Mapping[str, str] = {
    LimitStart.APPLIED: "自收到申请之日起",
    LimitStart.ACCEPTED: "自受理之日起",
    LimitStart.SIGNED_FOR: "自调解员签字接收之日起",
}
