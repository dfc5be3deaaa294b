"""What a timeline tells of other cases, and of who gave a tip-off, to a reader who may not know of them."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.scope import SEALED, visible
from api.timeline import PROTECTED, TimelineActor, TimelineItem, read_kinds
from api.tokens import AT_A_CENTRE, Caller
from infra.tables import Case
from workflows.contracts.vocabulary import CaseKind, Role

_CASE_NO = re.compile(r"\d{18,23}")
_REPORTS_OF_DANGER = frozenset({"danger_reported", "police_called", "protection_reported"})
_SAID_IN_CONFIDENCE = frozenset({"caller", "note", "receipt", "receipt_no"})
_NOBODY = TimelineActor(id=Role.REQUESTER.value, role=Role.REQUESTER.value, unit_id=None, name=None)


async def for_reader(
    session: AsyncSession, case: Case, by: Caller, items: Sequence[TimelineItem]
) -> list[TimelineItem]:
    """The items of a case's timeline with the numbers of cases that the reader does not see, and their words, sealed.

    Who reported a tip-off is known to the centre alone [信访工作条例 30], and so is who reported a danger.
    """
    named = {number for item in items for number in _numbers(item.data)} - {case.case_no}
    seen = await session.scalars(select(Case.case_no).where(Case.case_no.in_(named), visible(by)))
    unseen = named - set(seen)
    told = [item.model_copy(update={"data": _sealed(item.data, unseen)}) for item in items]
    if case.kind == CaseKind.TIP_OFF.value and by.role not in AT_A_CENTRE:
        reporter = {item.actor.id for item in items if item.kind == "case_registered"}
        told = [item.model_copy(update={"actor": _NOBODY}) if item.actor.id in reporter else item for item in told]
    return told if by.role in AT_A_CENTRE else await _without_who_reported_danger(session, case, told)


async def _without_who_reported_danger(
    session: AsyncSession, case: Case, items: Sequence[TimelineItem]
) -> list[TimelineItem]:
    """Reports about a danger are kept in confidence [未成年人保护法 11, 反家庭暴力法 14], and what followed at once."""
    last = max((item.seq for item in items), default=0)
    reports = await read_kinds(session, case.case_no, _REPORTS_OF_DANGER, last)
    steps = {(report.actor.id, report.recorded_at) for report in reports}
    return [_protected(item) if (item.actor.id, item.recorded_at) in steps else item for item in items]


def _protected(item: TimelineItem) -> TimelineItem:
    hidden = {name: SEALED for name in _SAID_IN_CONFIDENCE & item.data.keys() if item.data[name] is not None}
    return item.model_copy(update={"actor": PROTECTED, "data": item.data | hidden})


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
