"""The map of the invented city: 6 counties, 76 townships, 650 villages and communities, 5,800 grids."""

from collections import Counter
from dataclasses import dataclass
from math import fsum
from random import Random

from infra.cities.invented_names import Names
from infra.cities.pack import Region, RegionLevel

CITY_CODE = "990100000000"
VILLAGES = 650
GRIDS = 5_800
CENTRED_VILLAGES = 65
"""The largest communities, one in ten of all villages, have a governance centre of their own."""

_LENT_VILLAGES = 3
"""So many villages of the park are served by the neighbouring street's centre."""


@dataclass(frozen=True, slots=True)
class TownshipKind:
    """A sort of township: the ending of its name, where its codes begin, and how its villages are called."""

    suffix: str
    first_code: int
    communities: int
    """In a hundred of its villages."""
    rural: str = "村"


_STREET = TownshipKind("街道", 1, 100)
_TOWN = TownshipKind("镇", 100, 25)
_RURAL = TownshipKind("乡", 200, 0)
_STEPPE_TOWN = TownshipKind("镇", 100, 15, "嘎查")
_SUMU = TownshipKind("苏木", 200, 0, "嘎查")
_PARK = TownshipKind("产业园区", 400, 60)
_FARM = TownshipKind("农场", 500, 40)

_COUNTIES: tuple[tuple[str, str, tuple[tuple[TownshipKind, int], ...]], ...] = (
    ("990102", "澄岚区", ((_STREET, 12), (_TOWN, 2))),
    ("990103", "汐桥区", ((_STREET, 9), (_TOWN, 3), (_PARK, 1))),
    ("990121", "墨溪县", ((_TOWN, 8), (_RURAL, 4))),
    ("990122", "砚川县", ((_TOWN, 7), (_RURAL, 5), (_FARM, 1))),
    ("990123", "朝勒旗", ((_STEPPE_TOWN, 4), (_TOWN, 3), (_RURAL, 4), (_SUMU, 1))),
    ("990181", "栖禾市", ((_STREET, 3), (_TOWN, 7), (_RURAL, 2))),
)


@dataclass(frozen=True, slots=True)
class _Township:
    code: str
    kind: TownshipKind


def centre_id(region_code: str) -> str:
    """The id of the governance centre of a region."""
    return f"centre-{region_code}"


def invent_regions(random: Random, names: Names) -> list[Region]:
    """All regions in the order of their codes within each level, from the city down; grids name no centre."""
    regions = [Region(CITY_CODE, "云江市", RegionLevel.CITY, None, centre_id(CITY_CODE))]
    townships: list[_Township] = []
    for prefix, name, kinds in _COUNTIES:
        county = prefix + "0" * 6
        regions.append(Region(county, name, RegionLevel.COUNTY, CITY_CODE, centre_id(county)))
        taken: Counter[int] = Counter()
        for kind, count in kinds:
            for _ in range(count):
                code = f"{prefix}{kind.first_code + taken[kind.first_code]:03}000"
                taken[kind.first_code] += 1
                townships.append(_Township(code, kind))
                place = names.steppe_place() if kind.rural == "嘎查" else names.place()
                regions.append(Region(code, place + kind.suffix, RegionLevel.TOWNSHIP, county, centre_id(code)))
    villages = _invent_villages(random, names, townships)
    return [*regions, *_with_centres(random, villages, townships)]


def _invent_villages(random: Random, names: Names, townships: list[_Township]) -> list[Region]:
    villages = []
    counts = shares(VILLAGES, [random.uniform(0.8, 1.2) for _ in townships])
    for township, count in zip(townships, counts, strict=True):
        kind = township.kind
        communities = max(1, round(count * kind.communities / 100)) if kind.communities else 0
        for n in range(count):
            urban = n < communities
            code = f"{township.code[:9]}{n + 1 if urban else 200 + n - communities:03}"
            steppe = kind.rural == "嘎查" and not urban
            place = names.steppe_place() if steppe else names.place()
            name = place + ("社区" if urban else kind.rural)
            villages.append(Region(code, name, RegionLevel.VILLAGE, township.code, centre_id(township.code)))
    return villages


def _with_centres(random: Random, villages: list[Region], townships: list[_Township]) -> list[Region]:
    """The villages with the centres that serve them, then their grids."""
    weights = [random.uniform(6, 14) if village.name.endswith("社区") else random.uniform(4, 9) for village in villages]
    grids = shares(GRIDS, weights)
    communities = [at for at, village in enumerate(villages) if village.name.endswith("社区")]
    centred = set(sorted(communities, key=lambda at: (-grids[at], villages[at].code))[:CENTRED_VILLAGES])
    park = next(at for at, township in enumerate(townships) if township.kind is _PARK)
    in_park = [at for at, village in enumerate(villages) if village.parent == townships[park].code]
    lent = set([at for at in in_park if at not in centred][-_LENT_VILLAGES:])
    served = [
        Region(
            village.code,
            village.name,
            village.level,
            village.parent,
            centre_id(village.code)
            if at in centred
            else centre_id(townships[park - 1].code)
            if at in lent
            else village.responsible_centre,
        )
        for at, village in enumerate(villages)
    ]
    return served + [
        Region(f"{village.code}{n:03}", f"第{n}网格", RegionLevel.GRID, village.code, "")
        for village, count in zip(villages, grids, strict=True)
        for n in range(1, count + 1)
    ]


def shares(total: int, weights: list[float]) -> list[int]:
    """Divides `total` in proportion to the weights into whole numbers that add up to it."""
    whole_weight = fsum(weights)  # not sum: it rounds differently from Python 3.12 on
    exact = [total * weight / whole_weight for weight in weights]
    whole = [int(share) for share in exact]
    largest_rests = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in largest_rests[: total - sum(whole)]:
        whole[at] += 1
    return whole
