"""The model that is asked says the same as the one that was learnt, gives its reasons, and is only numbers."""

import pickle
from io import BytesIO

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from infra.routing.learning import Lesson, learn
from infra.routing.text_model import TextModel, document, grams

_DECISIONS = [
    Lesson(document("小区物业不作为", "物业公司收了物业费,小区楼道没人打扫"), "城乡建设"),
    Lesson(document("物业费涨价", "小区物业费涨价没有经过业主同意"), "城乡建设"),
    Lesson(document("学校补课", "学校周末补课收费,老师要求学生都参加"), "教育文体"),
    Lesson(document("学校收费", "学校收补课费,学生家长不同意"), "教育文体"),
]


@pytest.fixture(scope="module")
def model() -> TextModel:
    return learn(_DECISIONS, [], 2.0)


def test_the_grams_of_a_text_are_its_chinese_characters_and_their_pairs() -> None:
    assert grams("补课!A3区") == ["补", "课", "补课", "区"]


def test_the_likeliest_class_comes_first_and_all_together_are_certain(model: TextModel) -> None:
    guesses = model.guesses(document("", "物业只收物业费"), 5)
    assert [guess.name for guess in guesses] == ["城乡建设", "教育文体"]
    assert sum(guess.probability for guess in guesses) == pytest.approx(1)
    assert guesses[0].probability > 0.5


def test_the_reasons_are_pieces_of_the_text_that_speak_for_the_class(model: TextModel) -> None:
    text = "学校的老师说小区旁边要补课"
    best, other = model.guesses(text, 2)
    assert best.name == "教育文体"
    assert set(best.because) >= {"学校", "补课"}
    assert "小区" in other.because
    assert all(reason in text for guess in (best, other) for reason in guess.because)


def test_words_that_were_never_seen_are_no_ground_for_a_guess(model: TextModel) -> None:
    assert model.guesses("ABC 123", 3) == []


def test_scores_are_those_of_the_library_that_learnt_them(model: TextModel) -> None:
    texts = [lesson.text for lesson in _DECISIONS]
    vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True, min_df=2, dtype=np.float32).fit(texts)
    asked = "小区里的学校周末收费"
    expected = (vectorizer.transform([asked]) @ model.weights.T)[0]
    assert tuple(vectorizer.get_feature_names_out()) == model.grams
    assert model.scores(asked) == pytest.approx(expected, rel=1e-5)


def test_a_model_comes_back_from_its_bytes_as_it_was(model: TextModel) -> None:
    again = TextModel.from_bytes(model.classes, model.grams, model.to_bytes())
    assert again.guesses("学校补课", 2) == model.guesses("学校补课", 2)


def test_numbers_that_do_not_fit_are_refused(model: TextModel) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        TextModel.from_bytes(model.classes[:1], model.grams, model.to_bytes())


def test_nothing_is_ever_unpickled(model: TextModel) -> None:
    archive = BytesIO()
    np.savez(archive, rarity=np.array([{"any": "object"}]), weights=model.weights, sharpness=np.array(1.0))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        TextModel.from_bytes(model.classes, model.grams, archive.getvalue())
    with pytest.raises(ValueError, match="pickled"):
        TextModel.from_bytes(model.classes, model.grams, pickle.dumps({"rarity": 1}))
