"""Many people with one matter: it is red from the start, and the level above is told."""

from tests.rules.case_builder import POLICY, CaseBuilder, registered
from workflows.contracts import events as e
from workflows.contracts.vocabulary import Flag, Level, RiskLevel
from workflows.rules.flags import flags

FROM_TEN = POLICY.model_copy(update={"group_threshold": 10})


def of_people(count: int | None, level: Level = Level.VILLAGE) -> CaseBuilder:
    return registered(policy=FROM_TEN, headcount=count, level=level)


def reports(case: CaseBuilder) -> list[e.ReportedUpward]:
    return [event for event in case.happened if isinstance(event, e.ReportedUpward)]


def test_from_the_threshold_on_a_matter_is_red_and_reported_to_the_level_above() -> None:
    case = of_people(10)
    assert case.state.risk is RiskLevel.RED
    assert reports(case) == [e.ReportedUpward(to_level=Level.TOWNSHIP, headcount=10)]
    assert Flag.GROUP in flags(case.state)
    assert case.state.level is Level.VILLAGE


def test_below_the_threshold_it_is_a_matter_like_any_other() -> None:
    for case in (of_people(9), of_people(None), registered(headcount=200)):
        assert (case.state.risk, reports(case)) == (None, [])
        assert Flag.GROUP not in flags(case.state)


def test_at_the_top_there_is_nobody_above_to_tell() -> None:
    case = of_people(200, Level.CITY)
    assert (case.state.risk, reports(case)) == (RiskLevel.RED, [])
