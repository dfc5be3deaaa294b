"""Calling units in: the whistle and the request for it, referrals, and the ratings of both sides."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

WHISTLES: Mapping[str, RuleEntry] = {
    "already_referred": RuleEntry(
        zh="该单位已在商请或移送中，无需重复。",
        en="That unit is asked already, and its answer is awaited.",
        source=PROCESS,
    ),
    "no_whistle_asked": RuleEntry(
        zh="没有待决定的吹哨请求。",
        en="No request for the whistle waits for a decision.",
        source=PROCESS,
    ),
    "not_reported_in": RuleEntry(
        zh="单位尚未报到，还不能评价。",
        en="The unit has not reported in, so there is nothing to rate.",
        source=PROCESS,
    ),
    "nothing_to_record": RuleEntry(
        zh="请填写对方的回执、结果，或两者。",
        en="Give the receipt of the unit that was asked, the outcome, or both.",
        source=PROCESS,
    ),
    "own_request": RuleEntry(
        zh="请求吹哨的人不能自己决定，请由上级中心决定。",
        en="Whoever asks for the whistle does not decide about it.",
        source=DEFAULT,
    ),
    "power_holder_missing": RuleEntry(
        zh="对该事项有法定职权的单位须在吹哨单位之列，请一并吹哨。",
        en="The holder of the legal power over the matter has to be among the units called in.",
        source=DEFAULT,
    ),
    "referral_ended": RuleEntry(
        zh="这次商请或移送已有结果。",
        en="What the referral came to is on record already.",
        source=PROCESS,
    ),
    "report_in_rated": RuleEntry(
        zh="该任务的报到已有评价。",
        en="This task has the rating of its report-in already.",
        source=PROCESS,
    ),
    "unit_can_be_dated": RuleEntry(
        zh="所选单位可限期派单，请吹哨，不必商请或移送。",
        en="Dates can be set for this unit, so it is called in by the whistle and not referred to.",
        source=DEFAULT,
    ),
    "unit_cannot_be_dated": RuleEntry(
        zh="所选单位不属于可限期派单的单位，只能商请或移送。",
        en="A unit of this kind is asked or referred to; dates cannot be set for it.",
        source=DEFAULT,
    ),
    "unit_concerned": RuleEntry(
        zh="该案件反映的正是所选单位，请选择其他单位。",
        en="The matter is about that unit, so it does not handle it; name another.",
        source="[default] 被反映单位回避",
    ),
    "unit_twice": RuleEntry(
        zh="同一单位在一个案件中同时只能有一项任务。",
        en="A unit has one task of a case at a time.",
        source=DEFAULT,
    ),
    "unknown_preset": RuleEntry(
        zh="该案件的规则中没有所选的哨种。",
        en="The case's policy has no preset of this name for tasks.",
        source=PROCESS,
    ),
    "unknown_referral": RuleEntry(
        zh="案件中没有这次商请或移送。",
        en="The case has no referral of this number.",
        source=PROCESS,
    ),
    "whistle_already_asked": RuleEntry(
        zh="已请求吹哨，正在等待决定。",
        en="The whistle is asked for already, and the decision is awaited.",
        source=PROCESS,
    ),
    "whistle_rated": RuleEntry(
        zh="本单位已评价过这次吹哨。",
        en="The unit has rated this whistle already.",
        source=PROCESS,
    ),
}
