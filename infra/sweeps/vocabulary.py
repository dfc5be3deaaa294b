"""The words of sweeps (联排联调), by their names in code. Of matters and places only: a sweep has no list of people."""

from enum import StrEnum


class ItemKind(StrEnum):
    """Why something is on a sweep's list: an open dispute, a spot that staff know, or trouble by the city's record."""

    CASE = "case"
    SPOT = "spot"
    RECORD = "record"


class SpotKind(StrEnum):
    """What sort of place or issue a trouble spot is."""

    HOUSE = "house"
    CONSTRUCTION_SITE = "construction_site"
    MARKET = "market"
    COMPANY = "company"
    WATER = "water"
    LAND = "land"
    ROAD = "road"
    OTHER = "other"


class ItemStatus(StrEnum):
    """What has become of an item; what is owed next is told beside it."""

    TO_VISIT = "to_visit"
    PASSED_UP = "passed_up"
    VISITED = "visited"
    SETTLED = "settled"
    CHECKED = "checked"


class Owed(StrEnum):
    """What the level at which an item stands owes next."""

    VISIT = "visit"
    CHECK = "check"


class VisitOutcome(StrEnum):
    """What a visit came to. Nobody met is no visit: it stays owed."""

    CALM = "calm"
    TALKED_OVER = "talked_over"
    FINDING = "finding"
    UNREACHABLE = "unreachable"


class SweepAct(StrEnum):
    """What is on a sweep's record."""

    ORDERED = "ordered"
    VISITED = "visited"
    PASSED_UP = "passed_up"
    AGREED = "agreed"
    DISAGREED = "disagreed"
    CLOSED = "closed"
