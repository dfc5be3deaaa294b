"""One unit's work on one task: sign, contact, report in, a note on the way, finish; each in its time."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

from cli.simulator.public_api import PublicApi, Refused

_BEFOREHAND = frozenset({"already_signed", "already_reported_in"})
_BREATH = 0.2
"""Seconds between two steps at least: nobody does two things in one moment."""


@dataclass(frozen=True)
class Order:
    """A task to be worked on: `due` holds when its open steps (`sign`, `contact`, `report_in`, `finish`) are due."""

    task_no: str
    due: Mapping[str, datetime]

    @classmethod
    def of(cls, task_no: str, clocks: Iterable[Mapping[str, Any]]) -> "Order":
        """From a task signal's clocks, or from those of an inbox, where met and stopped ones are listed too."""
        open_clocks = [clock for clock in clocks if not (clock.get("met_at") or clock.get("stopped_at"))]
        return cls(task_no, {clock["name"]: datetime.fromisoformat(clock["due_at"]) for clock in open_clocks})

    @property
    def key(self) -> str:
        """What makes this round of work recognisable: a rework is due at another time."""
        finish = self.due.get("finish")
        return f"{self.task_no}@{int(finish.timestamp()) if finish else ''}"


async def work(api: PublicApi, order: Order, *, pace: float, chance: Random) -> None:
    """Takes the steps that are open, each once `pace` of the time to its due time has gone by; returns at the end.

    The end may also be that the task is not the unit's to work on any more.
    """
    seen = datetime.now(UTC)
    unhurried = pace * chance.uniform(0.9, 1.1)
    bodies = _bodies(chance)
    steps = [name for name in bodies if name == "progress" or name in order.due]
    if chance.random() < 0.5:
        steps.remove("progress")
    for name in steps:
        due = order.due.get(name, seen)
        waited = (datetime.now(UTC) - seen).total_seconds()
        await asyncio.sleep(max((due - seen).total_seconds() * unhurried - waited, _BREATH))
        try:
            path = f"/tasks/{order.task_no}/{name.replace('_', '-')}"
            await api.post(path, bodies[name], key=f"{order.key}/{name}")
        except Refused as refusal:
            if refusal.code not in _BEFOREHAND:
                return


def _bodies(chance: Random) -> dict[str, dict[str, str]]:
    """What is said at each step, in their order."""
    return {
        "sign": {},
        "contact": {"note": chance.choice(_CONTACTS)},
        "report_in": {},
        "progress": {"note": chance.choice(_NOTES)},
        "finish": {"reply": chance.choice(_REPLIES), "internal_note": "现场照片和经办记录已存本单位系统。"},
    }


_CONTACTS = (
    "已电话联系诉求人，问清了地点和经过，约定到场时间。",
    "已与诉求人通话，说明由我单位负责办理。",
    "已上门见到诉求人，当面听取了情况。",
)
_NOTES = (
    "现场已查看，正在准备材料和人员。",
    "已与相关方见面，正在核对记录。",
    "施工人员已到场，预计按期完成。",
)
_REPLIES = (
    "您反映的问题已经查实并处理完毕，现场已恢复，请您查看。如有不妥，可随时来电。",
    "我们已到现场办理：责任方已按要求整改，并承诺今后不再发生。感谢您的监督。",
    "经核查，您的诉求合理，相关手续已经补办到位，结果已当面向您说明。",
)
