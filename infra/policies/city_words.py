"""Whether a policy speaks of what the city has, and forgets nothing that the city has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeVar

from infra.cities.located_yaml import Where
from infra.policies.written import PolicyFile, When
from workflows.contracts.vocabulary import CaseKind, RiskLevel, Urgency

_OTHER = "*"
"""Stands for every source that no rule names; itself it could be none."""

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class CityWords:
    """The classes of a city's matters as `level1/level2/level3`, and its ratings."""

    classes: tuple[str, ...]
    ratings: frozenset[str]


def strange_words(policy: PolicyFile, words: CityWords) -> Iterator[tuple[Where, str]]:
    """Classes and ratings that the policy names and the city does not have."""
    known = with_classes_above(words.classes)
    named: list[tuple[Where, str | None]] = [
        *((("statutory", category), category) for category in policy.statutory),
        *((("selection", n, "when", "category"), rule.when.category) for n, rule in enumerate(policy.selection)),
    ]
    for where, category in named:
        if category is not None and category not in known:
            yield where, f"class {category} is not in matters.csv"
    for n, rating in enumerate(policy.rating_scale):
        if rating not in words.ratings:
            yield ("rating_scale", n), f"rating {rating} has no label in city.yaml"


def uncovered(policy: PolicyFile, words: CityWords | None) -> Iterator[tuple[Where, str]]:
    """A sort of case that no rule of the selection takes, named by its class if the city's classes are known."""
    whens = [rule.when for rule in policy.selection]
    for index, when in enumerate(whens[:-1]):
        if when == When():
            yield ("selection", index), "matches every case: the rules after it are never reached"
            return
    # Where nothing is said the most general case stands for all of its sort, so few have to be tried.
    sources = [*_named(when.source for when in whens), _OTHER]
    kinds = _tried(CaseKind, (when.kind for when in whens))
    urgencies = _tried(Urgency, (when.urgency for when in whens))
    risks: list[RiskLevel | None] = [*_named(when.risk for when in whens), None]
    categories = [*(words.classes if words else ()), None]
    fallen: dict[str | None, list[str]] = {}
    for category, source, kind, urgency, risk in product(categories, sources, kinds, urgencies, risks):
        if category not in fallen and not any(when.matches(source, kind, urgency, risk, category) for when in whens):
            told = [f"class {category}" if category else "a case without a class"]
            told += ["any other source" if source == _OTHER else f"source {source}"] if len(sources) > 1 else []
            told += [f"kind {kind}"] if any(when.kind for when in whens) else []
            told += [f"urgency {urgency}"] if any(when.urgency for when in whens) else []
            told += [f"risk {risk or 'not set'}"] if len(risks) > 1 else []
            fallen[category] = told
    if fallen:
        first, others = ", ".join(next(iter(fallen.values()))), len(fallen) - 1
        more = f", nor {others} other classes" if others else ""
        yield ("selection",), f"no rule covers {first}{more}: end it with a rule without `when`"


def with_classes_above(classes: Iterable[str]) -> set[str]:
    """Every class and every class above one."""
    parts = [path.split("/") for path in classes]
    return {"/".join(part[:depth]) for part in parts for depth in (1, 2, 3)}


def _named(values: Iterable[Value | None]) -> list[Value]:
    return list(dict.fromkeys(value for value in values if value is not None))


def _tried(all_values: type[Word], given: Iterable[Word | None]) -> list[Word]:
    """Those that are named, and one that stands for all others."""
    named = _named(given)
    return [*named, *[value for value in all_values if value not in named][:1]]
