"""What `record_mediation_events` makes of the events that mediations hand it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.mediation_records import MediationRecords
from infra.mediation_tables import Mediation, MediationClockRow, MediationEvent
from infra.mediators.bookings import BookableKind, Resource, reserve
from infra.mediators.tables import Booking
from infra.tables import EffectRow, Fault, TimelineEvent
from tests.driving import DISPATCHER
from tests.installation import Installation
from tests.mediating import NEIGHBOURS, PARTIES, PLAN, POLICY, WORDS
from tests.rules.calendar_2026 import WINDOW_2026, at
from workflows.contracts.effect_events import EffectRequested
from workflows.contracts.effects import StartMediation
from workflows.contracts.events import Recorded
from workflows.contracts.ids import case_of, mediation_no
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.opening import MediationOpening, Opening
from workflows.contracts.mediation.start import MediationBatch
from workflows.contracts.vocabulary import Level
from workflows.rules.digest import batch_digest, digest
from workflows.rules.mediation.decide import decide, open_mediation
from workflows.rules.mediation.decision import Hearing
from workflows.rules.version import RULES_VERSION

_BEGIN = at("2026-03-02T09:00")


class _Story:
    """A mediation as the rules decide it, without a workflow around it."""

    def __init__(self, case_no: str) -> None:
        self.number = mediation_no(case_no, 1)
        self.events: list[MediationRecorded] = []
        of = Opening(
            mediation_no=self.number,
            case_no=case_no,
            dispute=NEIGHBOURS,
            parties=PARTIES,
            level=Level.TOWNSHIP,
            centres={Level.TOWNSHIP: "centre-t"},
            policy=POLICY,
            calendar=WINDOW_2026,
            rules_version=RULES_VERSION,
        )
        self.opening = MediationOpening(at=_BEGIN, actor=DISPATCHER, opening=of)
        self._note(open_mediation(self.opening, _BEGIN))

    def does(self, kind: type[c.AnyMediationCommand], **fields: Any) -> "_Story":
        command = kind(**{"command_id": f"{self.number}-c{len(self.events)}", "actor": DISPATCHER, **fields})
        self._note(decide(self.state, command, _BEGIN + timedelta(minutes=len(self.events))))
        return self

    def _note(self, decision: Hearing) -> None:
        self.events += decision.events
        self.state = decision.state


async def test_a_batch_is_recorded_once_and_shown(apart: Installation) -> None:
    story = await _story(apart)
    assert await _record(apart, story) == await _record(apart, story) == batch_digest(story.events)
    story.does(c.DecidePlan, tracks=PLAN, reason=WORDS)
    await _record(apart, story, story.events[1:])
    async with apart.sessions() as session:
        timeline = select(MediationEvent.record).where(MediationEvent.mediation_no == story.number)
        recorded = (await session.scalars(timeline.order_by(MediationEvent.seq))).all()
        row = await session.get_one(Mediation, story.number)
        mine = EffectRow.mediation_no == story.number
        effects = set(await session.scalars(select(EffectRow.effect_id).where(mine)))
        clocks = select(MediationClockRow.clock_id).where(MediationClockRow.mediation_no == story.number)
        assert set(await session.scalars(clocks)) == set(story.state.clocks)
    assert [MediationRecorded.model_validate(record) for record in recorded] == story.events
    assert (row.status, row.form, row.host_unit, row.seq) == ("planned", "people", "committee", story.state.seq)
    assert (row.owner_role, row.overdue, row.next_at is not None) == ("host", False, True)
    assert effects == set(story.state.effects)


async def test_an_event_that_differs_and_one_that_is_missing_are_faults_of_the_mediation(apart: Installation) -> None:
    story = await _story(apart)
    with pytest.raises(ApplicationError, match="seq_gap"):
        await _record(apart, story, story.events[1:])
    await _record(apart, story)
    other = story.events[1].model_copy(update={"at": _BEGIN + timedelta(seconds=1)})
    with pytest.raises(ApplicationError, match="seq_conflict"):
        await _record(apart, story, [story.events[0], other])
    async with apart.sessions() as session:
        faults = (await session.scalars(select(Fault).where(Fault.case_no == story.number))).all()
    assert {(fault.code, fault.seq) for fault in faults} == {("seq_gap", 1), ("seq_conflict", 2)}


async def test_a_room_is_the_sessions_once_it_is_set_and_free_once_it_is_called_off(apart: Installation) -> None:
    story = (await _story(apart)).does(c.DecidePlan, tracks=PLAN, reason=WORDS)
    for party in PARTIES:
        story.does(c.Consent, party_no=party.party_no, agreed=True)
    story.does(c.TakeUp).does(c.NameMediator, mediator_id="mediator-1", chosen="by_the_host")
    starts_at, ends_at = at("2026-03-10T09:00"), at("2026-03-10T11:00")
    room = Resource(BookableKind.ROOM, story.number)
    async with apart.sessions.begin() as session:
        await reserve(
            session, [room], starts_at, ends_at, mediation_no=story.number, command_id=story.number, now=_BEGIN
        )
    story.does(c.ScheduleSession, command_id=story.number, starts_at=starts_at, ends_at=ends_at, parties=("P1", "P2"))
    await _record(apart, story)
    assert await _booked(apart, story) == [("S1", True)]
    await _record(apart, story.does(c.CallOffSession, session_no="S1", adjourned=True, reason=WORDS))
    assert await _booked(apart, story) == []


async def test_a_mediation_of_which_nothing_is_on_record_begins_with_what_its_case_asked_for(
    apart: Installation,
) -> None:
    story = await _story(apart)
    records = MediationRecords(apart.sessions)
    with pytest.raises(ApplicationError, match="nothing_recorded"):
        await ActivityEnvironment().run(records.mediation_as_recorded, story.number)
    asked = EffectRequested(effect=StartMediation(id="e", mediation_no=story.number, opening=story.opening))
    record = Recorded(seq=1, at=_BEGIN, recorded_at=_BEGIN, actor=DISPATCHER, event=asked)
    async with apart.sessions.begin() as session:
        on_record = {"seq": 1, "kind": asked.kind, "record": record.model_dump(mode="json"), "digest": digest(record)}
        session.add(TimelineEvent(case_no=case_of(story.number), at=_BEGIN, recorded_at=_BEGIN, **on_record))
    start = await ActivityEnvironment().run(records.mediation_as_recorded, story.number)
    assert start.begins_with == story.opening
    await _record(apart, story)
    start = await ActivityEnvironment().run(records.mediation_as_recorded, story.number)
    assert start.begins_with == story.state


async def _story(place: Installation) -> _Story:
    return _Story(await place.driver().register())


async def _record(place: Installation, story: _Story, events: list[MediationRecorded] | None = None) -> str:
    batch = MediationBatch(mediation_no=story.number, events=tuple(story.events if events is None else events))
    recorded: str = await ActivityEnvironment().run(MediationRecords(place.sessions).record_mediation_events, batch)
    return recorded


async def _booked(place: Installation, story: _Story) -> list[tuple[str | None, bool]]:
    mine = select(Booking.session_no, Booking.confirmed).where(Booking.mediation_no == story.number)
    async with place.sessions() as session:
        return [(session_no, confirmed) for session_no, confirmed in await session.execute(mine)]
