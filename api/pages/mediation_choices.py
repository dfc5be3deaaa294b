"""What may be picked in the forms of a mediation: its parties, steps and papers, and who and what the city has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_channels import ChannelView
from api.mediation_views import MediationSnapshot, PartyView
from api.mediator_proposals import proposed_mediators
from api.pages import mediation_words as m
from api.pages import moments
from api.pages import words as w
from api.pages.choices import Choice
from api.pages.mediation_offers import TalkOffer
from api.pages.steps import Control, Field
from api.routing import serving_units
from infra.directory_tables import Unit, User
from infra.mediators.tables import Room
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import Channel
from workflows.contracts.vocabulary import UnitKind
from workflows.rules.calendar import local_date

_COURT = "court"
_NO_PART = frozenset({UnitKind.GOVERNANCE_CENTRE, UnitKind.DISCIPLINE})
"""These neither host nor help."""


@dataclass(frozen=True)
class Registers:
    """Of the city, for the mediation's region, the nearest first: `units` that can take part, those of them that can
    `host`, `courts`; for its hosts `rooms`; `mediators` of its channels, and `staff` of the units that are invited.
    """

    units: Sequence[Choice] = ()
    hosts: Sequence[Choice] = ()
    courts: Sequence[Choice] = ()
    rooms: Sequence[Choice] = ()
    mediators: Sequence[Choice] = ()
    staff: Sequence[Choice] = ()
    kinds: Mapping[str, UnitKind] = field(default_factory=dict)


async def read_registers(session: AsyncSession, state: MediationState, now: datetime) -> Registers:
    """What can be picked now."""
    today = local_date(now)
    serving = await serving_units(session, state.region_code, today, Unit.kind.not_in(_NO_PART))
    serving.sort(key=lambda unit: (-len(unit.region_code.rstrip("0")), unit.name))
    hosting = {kind for row in state.policy.channels.values() if row.switched_on for kind in row.hosts}
    hosts = {track.host.unit_id for track in state.tracks.values()}
    rooms = await session.execute(
        select(Room.room_id, Unit.name, Room.name)
        .join(Unit, Unit.unit_id == Room.unit_id)
        .where(Room.unit_id.in_(hosts))
        .order_by(Unit.name, Room.name)
    )
    invited = {unit_id for track in state.tracks.values() for unit_id in track.invited}
    staff = await session.execute(
        select(User.user_id, User.name, Unit.name)
        .join(Unit, Unit.unit_id == User.unit_id)
        .where(User.unit_id.in_(invited))
        .order_by(Unit.name, User.name)
    )
    return Registers(
        units=[Choice(unit.unit_id, unit.name) for unit in serving],
        hosts=[
            Choice(unit.unit_id, f"{unit.name}（{word_of_kind(unit.kind)}）")
            for unit in serving
            if unit.kind in hosting
        ],
        courts=[Choice(unit.unit_id, unit.name) for unit in serving if unit.function == _COURT],
        rooms=[Choice(room_id, f"{unit} {name}") for room_id, unit, name in rooms],
        mediators=await _mediators(session, state, now),
        staff=[Choice(user_id, f"{unit} {name}") for user_id, name, unit in staff],
        kinds={unit.unit_id: UnitKind(unit.kind) for unit in serving},
    )


def word_of_kind(kind: str) -> str:
    """What sort of body it is."""
    return w.word(m.UNIT_KINDS, kind)


async def _mediators(session: AsyncSession, state: MediationState, now: datetime) -> list[Choice]:
    fits = await proposed_mediators(session, state, local_date(now))
    return [Choice(fit.mediator_id, f"{fit.name}（{'；'.join(fit.reasons)}）") for fit in fits]


def party_label(party: PartyView) -> str:
    """`申请人张三`; without a name where that is not known."""
    return f"{w.word(m.SIDES, party.side)}{party.person.name or ''}"


@dataclass(frozen=True)
class TalkChoices:
    """The choices of one mediation, as its reader sees it."""

    shown: MediationSnapshot
    registers: Registers

    def of(self, field: Field, offer: TalkOffer) -> list[Choice]:
        """What the field may be."""
        fixed = {Control.SOME: self.parties, Control.SCORE: self._labels.get(field.name, {})}
        match field.control:
            case Control.SOME if field.name == "invited":
                return list(self.registers.staff)
            case Control.UNITS:
                return list(self.registers.units)
            case Control.SCORE:
                return self._labelled(map(str, offer.options(field.name)), fixed[Control.SCORE])
            case Control.OFFERED:
                return self._offered(field.name, offer)
            case _:
                words = fixed.get(field.control, field.choices or {})
                return self._labelled(words, words)

    @property
    def parties(self) -> dict[str, str]:
        """Labels by number."""
        return {party.party_no: party_label(party) for party in self.shown.parties}

    def _offered(self, name: str, offer: TalkOffer) -> list[Choice]:
        registers = self.registers
        of_city: Mapping[str, Sequence[Choice]] = {
            "form": [Choice(one.form, w.word(m.FORMS, one.form)) for one in self.shown.channels if one.takes],
            "host": registers.hosts,
            "unit_id": registers.units,
            "court": registers.courts,
            "room": registers.rooms,
            "mediator_id": registers.mediators if offer.step.name != "disclose" else (),
        }
        if of_city.get(name):
            return list(of_city[name])
        labels = self._labels.get(name, _WORDS.get(name, {}))
        return self._labelled(offer.options(name) or (self.parties if name in _OF_PARTIES else ()), labels)

    @property
    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        """What is called how, by the field that names it."""
        shown = self.shown
        items = shown.agreement.items if shown.agreement else []
        people = {who: name for track in shown.tracks for who, name in track.mediators.items()}
        people |= {one.person_id: f"翻译{one.name or ''}" for one in shown.interpreters.values()}
        return {
            "track": {
                str(track.number): f"第{track.number}步 {w.word(m.FORMS, track.form)}（{track.host_name}）"
                for track in shown.tracks
            },
            **dict.fromkeys(_OF_PARTIES, self.parties),
            **dict.fromkeys(("mediator_id", "person_id"), people),
            "item_no": {one.item_no: f"{one.item_no[1:]}. {one.what or '（文字已清除）'}" for one in items},
            "session_no": {
                one.session_no: f"第{one.session_no[1:]}次（{moments.moment(one.starts_at)}）" for one in shown.sessions
            },
            "paper_no": {
                one.paper_no: f"{m.PAPERS[one.paper]}（文书{one.paper_no.rpartition('-N')[2]}）" for one in shown.papers
            },
            "support_no": {one.support_no: f"{m.SUPPORTS[one.support]}（{one.unit_name}）" for one in shown.supports},
        }

    @staticmethod
    def _labelled(values: Iterable[str], labels: Mapping[str, str]) -> list[Choice]:
        return [Choice(value, w.word(labels, value)) for value in values]

    def prefilled(self, step_name: str) -> dict[str, list[str]]:
        """What stands in the fields of a fresh form, by their names in it."""
        match step_name:
            case "decide-plan":
                return self._proposal()
            case "schedule-session" | "apply-confirmation":
                return {"parties": list(self.parties)}
            case _:
                return {}

    def _proposal(self) -> dict[str, list[str]]:
        """The steps that the rules propose, at the nearest committee or court; any other host is for people to pick."""
        rows = {channel.form: channel for channel in self.shown.channels}
        values: dict[str, list[str]] = {}
        for place, step in enumerate(self.shown.proposed):
            values[f"tracks.{place}.form"] = [step.form]
            values[f"tracks.{place}.host"] = self._usual_host(rows[step.form])
            values[f"tracks.{place}.together"] = [str(step.together).lower()]
            values[f"tracks.{place}.fact_finding"] = [str(step.fact_finding).lower()]
        return values

    def _usual_host(self, row: ChannelView) -> list[str]:
        registers = self.registers
        if row.channel is Channel.COURT:
            return [one.value for one in registers.courts][:1]
        if UnitKind.COMMITTEE in row.hosts and row.channel in {Channel.PEOPLE, Channel.LOCAL_WORTHY}:
            return [one.value for one in registers.hosts if registers.kinds[one.value] is UnitKind.COMMITTEE][:1]
        return []


_OF_PARTIES = ("party_no", "promisor", "to")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "remedy": m.REMEDY_NAMES,
    "ground": w.PAUSE_GROUNDS,
    "by": m.SIGNED_BY,
    "system": m.OUTSIDE,
    "ask": m.ASKED,
}
"""By the field's name, where its values are fixed words."""
