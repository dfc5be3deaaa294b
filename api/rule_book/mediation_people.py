"""The plan of a mediation, its parties, and those who mediate and help."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

MEDIATION_PEOPLE: Mapping[str, RuleEntry] = {
    "consent_missing": RuleEntry(
        zh="新加入的当事人尚未同意这一渠道。",
        en="A party that was drawn in has not agreed to this channel yet.",
        source="[law] 人民调解法3",
    ),
    "consent_not_asked": RuleEntry(
        zh="目前不需要该当事人答复。",
        en="Nobody waits for this party's answer about this channel.",
        source=PROCESS,
    ),
    "guardian_missing": RuleEntry(
        zh="无民事行为能力或者限制行为能力的当事人须有监护人，请先填写。",
        en="A party without full capacity acts through a guardian: name one first.",
        source="[law] 民法典19–23",
    ),
    "interpreter_missing": RuleEntry(
        zh="有当事人使用其他语言，请先安排翻译。",
        en="A party speaks another language: appoint an interpreter first.",
        source="[law] 民诉法11",
    ),
    "interpreter_objected_to": RuleEntry(
        zh="当事人已申请该翻译回避，请另行安排。",
        en="A party objected to this interpreter; appoint somebody else.",
        source=DEFAULT,
    ),
    "mediation_is_locked": RuleEntry(
        zh="存在现实危险，解除之前不得调解。",
        en="There is danger: nothing is talked about until it is lifted.",
        source="[law] 人民调解法25",
    ),
    "mediation_has_ended": RuleEntry(
        zh="该调解已经终结，无需重建。",
        en="The mediation has ended with a result: there is nothing to begin again.",
        source=PROCESS,
    ),
    "mediation_over": RuleEntry(
        zh="调解已经终结。",
        en="The mediation is over; its papers are still served and help still recorded.",
        source=PROCESS,
    ),
    "mediation_running": RuleEntry(
        zh="已有一件调解在进行，可在其方案中增加渠道。",
        en="One mediation at a time: add a channel to the plan of the one that runs.",
        source=DEFAULT,
    ),
    "mediator_is_party": RuleEntry(
        zh="参加一方的人不能担任调解员或者翻译。",
        en="Whoever takes part for a side neither mediates nor interprets.",
        source=DEFAULT,
    ),
    "mediator_missing": RuleEntry(
        zh="请先确定调解员。",
        en="Name a mediator first; before a court the mediator signs for the matter.",
        source="[law] 人民调解法19",
    ),
    "mediator_named": RuleEntry(
        zh="该调解员已在本渠道调解。",
        en="That person mediates in this channel already.",
        source=PROCESS,
    ),
    "mediator_objected_to": RuleEntry(
        zh="当事人已申请该调解员回避，请另选。",
        en="A party objected to this mediator; choose somebody else.",
        source=DEFAULT,
    ),
    "no_level_above": RuleEntry(
        zh="案件已在最高层级，没有上一级。",
        en="The case is at the top: there is no level above it.",
        source=PROCESS,
    ),
    "nobody_speaks_it": RuleEntry(
        zh="没有当事人使用这种语言。",
        en="No party speaks that language; see what is entered for the parties.",
        source=PROCESS,
    ),
    "not_a_dispute": RuleEntry(
        zh="只有纠纷案件才能调解，请先按纠纷登记。",
        en="Only a dispute is mediated; register one if there is one in this matter.",
        source=DEFAULT,
    ),
    "not_consented": RuleEntry(
        zh="须全部当事人同意后才能受理或者移送。",
        en="A channel is taken up, or its authority asked, once all parties agreed to it.",
        source="[law] 人民调解法3、17",
    ),
    "not_fact_finding": RuleEntry(
        zh="该渠道以达成协议为目的，请达成协议或者终止。",
        en="This track seeks an agreement: it ends in one, or it fails.",
        source=PROCESS,
    ),
    "not_represented_here": RuleEntry(
        zh="该渠道须当事人本人到场，不能由他人代理。",
        en="In this channel the parties come in person.",
        source="[law] 公安机关办理行政案件程序规定181",
    ),
    "not_taking_part": RuleEntry(
        zh="该人未在本件调解中担任调解员或者翻译。",
        en="That person neither mediates nor interprets here.",
        source=PROCESS,
    ),
    "not_the_addressee": RuleEntry(
        zh="该文书不是发给这一当事人的。",
        en="That writing is not addressed to this party.",
        source=PROCESS,
    ),
    "not_the_mediator": RuleEntry(
        zh="该人不是本渠道的调解员。",
        en="That person does not mediate in this channel.",
        source=PROCESS,
    ),
    "party_number_taken": RuleEntry(
        zh="当事人编号重复，请重试。",
        en="The mediation has a party of that number; try again.",
        source=PROCESS,
    ),
    "plan_empty": RuleEntry(
        zh="请至少选择一个渠道。",
        en="A plan names at least one channel.",
        source=PROCESS,
    ),
    "plan_review_due": RuleEntry(
        zh="多次调解未成，请先重新研究方案。",
        en="So many sessions without agreement: decide on the plan again before another one.",
        source=DEFAULT,
    ),
    "plan_without_agreement": RuleEntry(
        zh="方案中至少有一个渠道以达成协议为目的。",
        en="One step of the plan at least has to seek an agreement.",
        source=PROCESS,
    ),
    "remedy_not_open": RuleEntry(
        zh="这一途径不适用于本渠道，请选择所列途径。",
        en="That way does not lead on from here; choose one that the channel's row names.",
        source=DEFAULT,
    ),
    "second_agreement_track": RuleEntry(
        zh="法律不允许同时另行达成协议，其他渠道只能查明事实。",
        en="The law bars a second agreement beside this channel; let it find facts only.",
        source="[law] 医疗纠纷预防和处理条例31、40",
    ),
    "support_ended": RuleEntry(
        zh="该转介的结果已经登记。",
        en="The outcome of that referral to help is on record.",
        source=PROCESS,
    ),
    "support_without_consent": RuleEntry(
        zh="须经当事人同意才能转介。",
        en="Help is offered; the party's matter is passed on only if it agrees.",
        source=DEFAULT,
    ),
    "suspect_not_represented": RuleEntry(
        zh="违反治安管理行为人须本人参加调解。",
        en="A suspect of a minor violation may not be represented before the police.",
        source="[law] 公安机关办理行政案件程序规定181",
    ),
    "too_many_mediators": RuleEntry(
        zh="一个渠道最多由五名调解员共同调解。",
        en="Five people at most mediate together in one channel.",
        source=DEFAULT,
    ),
    "too_many_parties": RuleEntry(
        zh="当事人最多五十方，群体请推选代表。",
        en="Fifty parties at most: let groups take part as one with representatives.",
        source=DEFAULT,
    ),
    "too_many_representatives": RuleEntry(
        zh="该渠道每方代表人数已超过上限。",
        en="A side has more representatives than this channel lets speak for it.",
        source="[law] 医疗纠纷预防和处理条例30",
    ),
    "track_ended": RuleEntry(
        zh="该渠道尚未开始或者已经结束。",
        en="That step of the plan has not begun, or has ended.",
        source=PROCESS,
    ),
    "two_sides_needed": RuleEntry(
        zh="请填写双方当事人。",
        en="Name at least one party on either side of the dispute.",
        source=PROCESS,
    ),
    "unknown_mediation": RuleEntry(
        zh="案件没有这件调解。",
        en="The case has no such mediation.",
        source=PROCESS,
    ),
    "unknown_paper": RuleEntry(
        zh="调解中没有这份文书。",
        en="The mediation has no such writing.",
        source=PROCESS,
    ),
    "unknown_party": RuleEntry(
        zh="调解中没有这一当事人。",
        en="The mediation has no such party.",
        source=PROCESS,
    ),
    "unknown_support": RuleEntry(
        zh="调解中没有这次转介。",
        en="The mediation has no such referral to help.",
        source=PROCESS,
    ),
    "unknown_track": RuleEntry(
        zh="方案中没有这个渠道，或者尚无已开始的渠道。",
        en="The plan has no such step, or none that has begun.",
        source=PROCESS,
    ),
}
