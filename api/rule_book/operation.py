"""The world around a running case: calendars, policies, risk, and effects that failed."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

OPERATION: Mapping[str, RuleEntry] = {
    "calendar_not_newer": RuleEntry(
        zh="案件已在使用这一版或更新的工作日历。",
        en="The case has this version of the calendar, or a newer one.",
        source=PROCESS,
    ),
    "effect_not_failed": RuleEntry(
        zh="该送达并未失败，无需处理。",
        en="Only a delivery that failed for good waits for an operator.",
        source=PROCESS,
    ),
    "no_task_of_unit": RuleEntry(
        zh="该单位在案件中没有任务，无需承接。",
        en="The unit has no part in this case that another could take over.",
        source=PROCESS,
    ),
    "policy_unchanged": RuleEntry(
        zh="案件已适用这一版规则。",
        en="The case has this version of the policy already.",
        source=PROCESS,
    ),
    "preset_missing": RuleEntry(
        zh="所选规则中没有该案件任务所用的哨种。",
        en="The policy lacks a preset that tasks of this case have.",
        source=DEFAULT,
    ),
    "risk_unchanged": RuleEntry(
        zh="案件已是这一风险等级。",
        en="The case has this risk already.",
        source=PROCESS,
    ),
    "wrong_policy": RuleEntry(
        zh="定风险等级不能更换规则或版本。",
        en="A new risk does not move the case to another policy or version.",
        source=DEFAULT,
    ),
}
