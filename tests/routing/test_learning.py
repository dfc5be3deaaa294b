"""Learning has to be better than the best rule of keywords, on appeals that nobody showed it."""

from collections import Counter

import pytest

from infra.routing.keyword_rules import RULES
from infra.routing.learning import Figures, Lesson, evaluate, learn, words_of_classes
from tests.routing import shared_appeals

_REPEATS = 4

needs_appeals = pytest.mark.skipif(
    not shared_appeals.ARE_THERE, reason="the shared appeals are not beside the checkout"
)


@pytest.fixture(scope="module")
def figures() -> Figures:
    return evaluate(shared_appeals.lessons(), words_of_classes(shared_appeals.matters(), 1), repeats=_REPEATS)


@needs_appeals
def test_every_appeal_has_one_class_by_hand_and_each_is_one_of_the_fifteen() -> None:
    labels = shared_appeals.labels()
    tops = {matter.partition("/")[0] for matter in shared_appeals.matters()}
    assert sorted(labels) == sorted(shared_appeals.external_ids())
    assert len(labels) == 118
    assert len(tops) == 15
    assert set(labels.values()) <= tops


@needs_appeals
def test_what_is_learnt_beats_the_best_keyword_rule_on_appeals_it_has_not_seen(figures: Figures) -> None:
    shares = f"learnt {figures.accuracy:.1%}, best of {len(RULES)} keyword rules {figures.keywords:.1%}"
    named = f"({figures.keyword_rule}), most frequent class {figures.most_frequent:.1%}"
    print(f"\n{_REPEATS} x {figures.decisions} held-out appeals: {shares} {named}")  # noqa: T201 - for whoever asks -s
    assert figures.accuracy > figures.keywords + 0.05
    assert figures.keywords > figures.most_frequent + 0.05


@needs_appeals
def test_the_same_appeals_give_the_same_figures_again() -> None:
    appeals, words = shared_appeals.lessons()[:60], words_of_classes(shared_appeals.matters(), 1)
    assert evaluate(appeals, words) == evaluate(appeals, words)


@needs_appeals
def test_a_class_without_a_single_decision_is_still_known_by_its_words() -> None:
    model = learn(shared_appeals.lessons(), words_of_classes(shared_appeals.matters(), 1), 1.0)
    assert len(model.classes) == 15
    assert model.guesses("干部玩忽职守、行贿受贿、以权谋私", 1)[0].name == "纪检监察"


@needs_appeals
def test_a_phrase_that_one_person_wrote_is_not_kept() -> None:
    only_there = Lesson("罕鲎来信", "民政")
    model = learn([*shared_appeals.lessons(), only_there], words_of_classes(shared_appeals.matters(), 1), 1.0)
    assert not {"罕", "鲎", "罕鲎", "鲎来"} & set(model.grams)


def test_the_words_of_a_class_leave_out_what_every_class_has() -> None:
    words = words_of_classes(["民政/社会救助/农村低保", "民政/社会救助/其他", "民政/其他/其他"], 1)
    assert words == [Lesson("民政 社会救助 农村低保", "民政"), Lesson("民政 社会救助", "民政")]


@pytest.mark.parametrize("name", RULES)
def test_every_keyword_rule_finds_a_plain_case(name: str) -> None:
    words = words_of_classes(["民政/社会救助/农村低保", "交通运输/出租车管理/网约车问题"], 1)
    decisions = [Lesson("出租车不打表", "交通运输"), Lesson("出租车绕路", "交通运输"), Lesson("低保公示", "民政")]
    classify = RULES[name](decisions, words)
    assert classify("农村低保由谁公示,社会救助到哪里申请") == "民政"
    assert classify("这里没有任何一个词") == Counter(lesson.name for lesson in decisions).most_common(1)[0][0]
