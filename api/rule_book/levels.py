"""Which level and which region has a case."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

LEVELS: Mapping[str, RuleEntry] = {
    "at_the_top": RuleEntry(
        zh="案件已在市级，无法再升级。",
        en="The case is at the top level; nobody is above it.",
        source=PROCESS,
    ),
    "case_is_above": RuleEntry(
        zh="案件已由上级中心办理，本级可以查看，不能再作决定。",
        en="A higher level has the case now; the level that it left reads on and decides no more.",
        source=DEFAULT,
    ),
    "no_host_wanted": RuleEntry(
        zh="该事项只涉及一个区域，或主办地已确定。",
        en="The matter concerns one region only, or its host is named already.",
        source=PROCESS,
    ),
    "not_a_level_below": RuleEntry(
        zh="只能交办到设有中心的下级。",
        en="A case goes down only to a level below that has a centre for it.",
        source=PROCESS,
    ),
    "not_the_common_superior": RuleEntry(
        zh="主办地由各方的共同上级确定。",
        en="The host is named by the level above all regions that the matter concerns.",
        source=DEFAULT,
    ),
    "region_not_concerned": RuleEntry(
        zh="主办地须是该事项涉及的区域之一。",
        en="The host has to be one of the regions that the matter concerns.",
        source=DEFAULT,
    ),
}
