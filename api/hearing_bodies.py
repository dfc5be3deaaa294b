"""The bodies with which a host takes a dispute up, sets sessions and keeps its limit; what other authorities answer."""

from collections.abc import Collection
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, Envelope
from api.errors import FieldProblem, Problem
from api.fields import Body, Flag, Identifier, LocalDate, Moment, Name, Words
from api.mediation_bodies import MediationBody, Parties, TrackBody
from api.party_bodies import PartyNo
from api.tokens import UserId
from infra.connectors import OUTSIDE_FUNCTIONS
from infra.directory_tables import Unit
from infra.mediators.bookings import BookableKind, DoubleBooked, Resource, reserve
from infra.mediators.tables import Mediator, Room
from workflows.contracts.ids import UnitId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import Outside, OutsideAsk, SessionForm
from workflows.contracts.vocabulary import PauseGround, ServiceMethod

_MOST_FILES = 50
SessionNo = Annotated[str, StringConstraints(pattern=r"^S[1-9][0-9]{0,3}$")]
PaperNo = Annotated[str, StringConstraints(pattern=r"^[0-9]{18,23}-M[0-9]{1,3}-N[0-9]{1,4}$")]


class ApplyBody(TrackBody):
    """申请调解: `paper` is the scan of a written application."""

    makes = c.Apply
    party_no: PartyNo
    paper: UUID | None = None

    @property
    def attachments(self) -> dict[str, UUID]:
        return {"paper": self.paper} if self.paper is not None else {}


class TakeUpBody(TrackBody):
    makes = c.TakeUp
    accepted: Flag = True
    reason: Words | None = None


class ScheduleSessionBody(TrackBody):
    """调解安排: `invited` are members of staff who come besides; room and people are held for it."""

    makes = c.ScheduleSession
    form: SessionForm = SessionForm.ON_SITE
    room: Identifier | None = None
    starts_at: Moment
    ends_at: Moment
    parties: Annotated[Parties, Field(min_length=1)]
    invited: Annotated[tuple[UserId, ...], Field(max_length=30)] = ()

    @property
    def people_named(self) -> dict[str, str]:
        return {f"invited.{place}": user_id for place, user_id in enumerate(self.invited)}

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if self.room is not None and await session.get(Room, self.room) is None:
            raise Problem.of_field("room", "unknown_room", "the register has no such room")
        state = envelope.mediation
        if state is None or self.ends_at <= self.starts_at:
            return
        wanted = await self._wanted(session, state)
        try:
            await reserve(
                session,
                wanted,
                self.starts_at,
                self.ends_at,
                mediation_no=state.mediation_no,
                command_id=envelope.command_id,
                now=asked.at,
            )
        except DoubleBooked as taken:
            raise _double_booked(taken, wanted) from None

    async def _wanted(self, session: AsyncSession, state: MediationState) -> dict[Resource, str]:
        """What the session takes up, with the field that asks for it."""
        spoken = {state.parties[party_no].language for party_no in self.parties if party_no in state.parties}
        people = {who: "track" for track in self.tracks(state) for who in track.mediators}
        people |= {who: "parties" for language, who in state.interpreters.items() if language in spoken}
        people |= {user_id: field for field, user_id in self.people_named.items()}
        mediators = set(await session.scalars(select(Mediator.mediator_id).where(Mediator.mediator_id.in_(people))))
        wanted = {
            Resource(BookableKind.MEDIATOR if who in mediators else BookableKind.PERSON, who): field
            for who, field in people.items()
        }
        return wanted | ({Resource(BookableKind.ROOM, self.room): "room"} if self.room is not None else {})


def _double_booked(refused: DoubleBooked, wanted: dict[Resource, str]) -> Problem:
    errors = [
        FieldProblem(
            field=wanted[taken.resource],
            code="double_booked",
            message=f"the {taken.resource.kind} is taken from {taken.starts_at.isoformat()}"
            f" to {taken.ends_at.isoformat()}",
        )
        for taken in refused.taken
    ]
    return Problem(409, "double_booked", "a room or a person is not free then; choose another time", errors=errors)


class _SessionBody(MediationBody):
    session_no: SessionNo

    def tracks(self, state: MediationState) -> Collection[Track]:
        found = state.sessions.get(self.session_no)
        return [state.tracks[found.track]] if found is not None else []


class CallOffSessionBody(_SessionBody):
    makes = c.CallOffSession
    adjourned: Flag
    reason: Words


class ConcessionBody(Body):
    """What one party would give, for the host, the mediator and that party's own side only."""

    party_no: PartyNo
    text: Words


class RecordSessionBody(_SessionBody):
    """调解笔录: without `present` nobody came."""

    makes = c.RecordSession
    present: Parties
    facts: Words | None = None
    open_points: Words | None = None
    concessions: Annotated[tuple[ConcessionBody, ...], Field(max_length=50)] = ()
    attached: Annotated[tuple[UUID, ...], Field(alias="attachments", max_length=_MOST_FILES)] = ()

    @property
    def attachments(self) -> dict[str, UUID]:
        return {f"attachments.{place}": given for place, given in enumerate(self.attached)}

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        given = super().fields(envelope)
        return given | {"attachments": given.pop("attached")}


class ReferOutsideBody(TrackBody):
    """The dispute goes to the `system` of another authority, through that authority's `unit_id`."""

    makes = c.ReferOutside
    system: Outside
    unit_id: UnitId

    @property
    def unit_ids(self) -> dict[str, str]:
        return {"unit_id": self.unit_id}

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        # The unit's system learns who the parties are: another authority's must not.
        unit = await session.get(Unit, self.unit_id)
        if unit is None or unit.function != OUTSIDE_FUNCTIONS[self.system]:
            raise Problem.of_field("unit_id", "not_of_that_authority", "name a unit of the authority that gets it")


class RecordOutsideBody(MediationBody):
    """What an authority without a system answered on paper; `number` is what it has the matter under."""

    makes = c.RecordOutside
    system: Outside
    ask: OutsideAsk
    number: Name | None = None
    agreed: Flag | None = None
    confirmed: Flag | None = None
    outcome: Words | None = None

    @model_validator(mode="after")
    def _by_a_court(self) -> Self:
        if self.ask is OutsideAsk.CONFIRMATION and self.system is not Outside.COURT:
            raise ValueError("only a court confirms an agreement")
        return self


class ExtendTrackBody(TrackBody):
    """延长调解期限: `until` is a local date before rolling, `agreed_by` the parties that want it."""

    makes = c.ExtendTrack
    until: LocalDate
    agreed_by: Parties
    reason: Words


class PauseTrackBody(TrackBody):
    """`until` is the last local date on which the limit may stand still."""

    makes = c.PauseTrack
    ground: PauseGround
    until: LocalDate
    reason: Words


class GoOnWithTrackBody(TrackBody):
    makes = c.GoOnWithTrack
    reason: Words


class FailTrackBody(TrackBody):
    makes = c.FailTrack
    reason: Words


class CompleteTrackBody(TrackBody):
    makes = c.CompleteTrack
    findings: Words


class ServePaperBody(MediationBody):
    """送达: without a `served_at` it was when the request came in."""

    makes = c.ServePaper
    paper_no: PaperNo
    party_no: PartyNo
    how: ServiceMethod
    served_at: Moment | None = None

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        return {"served_at": envelope.received_at} | super().fields(envelope)
