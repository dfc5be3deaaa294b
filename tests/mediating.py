"""A dispute between neighbours that is talked out at the village's committee, and hands to move its mediation."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from temporalio.client import WorkflowHandle

from infra.mediation_gateway import MediationGateway
from infra.mediation_tables import Mediation, MediationEvent
from infra.temporal import is_open
from tests.driving import DISPATCHER, Driver, until
from tests.installation import Installation
from workflows.contracts import commands as case
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import Limit
from workflows.contracts.ids import TextId, mediation_no, mediation_workflow_id
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.people import Dispute, Host, Party, TrackPlan
from workflows.contracts.mediation.policy import ChannelRow, MediationPolicy
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import (
    Channel,
    Chosen,
    DisputeType,
    MediationForm,
    MediationStatus,
    Remedy,
    Side,
)
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import CaseKind, ClockName, UnitKind

WORDS = TextId("t")
COMMITTEE = Host(unit_id="committee", kind=UnitKind.COMMITTEE)
PLAN = (TrackPlan(form=MediationForm.PEOPLE, host=COMMITTEE),)
NEIGHBOURS = Dispute(type=DisputeType.NEIGHBOUR)
PARTIES = (
    Party(party_no="P1", side=Side.APPLICANT, person_id="0a7d6f6e-0000-4000-8000-000000000001"),
    Party(party_no="P2", side=Side.RESPONDENT, person_id="0a7d6f6e-0000-4000-8000-000000000002"),
)
_ROW = ChannelRow(
    channel=Channel.PEOPLE,
    hosts=(UnitKind.COMMITTEE,),
    entry=(),
    on_failure=(Remedy.COURT,),
    on_breach=(Remedy.COURT,),
)
_LIMIT = ClockPolicy(limit=Limit.parse("5 working_days"), source="[default] test")
POLICY = MediationPolicy(
    name="test",
    version=1,
    channels=dict.fromkeys(MediationForm, _ROW),
    limits=dict.fromkeys(ClockName, _LIMIT),
    reminder=Limit.parse("1 calendar_days"),
    retry="rehearsal",
)


class Talks:
    """A mediation and the hands that move it."""

    def __init__(self, place: Installation, driver: Driver) -> None:
        self.case = driver
        self.number = mediation_no(driver.case_no, 1)
        self.gateway = MediationGateway(place.client, place.sessions)
        self._client = place.client
        self._sessions = place.sessions

    async def give(self, kind: type[c.AnyMediationCommand], actor: Actor = DISPATCHER, /, **fields: Any) -> int:
        """Gives a command; the seq of its last event."""
        fields.setdefault("command_id", uuid4().hex)
        return (await self.gateway.submit(self.number, kind(actor=actor, **fields))).seq

    async def agree_to_talk(self) -> None:
        """The plan is decided, both parties want it, the committee takes it up and names who mediates."""
        await self.give(c.DecidePlan, tracks=PLAN, reason=WORDS)
        for party in PARTIES:
            await self.give(c.Consent, party_no=party.party_no, agreed=True)
        await self.give(c.Apply, party_no="P1")
        await self.give(c.TakeUp)
        await self.give(c.NameMediator, mediator_id="mediator-1", chosen=Chosen.BY_THE_PARTIES)

    async def until_lost(self) -> None:
        """Waits until the case has noticed that the mediation's process is gone."""

        async def lost() -> bool:
            state = await self.case.published(1)
            return state.mediations[self.number].lost and state.needs_operator

        await until(lost, "the case has noticed that the mediation's process is gone")

    async def until_case_knows(self, status: MediationStatus) -> None:
        """Waits until the mediation has told its case that."""

        async def told() -> bool:
            return (await self.case.published(1)).mediations[self.number].status is status

        await until(told, f"the case knows that its mediation is {status}")

    async def published(self, seq: int) -> None:
        """Waits until that event of the mediation is on record."""

        async def reached() -> bool:
            recorded = select(Mediation.seq).where(Mediation.mediation_no == self.number)
            async with self._sessions() as session:
                return (await session.scalar(recorded) or 0) >= seq

        await until(reached, f"seq {seq} of {self.number} is on record")

    async def timeline(self) -> list[MediationRecorded]:
        """What is on record of the mediation, in order."""
        rows = select(MediationEvent.record).where(MediationEvent.mediation_no == self.number)
        async with self._sessions() as session:
            records = await session.scalars(rows.order_by(MediationEvent.seq))
            return [MediationRecorded.model_validate(record) for record in records]

    async def runs(self) -> bool:
        """Whether its process does."""
        return await is_open(self._client, self.handle.id)

    @property
    def handle(self) -> WorkflowHandle[object, object]:
        """The mediation's workflow, whichever its present run."""
        return self._client.get_workflow_handle(mediation_workflow_id(self.number))

    async def live(self) -> MediationState:
        """The state that the process holds now."""
        return await self.gateway.live(self.number)


async def opened(place: Installation, *, registered_at: datetime | None = None) -> Talks:
    """A dispute whose mediation has begun, and told its case so."""
    driver = await place.case(kind=CaseKind.DISPUTE, registered_at=registered_at)
    await driver.give(case.OpenMediation, dispute=NEIGHBOURS, parties=PARTIES, policy=POLICY)
    talks = Talks(place, driver)

    async def told() -> bool:
        return (await driver.published(1)).mediations[talks.number].owner_role is not None

    await until(told, "the mediation has told its case who owes the next step")
    return talks
