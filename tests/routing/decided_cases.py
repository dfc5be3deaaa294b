"""Cases that people have decided, as the read model keeps them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra.tables import Case, Intake, Task

_BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
_ABOUT = {
    ("城乡建设/住房保障与房地产/物业服务", "housing"): ("物业服务", "小区物业收了物业费却不打扫楼道,业主意见很大"),
    ("教育文体/教育行政管理/学生负担", "education"): ("学校补课", "学校要求学生周末到校补课,家长不同意"),
    ("劳动和社会保障/工资福利/工资发放", "human_resources"): ("拖欠工资", "公司拖欠工资三个月,工人多次讨要没有结果"),
}
_WHEN = ("昨天", "上周", "今年以来", "最近", "前天", "一直")


class Decided(NamedTuple):
    """A case of a class that a unit led to its result."""

    category: str
    unit_id: str
    title: str
    description: str


def decided(each: int) -> list[Decided]:
    """So many cases of each of three classes, no two in the same words."""
    return [
        Decided(category, unit_id, title, f"{_WHEN[n % 6]}{_WHEN[n // 6 % 6]}{description},第{n}次反映")
        for (category, unit_id), (title, description) in _ABOUT.items()
        for n in range(each)
    ]


async def enter(session: AsyncSession, cases: Sequence[Decided], **columns: Any) -> None:
    """Writes them as closed cases, `columns` differing; the task of the lead is finished."""
    for n, case in enumerate(cases):
        intake, number = uuid4(), f"T{uuid4().hex[:16]}"
        at = _BEGIN + timedelta(hours=n)
        named = {"case_no": number, "tracking_code": number, "source": "test"}
        row = {
            "title": case.title,
            "description": case.description,
            "kind": "help",
            "urgency": "ordinary",
            "category": case.category,
            "level": "township",
            "status": "closed",
            "registered_at": at,
        }
        await session.execute(
            insert(Intake).values(id=intake, pin_hash="", actor={}, received_at=at, details={}, **named)
        )
        await session.execute(insert(Case).values(intake_id=intake, **named, **(row | columns)))
        task = {"task_no": f"{number}-T1", "case_no": number, "unit_id": case.unit_id, "dispatched_at": at}
        await session.execute(insert(Task).values(role="lead", status="finished", **task))
