"""What a timeline tells of other cases, and of who gave a tip-off, to a reader who may not know of them."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.scope import SEALED, visible
from api.timeline import TimelineActor, TimelineItem
from api.tokens import AT_A_CENTRE, Caller
from infra.tables import Case
from workflows.contracts.vocabulary import CaseKind, Role

_CASE_NO = re.compile(r"\d{18,23}")
_NOBODY = TimelineActor(id=Role.REQUESTER.value, role=Role.REQUESTER.value, unit_id=None, name=None)


async def for_reader(
    session: AsyncSession, case: Case, by: Caller, items: Sequence[TimelineItem]
) -> list[TimelineItem]:
    """The items of a case's timeline with the numbers of cases that the reader does not see, and their words, sealed.

    Who reported a tip-off is known to the centre alone [信访工作条例 30].
    """
    named = {number for item in items for number in _numbers(item.data)} - {case.case_no}
    seen = await session.scalars(select(Case.case_no).where(Case.case_no.in_(named), visible(by)))
    unseen = named - set(seen)
    told = [item.model_copy(update={"data": _sealed(item.data, unseen)}) for item in items]
    if case.kind == CaseKind.TIP_OFF.value and by.role not in AT_A_CENTRE:
        reporter = {item.actor.id for item in items if item.kind == "case_registered"}
        told = [item.model_copy(update={"actor": _NOBODY}) if item.actor.id in reporter else item for item in told]
    return told


def _numbers(value: Any) -> Iterator[str]:
    match value:
        case str() if _CASE_NO.fullmatch(value):
            yield value
        case dict():
            for one in value.values():
                yield from _numbers(one)
        case list():
            for one in value:
                yield from _numbers(one)
        case _:
            pass


def _sealed(value: Any, unseen: AbstractSet[str]) -> Any:
    match value:
        case str():
            return SEALED if value in unseen else value
        case dict():
            hidden = value.get("case_no") in unseen
            kept = {name: _sealed(one, unseen) for name, one in value.items()}
            # What a part says is for those who see the case that it became.
            return kept | {name: SEALED for name in ("title", "description") if hidden and name in kept}
        case list():
            return [_sealed(one, unseen) for one in value]
        case _:
            return value
