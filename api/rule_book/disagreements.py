"""Units that disagree: send-back, dispute, designation, objection, reassigning."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

_DISPUTES = "[practice] 潍坊22、24；北京17"

DISAGREEMENTS: Mapping[str, RuleEntry] = {
    "already_objected": RuleEntry(
        zh="异议已提交共同上级或已有决定，无需重复。",
        en="The common superior has the objection already, or has decided about it.",
        source=PROCESS,
    ),
    "decided_a_level_up": RuleEntry(
        zh="异议须由上一级中心决定，指定承办单位的中心不能自行决定。",
        en="The centre that designated the unit does not decide about its objection; the level above does.",
        source=_DISPUTES,
    ),
    "designated_unit": RuleEntry(
        zh="本单位是指定承办单位，不能退单；如不同意，可以提出异议。",
        en="A designated unit may not send the task back; it may object and works on meanwhile.",
        source=_DISPUTES,
    ),
    "designation_stands": RuleEntry(
        zh="该任务经派单争议指定了承办单位，不能再转派。",
        en="Whose task it is was decided in a dispute, so it is not reassigned.",
        source=_DISPUTES,
    ),
    "dispute_open": RuleEntry(
        zh="该案件正在裁定派单争议，请等待中心指定承办单位。",
        en="Units dispute about this case; the centre has to designate one first.",
        source=_DISPUTES,
    ),
    "duty_not_handed_down": RuleEntry(
        zh="部门的法定职责不能指定由乡镇（苏木）、街道承担，请指定有法定职权的部门。",
        en="A department's statutory duty is not designated to a township; designate the holder of the power.",
        source=_DISPUTES,
    ),
    "no_dispute": RuleEntry(
        zh="该案件没有派单争议，无需指定承办单位。",
        en="No units dispute about this case, so there is nothing to designate.",
        source=PROCESS,
    ),
    "no_objection": RuleEntry(
        zh="该任务没有待决定的异议。",
        en="No objection about this task waits for a decision.",
        source=PROCESS,
    ),
    "no_send_back_asked": RuleEntry(
        zh="该任务没有待审定的退单。",
        en="No send-back of this task waits for a decision.",
        source=PROCESS,
    ),
    "not_designated": RuleEntry(
        zh="只有被指定承办的单位可以提出异议，其他单位请退单。",
        en="Only a designated unit objects; any other sends the task back.",
        source=_DISPUTES,
    ),
    "send_back_already_asked": RuleEntry(
        zh="该任务已退单，正在等待中心审定。",
        en="The centre is already deciding whether the task goes back.",
        source=PROCESS,
    ),
    "send_back_not_allowed": RuleEntry(
        zh="按规定这类任务不能退单。",
        en="The case's policy lets no task of this preset be sent back.",
        source=DEFAULT,
    ),
    "send_back_window_over": RuleEntry(
        zh="退单期限已过，不能再退单。",
        en="The time in which the task could be sent back is over.",
        source="[practice] 山东热线：退单期限",
    ),
    "suggests_itself": RuleEntry(
        zh="建议的承办单位不能是本单位。",
        en="A unit that sends a task back names another unit than itself.",
        source=DEFAULT,
    ),
    "unit_missing": RuleEntry(
        zh="支持异议时，请写明改由哪个单位承办。",
        en="Whoever upholds an objection names the unit that takes the task.",
        source=PROCESS,
    ),
}
