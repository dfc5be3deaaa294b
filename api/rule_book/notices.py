"""Formal notices and their service."""

from collections.abc import Mapping

from api.rule_book.entry import PROCESS, RuleEntry

NOTICES: Mapping[str, RuleEntry] = {
    "already_served": RuleEntry(
        zh="这份告知书的送达已有记录。",
        en="The service of this notice is on record already.",
        source=PROCESS,
    ),
    "served_before_issued": RuleEntry(
        zh="送达时间不能早于告知书的出具时间。",
        en="A notice is not served before it was issued.",
        source=PROCESS,
    ),
    "served_in_future": RuleEntry(
        zh="送达时间还没有到，请在送达后再记录。",
        en="Service is recorded once it has happened.",
        source=PROCESS,
    ),
    "unknown_notice": RuleEntry(
        zh="案件中没有这份告知书。",
        en="The case has no notice of this number.",
        source=PROCESS,
    ),
}
