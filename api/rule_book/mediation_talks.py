"""Sessions, limits, the agreement, its promises and its confirmation."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

MEDIATION_TALKS: Mapping[str, RuleEntry] = {
    "agreement_not_effective": RuleEntry(
        zh="调解协议尚未生效。",
        en="No agreement binds the parties yet.",
        source=PROCESS,
    ),
    "agreement_reached": RuleEntry(
        zh="调解协议已经生效。",
        en="An agreement binds the parties already.",
        source=PROCESS,
    ),
    "already_applied": RuleEntry(
        zh="调解申请已经登记。",
        en="The application for mediation is on record.",
        source=PROCESS,
    ),
    "already_paused": RuleEntry(
        zh="期限已经停止计算。",
        en="The limit of this channel stands still already.",
        source=PROCESS,
    ),
    "already_taken_up": RuleEntry(
        zh="主持单位已经受理，无需再申请。",
        en="The host has taken it up without an application.",
        source=PROCESS,
    ),
    "answered_already": RuleEntry(
        zh="对方的答复已经登记。",
        en="The other authority's decision is on record.",
        source=PROCESS,
    ),
    "clause_not_confirmable": RuleEntry(
        zh="协议含有法院不予确认的内容。",
        en="The agreement says what no court confirms.",
        source="[law] 民诉法解释355、358",
    ),
    "click_is_no_signature": RuleEntry(
        zh="婚姻家庭、继承纠纷须手写签名，不能电子签名。",
        en="In family and inheritance matters it is signed by hand.",
        source="[law] 电子签名法3",
    ),
    "confirmation_asked_already": RuleEntry(
        zh="已向法院申请过司法确认。",
        en="A court has been asked to confirm this agreement.",
        source=PROCESS,
    ),
    "confirmation_period_over": RuleEntry(
        zh="协议生效已满三十日，不能再申请司法确认。",
        en="Thirty days after the agreement took effect are over.",
        source="[law] 人民调解法33；[law] 民诉法205",
    ),
    "fact_finding_only": RuleEntry(
        zh="该渠道只查明事实，协议请在主渠道达成。",
        en="This track finds facts; the agreement belongs to the other one.",
        source=PROCESS,
    ),
    "limit_not_running": RuleEntry(
        zh="该渠道的期限目前没有计算。",
        en="The limit of this channel is not running.",
        source=PROCESS,
    ),
    "mark_not_needed": RuleEntry(
        zh="该渠道的协议不需要这种签章。",
        en="In this channel an agreement does not need that mark.",
        source="[law] 人民调解法29",
    ),
    "no_fee_allowed": RuleEntry(
        zh="该渠道调解不收费。",
        en="Mediation in this channel is free of charge.",
        source="[law] 人民调解法4",
    ),
    "no_more_sessions": RuleEntry(
        zh="该渠道的调解次数已达上限。",
        en="This channel has no more sessions; agree, or fail it.",
        source="[law] 公安机关办理行政案件程序规定183",
    ),
    "not_applied": RuleEntry(
        zh="期限自申请之日起算，请先登记申请。",
        en="The limit counts from the application: put that on record first.",
        source="[law] 劳动争议调解仲裁法14",
    ),
    "not_confirmable": RuleEntry(
        zh="该渠道的协议不能申请司法确认。",
        en="Agreements of this channel are not confirmed by a court.",
        source="[law] 人民调解法33",
    ),
    "not_confirmed": RuleEntry(
        zh="协议未经司法确认，不能申请强制执行。",
        en="Without a court's confirmation nothing is enforced: go to court.",
        source="[law] 人民调解法33",
    ),
    "not_jointly": RuleEntry(
        zh="须由全部当事人共同提出。",
        en="All parties have to ask for that together.",
        source="[law] 民诉法205",
    ),
    "not_paused": RuleEntry(
        zh="期限正在计算，无需恢复。",
        en="The limit of this channel is running already.",
        source=PROCESS,
    ),
    "not_signed_yet": RuleEntry(
        zh="须先签署，再登记签收。",
        en="What is received has to be signed before.",
        source="[law] 民诉法100",
    ),
    "not_under_way": RuleEntry(
        zh="主持单位尚未受理。",
        en="The host has not taken this channel up yet.",
        source=PROCESS,
    ),
    "nothing_asked": RuleEntry(
        zh="没有向该机关移送或者申请过。",
        en="Nothing of this mediation is with that authority now.",
        source=PROCESS,
    ),
    "nothing_to_sign": RuleEntry(
        zh="请先起草调解协议。",
        en="There is nothing to sign: draw up the agreement first.",
        source=PROCESS,
    ),
    "oral_not_allowed": RuleEntry(
        zh="该渠道须订立书面协议。",
        en="In this channel agreements are made in writing.",
        source="[law] 人民调解法28",
    ),
    "oral_not_confirmable": RuleEntry(
        zh="口头协议不能申请司法确认。",
        en="Only a written agreement can be confirmed by a court.",
        source="[law] 民诉法解释355",
    ),
    "party_missing": RuleEntry(
        zh="请填写签署的当事人。",
        en="Name the party whose mark it is.",
        source=PROCESS,
    ),
    "promise_broken_already": RuleEntry(
        zh="违约已经登记，请选择救济途径。",
        en="The breach is on record: take a remedy.",
        source=PROCESS,
    ),
    "promise_not_broken": RuleEntry(
        zh="该事项没有违约，不需要救济。",
        en="A remedy is for a promise that was broken.",
        source=PROCESS,
    ),
    "promise_settled": RuleEntry(
        zh="该履行事项已经了结。",
        en="Nothing is owed from this promise any more.",
        source=PROCESS,
    ),
    "promise_to_oneself": RuleEntry(
        zh="履行义务人和权利人不能是同一方。",
        en="A promise is made to somebody else.",
        source=PROCESS,
    ),
    "referral_only": RuleEntry(
        zh="该渠道由有关机关办理，这里只登记移送和结果。",
        en="This is talked out elsewhere: only referral and outcome are kept here.",
        source="[law] 刑诉法288",
    ),
    "not_its_channel": RuleEntry(
        zh="只能移送本渠道所属的机关。",
        en="A step goes to the authority of its own channel, and to no other.",
        source=PROCESS,
    ),
    "referred_already": RuleEntry(
        zh="已移送该机关办理。",
        en="The other authority has this channel's matter already.",
        source=PROCESS,
    ),
    "scan_missing": RuleEntry(
        zh="请上传签署页的扫描件。",
        en="What was signed on paper comes with its scan.",
        source=DEFAULT,
    ),
    "session_in_the_past": RuleEntry(
        zh="调解时间须晚于现在。",
        en="A session is set for later than now.",
        source=PROCESS,
    ),
    "session_not_begun": RuleEntry(
        zh="调解尚未开始，不能登记笔录。",
        en="A session is put on record once it has begun.",
        source=PROCESS,
    ),
    "session_over": RuleEntry(
        zh="该次调解已经登记、延期或者取消。",
        en="That session is on record, adjourned or called off already.",
        source=PROCESS,
    ),
    "session_too_far": RuleEntry(
        zh="调解须安排在一年以内。",
        en="A session is set within a year.",
        source=DEFAULT,
    ),
    "session_too_long": RuleEntry(
        zh="结束须晚于开始，一次调解最长十二小时。",
        en="A session ends after it begins, twelve hours later at most.",
        source=DEFAULT,
    ),
    "sessions_overlap": RuleEntry(
        zh="该时间已安排另一次调解。",
        en="Another session of this mediation is set for that time.",
        source=PROCESS,
    ),
    "signed_already": RuleEntry(
        zh="已经签署，不能更改、重复或者退出。",
        en="It is signed: a text with a mark stays, and who signed is bound.",
        source="[law] 人民调解法31",
    ),
    "unknown_promise": RuleEntry(
        zh="协议中没有这一履行事项。",
        en="The agreement has no such promise.",
        source=PROCESS,
    ),
    "unknown_session": RuleEntry(
        zh="没有这次调解。",
        en="The mediation has no such session.",
        source=PROCESS,
    ),
    "was_not_there": RuleEntry(
        zh="未到场的当事人不能有让步记录。",
        en="Who was not at the session conceded nothing in it.",
        source=PROCESS,
    ),
    "wrong_court": RuleEntry(
        zh="须向委派调解的法院申请司法确认。",
        en="The court that invited the mediator confirms the agreement.",
        source="[law] 民诉法205",
    ),
}
