"""A linear model over the characters of a text: which class it most likely is of, how sure that is, and why.

Learning needs scikit-learn (`infra.routing.learning`); asking needs numbers alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TITLE_COUNTS = 3
_REASONS = 5


def document(title: str, text: str) -> str:
    """A matter as the model reads it: its title says in few characters what the text says in many."""
    return " ".join([title] * _TITLE_COUNTS + [text])


def grams(text: str) -> list[str]:
    """The Chinese characters of a text and the pairs that stand side by side, as often as they do.

    Figures and Latin letters are left out: phone numbers, plates and names of places tell nothing of a class.
    """
    runs = _HAN.findall(text)
    return [run[at : at + size] for run in runs for size in (1, 2) for at in range(len(run) - size + 1)]


@dataclass(frozen=True, slots=True)
class Guess:
    """A class with its probability, 0 to 1, and the grams of the text that spoke for it, the strongest first."""

    name: str
    probability: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class TextModel:
    """Classes, grams, how rare each gram is, and what each gram says for each class (one row a class).

    `sharpness` turns scores into probabilities that held-out decisions agree with.
    """

    classes: tuple[str, ...]
    grams: tuple[str, ...]
    rarity: Numbers
    weights: Numbers
    sharpness: float

    def __post_init__(self) -> None:
        if self.rarity.shape != (len(self.grams),) or self.weights.shape != (len(self.classes), len(self.grams)):
            raise ValueError("classes, grams and numbers of the model do not fit together")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {gram: place for place, gram in enumerate(self.grams)}

    def guesses(self, text: str, most: int) -> list[Guess]:
        """At most so many classes, the most probable first; none if the text has nothing that was ever seen."""
        places, values = self._vector(text)
        if not places:
            return []
        said = self.weights[:, places] * values
        sure = probabilities(said.sum(axis=1)[None, :], self.sharpness)[0]
        # What a gram says for a class counts against what it says for all of them.
        says = said - said.mean(axis=0)
        return [
            Guess(self.classes[row], float(sure[row]), self._because(places, says[row]))
            for row in np.argsort(-sure, kind="stable")[:most]
        ]

    def scores(self, text: str) -> Numbers:
        """What the text says for each class; what is not known to any says nothing."""
        places, values = self._vector(text)
        return np.asarray(self.weights[:, places] @ values, dtype=np.float32)

    def _vector(self, text: str) -> tuple[list[int], Numbers]:
        counts = Counter(self._places[gram] for gram in grams(text) if gram in self._places)
        places = sorted(counts)
        times = np.array([counts[place] for place in places], dtype=np.float32)
        values = (1 + np.log(times)) * self.rarity[places] if places else times
        return places, (values / np.linalg.norm(values) if places else values).astype(np.float32)

    def _because(self, places: list[int], says: Numbers) -> tuple[str, ...]:
        strongest = np.argsort(-says, kind="stable")[: _REASONS * 2]
        found = [self.grams[places[at]] for at in strongest if says[at] > 0]
        # A pair says more to a reader than its two characters do.
        return tuple(gram for gram in found if not any(gram in pair for pair in found if pair != gram))[:_REASONS]

    def to_bytes(self) -> bytes:
        """The numbers as an npz archive; classes and grams are kept beside it."""
        archive = BytesIO()
        sharpness = np.array(self.sharpness, dtype=np.float32)
        np.savez_compressed(archive, rarity=self.rarity, weights=self.weights, sharpness=sharpness)
        return archive.getvalue()

    @classmethod
    def from_bytes(cls, classes: Sequence[str], grams: Sequence[str], numbers: bytes) -> "TextModel":
        """The model again.

        Raises:
            ValueError: if the archive holds anything but numbers that fit classes and grams.
        """
        with np.load(BytesIO(numbers), allow_pickle=False) as archive:
            rarity, weights, sharpness = archive["rarity"], archive["weights"], archive["sharpness"]
        return cls(tuple(classes), tuple(grams), rarity, weights, float(sharpness))


def probabilities(scores: NDArray[np.floating], sharpness: float) -> NDArray[np.floating]:
    """Scores, one row a text, as probabilities that sum to 1 in each row."""
    powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
