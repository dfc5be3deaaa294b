"""The bodies with which a mediation is opened, planned and peopled; each makes the contract's command."""

from collections.abc import Collection
from typing import Annotated, Any, Self, cast
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope
from api.errors import Problem
from api.fields import Body, Flag, Identifier, Language, Name, Phone, Words, Yuan
from api.mediation_people import Person, TakesPartAs, known_interpreter
from api.party_bodies import GuardianBody, PartyBody, PartyNo, Representatives, introduced
from api.tokens import UserId
from infra.channel_tables import NoChannelTable, newest_channel_table
from infra.directory_tables import Unit
from infra.mediation_tables import Mediation
from workflows.contracts import commands as case
from workflows.contracts.ids import UnitId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.state import MediationState, Track
from workflows.contracts.mediation.vocabulary import (
    Chosen,
    DisputeType,
    MediationForm,
    Remedy,
    Side,
    Support,
    TrackStatus,
)

_MOST_PARTIES = 50
TrackNo = Annotated[int, Field(strict=True, ge=1, le=999)]
SupportNo = Annotated[str, StringConstraints(pattern=r"^U[1-9][0-9]{0,3}$")]
Parties = Annotated[tuple[PartyNo, ...], Field(max_length=_MOST_PARTIES)]


class DisputeBody(Body):
    """What the channels ask about the dispute; `amount` is in yuan."""

    type: DisputeType
    amount: Yuan | None = None
    wages: Flag = False
    tied_to_powers: Flag = False
    within_discretion: Flag = False
    violation: Flag = False
    reconcilable: Flag = False
    filed: Flag = False
    summary: Flag = False


class OpenMediationBody(CommandBody):
    """启动联调: the parties are numbered `P1`, `P2`, … in the order in which they are named.

    One at most is the `requester`; where none is said to be, and the case has a requester, the first applicant is.
    """

    makes = case.OpenMediation
    dispute: DisputeBody
    parties: Annotated[tuple[PartyBody, ...], Field(min_length=1, max_length=_MOST_PARTIES)]

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        try:
            envelope.mediation_policy = await newest_channel_table(session)
        except NoChannelTable:
            raise Problem(422, "no_channel_table", "the city has none: load it with a mediation.yaml") from None
        envelope.has_requester = asked.case.requester_id is not None
        earlier = select(Mediation.snapshot).where(Mediation.case_no == asked.case.case_no)
        states = [MediationState.model_validate(row) for row in await session.scalars(earlier) if row is not None]
        envelope.tried = tuple(sorted({form for state in states for form in (*state.dispute.tried, *_failed(state))}))

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        hers = self._first_applicant if envelope.has_requester else None
        parties = [
            party.party(envelope, f"P{place + 1}", f"parties.{place}", is_requester=place == hers)
            for place, party in enumerate(self.parties)
        ]
        dispute = self.dispute.model_dump() | {"tried": envelope.tried}
        return {"dispute": dispute, "parties": parties, "policy": envelope.mediation_policy}

    @property
    def _first_applicant(self) -> int | None:
        """Where the party stands that is taken for the requester's; None if one is said to be."""
        if any(party.requester for party in self.parties):
            return None
        return next((place for place, party in enumerate(self.parties) if party.side is Side.APPLICANT), None)

    @model_validator(mode="after")
    def _one_requester(self) -> Self:
        if sum(party.requester for party in self.parties) > 1:
            raise ValueError("one party at most is the requester")
        return self


def _failed(state: MediationState) -> set[MediationForm]:
    return {track.form for track in state.tracks.values() if track.status is TrackStatus.FAILED}


class MediationBody(CommandBody):
    """A body whose fields are those of one command to a mediation."""

    @property
    def attachments(self) -> dict[str, UUID]:
        """The attachments it names, by the path of the field."""
        return {}

    @property
    def mediator_ids(self) -> dict[str, str]:
        """Those who are to mediate, by the path of the field; they must be in the register."""
        return {}

    @property
    def people_named(self) -> dict[str, str]:
        """Members of staff who take part otherwise, by the path of the field; they must be in the directory."""
        return {}

    @property
    def host_ids(self) -> tuple[str, ...]:
        """The units that are to host."""
        return ()

    def tracks(self, state: MediationState) -> Collection[Track]:
        """The tracks whose mediators may do it; by default those that run, and the one that was agreed in."""
        agreed = [state.tracks[state.agreement.track]] if state.agreement is not None else []
        return [*state.running_tracks, *agreed]

    def to_mediation(self, envelope: Envelope) -> c.AnyMediationCommand:
        """The command, with the words and people left in the envelope."""
        return cast("c.AnyMediationCommand", self.command(envelope))


class TrackBody(MediationBody):
    """About the track of that number; without one about the track that seeks the agreement."""

    track: TrackNo | None = None

    def tracks(self, state: MediationState) -> Collection[Track]:
        found = state.current if self.track is None else state.tracks.get(self.track)
        return [found] if found is not None else []


class StepBody(Body):
    """A step of the plan: `host` is the unit that hosts it, `invited` are other units."""

    form: MediationForm
    fact_finding: Flag = False
    together: Flag = False
    host: UnitId
    invited: Annotated[tuple[UnitId, ...], Field(max_length=20)] = ()
    mediator_id: UserId | None = None


class DecidePlanBody(MediationBody):
    """调解方案: what is under way goes on unless `drop_current`."""

    makes = c.DecidePlan
    tracks_: Annotated[tuple[StepBody, ...], Field(alias="tracks", max_length=10)] = ()
    drop_current: Flag = False
    reason: Words

    @property
    def unit_ids(self) -> dict[str, str]:
        found = {f"tracks.{place}.host": step.host for place, step in enumerate(self.tracks_)}
        invited = {
            f"tracks.{place}.invited.{at}": unit_id
            for place, step in enumerate(self.tracks_)
            for at, unit_id in enumerate(step.invited)
        }
        return found | invited

    @property
    def mediator_ids(self) -> dict[str, str]:
        return {
            f"tracks.{place}.mediator_id": step.mediator_id
            for place, step in enumerate(self.tracks_)
            if step.mediator_id is not None
        }

    @property
    def host_ids(self) -> tuple[str, ...]:
        return tuple(step.host for step in self.tracks_)

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if envelope.mediation is None:
            return
        found = await session.execute(select(Unit.unit_id, Unit.function).where(Unit.unit_id.in_(self.host_ids)))
        functions = {row.unit_id: row.function for row in found}
        for place, step in enumerate(self.tracks_):
            wanted = envelope.mediation.row(step.form).functions
            if wanted and functions.get(step.host) not in wanted:
                hint = "this unit does not host the channel; choose one that does"
                raise Problem.of_field(f"tracks.{place}.host", "host_of_another_channel", hint)

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        steps = [
            step.model_dump() | {"host": {"unit_id": step.host, "kind": envelope.units[step.host].kind}}
            for step in self.tracks_
        ]
        return {
            "tracks": steps,
            "drop_current": self.drop_current,
            "reason": envelope.put_away("reason", self.reason),
        }


class AddPartyBody(MediationBody):
    makes = c.AddParty
    party: PartyBody

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        known = envelope.mediation.parties if envelope.mediation is not None else {}
        return {"party": self.party.party(envelope, f"P{len(known) + 1}", "party")}


class ChangePartyBody(MediationBody):
    """Who acts for the party from now on; what is left out stays, `guardian: null` takes the guardian away."""

    makes = c.ChangeParty
    party_no: PartyNo
    guardian: GuardianBody | None = None
    representatives: Representatives = ()

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        before = envelope.mediation.parties.get(self.party_no) if envelope.mediation is not None else None
        guardian = self.guardian.introduced(envelope, "guardian") if self.guardian else None
        representatives = introduced(self.representatives, envelope, "party")
        if before is not None and "guardian" not in self.model_fields_set:
            guardian = before.guardian
        if before is not None and "representatives" not in self.model_fields_set:
            representatives = before.representatives
        return {"party_no": self.party_no, "guardian": guardian, "representatives": representatives}


class ConsentBody(TrackBody):
    makes = c.Consent
    party_no: PartyNo
    agreed: Flag
    note: Words | None = None


class LeaveBody(MediationBody):
    makes = c.LeaveMediation
    party_no: PartyNo
    reason: Words


class NameMediatorBody(TrackBody):
    """`ties` of the mediator to a party are told with it."""

    makes = c.NameMediator
    mediator_id: UserId
    chosen: Chosen = Chosen.BY_THE_HOST
    ties: Words | None = None

    @property
    def mediator_ids(self) -> dict[str, str]:
        return {"mediator_id": self.mediator_id}


class DiscloseBody(TrackBody):
    makes = c.Disclose
    mediator_id: UserId
    ties: Words


class ObjectToPersonBody(TrackBody):
    """`person_id` is a mediator or an interpreter, as the mediation names her."""

    makes = c.ObjectToPerson
    party_no: PartyNo
    person_id: Identifier
    reason: Words


class AppointInterpreterBody(MediationBody):
    """A member of staff by `user_id`, or somebody else by `name`."""

    makes = c.AppointInterpreter
    language: Language
    user_id: UserId | None = None
    name: Name | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _one_person(self) -> Self:
        if (self.user_id is None) is (self.name is None):
            raise ValueError("name the interpreter by user_id or by name, not by both")
        return self

    @property
    def people_named(self) -> dict[str, str]:
        return {"user_id": self.user_id} if self.user_id is not None else {}

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        if self.name is not None:
            known = await known_interpreter(session, asked.case.case_no, self.name, self.phone)
            envelope.interpreter_id = str(known) if known is not None else None

    def fields(self, envelope: Envelope) -> dict[str, Any]:
        who = self.user_id or envelope.interpreter_id
        if who is None and self.name is not None:
            person = Person(role=TakesPartAs.INTERPRETER, name=self.name, phone=self.phone, language=self.language)
            who = envelope.introduce("interpreter", person)
        return {"interpreter_id": who, "language": self.language}


class ReferSupportBody(MediationBody):
    makes = c.ReferSupport
    party_no: PartyNo
    support: Support
    unit_id: UnitId
    consented: Flag

    @property
    def unit_ids(self) -> dict[str, str]:
        return {"unit_id": self.unit_id}

    async def look_up(self, session: AsyncSession, asked: Asked, envelope: Envelope) -> None:
        unit = await session.get(Unit, self.unit_id)
        # The directory names the windows by what they help with.
        if unit is None or unit.function != self.support.value:
            raise Problem.of_field("unit_id", "no_such_window", "name a unit that gives this help")


class RecordSupportBody(MediationBody):
    makes = c.RecordSupport
    support_no: SupportNo
    outcome: Words


class EndMediationBody(MediationBody):
    """终止调解: `remedy` is where the matter goes."""

    makes = c.EndMediation
    remedy: Remedy
    reason: Words
