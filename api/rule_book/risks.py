"""The risk of a case, a danger in it, and the limitation periods of its parties."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

_DANGER = "[law] 人民调解法25、反家庭暴力法14"

RISKS: Mapping[str, RuleEntry] = {
    "already_called": RuleEntry(
        zh="110报警已登记，无需重复。",
        en="The call to 110 is on record already.",
        source=PROCESS,
    ),
    "began_in_future": RuleEntry(
        zh="时效起算日不能晚于今天。",
        en="A limitation period is recorded once it has begun.",
        source="[law] 民法典201",
    ),
    "called_about_something_else": RuleEntry(
        zh="报警时间早于险情报告一日以上，请核对。",
        en="The call to 110 was made more than a day before the danger was reported.",
        source=PROCESS,
    ),
    "called_in_future": RuleEntry(
        zh="报警时间不能晚于现在。",
        en="The call to 110 is recorded once it was made.",
        source=PROCESS,
    ),
    "danger_stands": RuleEntry(
        zh="现实危险尚未解除，案件须保持红色预警。",
        en="While a danger stands the case is red; lift the danger first.",
        source=DEFAULT,
    ),
    "limitation_known": RuleEntry(
        zh="同一时效已登记，正在计算。",
        en="This limitation period is counted down already.",
        source=PROCESS,
    ),
    "limitation_over": RuleEntry(
        zh="该时效已经届满，不再倒计时，请告知当事人。",
        en="The limitation period has run out already; tell the party so.",
        source="[law] 民法典188、192",
    ),
    "no_danger": RuleEntry(
        zh="没有报告现实危险，或危险已解除。",
        en="No danger is reported in this case, or it was lifted.",
        source=PROCESS,
    ),
    "no_duty_leader_called": RuleEntry(
        zh="没有等待值班领导到位，或已登记到位。",
        en="The duty leader was not called to this case, or has been there.",
        source=PROCESS,
    ),
    "nobody_to_protect": RuleEntry(
        zh="未登记涉及未成年人等，请重新报告危险并注明。",
        en="Report the danger again and say that minors or persons without full capacity are in it.",
        source="[law] 未成年人保护法11、反家庭暴力法14",
    ),
    "not_called_yet": RuleEntry(
        zh="须先拨打110并登记，才能解除危险。",
        en="The call to 110 has to be made and recorded before the danger is lifted.",
        source=_DANGER,
    ),
    "not_the_caller": RuleEntry(
        zh="110报警由指定的人员或调度员登记。",
        en="The call is recorded by the person who was named to make it, or by a dispatcher.",
        source=DEFAULT,
    ),
    "own_danger_report": RuleEntry(
        zh="报告危险的人不能自己解除，请由其他人解除。",
        en="Somebody other than who reported the danger has to lift it.",
        source=DEFAULT,
    ),
    "protection_not_reported": RuleEntry(
        zh="须先完成强制报告，才能解除危险。",
        en="The report for minors or persons without full capacity comes before the danger is lifted.",
        source="[law] 未成年人保护法11、反家庭暴力法14",
    ),
    "unknown_limitation": RuleEntry(
        zh="案件中没有这项时效。",
        en="The case has no such limitation period.",
        source=PROCESS,
    ),
}
