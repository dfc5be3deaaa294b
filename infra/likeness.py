"""How alike two reports are: whether they may be about one thing, as a score with its reasons. A person decides.

The score is the product of what the words, the place, the time and the class say, each 0 to 1: what one of them says
against it is not made up for by the others. The figures were set by hand on invented reports, which stand with the
tests.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz

from infra.chinese_text import pairs
from workflows.contracts.ids import region_prefix

THRESHOLD = 0.55
"""From here on two reports are likely duplicates: each further account of one thing finds an earlier one."""
WINDOW = timedelta(days=30)
"""Reports further apart are not compared: what is still wrong after a month is the same matter grown old, and told as a
further contact or a reopening."""
NEAR_METRES = 1_000
"""Reports with coordinates further apart are not compared unless they are of one township."""

_READ, _RUNS_READ = 500, 100
"""Characters of a report that are compared, and in which runs are looked for: what it is about is said at its
beginning, and the time that runs take grows with the square of it.
"""
_UNRELATED, _ONE_THING = 0.2, 0.5
"""The likeness of words that any two reports have, and that two accounts of one thing reach."""
_AFTER_THE_WINDOW = 0.5
_UNKNOWN_PLACE = 0.7
_UNKNOWN_CLASS = 0.9
_BY_METRES = ((100, 1.0), (300, 0.9), (NEAR_METRES, 0.6), (math.inf, 0.3))
_EARTH_METRES = 6_371_009


class ReasonCode(StrEnum):
    """What a score comes from."""

    WORDS = "words"
    DISTANCE = "distance"
    SAME_REGION = "same_region"
    ONE_REGION_IN_OTHER = "one_region_in_other"
    NEIGHBOURING_REGIONS = "neighbouring_regions"
    REGION_UNKNOWN = "region_unknown"
    TIME = "time"
    SAME_CLASS = "same_class"
    RELATED_CLASS = "related_class"
    OTHER_CLASS = "other_class"


@dataclass(frozen=True)
class Point:
    """A place in WGS-84, degrees."""

    lat: float
    lng: float

    def metres_to(self, other: "Point") -> float:
        """The way as the crow flies, on a sphere."""
        lat, other_lat = math.radians(self.lat), math.radians(other.lat)
        across = math.radians(other.lng - self.lng)
        half = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin(across / 2) ** 2
        return 2 * _EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True)
class Account:
    """What a report says; `category` as `level1/level2/level3`."""

    title: str
    description: str
    at: datetime
    region_code: str | None = None
    point: Point | None = None
    category: str | None = None

    @property
    def words(self) -> str:
        """What is compared of its text."""
        return f"{self.title}\n{self.description}"[:_READ]

    @cached_property
    def pairs(self) -> list[str]:
        """The signs that stand side by side in it, once each and sorted."""
        return sorted(pairs(self.words))


class Reason(NamedTuple):
    """What spoke for or against it, as a sentence for staff."""

    code: ReasonCode
    text: str


class Likeness(NamedTuple):
    """0 to 1, with the reasons: words, place, time, class; a class that is not known on both sides gives none."""

    score: float
    reasons: tuple[Reason, ...]


class _Part(NamedTuple):
    factor: float
    reason: Reason | None = None


def compare(one: Account, other: Account) -> Likeness:
    """How likely both are about one thing; the same whichever comes first."""
    parts = (_words(one, other), _place(one, other), _time(one, other), _class(one, other))
    score = math.prod(part.factor for part in parts)
    return Likeness(round(score, 3), tuple(part.reason for part in parts if part.reason is not None))


def _words(one: Account, other: Account) -> _Part:
    # People name the same things in their own order, which sets of pairs see, and their own phrases, which runs see.
    sets = fuzz.token_set_ratio(" ".join(one.pairs), " ".join(other.pairs))
    runs = fuzz.partial_ratio(one.words[:_RUNS_READ], other.words[:_RUNS_READ])
    alike = ((sets + runs) / 200 - _UNRELATED) / (_ONE_THING - _UNRELATED)
    factor = min(1.0, max(0.0, alike))
    return _Part(factor, Reason(ReasonCode.WORDS, f"标题和内容相近程度 {factor:.0%}"))


class _Shared(NamedTuple):
    """What it says if both lie in one region: named as such or one inside the other, or in different parts of it."""

    name: str
    together: float
    apart: float


_REGIONS: Mapping[int, _Shared] = {
    15: _Shared("网格", 1.0, 1.0),
    12: _Shared("村（社区）", 0.95, 0.8),
    9: _Shared("乡镇（街道）", 0.85, 0.5),
    6: _Shared("县（区）", 0.7, 0.3),
    4: _Shared("市", 0.7, 0.3),
}
"""By the digits that the codes share."""


def _place(one: Account, other: Account) -> _Part:
    if one.point is not None and other.point is not None:
        metres = one.point.metres_to(other.point)
        factor = next(factor for within, factor in _BY_METRES if metres <= within)
        return _Part(factor, Reason(ReasonCode.DISTANCE, f"两处相距约 {max(10, round(metres, -1)):.0f} 米"))
    if one.region_code is None or other.region_code is None:
        return _Part(_UNKNOWN_PLACE, Reason(ReasonCode.REGION_UNKNOWN, "至少一件没有写明区域"))
    a, b = region_prefix(one.region_code), region_prefix(other.region_code)
    narrower = min(len(a), len(b))
    digits = next((n for n in _REGIONS if n <= narrower and a[:n] == b[:n]), 4)
    shared = _REGIONS[digits]
    if a == b:
        return _Part(shared.together, Reason(ReasonCode.SAME_REGION, f"同一{shared.name}"))
    if digits == narrower:
        return _Part(shared.together, Reason(ReasonCode.ONE_REGION_IN_OTHER, f"同一{shared.name}，其中一件写得更细"))
    return _Part(shared.apart, Reason(ReasonCode.NEIGHBOURING_REGIONS, f"同一{shared.name}的不同地方"))


def _time(one: Account, other: Account) -> _Part:
    apart = abs(one.at - other.at)
    factor = 1 - (1 - _AFTER_THE_WINDOW) * min(1.0, apart / WINDOW)
    return _Part(factor, Reason(ReasonCode.TIME, f"登记时间相隔{_span(apart)}"))


def _span(apart: timedelta) -> str:
    hours = apart / timedelta(hours=1)
    if hours < 1:
        return "不到 1 小时"
    return f" {hours:.0f} 小时" if hours < 48 else f" {apart.days} 天"


def _class(one: Account, other: Account) -> _Part:
    if one.category is None or other.category is None:
        return _Part(_UNKNOWN_CLASS)
    a, b = one.category.split("/"), other.category.split("/")
    if a == b:
        return _Part(1.0, Reason(ReasonCode.SAME_CLASS, f"事项分类相同：{a[-1]}"))
    if a[0] != b[0]:
        return _Part(0.6, Reason(ReasonCode.OTHER_CLASS, "事项分类不同"))
    same_group = a[:2] == b[:2]
    related = Reason(ReasonCode.RELATED_CLASS, f"事项分类相近：同属{a[1] if same_group else a[0]}")
    return _Part(0.9 if same_group else 0.8, related)
