"""Whether a roster agrees with the units and the staff of a city, of a pack or of the database alike."""

from collections.abc import Iterator, Mapping
from datetime import date

from infra.cities.csv_table import Table
from infra.cities.faults import Fault
from infra.cities.pack import RosterDay
from infra.cities.routing import InOffice, is_in_office


def roster_faults(
    roster: Table[RosterDay], units: Mapping[str, InOffice], works_for: Mapping[str, str | None]
) -> Iterator[Fault]:
    """All that is doubled or contradictory; `units` by their ids, `works_for` the unit of every member of staff."""
    first: dict[tuple[str, date], int] = {}
    for line, duty in roster.lines:
        if first.setdefault((duty.unit_id, duty.day), line) != line:
            stands = first[duty.unit_id, duty.day]
            yield roster.fault(line, f"{duty.unit_id} on {duty.day} stands in line {stands} already")
        unit = units.get(duty.unit_id)
        if unit is None:
            yield roster.fault(line, f"unit {duty.unit_id} does not exist")
        elif not is_in_office(unit, duty.day):
            yield roster.fault(line, f"unit {duty.unit_id} is not in office on {duty.day}")
        if duty.user_id not in works_for:
            yield roster.fault(line, f"user {duty.user_id} does not exist")
        elif works_for[duty.user_id] != duty.unit_id:
            yield roster.fault(line, f"user {duty.user_id} does not work for {duty.unit_id}")
