"""The vocabularies of a mediation as its papers call them, the same in every form."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.contracts.mediation.vocabulary import DisputeType, MediationStatus, Remedy, SessionForm, Side

SIDES: Mapping[Side, str] = {Side.APPLICANT: "申请人", Side.RESPONDENT: "被申请人", Side.THIRD: "第三人"}

MEETINGS: Mapping[SessionForm, str] = {
    SessionForm.ON_SITE: "现场",
    SessionForm.AT_HOME: "上门",
    SessionForm.VIDEO: "视频",
}

ENDINGS: Mapping[MediationStatus, str] = {
    MediationStatus.FULFILLED: "协议已经履行，调解终结",
    MediationStatus.FAILED: "未能达成调解协议",
    MediationStatus.REFUSED: "一方当事人不同意调解",
    MediationStatus.WITHDRAWN: "当事人撤回调解",
    MediationStatus.STOPPED: "纠纷已经通过其他途径处理",
}


@dataclass(frozen=True)
class RemedyWords:
    name: str
    how: str


REMEDIES: Mapping[Remedy, RemedyWords] = {
    Remedy.OTHER_CHANNEL: RemedyWords(
        "改由其他途径调解", "各方同意的，可以转由其他调解组织继续调解，材料随案移送，不必重复提交。"
    ),
    Remedy.LEVEL_UP: RemedyWords("由上一级调解", "各方同意的，可以由上一级矛盾纠纷调处中心组织调解。"),
    Remedy.COURT: RemedyWords(
        "提起诉讼", "向有管辖权的人民法院递交起诉状和证据，也可以网上立案；书写确有困难的可以口头起诉。"
    ),
    Remedy.ARBITRATION: RemedyWords("申请仲裁", "向有管辖权的仲裁机构递交仲裁申请书和证据。劳动仲裁不收费。"),
    Remedy.PAYMENT_ORDER: RemedyWords("申请支付令", "持调解协议书或者欠条等债权凭证，向有管辖权的基层人民法院申请。"),
    Remedy.ENFORCEMENT: RemedyWords(
        "申请强制执行", "持已经生效的裁定书、调解书、判决书或者裁决书，向有管辖权的人民法院申请。"
    ),
    Remedy.RULING: RemedyWords("请求行政裁决或者处理", "向依法有权作出裁决、处理决定的行政机关书面提出。"),
    Remedy.RECONSIDERATION: RemedyWords(
        "申请行政复议", "对行政行为不服的，向有管辖权的行政复议机关提出，不收取费用；申请调解不使该期限停止计算。"
    ),
    Remedy.ADMINISTRATIVE_SUIT: RemedyWords(
        "提起行政诉讼", "对行政行为不服的，向有管辖权的人民法院起诉；申请调解不使起诉期限停止计算。"
    ),
    Remedy.REVIEW: RemedyWords("请求信访复查、复核", "对处理意见不服的，向原办理机关的上一级机关、单位书面提出。"),
    Remedy.POLICE_DECISION: RemedyWords("由公安机关依法处理", "公安机关依法作出决定并送达；民事争议可以另行起诉。"),
    Remedy.PROSECUTION_DECISION: RemedyWords(
        "由人民检察院依法决定", "案件依照法定程序办理；被害人可以依法提起附带民事诉讼。"
    ),
    Remedy.TRIAL: RemedyWords("恢复审理", "案件已在人民法院的，由人民法院恢复审理，不必另行起诉。"),
}
"""How a party takes each remedy; the body and the last day come from the records."""

DISPUTES: Mapping[DisputeType, str] = {
    DisputeType.NEIGHBOUR: "邻里",
    DisputeType.FAMILY: "婚姻家庭",
    DisputeType.INHERITANCE: "继承",
    DisputeType.VILLAGE: "村务",
    DisputeType.LAND: "山林土地",
    DisputeType.DEBT: "借贷",
    DisputeType.CONTRACT: "合同",
    DisputeType.CONSUMER: "消费",
    DisputeType.PROPERTY_SERVICE: "物业",
    DisputeType.HOUSING: "房屋宅基地",
    DisputeType.TRAFFIC: "道路交通事故",
    DisputeType.MEDICAL: "医疗",
    DisputeType.LABOUR: "劳动",
    DisputeType.WAGES: "拖欠工资",
    DisputeType.INJURY: "人身损害",
    DisputeType.ENVIRONMENT: "环境污染",
    DisputeType.ADMINISTRATIVE: "行政争议",
    DisputeType.OTHER: "其他",
}
