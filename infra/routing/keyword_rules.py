"""Rules of thumb that a learnt model has to beat: the class whose keywords a text has most of.

The keywords come from the classification's own words; one kind of rule adds those that the decisions are full of. All
break a tie by the class that is decided most often.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from math import log

from infra.routing.text_model import grams

Taught = Sequence[tuple[str, str]]
"""Texts with their classes."""

Keywords = Mapping[str, frozenset[str]]
Rule = Callable[[Taught, Taught], Callable[[str], str]]
"""Makes a classifier of decisions and the words of classes."""

_BETWEEN_WORDS = re.compile(r"[\s、,，()（）“”/]|和|与|及")
_AT_LEAST = 2
_MOSTLY = 0.8


def _terms(_: Taught, words: Taught) -> Keywords:
    """The classes' words as they are written, and the parts of those that name several things."""
    return _by_class((word, name) for text, name in words for part in text.split() for word in {part, *_parts(part)})


def _pairs(_: Taught, words: Taught) -> Keywords:
    """Every pair of characters in the classes' words."""
    return _by_class((gram, name) for text, name in words for gram in grams(text) if len(gram) == 2)


def _pairs_and_found(decisions: Taught, words: Taught) -> Keywords:
    """Those, and every pair that at least two decisions have and four of five of these are of one class."""
    seen: Counter[str] = Counter()
    of_class: Counter[tuple[str, str]] = Counter()
    for text, name in decisions:
        for gram in set(grams(text)):
            seen[gram] += 1
            of_class[gram, name] += 1
    found = {
        (gram, name)
        for (gram, name), times in of_class.items()
        if len(gram) == 2 and times >= _AT_LEAST and times >= _MOSTLY * seen[gram]
    }
    own = {(gram, name) for name, keywords in _pairs(decisions, words).items() for gram in keywords}
    return _by_class(own | found)


def _rule(keywords: Callable[[Taught, Taught], Keywords], *, counted: bool, weighed: bool) -> Rule:
    """A keyword counts once or as often as it stands there, the same as any other or the more the fewer have it."""

    def make(decisions: Taught, words: Taught) -> Callable[[str], str]:
        known = keywords(decisions, words)
        usual = Counter(name for _, name in decisions)
        names = sorted({*known, *usual})
        having = Counter(keyword for those in known.values() for keyword in those)
        worth = {word: log((1 + len(known)) / times) if weighed else 1.0 for word, times in having.items()}

        def classify(text: str) -> str:
            there = {word: (text.count(word) if counted else 1) * worth[word] for word in having if word in text}
            scores = {name: sum(there.get(word, 0.0) for word in known.get(name, ())) for name in names}
            return max(names, key=lambda name: (scores[name], usual[name]))

        return classify

    return make


def _parts(word: str) -> list[str]:
    return [part for part in _BETWEEN_WORDS.split(word) if len(part) >= 2]


def _by_class(pairs: Iterable[tuple[str, str]]) -> Keywords:
    found: dict[str, set[str]] = defaultdict(set)
    for word, name in pairs:
        found[name].add(word)
    return {name: frozenset(words) for name, words in sorted(found.items())}


RULES: Mapping[str, Rule] = {
    f"{name}{', counted' if counted else ''}{', weighed' if weighed else ''}": _rule(
        keywords, counted=counted, weighed=weighed
    )
    for (name, keywords), counted, weighed in product(
        {"terms": _terms, "pairs": _pairs, "pairs and found ones": _pairs_and_found}.items(),
        (False, True),
        (False, True),
    )
}
"""Every rule by its name."""
