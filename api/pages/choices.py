"""What may be picked from in filters and forms, in the words of the loaded city."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.pages import moments
from api.pages import words as w
from api.pages.learnt_lines import learnt_lines
from api.pages.names import clock_name, referral_name
from api.pages.offers import Offer
from api.pages.steps import Control, Field
from api.routing import serving_units, suggest
from api.snapshots import CaseSnapshot
from infra.directory_tables import CityRow, Matter, Region, Unit
from workflows.contracts.ids import region_prefix
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, REFERRED_UNIT_KINDS, ClockName, Level, TaskRole
from workflows.rules.calendar import local_date
from workflows.rules.clock_starts import policy_of, running

_CALLED = DATED_UNIT_KINDS | REFERRED_UNIT_KINDS
"""Centres and mediation committees are not called in by a whistle, nor is a matter referred to them."""
_BELOW: Mapping[str, tuple[str, ...]] = {
    "city": ("county", "township"),
    "county": ("township", "village"),
    "township": ("village", "grid"),
    "village": ("grid",),
}


@dataclass(frozen=True)
class City:
    """What the city is called, its own words for levels and ratings, and the languages that it names by their tags."""

    name: str
    levels: Mapping[str, str]
    ratings: Mapping[str, str]
    languages: Mapping[str, str]


@dataclass(frozen=True)
class Choice:
    """One entry of a list to pick from; `deeper` entries stand below the one before them."""

    value: str
    label: str
    deeper: bool = False


async def the_city(session: AsyncSession) -> City:
    """The loaded city; without one, names in code stand for its words."""
    row = await session.scalar(select(CityRow).limit(1))
    data = row.data if row else {}
    levels = {level.value: level.value for level in Level} | data.get("level_labels", {})
    return City(
        row.name if row else "", levels, {**w.RATINGS, **(data.get("rating_scale") or {})}, data.get("languages", {})
    )


async def regions_below(session: AsyncSession, region: str | None) -> list[Choice]:
    """The regions one and two levels below one, or below the city, by code."""
    top = select(Region).where(Region.code == region if region else Region.level == Level.CITY.value)
    scope = await session.scalar(top)
    if scope is None:
        return []
    levels = _BELOW.get(scope.level, ())
    rows = await session.execute(
        select(Region.code, Region.name, Region.level)
        .where(Region.code.startswith(region_prefix(scope.code)), Region.level.in_(levels))
        .order_by(Region.code)
    )
    return [Choice(code, name, deeper=level != levels[0]) for code, name, level in rows]


async def region_names(session: AsyncSession, codes: Collection[str | None]) -> dict[str, str]:
    """What regions are called, by their codes."""
    if not codes:
        return {}
    return dict((await session.execute(select(Region.code, Region.name).where(Region.code.in_(codes)))).all())


async def city_classes(session: AsyncSession) -> list[str]:
    """The classes of matters, as `level1/level2/level3`."""
    return list(await session.scalars(select(Matter.path).order_by(Matter.path)))


async def units_within(session: AsyncSession, region: str | None) -> list[Choice]:
    """The units of a region's subtree, or of the city, that can be given dates."""
    query = select(Unit.unit_id, Unit.name).where(Unit.kind.in_(DATED_UNIT_KINDS)).order_by(Unit.region_code, Unit.name)
    if region:
        query = query.where(Unit.region_code.startswith(region_prefix(region)))
    return [Choice(unit_id, name) for unit_id, name in await session.execute(query)]


@dataclass(frozen=True)
class Suggested:
    """The units that serve a case's region: all, those that can be given dates or cannot, and the catalogue's."""

    serving: Sequence[Choice]
    units: Sequence[Choice]
    undated: Sequence[Choice]
    lead: str | None
    co_units: Sequence[str]
    reasons: Sequence[str]


async def units_to_call(session: AsyncSession, case: CaseSnapshot, now: datetime) -> Suggested:
    """Valid units that serve the case's region, those that the catalogue suggests first."""
    today = local_date(now)
    named = []
    if case.category:
        try:
            named = await suggest(session, case.category, case.region_code, today)
        except Problem:
            # A class or region that has left the catalogue since: nothing to suggest.
            named = []
    datable = [suggestion for suggestion in named if suggestion.datable]
    serving = await serving_units(session, case.region_code, today, Unit.kind.in_(_CALLED))
    ranks = {suggestion.unit_id: place for place, suggestion in enumerate(datable)}
    serving.sort(key=lambda unit: (ranks.get(unit.unit_id, len(ranks)), unit.region_code, unit.name))
    return Suggested(
        serving=[Choice(unit.unit_id, unit.name) for unit in serving],
        units=[Choice(unit.unit_id, unit.name) for unit in serving if unit.kind in DATED_UNIT_KINDS],
        undated=[Choice(unit.unit_id, unit.name) for unit in serving if unit.kind in REFERRED_UNIT_KINDS],
        lead=next((found.unit_id for found in datable if found.role is TaskRole.LEAD), None),
        co_units=[found.unit_id for found in datable if found.role is TaskRole.CO],
        reasons=[suggestion.reason for suggestion in named] or await learnt_lines(session, case, today),
    )


@dataclass(frozen=True)
class CaseNames:
    """What a case's units, regions and merged reports are called: by unit id, region code and tracking code."""

    units: Mapping[str, str]
    regions: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)


def choices_of(
    offer: Offer, state: CaseState, city: City, names: CaseNames, suggested: Suggested | None
) -> dict[str, list[Choice]]:
    """What each field of the step may be, by the field's name."""
    fields = [*offer.fields, *(part for field in offer.fields for part in field.parts)]
    return {field.name: _choices(field, offer, state, city, names, suggested) for field in fields}


def _choices(
    field: Field, offer: Offer, state: CaseState, city: City, names: CaseNames, suggested: Suggested | None
) -> list[Choice]:
    match field.control:
        case Control.CHOICE | Control.CHOICES | Control.YES_NO | Control.SCORE:
            return _worded(field.choices or {}, field.choices or {})
        case Control.PRESET:
            usual = state.policy.default_task_preset
            presets = sorted(state.policy.task_presets, key=lambda name: (name != usual, name))
            return _worded(presets, w.PRESETS)
        case Control.RATING:
            return _worded(state.policy.rating_scale, city.ratings)
        case Control.OFFERED:
            return _worded(offer.options(field.name), _labels(offer, field.name, state, city, names))
        case Control.REPORTS:
            return _worded(names.reports, names.reports)
        case _:
            return _units(field.control, offer, state, suggested) if suggested else []


def _worded(values: Iterable[str], words: Mapping[str, str]) -> list[Choice]:
    return [Choice(value, w.word(words, value)) for value in values]


def _units(control: Control, offer: Offer, state: CaseState, suggested: Suggested) -> list[Choice]:
    match control:
        case Control.UNIT | Control.UNITS:
            return _not_at_work(state, suggested.units)
        case Control.DATED_UNIT:
            return list(suggested.units)
        case Control.REFERRED_UNIT:
            return list(suggested.undated)
        case Control.OTHER_UNIT:
            own = state.tasks[offer.task_no].unit.unit_id if offer.task_no else None
            return [unit for unit in suggested.serving if unit.value != own]
        case _:
            return []


def _labels(offer: Offer, name: str, state: CaseState, city: City, names: CaseNames) -> Mapping[str, str]:
    """What the values of a field are called that the case's own rules offer."""
    fixed = {"risk": w.RISKS, "ground": w.PAUSE_GROUNDS, "level": city.levels, "region_code": names.regions}
    if name in fixed:
        return fixed[name]
    if name == "clock_id":
        return {
            clock_id: f"{w.LIMITATIONS[known.kind]}（{moments.day(known.began_on)}起算）"
            for clock_id, known in state.limitations.items()
        }
    if name == "clock":
        return {clock: _extendable(state, ClockName(clock), offer.task_no) for clock in offer.options(name)}
    if offer.step.name == "extension-decision":
        return _requests(state, names.units)
    return _numbered(name, state, names.units)


def _numbered(name: str, state: CaseState, units: Mapping[str, str]) -> dict[str, str]:
    """What the case's notices, referrals and tasks are called, by their numbers."""
    match name:
        case "notice_no":
            return {number: f"{w.NOTICES[notice.notice]}（{number}）" for number, notice in state.notices.items()}
        case "referral_no":
            asked = {number: referral.unit.unit_id for number, referral in state.referrals.items()}
            return {number: f"{units[unit_id]}（{referral_name(number)}）" for number, unit_id in asked.items()}
        case _:
            return {
                number: f"{units[task.unit.unit_id]}（{w.word(w.TASK_ROLES, task.role)}）"
                for number, task in state.tasks.items()
            }


def _not_at_work(state: CaseState, units: Sequence[Choice]) -> list[Choice]:
    """Units without a part in the case; the one that disputes its part may be told to keep it."""
    at_work = {task.unit.unit_id for task in state.open_tasks if task.task_no != state.disputed}
    return [unit for unit in units if unit.value not in at_work]


def _extendable(state: CaseState, name: ClockName, task_no: str | None) -> str:
    (clock,) = running(state, name, task_no)
    policy = policy_of(state, clock)
    if policy is None or policy.extension is None:
        return w.word(w.CLOCKS, name)
    at_most = policy.extension.at_most
    longest = f"{at_most.amount}{w.word(w.LIMIT_UNITS, at_most.unit)}"
    return f"{w.word(w.CLOCKS, name)}（最多延{longest}，由{w.word(w.ROLES, policy.extension.approver)}审批）"


def _requests(state: CaseState, names: Mapping[str, str]) -> dict[str, str]:
    labels = {}
    for task_no, request in state.extension_requests.items():
        unit = names[state.tasks[task_no].unit.unit_id]
        labels[task_no] = f"{unit}：{clock_name(request.clock_id)}延至{moments.day(request.until)}"
    return labels
