"""Learning from decisions, and how good that is on decisions that were held back.

A city has few decisions at first, so the classification itself is learnt from as well: the words of each class are a
short text of that class.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.naive_bayes import ComplementNB

from infra.routing.keyword_rules import RULES
from infra.routing.text_model import Numbers, TextModel, grams, probabilities

_MOST_GRAMS = 20_000
_SMOOTHING = 0.1
_WORTH_OF_WORDS = 2.0
"""What a text made of a class's words counts against a decision."""

FOLDS = 5
_SEED = 2026
_SHARPNESS = tuple(2.0**power for power in range(-2, 8))


class Lesson(NamedTuple):
    """A text and the class that it is of."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the held-out decisions, 0 to 1, that model, best keyword rule and most frequent class got right.

    `keyword_rule` names that rule. `sharpness` makes the model's probabilities fit the same decisions best.
    """

    decisions: int
    classes: int
    accuracy: float
    keywords: float
    keyword_rule: str
    most_frequent: float
    sharpness: float


def words_of_classes(matters: Iterable[str], depth: int) -> list[Lesson]:
    """A lesson for each class `level1/level2/level3`, named by as many of its levels."""
    return [
        Lesson(" ".join(part for part in parts if part != "其他"), "/".join(parts[:depth]))
        for parts in (matter.split("/") for matter in matters)
        if parts[1:2] != ["其他"]
    ]


def learn(decisions: Sequence[Lesson], words: Sequence[Lesson], sharpness: float) -> TextModel:
    """A complement naive Bayes model over tf-idf weights: linear, and at its best where lessons are few and uneven."""
    lessons = [*decisions, *words]
    # What stands in one lesson only may be somebody's name, and the model outlives the words it was learnt from.
    vectorizer = TfidfVectorizer(
        analyzer=grams, sublinear_tf=True, min_df=2, max_features=_MOST_GRAMS, dtype=np.float32
    )
    matrix = vectorizer.fit_transform([lesson.text for lesson in lessons])
    bayes = ComplementNB(alpha=_SMOOTHING)
    worth = [1.0] * len(decisions) + [_WORTH_OF_WORDS] * len(words)
    bayes.fit(matrix, [lesson.name for lesson in lessons], sample_weight=worth)
    return TextModel(
        classes=tuple(map(str, bayes.classes_)),
        grams=tuple(map(str, vectorizer.get_feature_names_out())),
        rarity=vectorizer.idf_.astype(np.float32),
        weights=bayes.feature_log_prob_.astype(np.float32),
        sharpness=sharpness,
    )


def evaluate(decisions: Sequence[Lesson], words: Sequence[Lesson], *, repeats: int = 1) -> Figures:
    """Holds back a fifth of the decisions five times over, each once (`repeats` times with other fifths).

    Nobody sees the classes of what is held back: neither the model, nor the keyword rules, which draw on the same words
    and decisions.
    """
    rights: Counter[str] = Counter()
    truths: list[int] = []
    scores: list[Numbers] = []
    for seen, held in _folds(decisions, repeats):
        model = learn(seen, words, 1.0)
        said = [model.scores(lesson.text) for lesson in held]
        found = [model.classes[int(row.argmax())] for row in said]
        rights["model"] += _right(found, held)
        places = {name: place for place, name in enumerate(model.classes)}
        truths += [places[lesson.name] for lesson in held if lesson.name in places]
        scores += [row for row, lesson in zip(said, held, strict=True) if lesson.name in places]
        usual = Counter(lesson.name for lesson in seen).most_common(1)[0][0]
        rights["usual"] += _right([usual] * len(held), held)
        for name, rule in RULES.items():
            classify = rule(seen, words)
            rights[name] += _right([classify(lesson.text) for lesson in held], held)
    best = max(RULES, key=lambda name: rights[name])
    of_all = len(decisions) * repeats
    return Figures(
        decisions=len(decisions),
        classes=len({lesson.name for lesson in decisions}),
        accuracy=rights["model"] / of_all,
        keywords=rights[best] / of_all,
        keyword_rule=best,
        most_frequent=rights["usual"] / of_all,
        sharpness=_best_sharpness(scores, truths),
    )


def _folds(decisions: Sequence[Lesson], repeats: int) -> Iterator[tuple[list[Lesson], list[Lesson]]]:
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=_SEED)
    names = [lesson.name for lesson in decisions]
    with warnings.catch_warnings():
        # A class with fewer decisions than folds is in some fifths only; the words of the class stand in for it.
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(splitter.split(names, names))
    for seen, held in parts:
        yield [decisions[at] for at in seen], [decisions[at] for at in held]


def _right(found: Sequence[str], held: Sequence[Lesson]) -> int:
    return sum(name == lesson.name for name, lesson in zip(found, held, strict=True))


def _best_sharpness(scores: Sequence[Numbers], truths: Sequence[int]) -> float:
    """The one under which the truth of the held-out decisions is least surprising."""

    def surprise(sharpness: float) -> float:
        sure = (probabilities(row[None, :], sharpness)[0, truth] for row, truth in zip(scores, truths, strict=True))
        return -sum(float(np.log(max(share, 1e-9))) for share in sure)

    return min(_SHARPNESS, key=surprise)
