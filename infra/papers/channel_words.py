"""What the papers of each form of mediation say that those of the others do not: title, law, effect, rights, who seals.

Which marks an agreement needs, its limits and whether a court confirms it are data of the channel table; only the
wording is here. Articles are those in force in 2026.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workflows.contracts.mediation.vocabulary import MediationForm, SignedBy


@dataclass(frozen=True, kw_only=True)
class ChannelWords:
    """The wording of one form, in Chinese.

    `occasion` is what a session is called, `agreement` the agreement's title, `host` and `mediator` what those who hold
    it are called, `seal` whose seal it bears. `basis` is the law it rests on, `effect` what a written and `oral_effect`
    what an oral agreement is worth, `failing` what follows when none is reached.
    """

    occasion: str
    agreement: str
    host: str
    mediator: str
    seal: str
    basis: str
    effect: str
    oral_effect: str
    fee: str
    failing: str
    rights: tuple[str, ...]
    duties: tuple[str, ...]

    def takes_effect(self, signed_by: Sequence[SignedBy]) -> str:
        """From which marks on a written agreement is effective."""
        marks = {
            SignedBy.PARTIES: "各方当事人签名、盖章或者按指印",
            SignedBy.MEDIATOR: f"{self.mediator}签名",
            SignedBy.SEAL: f"加盖{self.seal}",
            SignedBy.RECEIPT: "各方当事人签收人民法院制作的调解书",
        }
        return f"本协议自{'，'.join(marks[mark] for mark in signed_by)}之日起生效。"


_CHOICE = "参加调解全凭自愿：您可以接受、拒绝，也可以随时要求终止；拒绝或者终止调解，不影响您依法寻求其他救济。"
_MEDIATOR = "您可以选择或者接受调解员；调解员与纠纷或者当事人有利害关系的应当主动说明，您提出异议的，予以更换。"
_OPENNESS = "您可以要求调解公开进行或者不公开进行。"
_WILL = "您可以自主表达意愿，是否达成协议、达成怎样的协议由您自己决定。"
_COMPANY = (
    "您可以由监护人、委托代理人参加或者陪同；需要翻译（含手语、少数民族语言）的，由调解组织安排，您可以要求更换翻译。"
)
_SECRECY = "您的个人隐私、商业秘密，以及您在调解中作出的让步，调解人员不得对外泄露。"
_PERIODS = "诉讼时效、仲裁时效、复议和起诉期限各有规定，有的不因调解而停止计算；您可以随时询问自己的期限还有多久。"
_RIGHTS = (_CHOICE, _MEDIATOR, _OPENNESS, _WILL, _COMPANY, _SECRECY, _PERIODS)
_DUTIES = (
    "如实陈述纠纷事实，不提供虚假材料。",
    "遵守调解现场秩序，尊重调解员。",
    "尊重对方当事人行使权利。",
    "达成协议后，按照约定履行。",
)
_PEOPLES_LAW = "《中华人民共和国人民调解法》"
_BINDING = "本协议对各方当事人具有法律约束力，各方应当按照约定履行。"
_SUE = "就协议的履行或者内容发生争议的，可以向人民法院提起诉讼。"
_FREE = "调解不收取任何费用。"

_PEOPLE = ChannelWords(
    occasion="人民调解",
    agreement="人民调解协议书",
    host="人民调解委员会",
    mediator="人民调解员",
    seal="人民调解委员会印章",
    basis=f"{_PEOPLES_LAW}第三条、第十七条、第二十三条、第二十四条、第二十八条至第三十一条",
    effect=_BINDING + _SUE,
    oral_effect=f"口头协议自各方当事人达成协议之日起生效。{_BINDING}{_SUE}口头协议不能申请司法确认。",
    fee=f"{_FREE}（{_PEOPLES_LAW}第四条）",
    failing="调解不成的，终止调解，并告知各方可以依法通过仲裁、行政、司法等途径维护自己的权利。",
    rights=_RIGHTS,
    duties=_DUTIES,
)


def _committee_of(trade: str, title: str, law: str) -> ChannelWords:
    """A trade's own people's committee [人民调解法 34]."""
    committee = f"{trade}人民调解委员会"
    return replace(
        _PEOPLE, occasion=f"{trade}调解", agreement=title, host=committee, seal=f"{committee}印章", basis=law
    )


_MEDICAL_LAW = "《医疗纠纷预防和处理条例》"
_MEDICAL = replace(
    _committee_of(
        "医疗纠纷",
        "医疗纠纷人民调解协议书",
        f"{_MEDICAL_LAW}第三十条、第三十一条、第三十八条、第三十九条，{_PEOPLES_LAW}第三十一条、第三十三条",
    ),
    failing="调解不成的，终止调解；您可以向人民法院提起诉讼。",
    rights=(
        *_RIGHTS[:-1],
        "需要医疗损害鉴定的，由双方共同委托；鉴定时间不计入调解期限。",
        "每一方参加协商、调解的代表不超过五人。",
        "由本委员会调解期间，不得就同一纠纷再申请卫生主管部门调解；已经提起诉讼的，不再调解。",
        _PERIODS,
    ),
)

_LABOUR_LAW = "《中华人民共和国劳动争议调解仲裁法》"
_LABOUR = replace(
    _PEOPLE,
    occasion="劳动争议调解",
    agreement="劳动争议调解协议书",
    host="劳动争议调解组织",
    mediator="调解员",
    seal="调解组织印章",
    basis=f"{_LABOUR_LAW}第十条至第十六条",
    effect=(
        "本协议对各方当事人具有约束力，应当履行。一方在约定期限内不履行的，另一方可以依法申请仲裁；因支付拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金"
        "事项达成协议而用人单位不履行的，劳动者可以持本协议依法向人民法院申请支付令。"
    ),
    fee=_FREE,
    failing="自收到调解申请之日起十五日内未达成协议的，当事人可以依法申请仲裁。",
    rights=(
        *_RIGHTS[:-1],
        "您可以不经调解直接申请劳动仲裁；仲裁时效为一年，从知道或者应当知道权利被侵害之日起计算，申请调解使时效中断。",
    ),
)

_ADMINISTRATIVE = replace(
    _PEOPLE,
    occasion="行政调解",
    agreement="行政调解协议书",
    host="行政机关",
    mediator="调解人员",
    seal="行政机关印章",
    basis="有关法律、法规关于行政机关调解民事纠纷的规定",
    effect=f"各方应当按照约定履行；法律、法规对其效力另有规定的，从其规定。{_SUE}",
    fee=_FREE,
    failing="调解不成的，终止调解；依法应当作出裁决、处理决定的，由有权机关作出，其余可以提起诉讼。",
)

_PETITION = replace(
    _ADMINISTRATIVE,
    occasion="信访事项调解",
    agreement="信访事项调解协议书",
    host="有权处理机关",
    seal="主持调解机关印章",
    basis="《信访工作条例》第二十二条、第三十三条",
    effect=f"各方应当按照约定履行。{_SUE}",
    failing="调解不成的，终止调解，由有权处理机关依照规定出具处理意见；不服的，可以请求复查、复核。",
)

_COMMERCIAL = replace(
    _PEOPLE,
    occasion="商事调解",
    agreement="商事调解协议书",
    host="商事调解组织",
    mediator="商事调解员",
    seal="商事调解组织印章",
    basis="《中华人民共和国民法典》合同编，有关商事调解的法律、法规和本组织的调解规则",
    effect=f"本协议具有合同效力，各方应当按照约定履行。{_SUE}",
    fee="本组织依照公示的标准收费；收取的项目、金额和各方的分担在调解开始前书面告知，您不同意的可以不参加。",
    failing="调解不成的，终止调解；您可以依照约定申请仲裁，或者向人民法院提起诉讼。",
)

_POLICE_LAW = "《中华人民共和国治安管理处罚法》第九条，《公安机关办理行政案件程序规定》第一百七十八条至第一百八十三条"
_POLICE = replace(
    _PEOPLE,
    occasion="治安调解",
    agreement="治安调解协议书",
    host="公安机关",
    mediator="办案民警",
    seal="公安机关印章",
    basis=_POLICE_LAW,
    effect=(
        "达成协议并履行的，公安机关对违反治安管理行为人不予处罚；不履行的，公安机关依法作出处理，并告知可以就民事争议向人民法院提起民事诉讼。"
    ),
    fee=_FREE,
    failing="未达成协议，或者达成协议后不履行的，公安机关依法作出处理；民事争议可以向人民法院提起民事诉讼。",
    rights=(
        "参加调解全凭自愿：任何一方不愿意调解的，由公安机关依法处理。",
        "调解一般为一次，必要时可以增加一次；第二次调解在第一次之后七个工作日内完成。",
        "您可以申请办案民警回避；当事人是未成年人的，其父母或者其他监护人应当在场。",
        "违反治安管理行为人应当本人参加，不得委托他人代为参加。",
        _WILL,
        "需要翻译（含手语、少数民族语言）的，由公安机关安排。",
        "涉及个人隐私，或者各方都要求不公开的，调解不公开进行。",
    ),
)

_PROCURATORATE = replace(
    _PEOPLE,
    occasion="刑事和解",
    agreement="和解协议书",
    host="人民检察院",
    mediator="主持人员",
    seal="",
    basis="《中华人民共和国刑事诉讼法》第二百八十八条至第二百九十条，《人民检察院刑事诉讼规则》第四百九十六条至第四百九十九条",
    effect=(
        "检察人员不在本协议上签字，也不加盖人民检察院印章。协议所定赔偿等事项应当及时"
        "履行。人民检察院在审查和解的自愿性、合法性后，依法作出起诉或者不起诉的决定，和解不代替该决定。"
    ),
    fee=_FREE,
    failing="未能和解的，案件依照法定程序办理，被害人可以依法提起附带民事诉讼或者另行提起民事诉讼。",
    rights=(
        "是否和解由双方自愿决定，任何人不得强迫、引诱；可以自行和解，也可以由人民调解委员会等组织促成。",
        "双方可以就赔偿损失、赔礼道歉等民事责任协商，也可以就被害人是否要求或者同意从宽处理协商。",
        "案件的事实认定、证据、定罪和处刑由司法机关决定，不在协商范围之内。",
        "双方可以委托法律帮助人；未成年人由法定代理人参加。",
        "协议履行之前反悔的，可以另行协商；以暴力、威胁、欺骗达成的协议无效。",
        _SECRECY,
    ),
    duties=("如实陈述事实。", "不得威胁、打击报复对方当事人及其近亲属。", "达成协议后，及时履行。"),
)

_COURT_RULES = "《最高人民法院关于人民法院特邀调解的规定》"
_COURT = replace(
    _PEOPLE,
    occasion="特邀调解",
    agreement="调解协议书",
    host="特邀调解组织",
    mediator="特邀调解员",
    seal="特邀调解组织印章",
    basis=f"《中华人民共和国民事诉讼法》第一百二十五条，{_COURT_RULES}",
    effect=f"各方应当按照约定履行。{_SUE}",
    fee=_FREE,
    failing="调解不成的，纠纷转人民法院依法登记立案，您不必重新提交已经提交过的材料。",
    rights=(*_RIGHTS[:-1], "调解期限自特邀调解员签字接收材料之日起计算，各方同意的可以延长。", _PERIODS),
)
_COURT_FILED = replace(
    _COURT,
    basis=f"《中华人民共和国民事诉讼法》第九十六条、第一百条，{_COURT_RULES}",
    effect=(
        "本协议送人民法院审查，由人民法院制作调解书；调解书经各方当事人签收后，即具有法律效力，一方不履行的，"
        "另一方可以申请强制执行。"
    ),
    failing="调解不成的，案件恢复审理，由人民法院及时判决。",
)

CHANNEL_WORDS: Mapping[MediationForm, ChannelWords] = {
    MediationForm.PEOPLE: _PEOPLE,
    MediationForm.LOCAL_WORTHY: replace(
        _PEOPLE,
        basis=f"{_PEOPLES_LAW}第三条、第十七条、第二十条、第二十八条至第三十一条",
        rights=(*_RIGHTS[:-1], "经各方同意，邀请有威望的乡贤参加调解；您不同意的，不邀请。", _PERIODS),
    ),
    MediationForm.PETITION: _PETITION,
    MediationForm.ADMINISTRATIVE: _ADMINISTRATIVE,
    MediationForm.MEDICAL: _MEDICAL,
    MediationForm.LABOUR: _LABOUR,
    MediationForm.PROPERTY_SERVICE: _committee_of(
        "物业纠纷", "物业纠纷人民调解协议书", f"{_PEOPLES_LAW}第二十八条至第三十一条、第三十四条"
    ),
    MediationForm.TRAFFIC: _committee_of(
        "道路交通事故纠纷",
        "道路交通事故纠纷人民调解协议书",
        f"{_PEOPLES_LAW}第二十八条至第三十一条、第三十四条，《中华人民共和国道路交通安全法》第七十四条",
    ),
    MediationForm.COMMERCIAL: _COMMERCIAL,
    MediationForm.POLICE_VIOLATION: _POLICE,
    MediationForm.POLICE_CIVIL: replace(
        _PEOPLE,
        rights=(
            *_RIGHTS[:-1],
            "本纠纷不构成违反治安管理行为，由公安机关移交人民调解委员会；您也可以直接起诉。",
            _PERIODS,
        ),
    ),
    MediationForm.PROCURATORATE: _PROCURATORATE,
    MediationForm.COURT_BEFORE_FILING: _COURT,
    MediationForm.COURT_ORDINARY: _COURT_FILED,
    MediationForm.COURT_SUMMARY: _COURT_FILED,
}
