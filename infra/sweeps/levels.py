"""The three levels of a sweep: where an item stands first, who is above, and until which day each level has time."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from infra.sweeps.policy import SweepPolicy
from workflows.contracts.ids import VILLAGE_DIGITS, region_prefix
from workflows.contracts.vocabulary import Level


def beat(region_code: str) -> str:
    """What the codes of all places begin with that the staff of a region go to: a grid's go to its whole village."""
    return region_prefix(region_code)[:VILLAGE_DIGITS]


def highest(ordered_at: Level) -> Level:
    """The last level of a sweep that was ordered there: three levels take part, and the city only orders."""
    return min(ordered_at, Level.COUNTY, key=lambda level: level.rank)


def above(level: Level, top: Level) -> Level | None:
    """The next level up within the sweep, if there is one."""
    return list(Level)[level.rank + 1] if level.rank < top.rank else None


def last_days(working_days: Sequence[date], policy: SweepPolicy) -> Mapping[Level, date]:
    """Until which local date, included, each level has time; `working_days` are the sweep's own, at least one.

    What does not divide goes to the level below, and nobody has less than a day.
    """
    parts = (policy.village_part.value, policy.township_part.value, policy.county_part.value)

    def until(so_far: int) -> date:
        return working_days[-(-len(working_days) * so_far // sum(parts)) - 1]

    last = working_days[-1]
    return {
        Level.VILLAGE: until(parts[0]),
        Level.TOWNSHIP: until(parts[0] + parts[1]),
        Level.COUNTY: last,
        Level.CITY: last,
    }


def is_drawn(sweep_no: str, item_no: int, percent: int) -> bool:
    """Whether this item is in the sample: chosen by its number, so that nobody can choose it."""
    return int.from_bytes(sha256(f"{sweep_no}/{item_no}".encode()).digest()[:4]) % 100 < percent
