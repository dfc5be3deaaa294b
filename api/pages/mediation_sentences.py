"""The sentences about a mediation: in its own story, and in that of its case. What is sealed stays unsaid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from api.fields import in_yuan
from api.pages import mediation_words as m
from api.pages import words as w
from api.pages.moments import moment
from api.pages.names import Data, Names, Sentence, always, local_day
from workflows.contracts.vocabulary import OwnerRole


@dataclass(frozen=True)
class TalkNames(Names):
    """What the story of a mediation calls things besides: parties by number, people by id, steps by number."""

    parties: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[int, str] = field(default_factory=dict)

    def party(self, party_no: str) -> str:
        """`申请人张三`; for those who may not know it 一方当事人."""
        return self.parties.get(party_no, "一方当事人")

    def person(self, person_id: str) -> str:
        """A mediator or an interpreter."""
        return self.people.get(person_id, "有关人员")

    def step(self, number: int | None) -> str:
        """`第1步（人民调解）`."""
        if number is None:
            return "本次调解"
        form = self.forms.get(number)
        return f"第{number}步（{w.word(m.FORMS, form)}）" if form else f"第{number}步"


def _talk(told: Any) -> Sentence:
    """A sentence that asks for the names of a mediation."""

    def sentence(data: Data, names: Names) -> str:
        return str(told(data, cast("TalkNames", names)))

    return sentence


def _several(value: object) -> Sequence[Any]:
    """What a field holds several of; nothing where it is sealed."""
    return value if isinstance(value, list | tuple) else ()


def _meeting(session_no: str) -> str:
    return f"第{session_no[1:]}次调解"


def _item(item_no: str) -> str:
    return f"履行事项{item_no[1:]}"


def _plan(data: Data, names: TalkNames) -> str:
    steps = []
    for step in data["tracks"]:
        beside = "并行" if step["together"] else ""
        role = "查明事实" if step["fact_finding"] else ""
        marks = "，".join(filter(None, (beside, role)))
        steps.append(f"{w.word(m.FORMS, step['form'])}" + (f"（{marks}）" if marks else ""))
    return f"确定调解方案：{' → '.join(steps)}" if steps else "维持正在进行的调解方案"


def _refused(data: Data, names: TalkNames) -> str:
    late = "逾期未答复，视为不同意" if data["lapsed"] else "不同意"
    return f"{names.party(data['party_no'])}{late}{names.step(data['track'])}"


def _scheduled(data: Data, names: TalkNames) -> str:
    at = moment(datetime.fromisoformat(data["starts_at"]))
    return f"安排{_meeting(data['session_no'])}：{at}，{m.MEETINGS[data['form']]}"


def _called_off(data: Data, names: TalkNames) -> str:
    return f"{_meeting(data['session_no'])}{'延期' if data['adjourned'] else '取消'}"


def _session(data: Data, names: TalkNames) -> str:
    absent = "、".join(names.party(party_no) for party_no in _several(data["absent"]))
    return f"{_meeting(data['session_no'])}：{m.SESSION_STATUSES[data['status']]}" + (f"（{absent}）" if absent else "")


def _drafted(data: Data, names: TalkNames) -> str:
    promises = len(_several(data["promises"]))
    fee = f"，收费{in_yuan(data['fee'])}元" if isinstance(data["fee"], int) and data["fee"] else ""
    return f"拟定{m.AGREEMENT_FORMS[data['form']]}" + (f"，履行事项{promises}项" if promises else "") + fee


def _signed(data: Data, names: TalkNames) -> str:
    who = names.party(data["party_no"]) if data["party_no"] else ""
    return f"{who}{m.SIGNED_BY[data['by']].removeprefix('当事人')}（{m.SIGNATURE_MEANS[data['means']]}）"


def _confirmation(data: Data, names: TalkNames) -> str:
    return f"司法确认：{m.CONFIRMATIONS[data['status']]}"


def _outside(data: Data, names: TalkNames) -> str:
    agreed = data["agreed"]
    result = "收到" if agreed is None else "告知达成协议" if agreed else "告知调解未成"
    return f"{m.OUTSIDE[data['system']]}{result}"


def _refused_all(data: Data, names: TalkNames) -> str:
    how = "退出调解" if data["left"] else "不同意调解"
    return f"{names.party(data['party_no'])}{how}，本次调解终止；诉讼、仲裁等途径不受影响"


def _service(data: Data, names: TalkNames) -> str:
    number = data["paper_no"].rpartition("-N")[2]
    return (
        f"文书{number}已于{moment(datetime.fromisoformat(data['served_at']))}送达{names.party(data['party_no'])}"
        f"（{w.word(w.SERVICE_METHODS, data['how'])}）"
        if "served_at" in data and data["how"] in w.SERVICE_METHODS
        else f"文书{number}已送达"
    )


def _issued(data: Data, names: TalkNames) -> str:
    number = data["paper_no"].rpartition("-N")[2]
    to = "、".join(names.party(party_no) for party_no in _several(data["to"]))
    return f"签发{m.PAPERS[data['paper']]}（文书{number}）" + (f"，致{to}" if to else "")


def _objected(data: Data, names: TalkNames) -> str:
    return f"{names.party(data['party_no'])}要求{names.person(data['person_id'])}回避，另行确定人选"


OF_MEDIATION: Mapping[str, Sentence] = {
    kind: _talk(told)
    for kind, told in {
        "mediation_opened": lambda data, names: f"启动联合调解：{w.word(m.DISPUTES, data['dispute']['type'])}纠纷",
        "plan_decided": _plan,
        "plan_review_due": lambda data, names: (
            f"{names.step(data['track'])}已调解{data['sessions']}次未成，须重新研究方案"
        ),
        "party_added": lambda data, names: "追加当事人",
        "party_changed": lambda data, names: f"变更{names.party(data['party_no'])}的监护人、代理人",
        "consent_asked": lambda data, names: f"征求各方当事人是否同意{names.step(data['track'])}",
        "consent_given": lambda data, names: f"{names.party(data['party_no'])}同意{names.step(data['track'])}",
        "consent_refused": _refused,
        "track_consented": lambda data, names: f"各方当事人均同意{names.step(data['track'])}，等待受理",
        "party_left": lambda data, names: f"{names.party(data['party_no'])}退出调解",
        "mediator_named": lambda data, names: (
            f"{names.step(data['track'])}由{names.person(data['mediator_id'])}调解"
            f"（{w.word(m.CHOSEN, data['chosen'])}）"
        ),
        "ties_disclosed": lambda data, names: f"{names.person(data['mediator_id'])}披露与当事人的关系",
        "person_objected_to": _objected,
        "interpreter_appointed": lambda data, names: f"{names.person(data['interpreter_id'])}担任翻译",
        "support_referred": lambda data, names: (
            f"经{names.party(data['party_no'])}同意转介{w.word(m.SUPPORTS, data['support'])}"
        ),
        "support_recorded": lambda data, names: f"转介{data['support_no'][1:]}有了结果",
        "applied_for": lambda data, names: f"{names.party(data['party_no'])}申请调解",
        "taken_up": lambda data, names: f"{names.step(data['track'])}受理",
        "session_scheduled": _scheduled,
        "session_called_off": _called_off,
        "session_reminded": lambda data, names: f"提醒各方参加{_meeting(data['session_no'])}",
        "session_recorded": _session,
        "agreement_drafted": _drafted,
        "agreement_signed": _signed,
        "agreement_effective": lambda data, names: "调解协议生效",
        "agreed_elsewhere": lambda data, names: f"{names.step(data['track'])}在受移送机关达成协议",
        "fulfilment_proven": lambda data, names: f"{_item(data['item_no'])}：义务方提交履行证明，待对方核实",
        "promise_kept": lambda data, names: f"{_item(data['item_no'])}已履行",
        "promise_broken": lambda data, names: f"{_item(data['item_no'])}未按约定履行，告知救济途径",
        "promise_forgone": lambda data, names: f"{_item(data['item_no'])}：权利方放弃",
        "promise_postponed": lambda data, names: f"{_item(data['item_no'])}经双方同意改期至{local_day(data['due'])}",
        "remedy_taken": lambda data, names: f"{_item(data['item_no'])}：{w.word(m.REMEDY_NAMES, data['remedy'])}",
        "confirmation_applied": lambda data, names: "各方共同申请司法确认",
        "confirmation_answered": _confirmation,
        "referred_outside": lambda data, names: f"{names.step(data['track'])}移送{m.OUTSIDE[data['system']]}",
        "outside_answered": _outside,
        "track_extended": lambda data, names: (
            f"各方同意{names.step(data['track'])}的期限延至{local_day(data['until'])}"
        ),
        "track_paused": lambda data, names: (
            f"{names.step(data['track'])}暂停计时（{w.word(w.PAUSE_GROUNDS, data['ground'])}），"
            f"最迟至{local_day(data['until'])}"
        ),
        "track_went_on": lambda data, names: f"{names.step(data['track'])}恢复计时",
        "track_failed": lambda data, names: f"{names.step(data['track'])}未成：{w.word(m.FAILURES, data['cause'])}",
        "track_dropped": lambda data, names: f"{names.step(data['track'])}不再进行",
        "track_completed": lambda data, names: f"{names.step(data['track'])}查明事实",
        "mediation_fulfilled": lambda data, names: "协议全部履行，纠纷化解",
        "mediation_failed": lambda data, names: f"调解未成，接下来：{w.word(m.REMEDY_NAMES, data['remedy'])}",
        "mediation_refused": _refused_all,
        "mediation_stopped": lambda data, names: (
            "诉求人撤回，调解停止" if data["withdrawn"] else "案件已另行了结，调解停止"
        ),
        "mediation_locked": lambda data, names: "存在现实危险，调解锁定",
        "mediation_unlocked": lambda data, names: "危险解除，调解恢复",
        "paper_issued": _issued,
        "paper_served": _service,
        "effect_requested": lambda data, names: "向案件或其他系统发送",
        "effect_done": lambda data, names: "对方已收到",
        "effect_failed": lambda data, names: f"发送失败：{w.word(w.EFFECT_FAILURES, data['code'])}，待运维处理",
        "effect_retried": lambda data, names: "重新发送",
        "effect_skipped": lambda data, names: "运维决定不再发送",
    }.items()
}
"""Those that a mediation does not share with a case."""


def _begun(data: Data, names: Names) -> str:
    return f"启动第{data['mediation_no'].rpartition('-M')[2]}次联合调解"


def _followed(data: Data, names: Names) -> str:
    role = {OwnerRole.PROMISOR: "义务方履行"}.get(data["owner_role"], "")
    until = f"，{role}最迟至{local_day(data['due'])}" if data["due"] else ""
    remedy = f"，接下来：{w.word(m.REMEDY_NAMES, data['remedy'])}" if data["remedy"] else ""
    return f"联合调解进展：{w.word(m.STATUSES, data['status'])}{until}{remedy}"


OF_CASE: Mapping[str, Sentence] = {
    "mediation_begun": _begun,
    "mediation_followed": _followed,
    "mediation_lost": always("联合调解的流程意外中断，待运维恢复"),
    "mediation_rebuilt": always("运维恢复了联合调解的流程"),
}
"""What a case keeps of its mediations."""
