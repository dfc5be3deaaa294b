"""The roster of the invented city for one year: some of its units, in each of the ways that units take part."""

from datetime import date, timedelta

from infra.cities.pack import Presence, RosterDay

_FIRST, _LAST = date(2026, 1, 1), date(2026, 12, 31)
_WORKDAYS = frozenset(range(5))
_DAILY = frozenset(range(7))

_TURNS: dict[str, tuple[Presence, frozenset[int]]] = {
    "human_resources": (Presence.STATIONED, _WORKDAYS),
    "civil_affairs": (Presence.STATIONED, _WORKDAYS),
    "market_supervision": (Presence.ROTATING, frozenset({0, 2})),
    "transport": (Presence.ROTATING, frozenset({1, 3})),
    "public_security": (Presence.ON_CALL, _DAILY),
    "water_supply": (Presence.ONLINE, _DAILY),
}
"""How a unit takes part, and on which days of the week, Monday being 0; all others have the general duty office."""

_LEADERS_TURN = 5
"""Every fifth duty is the leader's own."""


def invent_roster() -> list[RosterDay]:
    """Every duty of the year, unit by unit and day by day."""
    days = [_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days + 1)]
    roster = []
    for unit_id, (presence, weekdays) in _TURNS.items():
        for n, day in enumerate((day for day in days if day.weekday() in weekdays), start=1):
            person = "handler" if n % _LEADERS_TURN else "leader"
            roster.append(RosterDay(unit_id, day, f"{person}-{unit_id}", presence))
    return roster
