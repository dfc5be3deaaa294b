"""Finding Chinese text without word boundaries: by its characters, and by the pairs that stand side by side."""

import re
from itertools import pairwise

_RUN = re.compile(r"\w+")
_SIGN = re.compile(r"\S")


def grams(text: str) -> list[str]:
    """What a text is found by, once each and sorted: every character but blanks, and every pair; lower case."""
    lower = text.lower()
    return sorted({*_SIGN.findall(lower), *pairs(lower)})


def pairs(text: str) -> set[str]:
    """The characters that stand side by side in it; lower case."""
    return {pair for run in _RUN.findall(text.lower()) for pair in _pairs(run)}


def sought(words: str) -> list[str]:
    """The grams that a text must have to be found by these words: pairs, and characters that stand alone."""
    lower = words.lower()
    runs = [*_RUN.findall(lower), *_SIGN.findall(_RUN.sub("", lower))]
    return sorted({gram for run in runs for gram in (_pairs(run) or [run])})


def _pairs(run: str) -> list[str]:
    return [a + b for a, b in pairwise(run)]
