"""A department's own system: takes task signals in its own manner and works on the tasks."""

from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict

from cli.simulator.configuration import Department
from cli.simulator.handling import Order, work
from cli.simulator.public_api import PublicApi, Refused
from cli.simulator.system import System

_MOST_TASKS_TAKEN_UP = 200
_PACE_UNDER_SUPERVISION = 0.2


class Signal(BaseModel):
    """As much of a task signal as a department's system needs."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    type: str
    case_no: str
    task_no: str
    category: str | None = None
    clocks: tuple[dict[str, Any], ...] = ()

    @property
    def order(self) -> Order:
        """The work that it asks for."""
        return Order.of(self.task_no, self.clocks)


class DepartmentSystem(System[Signal]):
    """Plays one department."""

    reads = Signal

    def __init__(self, told: Department, api: PublicApi, seed: int) -> None:
        super().__init__(told.secret, told.first_answers)
        self._told = told
        self._api = api
        self._seed = seed
        self._put_off: dict[str, Signal] = {}

    async def take_up_open_tasks(self) -> None:
        """Goes on with what an earlier run of this program had begun."""
        inbox = await self._api.get("/tasks", unit=self._told.unit_id, limit=_MOST_TASKS_TAKEN_UP)
        for item in inbox["items"]:
            if item["open"]:
                found = Signal(type="task.dispatched", **{n: item[n] for n in ("case_no", "task_no", "clocks")})
                await self.act_on(found.task_no, found)

    def has_no_place_for(self, signal: Signal) -> bool:
        """Some classes have none; a reminder is always taken."""
        to_be_filed = signal.type in {"task.dispatched", "task.changed"}
        return to_be_filed and (signal.category or "").startswith(self._told.refused_classes)

    async def act_on(self, message_id: str, signal: Signal) -> None:
        """Works on a task, lets go of it, or sees who reminds it."""
        match signal.type:
            case "task.dispatched" if self._told.waits_for_the_city:
                self._put_off[signal.task_no] = signal
            case "task.dispatched" | "task.changed":
                self._work_on(signal, self._told.pace)
            case "task.cancelled":
                self._put_off.pop(signal.task_no, None)
                self.end(signal.task_no)
            case "task.urged" | "task.supervised" if signal.task_no in self._put_off:
                self.begin(f"{signal.task_no}?", self._see_who_asks(signal))
            case _:
                pass

    async def _see_who_asks(self, signal: Signal) -> None:
        try:
            case = await self._api.get(f"/cases/{signal.case_no}")
        except Refused:
            return
        if case["level"] == "city" and self._put_off.pop(signal.task_no, None):
            self._work_on(signal, _PACE_UNDER_SUPERVISION)

    def _work_on(self, signal: Signal, pace: float) -> None:
        self.end(signal.task_no)
        chance = Random(f"{self._seed}/{signal.task_no}")  # noqa: S311 - a rehearsal, to be repeated exactly
        self.begin(signal.task_no, work(self._api, signal.order, pace=pace, chance=chance))
