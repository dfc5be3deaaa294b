"""How alike reports are: by invented reports told apart by hand, and by what each part of the score does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest

from infra.likeness import THRESHOLD, WINDOW, Account, Point, ReasonCode, compare
from tests.alike_reports import Labelled, alike_reports

NOON = datetime(2026, 7, 20, 4, tzinfo=UTC)
PIPE = Account("新桥路水管爆裂", "新桥路口自来水管爆裂，满街是水", NOON, "990102001001001", None, "城乡建设/市政/供水")


def likely(one: Labelled, other: Labelled) -> bool:
    return compare(one.account, other.account).score >= THRESHOLD


def of(matter: str) -> list[Labelled]:
    return [report for report in alike_reports() if report.matter == matter]


def with_code(one: Account, other: Account) -> dict[ReasonCode, str]:
    return {reason.code: reason.text for reason in compare(one, other).reasons}


def test_the_burst_pipe_is_told_by_nineteen_people_in_twenty_three_reports() -> None:
    assert len(of("burst")) == 23
    assert len({report.reporter for report in of("burst")}) == 19


def test_every_later_report_of_one_burst_pipe_finds_an_earlier_one() -> None:
    burst = of("burst")
    assert not [later for n, later in enumerate(burst) if n and not any(likely(later, one) for one in burst[:n])]


def test_the_other_pipes_find_their_own_and_not_the_burst_one() -> None:
    for matter in ("other", "later"):
        own = of(matter)
        assert all(any(likely(one, another) for another in own if another is not one) for one in own)
    assert not [pair for pair in product(of("burst"), [*of("other"), *of("later")]) if likely(*pair)]
    assert not [pair for pair in product(of("other"), of("later")) if likely(*pair)]


def test_other_matters_at_the_same_place_are_seldom_taken_for_it() -> None:
    pairs = [(one, other) for one, other in combinations(alike_reports(), 2) if "alone" in {one.matter, other.matter}]
    wrong = [pair for pair in pairs if likely(*pair)]
    assert len(wrong) / len(pairs) < 0.02


def test_the_likeliest_of_each_report_is_of_its_own_matter() -> None:
    reports = alike_reports()
    for one in (report for report in reports if report.matter != "alone"):
        others = [other for other in reports if other is not one]
        best = max(others, key=lambda other: compare(one.account, other.account).score)
        assert best.matter == one.matter


def test_it_does_not_matter_which_comes_first() -> None:
    for one, other in combinations(alike_reports(), 2):
        assert compare(one.account, other.account) == compare(other.account, one.account)


def test_the_same_report_again_is_as_alike_as_can_be() -> None:
    alike = compare(PIPE, PIPE)
    assert alike.score == 1
    assert [reason.code for reason in alike.reasons] == [
        ReasonCode.WORDS,
        ReasonCode.SAME_REGION,
        ReasonCode.TIME,
        ReasonCode.SAME_CLASS,
    ]
    assert [reason.text for reason in alike.reasons] == [
        "标题和内容相近程度 100%",
        "同一网格",
        "登记时间相隔不到 1 小时",
        "事项分类相同：供水",
    ]


def test_the_same_words_from_far_away_are_no_duplicate() -> None:
    assert compare(PIPE, replace(PIPE, region_code="990103001001001")).score < THRESHOLD
    here, there = replace(PIPE, point=Point(31.2304, 121.4737)), replace(PIPE, point=Point(31.3304, 121.4737))
    assert compare(here, there).score < THRESHOLD
    assert with_code(here, there)[ReasonCode.DISTANCE] == "两处相距约 11120 米"


def test_coordinates_count_before_regions_and_across_their_borders() -> None:
    here = replace(PIPE, point=Point(31.2304, 121.4737))
    neighbour = replace(PIPE, region_code="990103001001001", point=Point(31.2308, 121.4737))
    assert compare(here, neighbour).score == 1
    assert with_code(here, neighbour)[ReasonCode.DISTANCE] == "两处相距约 40 米"


@pytest.mark.parametrize(
    ("region_code", "code", "text"),
    [
        ("990102001001002", ReasonCode.NEIGHBOURING_REGIONS, "同一村（社区）的不同地方"),
        ("990102001001", ReasonCode.ONE_REGION_IN_OTHER, "同一村（社区），其中一件写得更细"),
        ("990102001002", ReasonCode.NEIGHBOURING_REGIONS, "同一乡镇（街道）的不同地方"),
        ("990102001000", ReasonCode.ONE_REGION_IN_OTHER, "同一乡镇（街道），其中一件写得更细"),
        ("990102000000", ReasonCode.ONE_REGION_IN_OTHER, "同一县（区），其中一件写得更细"),
        ("990100000000", ReasonCode.ONE_REGION_IN_OTHER, "同一市，其中一件写得更细"),
        (None, ReasonCode.REGION_UNKNOWN, "至少一件没有写明区域"),
    ],
)
def test_the_reason_says_what_the_two_regions_are_to_each_other(
    region_code: str | None, code: ReasonCode, text: str
) -> None:
    other = replace(PIPE, region_code=region_code)
    assert with_code(PIPE, other)[code] == text
    assert compare(PIPE, other).score < 1


def test_the_longer_ago_the_less_likely() -> None:
    spans = [timedelta(), timedelta(hours=3), timedelta(days=1), timedelta(days=5), WINDOW, WINDOW * 2]
    scores = [compare(PIPE, replace(PIPE, at=NOON + span)).score for span in spans]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == scores[-2]
    later = with_code(PIPE, replace(PIPE, at=NOON + timedelta(hours=3)))
    assert later[ReasonCode.TIME] == "登记时间相隔 3 小时"
    assert with_code(PIPE, replace(PIPE, at=NOON - timedelta(days=5)))[ReasonCode.TIME] == "登记时间相隔 5 天"


def test_a_class_counts_by_how_much_of_it_is_shared_and_an_unknown_one_gives_no_reason() -> None:
    classes = ("城乡建设/市政/供水", "城乡建设/市政/道路", "城乡建设/房屋/维修", "环境保护/污染/噪音")
    scores = [compare(PIPE, replace(PIPE, category=category)).score for category in classes]
    assert scores == sorted(set(scores), reverse=True)
    assert with_code(PIPE, replace(PIPE, category=classes[1]))[ReasonCode.RELATED_CLASS] == "事项分类相近：同属市政"
    unknown = with_code(PIPE, replace(PIPE, category=None))
    assert not {ReasonCode.SAME_CLASS, ReasonCode.RELATED_CLASS, ReasonCode.OTHER_CLASS} & set(unknown)


def test_reports_without_a_pair_of_signs_are_compared_all_the_same() -> None:
    assert compare(replace(PIPE, title="水", description="！"), PIPE).score < THRESHOLD
