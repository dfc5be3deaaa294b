"""A department's own system: takes task signals in its own manner and works on the tasks."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

from pydantic import BaseModel, ConfigDict
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from cli.simulator.configuration import Department
from cli.simulator.handling import Order, work
from cli.simulator.public_api import PublicApi, Refused

_RETRY_AFTER = 1
"""Seconds that a system which is down asks for."""
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


class DepartmentSystem:
    """Plays one department. `answered` counts what it told the sender, by HTTP status."""

    def __init__(self, told: Department, api: PublicApi, seed: int) -> None:
        self.answered: Counter[int] = Counter()
        self._told = told
        self._api = api
        self._seed = seed
        self._signature = Webhook(told.secret)
        self._first_answers = list(told.first_answers)
        self._taken: set[str] = set()
        self._put_off: dict[str, Signal] = {}
        self._work: dict[str, asyncio.Task[None]] = {}

    async def take_up_open_tasks(self) -> None:
        """Goes on with what an earlier run of this program had begun."""
        inbox = await self._api.get("/tasks", unit=self._told.unit_id, limit=_MOST_TASKS_TAKEN_UP)
        for item in inbox["items"]:
            if item["open"]:
                found = Signal(type="task.dispatched", **{n: item[n] for n in ("case_no", "task_no", "clocks")})
                await self._act_on(found)

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Answers a task signal with a status and headers; what is taken in is worked on from now."""
        status = await self._judge(headers, body)
        self.answered[status] += 1
        return status, {"retry-after": str(_RETRY_AFTER)} if status == 503 else {}

    async def stop(self) -> None:
        """Lets go of all work."""
        under_way = list(self._work.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _judge(self, headers: Mapping[str, str], body: bytes) -> int:
        try:
            signal = Signal.model_validate(self._signature.verify(body, dict(headers)))
        except WebhookVerificationError:
            return 401
        except ValueError:  # not base64, not JSON, or not a task signal
            return 400
        if self._first_answers:
            return self._first_answers.pop(0)
        if self._has_no_place_for(signal):
            return 422
        signal_id = headers["webhook-id"]
        if signal_id in self._taken:
            return 409
        self._taken.add(signal_id)
        await self._act_on(signal)
        return 202

    def _has_no_place_for(self, signal: Signal) -> bool:
        to_be_filed = signal.type in {"task.dispatched", "task.changed"}
        return to_be_filed and (signal.category or "").startswith(self._told.refused_classes)

    async def _act_on(self, signal: Signal) -> None:
        match signal.type:
            case "task.dispatched" if self._told.waits_for_the_city:
                self._put_off[signal.task_no] = signal
            case "task.dispatched" | "task.changed":
                self._begin(signal, self._told.pace)
            case "task.cancelled":
                self._put_off.pop(signal.task_no, None)
                self._end(signal.task_no)
            case "task.urged" | "task.supervised" if signal.task_no in self._put_off:
                self._start(f"{signal.task_no}?", self._see_who_asks(signal))
            case _:
                pass

    async def _see_who_asks(self, signal: Signal) -> None:
        try:
            case = await self._api.get(f"/cases/{signal.case_no}")
        except Refused:
            return
        if case["level"] == "city" and self._put_off.pop(signal.task_no, None):
            self._begin(signal, _PACE_UNDER_SUPERVISION)

    def _begin(self, signal: Signal, pace: float) -> None:
        self._end(signal.task_no)
        chance = Random(f"{self._seed}/{signal.task_no}")  # noqa: S311 - a rehearsal, to be repeated exactly
        self._start(signal.task_no, work(self._api, signal.order, pace=pace, chance=chance))

    def _start(self, name: str, doing: Any) -> None:
        started = asyncio.create_task(doing)
        self._work[name] = started
        started.add_done_callback(lambda done: self._work.pop(name) if self._work.get(name) is done else None)

    def _end(self, task_no: str) -> None:
        if under_way := self._work.get(task_no):
            under_way.cancel()
