"""The story of a mediation: its events in words, with what its reader may know of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_list import staff_names
from api.mediation_views import MediationSnapshot
from api.pages.mediation_choices import party_label
from api.pages.mediation_sentences import OF_MEDIATION, TalkNames
from api.pages.names import local_day
from api.pages.sentences import Entry, tell
from api.timeline import TimelineItem
from infra.rosters import unit_names

_FILES = ("paper", "attachments", "scan", "evidence")
"""The fields that name attachments; `paper` does so in an application."""


async def talk_names(session: AsyncSession, shown: MediationSnapshot, items: Sequence[TimelineItem]) -> TalkNames:
    """What the mediation's story names, as far as its reader may know it."""
    named = {
        who
        for item in items
        for field in ("mediator_id", "person_id", "interpreter_id")
        if (who := item.data.get(field))
    }
    people = await staff_names(session, named)
    people |= {one.person_id: one.name or "翻译" for one in shown.interpreters.values()}
    units = await unit_names(session, {item.actor.unit_id for item in items if item.actor.unit_id})
    return TalkNames(
        units={unit_id: name.unit for unit_id, name in units.items()},
        levels={},
        ratings={},
        parties={party.party_no: party_label(party) for party in shown.parties},
        people=people,
        forms={track.number: track.form for track in shown.tracks},
    )


def tell_talks(item: TimelineItem, names: TalkNames) -> Entry:
    """The event in words, with what was conceded and promised, and the files that it names."""
    entry = tell(item, names, OF_MEDIATION)
    said = [*entry.words, *_conceded(item, names), *_promised(item, names)]
    return replace(entry, words=said, evidence=_files(item))


def _listed(item: TimelineItem, field: str) -> Sequence[Any]:
    # What is sealed stands there as a text.
    value = item.data.get(field)
    return value if isinstance(value, list | tuple) else ()


def _conceded(item: TimelineItem, names: TalkNames) -> list[tuple[str, str | None]]:
    return [(f"{names.party(one['party_no'])}的让步（保密）", one["text"]) for one in _listed(item, "concessions")]


def _promised(item: TimelineItem, names: TalkNames) -> list[tuple[str, str | None]]:
    lines: list[tuple[str, str | None]] = []
    for number, promise in enumerate(_listed(item, "promises"), start=1):
        until = f"，{local_day(promise['due'])}前" if promise["due"] else ""
        who = f"{names.party(promise['promisor'])}对{names.party(promise['to'])}"
        lines.append((f"履行事项{number}（{who}{until}）", promise["what"]))
    return lines


def _files(item: TimelineItem) -> list[str]:
    fields = _FILES if item.kind == "applied_for" else _FILES[1:]
    single = [item.data[field] for field in fields if field in {"paper", "scan"} and item.data.get(field)]
    several = [one for field in ("attachments", "evidence") for one in _listed(item, field)]
    # A sealed file is no address.
    return [one for one in (*single, *several) if len(one) == 36]
