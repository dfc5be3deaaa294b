"""A matter that leaves the city: to another city, or to a court or another legal route."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

LEAVING: Mapping[str, RuleEntry] = {
    "agreement_binds": RuleEntry(
        zh="调解协议已经生效，对各方有约束力：请在调解中登记履行、放弃或者救济。",
        en="An agreement binds both sides: it is kept, forgone or taken to a remedy in its mediation.",
        source="[law] 人民调解法31",
    ),
    "no_transfer_asked": RuleEntry(
        zh="没有等待回执的移交。",
        en="No transfer to another city waits for a receipt.",
        source=PROCESS,
    ),
    "not_on_a_legal_route": RuleEntry(
        zh="案件未转入法律途径，没有可记录的结果。",
        en="The case is not on a legal route, so no outcome of one is recorded.",
        source=PROCESS,
    ),
    "outcome_known": RuleEntry(
        zh="法律途径的结果已有记录。",
        en="What the legal route came to is on record already.",
        source=PROCESS,
    ),
    "receipt_number_missing": RuleEntry(
        zh="请填写接收城市的受理编号。",
        en="A city that takes the matter gives the number under which it has it.",
        source=DEFAULT,
    ),
    "transfer_already_asked": RuleEntry(
        zh="已请另一城市接收，正在等待回执。",
        en="Another city is asked already, and its receipt is awaited.",
        source=PROCESS,
    ),
}
