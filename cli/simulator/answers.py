"""What another authority answers to a referral, and a court to an application for confirmation, step by step."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from workflows.contracts.mediation.vocabulary import Outside

Answer = dict[str, Any]
"""The body of a callback, without what every one of them has."""

_RECEIPTS = {
    Outside.COURT: "（{year}）云0102诉前调{n}号",
    Outside.PETITION_OFFICE: "云信访转〔{year}〕{n}号",
    Outside.POLICE: "云公（治）受案字〔{year}〕{n}号",
    Outside.PROCURATORATE: "云检和解〔{year}〕{n}号",
}
_SUIT = "（{year}）云0102民初{n}号"
_CONFIRMATION = "（{year}）云0102诉前调确{n}号"
_OUTCOMES = {
    Outside.COURT: ("特邀调解员主持下，双方达成调解协议。", "特邀调解未成，已登记立案。"),
    Outside.PETITION_OFFICE: ("责任单位与信访人协商一致。", "信访人不同意处理意见，已告知复查途径。"),
    Outside.POLICE: ("双方当场达成协议并履行，依法不予处罚。", "调解不成，已依法处理，并告知可就民事争议起诉。"),
    Outside.PROCURATORATE: ("经审查，和解自愿、合法，已制作和解协议书。", "双方未能和解，案件依法办理。"),
}
_NOT_CONFIRMED = (
    (("离婚", "婚姻", "亲子关系", "收养"), "内容涉及身份关系，裁定驳回申请。"),
    (("确权", "所有权归", "产权归"), "内容涉及物权确权，裁定驳回申请。"),
)
"""Words of a clause and what a court says to it [民诉法解释 355]."""


def to_a_referral(system: Outside, *, agreed: bool, year: int, chance: Random) -> Sequence[Answer]:
    """Somebody signs for it, and later it ends; what a court's mediator cannot settle is registered as a suit."""
    outcome: Answer = {"type": "referral.outcome", "agreed": agreed, "outcome": _OUTCOMES[system][0 if agreed else 1]}
    if system is Outside.COURT and not agreed:
        outcome["number"] = _numbered(_SUIT, year, chance)
    return {"type": "referral.received", "number": _numbered(_RECEIPTS[system], year, chance)}, outcome


def to_an_application(clauses: Iterable[str], *, year: int, chance: Random) -> Sequence[Answer]:
    """The court takes it and decides on what the agreement says in its `clauses`."""
    text = "".join(clauses)
    reason = next((said for words, said in _NOT_CONFIRMED if any(word in text for word in words)), None)
    decision: Answer = {"type": "confirmation.decided", "confirmed": reason is None}
    if reason is not None:
        decision["reason"] = reason
    return {"type": "confirmation.accepted", "number": _numbered(_CONFIRMATION, year, chance)}, decision


def _numbered(form: str, year: int, chance: Random) -> str:
    return form.format(year=year, n=chance.randint(100, 9_999))
