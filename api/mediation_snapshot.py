"""What the API shows of a mediation, made from the read model or from the running process."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_channels import channels, proposed, refusal
from api.mediation_people import TakesPartAs
from api.mediation_views import (
    AgreementView,
    DisputeView,
    InvitationView,
    ItemView,
    MarkView,
    MediationClockView,
    MediationSnapshot,
    PaperView,
    PartyView,
    PersonView,
    SessionView,
    SupportView,
    TrackView,
)
from api.snapshots import owner_view
from api.wording import look_up
from infra.directory_tables import User
from infra.mediation_tables import Mediation, MediationPerson
from infra.rosters import UnitName, unit_names
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.state import Agreement, MediationState, PaperState, Session, Track
from workflows.contracts.mediation.vocabulary import SessionStatus
from workflows.rules.mediation.confirmation import why_not_confirmable
from workflows.rules.mediation.ownership import owner as owner_of


async def snapshot(
    session: AsyncSession, mediation: Mediation, state: MediationState, *, today: date, stale: bool
) -> MediationSnapshot:
    """The mediation in this state; `today` is the local date whose duty is shown."""
    owner = owner_of(state)
    tracks = state.tracks.values()
    units = {unit for track in tracks for unit in (track.host.unit_id, *track.invited)}
    units |= {support.unit_id for support in state.supports.values()} | ({owner.unit_id} if owner else set())
    names = await unit_names(session, units, today)
    people = await _People.read(session, state)
    return MediationSnapshot(
        mediation_no=state.mediation_no,
        case_no=state.case_no,
        status=state.status,
        locked=state.locked,
        level=state.level,
        region_code=state.region_code,
        risk=state.risk,
        dispute=DisputeView.model_validate(state.dispute.model_dump()),
        owner=owner_view(owner, names),
        clocks=_clocks(state.clocks.values()),
        proposed=proposed(state),
        channels=channels(state),
        tracks=[_track(state.tracks[number], names, people) for number in sorted(state.tracks)],
        review_due=state.review_due,
        parties=[people.party(state.parties[number]) for number in _numbered(state.parties)],
        interpreters={language: people.person(who) for language, who in sorted(state.interpreters.items())},
        sessions=[_session(state.sessions[number], people) for number in _numbered(state.sessions)],
        agreement=await _agreement(session, state),
        why_not_confirmable=refusal(why_not_confirmable(state)),
        confirmation=state.confirmation,
        supports=[
            SupportView(support_no=number, unit_name=names[support.unit_id].unit, **support.model_dump())
            for number, support in ((number, state.supports[number]) for number in _numbered(state.supports))
        ],
        papers=[_paper(number, state.papers[number]) for number in _numbered(state.papers)],
        remedy=state.remedy,
        needs_operator=state.needs_operator,
        opened_at=state.opened_at,
        ended_at=mediation.ended_at,
        seq=state.seq,
        stale=stale,
    )


async def invitation(session: AsyncSession, state: MediationState, unit_id: str) -> InvitationView:
    """What a unit may know that is invited."""
    of_unit = {track.number: track for track in state.tracks.values() if unit_id in track.invited}
    hosts = {track.host.unit_id for track in of_unit.values()}
    names = await unit_names(session, hosts)
    meetings = [state.sessions[number] for number in _numbered(state.sessions)]
    return InvitationView(
        mediation_no=state.mediation_no,
        case_no=state.case_no,
        status=state.status,
        hosts={host: names[host].unit for host in sorted(hosts)},
        sessions=[
            meeting.starts_at
            for meeting in meetings
            if meeting.track in of_unit and meeting.status is SessionStatus.SCHEDULED
        ],
    )


class _People:
    """Names by id: of people of the case, and of staff."""

    def __init__(self, of_case: Mapping[str, MediationPerson], staff: Mapping[str, str]) -> None:
        self._of_case = of_case
        self._staff = staff

    @classmethod
    async def read(cls, session: AsyncSession, state: MediationState) -> "_People":
        rows = await session.scalars(select(MediationPerson).where(MediationPerson.case_no == state.case_no))
        ids = {who for track in state.tracks.values() for who in track.mediators}
        ids |= {who for one in state.sessions.values() for who in (*one.mediators, *one.invited)}
        ids |= set(state.interpreters.values())
        staff = await session.execute(select(User.user_id, User.name).where(User.user_id.in_(ids)))
        return cls({str(row.person_id): row for row in rows}, dict(staff.all()))

    def named(self, ids: Iterable[str]) -> dict[str, str]:
        """Staff by their ids; unknown ones go by the id."""
        return {who: self._staff.get(who, who) for who in ids}

    def person(self, person_id: str) -> PersonView:
        row = self._of_case.get(person_id)
        if row is None:
            return PersonView(person_id=person_id, name=self._staff.get(person_id))
        standing = row.standing if row.role != TakesPartAs.PARTY.value else None
        return PersonView(person_id=person_id, name=row.name, standing=standing)

    def party(self, party: Party) -> PartyView:
        return PartyView(
            party_no=party.party_no,
            side=party.side,
            kind=party.kind,
            capacity=party.capacity,
            person=self.person(party.person_id),
            guardian=self.person(party.guardian) if party.guardian else None,
            representatives=[self.person(who) for who in party.representatives],
            language=party.language,
            suspect=party.suspect,
        )


def _track(track: Track, names: Mapping[str, UnitName], people: _People) -> TrackView:
    return TrackView(
        number=track.number,
        form=track.form,
        fact_finding=track.fact_finding,
        together=track.together,
        host=track.host.unit_id,
        host_name=names[track.host.unit_id].unit,
        invited={unit_id: names[unit_id].unit for unit_id in track.invited},
        status=track.status,
        consents=list(track.consents),
        mediators=people.named(track.mediators),
        applied_at=track.applied_at,
        taken_up_at=track.taken_up_at,
        held=track.held,
        referred_to=track.referred_to,
        paused_until=track.paused_until,
    )


def _session(session: Session, people: _People) -> SessionView:
    return SessionView(
        session_no=session.session_no,
        track=session.track,
        status=session.status,
        room=session.room,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        reminded=session.reminded,
        parties=list(session.parties),
        mediators=people.named(session.mediators),
        invited=people.named(session.invited),
    )


async def _agreement(session: AsyncSession, state: MediationState) -> AgreementView | None:
    agreement = state.agreement
    if agreement is None:
        return None
    words = await look_up(session, _text_ids(agreement))
    return AgreementView(
        track=agreement.track,
        form=agreement.form,
        terms=words.get(agreement.terms) if agreement.terms else None,
        items=[
            ItemView(
                **agreement.items[number].model_dump(exclude={"what"}), what=words.get(agreement.items[number].what)
            )
            for number in _numbered(agreement.items)
        ],
        clauses=list(agreement.clauses),
        needs=list(state.row(state.tracks[agreement.track].form).needs),
        marks=[MarkView(by=mark.by, party_no=mark.party_no) for mark in agreement.marks],
        fee=agreement.fee,
        effective_at=agreement.effective_at,
        elsewhere=agreement.elsewhere,
    )


def _text_ids(agreement: Agreement) -> list[str]:
    return [*([agreement.terms] if agreement.terms else []), *(item.what for item in agreement.items.values())]


def _paper(number: str, paper: PaperState) -> PaperView:
    return PaperView(
        paper_no=number,
        paper=paper.paper,
        track=paper.track,
        to=list(paper.to),
        served=list(paper.served),
        issued_at=paper.issued_at,
    )


def _clocks(clocks: Iterable[MediationClock]) -> list[MediationClockView]:
    in_order = sorted(clocks, key=lambda clock: (clock.started_at, clock.id))
    return [MediationClockView.model_validate({"id": clock.id} | dict(clock)) for clock in in_order]


def _numbered(numbers: Collection[str]) -> list[str]:
    """`P2` before `P10`: a state that was stored has lost its own order."""
    return sorted(numbers, key=lambda number: (len(number), number))
