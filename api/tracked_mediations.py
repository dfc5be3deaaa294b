"""What a requester who is a party sees of her mediation, by tracking code and PIN: her own side, where she can go."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import not_found
from api.fields import in_yuan
from api.mediation_calendar import room_names
from api.mediation_list import staff_names
from api.mediation_remedies import periods, routes
from api.mediation_scope import recorded_state
from api.wording import look_up
from infra.mediation_tables import Mediation, MediationPerson
from infra.papers.vocabulary_words import REMEDIES
from infra.rosters import unit_names
from infra.tables import Case
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    Channel,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Remedy,
    SessionStatus,
)
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import local_date


class NextSession(BaseModel):
    starts_at: datetime
    ends_at: datetime
    place: str


class ConsentAskedOfHer(BaseModel):
    """She is asked whether she agrees to this channel, until the local day `until`; silence counts as no."""

    track: int
    form: MediationForm
    until: date


class TrackedPromise(BaseModel):
    """`by_her` if she promised it, `to_her` if it was promised to her; `due` is a local day, `amount` in yuan."""

    item_no: str
    what: str | None
    by_her: bool
    to_her: bool
    due: date | None
    amount: str | None
    status: FulfilmentStatus


class TrackedAgreement(BaseModel):
    """The agreement, once it binds; words are null once they were erased."""

    effective_at: datetime
    form: AgreementForm
    terms: str | None
    promises: list[TrackedPromise]


class Way(BaseModel):
    """Where she can go: what it is called, how it is done, to whom, and the last local day, where that is known."""

    remedy: Remedy
    name: str
    how: str
    where: str | None
    until: date | None


class Period(BaseModel):
    """A period of the law that runs: its last local day, and what mediation does to it."""

    name: str
    until: date | None
    effect: str


class TrackedMediation(BaseModel):
    """A mediation as one of its parties sees it; whoever is none of them sees where it stands, and no more.

    `confirmation_until` is the last local day on which all parties together can ask a court to confirm the agreement.
    """

    mediation_no: str
    party_no: str | None
    status: MediationStatus
    channel: Channel | None
    form: MediationForm | None
    host: str | None
    mediators: list[str]
    next_session: NextSession | None
    consent: ConsentAskedOfHer | None
    agreement: TrackedAgreement | None
    confirmation_until: date | None
    ways: list[Way]
    periods: list[Period]


async def tracked_mediations(session: AsyncSession, case: Case, case_state: CaseState | None) -> list[TrackedMediation]:
    """The mediations of her case, the latest last."""
    rows = await _rows(session, case.case_no)
    hers = await _herself(session, case.case_no) if rows else frozenset[str]()
    return [
        await _tracked(session, row, state, case_state, party_of(state, hers))
        for row in rows
        if (state := recorded_state(row)) is not None
    ]


async def her_part(session: AsyncSession, case_no: str, mediation_no: str | None) -> tuple[MediationState, Party]:
    """The mediation that is meant, by default the latest that she is a party of, and what she is in it.

    Raises:
        Problem: 404 if there is none, or she is no party of it.
    """
    hers = await _herself(session, case_no)
    for row in reversed(await _rows(session, case_no)):
        state = recorded_state(row)
        if state is None or mediation_no not in {None, state.mediation_no}:
            continue
        party = party_of(state, hers)
        if party is not None:
            return state, party
    raise not_found("mediation")


def asked_of(state: MediationState, party: Party) -> tuple[Track, MediationClock] | None:
    """The channel to which her consent is awaited, and until when."""
    for track in state.running_tracks:
        about = f"{track.tag}{party.party_no}"
        for clock in state.clocks.values():
            if (clock.name, clock.about) == (ClockName.CONSENT, about) and clock.is_open:
                return track, clock
    return None


def party_of(state: MediationState, hers: frozenset[str]) -> Party | None:
    """The party that she is, or that she is the guardian of."""
    found = (party for party in state.parties.values() if party.person_id in hers or party.guardian in hers)
    return next(found, None)


async def _herself(session: AsyncSession, case_no: str) -> frozenset[str]:
    found = select(MediationPerson.person_id).where(MediationPerson.case_no == case_no, MediationPerson.is_requester)
    return frozenset(str(person_id) for person_id in await session.scalars(found))


async def _rows(session: AsyncSession, case_no: str) -> Sequence[Mediation]:
    found = select(Mediation).where(Mediation.case_no == case_no)
    return (await session.scalars(found.order_by(Mediation.opened_at, Mediation.mediation_no))).all()


async def _tracked(
    session: AsyncSession, row: Mediation, state: MediationState, case_state: CaseState | None, party: Party | None
) -> TrackedMediation:
    shown = TrackedMediation(
        mediation_no=state.mediation_no,
        party_no=party.party_no if party is not None else None,
        status=state.status,
        channel=None,
        form=None,
        host=None,
        mediators=[],
        next_session=None,
        consent=None,
        agreement=None,
        confirmation_until=None,
        ways=[],
        periods=[],
    )
    if party is None:
        return shown
    track = state.main_track
    ended_on = local_date(row.ended_at or state.last_at)
    units = {*state.centres.values(), *([track.host.unit_id] if track is not None else [])}
    names = {unit_id: name.unit for unit_id, name in (await unit_names(session, units)).items()}
    staff = await staff_names(session, set(track.mediators)) if track is not None else {}
    limitations = case_state.limitations.values() if case_state is not None else ()
    asked = asked_of(state, party)
    confirmation = [clock for clock in state.clocks.values() if clock.name is ClockName.CONFIRMATION and clock.is_open]
    of_track = (
        {
            "channel": state.row(track.form).channel,
            "form": track.form,
            "host": names.get(track.host.unit_id),
            "mediators": [staff.get(who, who) for who in track.mediators],
            "next_session": await _next_session(session, state, party, names.get(track.host.unit_id, "")),
        }
        if track is not None
        else {}
    )
    return shown.model_copy(
        update={
            **of_track,
            "consent": ConsentAskedOfHer(track=asked[0].number, form=asked[0].form, until=asked[1].due_date)
            if asked is not None
            else None,
            "agreement": await _agreement(session, state, party),
            "confirmation_until": confirmation[0].due_date if confirmation else None,
            "ways": [
                Way(
                    remedy=route.remedy,
                    name=REMEDIES[route.remedy].name,
                    how=REMEDIES[route.remedy].how,
                    where=route.where,
                    until=route.until,
                )
                for route in routes(state, limitations, track, ended_on, names)
            ],
            "periods": [
                Period(name=one.name, until=one.until, effect=one.effect)
                for one in periods(state, limitations, ended_on)
            ],
        }
    )


async def _next_session(session: AsyncSession, state: MediationState, party: Party, host: str) -> NextSession | None:
    ahead = [
        one
        for one in state.sessions.values()
        if one.status is SessionStatus.SCHEDULED and party.party_no in one.parties
    ]
    if not ahead:
        return None
    first = min(ahead, key=lambda one: one.starts_at)
    rooms = await room_names(session) if first.room is not None else {}
    return NextSession(starts_at=first.starts_at, ends_at=first.ends_at, place=rooms.get(first.room or "", host))


async def _agreement(session: AsyncSession, state: MediationState, party: Party) -> TrackedAgreement | None:
    agreement = state.agreement
    if agreement is None or agreement.effective_at is None:
        return None
    said = {item.what for item in agreement.items.values()} | ({agreement.terms} if agreement.terms else set())
    words = await look_up(session, said)
    return TrackedAgreement(
        effective_at=agreement.effective_at,
        form=agreement.form,
        terms=words.get(agreement.terms or ""),
        promises=[
            TrackedPromise(
                item_no=item.item_no,
                what=words.get(item.what),
                by_her=item.promisor == party.party_no,
                to_her=item.to == party.party_no,
                due=item.due,
                amount=in_yuan(item.amount) if item.amount is not None else None,
                status=item.status,
            )
            for item in sorted(agreement.items.values(), key=lambda one: int(one.item_no[1:]))
        ],
    )
