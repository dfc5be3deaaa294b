"""More time and less: extension, suspension, promise, interim reply, and an answer that is demanded by a date."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

_EXTENSION = "[law] 信访工作条例34；[practice] 山东热线：复杂事项延期一次"
_INTERIM_REPLY = "[practice] 济南24(2)、潍坊20(2)"

TIME: Mapping[str, RuleEntry] = {
    "already_committed": RuleEntry(
        zh="已有正在履行的承诺，须先兑现。",
        en="A promise is running; it has to be kept before another is made.",
        source=DEFAULT,
    ),
    "already_extended": RuleEntry(
        zh="该时限已延期过一次，不能再延。",
        en="The limit was extended already, and it is extended once only.",
        source=_EXTENSION,
    ),
    "already_supervised": RuleEntry(
        zh="已有督办在等待答复，请先答复再另行督办。",
        en="An answer is demanded already; it has to be given before another is.",
        source=DEFAULT,
    ),
    "already_suspended": RuleEntry(
        zh="案件已经挂起，如需变更请先恢复。",
        en="The clocks stand still already; resume them first.",
        source=PROCESS,
    ),
    "beyond_maximum": RuleEntry(
        zh="所填日期超出规定的最长期限，请改早。",
        en="The date lies beyond the longest time that the limit's source gives; name an earlier one.",
        source="[law] 信访工作条例34；[practice] 山东热线；[default] 挂起的最长期限",
    ),
    "beyond_request": RuleEntry(
        zh="准予的日期不能晚于单位申请的日期。",
        en="More time is granted until the date that the unit asked for at the latest.",
        source=DEFAULT,
    ),
    "citizen_clock_not_running": RuleEntry(
        zh="答复诉求人的时限已不在计时，无需阶段性答复。",
        en="The requester's own clock is not running, so she needs no interim reply.",
        source=PROCESS,
    ),
    "clock_not_running": RuleEntry(
        zh="该时限已不在计时，不能申请延期。",
        en="The clock is not running, so there is nothing to extend.",
        source=PROCESS,
    ),
    "date_not_ahead": RuleEntry(
        zh="所填日期须晚于今天和现有期限。",
        en="The date has to lie after today and after the present limit.",
        source=DEFAULT,
    ),
    "date_too_far": RuleEntry(
        zh="所填日期太远：办理承诺最远五年内，督办最远一年内，调解协议的履行最远三十年内。",
        en="Too far ahead: five years at most for a commitment, one for a demanded answer, thirty for what was agreed.",
        source=DEFAULT,
    ),
    "extension_already_asked": RuleEntry(
        zh="该任务已有延期申请，正在等待审批。",
        en="A request for more time on this task waits for its decision.",
        source=PROCESS,
    ),
    "extension_not_allowed": RuleEntry(
        zh="按规定该时限不能延期。",
        en="The case's policy lets this limit not be extended.",
        source=DEFAULT,
    ),
    "ground_not_allowed": RuleEntry(
        zh="案件正在计时的时限都不允许以此事由挂起。",
        en="No running clock of this case may stand still for this ground.",
        source="[law] 信访工作条例36、医疗纠纷预防和处理条例38；[practice] 法院诉前鉴定",
    ),
    "limit_run_out": RuleEntry(
        zh="时限已过，延期须在到期前申请。",
        en="The limit has run out, and more time is asked for before it does.",
        source="[practice] 山东热线：到期前申请延期",
    ),
    "no_extension_asked": RuleEntry(
        zh="没有待审批的延期申请，或有多项申请，请选择其中一项。",
        en="Exactly one request for more time has to wait for the decision; name the task if several do.",
        source=PROCESS,
    ),
    "no_statutory_limit": RuleEntry(
        zh="主办单位没有正在计时的法定期限，不能作阶段性答复。",
        en="No limit set by law is running for the lead unit, so an interim reply is not the way.",
        source=_INTERIM_REPLY,
    ),
    "not_supervised": RuleEntry(
        zh="没有等待答复的督办。",
        en="No answer is demanded.",
        source=PROCESS,
    ),
    "not_suspended": RuleEntry(
        zh="案件没有挂起。",
        en="No clock of this case stands still.",
        source=PROCESS,
    ),
    "not_the_approver": RuleEntry(
        zh="按规定须由其他职务的人员审批。",
        en="The limit's source names another role as the one who decides.",
        source="[law] 信访工作条例34：负责人批准；[default] 其他时限的审批人",
    ),
    "not_the_lead": RuleEntry(
        zh="承办单位中只有主办单位可以代表答复或承诺。",
        en="Of the units only the lead speaks for the matter.",
        source=DEFAULT,
    ),
    "wrong_legal_due": RuleEntry(
        zh="所填日期不是该事项的法定期限。",
        en="The date is not the one on which the limit set by law ends.",
        source=_INTERIM_REPLY,
    ),
}
