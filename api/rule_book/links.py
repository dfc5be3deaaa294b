"""Cases bound to each other: merged, divided, gathered around a common issue."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

LINKS: Mapping[str, RuleEntry] = {
    "already_gathered": RuleEntry(
        zh="所选案件都已归入这项共性诉求。",
        en="Those cases have all joined this common issue already.",
        source=PROCESS,
    ),
    "gathers_itself": RuleEntry(
        zh="案件不能归入自身的共性诉求，请选择其他案件。",
        en="A case does not join the common issue that it carries itself.",
        source=PROCESS,
    ),
    "tip_off_stands_alone": RuleEntry(
        zh="举报须单独登记，不能与其他诉求合并或分案。",
        en="A tip-off is kept apart: it shares its timeline and its tracking code with tip-offs only.",
        source="[law] 信访工作条例30",
    ),
    "too_many_cases": RuleEntry(
        zh="一件案件最多关联200件，请另立一件共性诉求或分批办理。",
        en="A case has 200 ties of one sort at most; let another case carry the rest.",
        source=DEFAULT,
    ),
    "merges_into_itself": RuleEntry(
        zh="不能并入本案或已并入本案的案件，请选择其他案件。",
        en="Name another case, and none that goes on in this one.",
        source=PROCESS,
    ),
    "not_merged_here": RuleEntry(
        zh="所选案件没有并入本案，无法拆出。",
        en="Only a case that was merged into this one is split off from it.",
        source=PROCESS,
    ),
    "part_twice": RuleEntry(
        zh="分案的各部分须各有编号，不能重复。",
        en="Each part of a divided case needs a number of its own.",
        source=PROCESS,
    ),
}
