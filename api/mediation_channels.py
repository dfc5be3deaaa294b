"""Which channels the rules would take for a dispute, and why not the others, in the words of staff."""

from collections.abc import Mapping

from pydantic import BaseModel

from api.rule_book.book import RULE_BOOK
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import Channel, MediationForm, TrackStatus
from workflows.contracts.vocabulary import UnitKind
from workflows.rules.mediation.entry import why_not
from workflows.rules.mediation.proposals import propose

REASONS: Mapping[str, str] = {
    "before_a_court": "法院已经立案，由法院委托调解",
    "offence_that_may_be_reconciled": "属于依法可以和解的刑事案件",
    "minor_violation": "属于违反治安管理行为，由公安机关调解",
    "own_committee": "有专门的行业性专业性调解组织",
    "within_discretion": "诉求在行政机关裁量权范围内",
    "tied_to_powers": "与主管部门的职权有关",
    "base_of_all": "人民调解是基础，村村都有调解委员会",
    "neighbours_and_families": "邻里、家庭、村务纠纷，宜请有威望的人",
    "last_resort": "前面的渠道未成时，由法院特邀调解员调解",
    "much_at_stake": "标的额较大",
    "risk_yellow": "风险等级为黄色",
    "risk_red": "风险等级为红色",
    "many_parties": "当事人较多",
}
"""By the codes of `rules.mediation.proposals`."""


class Refusal(BaseModel):
    """Why not: the rule's code, its sentence, and the book's in Chinese."""

    code: str
    message: str
    message_zh: str | None


class ReasonView(BaseModel):
    code: str
    zh: str


class ProposedView(BaseModel):
    """A step that the rules would take next, and why; people decide."""

    form: MediationForm
    together: bool
    fact_finding: bool
    reasons: list[ReasonView]


class ChannelView(BaseModel):
    """A form of a channel, which kinds of units host it, and whether it `takes` the dispute; if not, why."""

    form: MediationForm
    channel: Channel
    hosts: list[UnitKind]
    takes: bool
    code: str | None
    message: str | None
    message_zh: str | None


def refusal(found: tuple[str, str] | None) -> Refusal | None:
    """What a rule answers that says why not."""
    if found is None:
        return None
    code, message = found
    entry = RULE_BOOK.get(code)
    return Refusal(code=code, message=message, message_zh=entry.zh if entry else None)


def proposed(state: MediationState) -> list[ProposedView]:
    """The steps that are left to try, in their order; none once an agreement binds or the mediation is over."""
    agreed = state.agreement is not None and state.agreement.effective_at is not None
    if agreed or state.is_over:
        return []
    failed = {track.form for track in state.tracks.values() if track.status is TrackStatus.FAILED}
    dispute = state.dispute.model_copy(update={"tried": (*state.dispute.tried, *failed)})
    steps = propose(dispute, state.policy, parties=len(state.parties), risk=state.risk)
    return [
        ProposedView(
            form=step.form,
            together=step.together,
            fact_finding=step.fact_finding,
            reasons=[ReasonView(code=code, zh=REASONS.get(code, code)) for code in step.reasons],
        )
        for step in steps
    ]


def channels(state: MediationState) -> list[ChannelView]:
    """Every form of the mediation's own channel table."""
    views = []
    for form in MediationForm:
        row = state.row(form)
        why = refusal(why_not(row, state.dispute))
        views.append(
            ChannelView(
                form=form,
                channel=row.channel,
                hosts=list(row.hosts),
                takes=why is None,
                **(why.model_dump() if why else {"code": None, "message": None, "message_zh": None}),
            )
        )
    return views
