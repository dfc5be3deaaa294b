"""All that the records know of a mediation as of one of its events: for the papers that tell of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_list import staff_names
from api.timeline import state_known_at
from api.wording import look_up, text_ids
from infra.mediation_tables import MediationPerson
from infra.mediators.tables import Room
from infra.papers.contents import Matter, PartyLines
from infra.papers.vocabulary_words import SIDES
from infra.rosters import unit_names
from infra.tables import Case
from workflows.contracts.limitation import Limitation
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.people import Party
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import MediationForm, SessionForm
from workflows.contracts.state import CaseState
from workflows.rules.mediation.evolve import fold


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """A mediation in the state after its last record here, with the names and words that its papers need.

    `case_state` is its case as known when that record was made; what was erased is missing in `people` and `words`.
    """

    state: MediationState
    records: Sequence[MediationRecorded]
    case: Case
    case_state: CaseState | None
    words: Mapping[str, str]
    people: Mapping[str, MediationPerson]
    staff: Mapping[str, str]
    units: Mapping[str, str]
    rooms: Mapping[str, str]

    @classmethod
    async def read(cls, session: AsyncSession, case: Case, records: Sequence[MediationRecorded]) -> "Dossier":
        """Reads what these records refer to; `case` is its whole row."""
        state = fold(records)
        people = select(MediationPerson).where(MediationPerson.case_no == case.case_no)
        staff = {who for track in state.tracks.values() for who in (*track.mediators, *track.rejected)}
        staff |= {who for meeting in state.sessions.values() for who in (*meeting.mediators, *meeting.invited)}
        staff |= {record.actor.id for record in records} | set(state.interpreters.values())
        units = {unit for track in state.tracks.values() for unit in (track.host.unit_id, *track.invited)}
        units |= {*state.centres.values()}
        used = {meeting.room for meeting in state.sessions.values() if meeting.room is not None}
        rooms = (await session.scalars(select(Room).where(Room.room_id.in_(used)))).all()
        names = await unit_names(session, units | {room.unit_id for room in rooms})
        return cls(
            state=state,
            records=records,
            case=case,
            case_state=await state_known_at(session, case.case_no, records[-1].recorded_at),
            words=await look_up(session, _text_ids(records)),
            people={str(person.person_id): person for person in await session.scalars(people)},
            staff=await staff_names(session, staff),
            units={unit_id: name.unit for unit_id, name in names.items()},
            rooms={room.room_id: f"{names[room.unit_id].unit}{room.name}" for room in rooms},
        )

    def as_of(self, seq: int) -> "Dossier":
        """The mediation as it was at that event; its case stays as it is here."""
        records = self.records[:seq]
        return replace(self, records=records, state=fold(records))

    def with_case(self, case_state: CaseState | None) -> "Dossier":
        """With what is known of its case then."""
        return replace(self, case_state=case_state)

    @property
    def last(self) -> MediationRecorded:
        """The event that it goes up to."""
        return self.records[-1]

    @property
    def limitations(self) -> Collection[Limitation]:
        """The limitation periods that its case counts down."""
        return self.case_state.limitations.values() if self.case_state is not None else ()

    def track(self, number: int | None) -> Track | None:
        """The step of that number; without one that which seeks the agreement, else the last that did."""
        if number is not None:
            return self.state.tracks[number]
        begun = [t for t in self.state.tracks.values() if not t.fact_finding and (t.applied_at or t.consents)]
        seeking = [t for t in self.state.tracks.values() if not t.fact_finding]
        return self.state.current or next(reversed(begun), None) or next(iter(seeking), None)

    def form(self, track: Track | None) -> MediationForm:
        """Its form; that of people's mediation, the base of all, where nothing was planned yet."""
        return track.form if track is not None else MediationForm.PEOPLE

    def matter(self, track: Track | None, issued_on: date, *, contacts: bool = False) -> Matter:
        """What stands on every paper of that step; `contacts` only where the paper stays in the file."""
        centre = self.state.centres[self.state.level]
        return Matter(
            mediation_no=self.state.mediation_no,
            host=self.units.get(track.host.unit_id if track else centre, ""),
            mediators=[self.staff.get(who, who) for who in track.mediators] if track else [],
            parties=[self.party(party, contacts=contacts) for party in self.state.parties.values()],
            dispute=self.case.description,
            invited=[self.units[unit] for unit in track.invited] if track else [],
            issued_on=issued_on,
        )

    def party(self, party: Party, *, contacts: bool = False) -> PartyLines:
        """The party as a paper shows it."""
        known = self.people.get(party.person_id)
        contact = [known.address, known.phone] if known is not None and contacts else []
        return PartyLines(
            side=party.side,
            name=self.name(party.party_no),
            kind=party.kind,
            document_no=known.id_document if known is not None else None,
            contact="，".join(filter(None, contact)) or None,
            guardian=self.person(party.guardian) if party.guardian else None,
            representatives=[self.person(who) for who in party.representatives],
            language=party.language,
        )

    def name(self, party_no: str) -> str:
        """The party's name; its side and number once that was erased."""
        party = self.state.parties[party_no]
        return self.person(party.person_id) or f"{SIDES[party.side]}{party_no}"

    def said(self, text_id: str | None) -> str:
        """The words; empty once they were erased."""
        return self.words.get(text_id, "") if text_id is not None else ""

    def lines(self, text_id: str | None) -> list[str]:
        """The words, a paragraph each."""
        return [line.strip() for line in self.said(text_id).splitlines() if line.strip()]

    def place(self, meeting: e.SessionScheduled) -> str:
        """Where people meet."""
        if meeting.room is not None:
            return self.rooms.get(meeting.room, meeting.room)
        if meeting.form is SessionForm.ON_SITE:
            return self.units.get(self.state.tracks[meeting.track].host.unit_id, "")
        return "视频会议" if meeting.form is SessionForm.VIDEO else "当事人住处"

    def scheduled(self, session_no: str) -> e.SessionScheduled:
        """The event that set the session."""
        events = (record.event for record in self.records)
        return next(one for one in events if isinstance(one, e.SessionScheduled) and one.session_no == session_no)

    def person(self, person_id: str) -> str:
        """The name of somebody of the case or of staff; empty once it was erased."""
        known = self.people.get(person_id)
        return (known.name if known is not None else self.staff.get(person_id)) or ""


def _text_ids(records: Sequence[MediationRecorded]) -> set[str]:
    events = [record.event for record in records]
    return {found for event in events for found in text_ids(type(event), event.model_dump(mode="json"))}
