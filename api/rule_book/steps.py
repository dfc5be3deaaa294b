"""Which step may follow which in a case's life."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

STEPS: Mapping[str, RuleEntry] = {
    "actor_concerned": RuleEntry(
        zh="被反映的人员或单位不得经手本人、本单位的事项。",
        en="Whoever a matter is about, and their unit, have no hand in it.",
        source="[law] 信访工作条例30",
    ),
    "contact_first": RuleEntry(
        zh="诉求不明确的，须先联系诉求人了解清楚并登记联系记录，方可不予受理。",
        en="Ask the requester what is meant, and put the contact down, before turning an unclear matter down.",
        source=DEFAULT,
    ),
    "case_archived": RuleEntry(
        zh="案件已归档，不能再操作。",
        en="The case is archived, and the archive is final.",
        source=DEFAULT,
    ),
    "case_ended": RuleEntry(
        zh="案件已办理完毕，不能再进行这一步。",
        en="The matter is over, and this step comes before its end.",
        source=PROCESS,
    ),
    "case_not_accepted": RuleEntry(
        zh="案件须处于“已受理”状态才能进行这一步。",
        en="The case has to be accepted and without units at work for this step.",
        source=PROCESS,
    ),
    "case_not_at_work": RuleEntry(
        zh="案件已办结或尚未受理，不能进行这一步。",
        en="The case is finished already, or not accepted yet; this step belongs in between.",
        source=PROCESS,
    ),
    "case_not_closed": RuleEntry(
        zh="案件须处于“已结案”状态才能重办。",
        en="Only a closed case is taken up again.",
        source=PROCESS,
    ),
    "case_not_finished": RuleEntry(
        zh="案件须处于“已办结”状态才能核查。",
        en="Only a finished case is verified.",
        source=PROCESS,
    ),
    "case_not_registered": RuleEntry(
        zh="案件已处理过受理环节，不能再次受理或不予受理。",
        en="Whether the case is taken on has been decided already.",
        source=PROCESS,
    ),
    "case_not_verified": RuleEntry(
        zh="案件须先通过核查，才能进行这一步。",
        en="The result has to pass verification before this step.",
        source=PROCESS,
    ),
    "no_withdrawal_asked": RuleEntry(
        zh="没有待确认的撤回申请。",
        en="No withdrawal waits to be confirmed.",
        source=PROCESS,
    ),
    "not_an_inquiry": RuleEntry(
        zh="只有咨询可以直接答复，其他事项请当场办结或吹哨。",
        en="Only an inquiry is answered at once; settle any other matter or whistle it.",
        source=DEFAULT,
    ),
    "withdrawal_already_asked": RuleEntry(
        zh="已有撤回申请，正在等待中心向诉求人确认。",
        en="The centre is already asking the requester whether the withdrawal is meant.",
        source=PROCESS,
    ),
}
