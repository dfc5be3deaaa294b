"""What is said of the result: verification, callback, rating."""

from collections.abc import Mapping

from api.rule_book.entry import DEFAULT, PROCESS, RuleEntry

RESULT: Mapping[str, RuleEntry] = {
    "already_rated": RuleEntry(
        zh="该案件已有评价。",
        en="The case has its rating already.",
        source=PROCESS,
    ),
    "callback_not_exhausted": RuleEntry(
        zh="须在两个不同日期共三次回访未果，方可手工结案。",
        en="A case is closed by hand only after three failed callbacks on two different days at least.",
        source=DEFAULT,
    ),
    "caller_is_handler": RuleEntry(
        zh="承办该案件的单位或人员不能回访，请由其他人回访。",
        en="Whoever handled the matter does not call the requester back; somebody else has to.",
        source=DEFAULT,
    ),
    "closed_with_explanation": RuleEntry(
        zh="该案件经两人签字说明不再办理，如有新情况请重新反映。",
        en="Two persons have explained why nothing more is done, so the requester cannot have it taken up again.",
        source=DEFAULT,
    ),
    "explanation_missing": RuleEntry(
        zh="请说明不再办理的理由，并由第二人签字。",
        en="Closing without further work needs an explanation, which a second person signs too.",
        source=DEFAULT,
    ),
    "rating_without_callback": RuleEntry(
        zh="只有联系到或上门见到诉求人，才能记录评价。",
        en="A rating comes only from a requester who was reached or visited.",
        source=DEFAULT,
    ),
    "second_signature_needed": RuleEntry(
        zh="须由另一人签字，同一人不能签两次。",
        en="Somebody other than the first signer has to sign the explanation.",
        source=DEFAULT,
    ),
    "unknown_rating": RuleEntry(
        zh="所选评价不在本市的评价等次中。",
        en="The rating is none of the city's scale.",
        source=DEFAULT,
    ),
    "verifier_is_handler": RuleEntry(
        zh="承办该案件的单位或人员不能核查自己的结果。",
        en="Whoever handled the matter does not verify the result.",
        source=DEFAULT,
    ),
    "verifier_judged_before": RuleEntry(
        zh="此前已核查通过该案件的人员不能再次核查，请由其他人核查。",
        en="Whoever passed the case in an earlier round does not verify it again.",
        source=DEFAULT,
    ),
}
