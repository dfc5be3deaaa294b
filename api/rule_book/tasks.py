"""Giving tasks to units, and what a unit may do with its own."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

TASKS: Mapping[str, RuleEntry] = {
    "already_reported_in": RuleEntry(
        zh="本单位已报到，无需重复。",
        en="The unit has reported in already.",
        source=PROCESS,
    ),
    "already_signed": RuleEntry(
        zh="该任务已签收，无需重复。",
        en="The task is signed already.",
        source=PROCESS,
    ),
    "evidence_required": RuleEntry(
        zh="按规定须随结果附上佐证材料。",
        en="The case's policy asks for evidence with the result.",
        source=DEFAULT,
    ),
    "lead_cannot_be_released": RuleEntry(
        zh="主办单位不能取消，只能取消协办单位。",
        en="Only a co-unit is released; a case has a lead unit while units work on it.",
        source=DEFAULT,
    ),
    "task_not_open": RuleEntry(
        zh="该任务已了结（办结、退单、转派或取消），不能再操作。",
        en="The task is over: finished, sent back, reassigned or cancelled.",
        source=PROCESS,
    ),
    "unknown_task": RuleEntry(
        zh="案件中没有这项任务。",
        en="The case has no task of this number.",
        source=PROCESS,
    ),
}
