"""Units without a system of their own: their people read the inbox and work on what is in it."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from functools import partial

from cli.demo.errands import Errands
from cli.demo.figures import Figures
from cli.demo.staff import Staff
from cli.demo.story import Story
from cli.simulator.handling import Order, work

_LOOK_EVERY = 1.5
_PAGE = 100
_QUICK, _SLOW = 0.4, 1.15
"""When steps are taken, as a part of the time to their due time: some units are a little late."""
_OPEN = frozenset({"dispatched", "signed", "contacted", "reported_in"})


class Offices:
    """Works on what was announced to units that have no system, or whose system will not take it."""

    def __init__(
        self, staff: Staff, errands: Errands, story: Story, with_system: Collection[str], figures: Figures
    ) -> None:
        self._staff = staff
        self._errands = errands
        self._story = story
        self._with_system = with_system
        self._figures = figures
        self._expected: defaultdict[str, set[str]] = defaultdict(set)

    def expect(self, unit_id: str, case_no: str, *, in_spite_of_system: bool = False) -> None:
        """The unit was called in for the case; a unit with a system is told by that, unless it is not taken there."""
        if in_spite_of_system or unit_id not in self._with_system:
            self._expected[unit_id].add(case_no)

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            over = self._figures.ended
            waiting = [unit_id for unit_id, expected in self._expected.items() if expected - over]
            await asyncio.gather(*(self._read_inbox(unit_id) for unit_id in waiting))
            await asyncio.sleep(_LOOK_EVERY)

    async def _read_inbox(self, unit_id: str) -> None:
        api = self._staff.handler(unit_id)
        for item in (await api.get("/tasks", unit=unit_id, limit=_PAGE))["items"]:
            if item["case_no"] in self._expected[unit_id] and item["status"] in _OPEN:
                order = Order.of(item["task_no"], item["clocks"])
                chance = self._story.chance(0, order.task_no)
                pace = chance.uniform(_QUICK, _SLOW)
                self._errands.begin(order.task_no, partial(work, api, order, pace=pace, chance=chance))
