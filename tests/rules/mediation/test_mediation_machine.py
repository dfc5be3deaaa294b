"""Whatever parties, hosts, courts and time do to a mediation, in whatever order: what must hold, holds."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.rules.mediation.commands_at_random import any_command, next_step
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, Talks, party, talks
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.state import MediationState, Told
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    Capacity,
    DisputeType,
    FulfilmentStatus,
    MediationStatus,
    Paper,
    SessionStatus,
    Side,
    TrackStatus,
)
from workflows.contracts.vocabulary import ClockName
from workflows.rules.digest import digest
from workflows.rules.ladder import earliest
from workflows.rules.mediation.agreements import has_all
from workflows.rules.mediation.decide import clocks_run_out, decide, effect_ended, rules_renewed
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.evolve import evolve
from workflows.rules.mediation.ownership import due_date, owner
from workflows.rules.version import RULES_VERSION

_spans = st.one_of(
    st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 40).map(lambda days: timedelta(days=days)),
)
_DISPUTES: list[dict[str, Any]] = [
    {"dispute": DisputeType.NEIGHBOUR},
    {"dispute": DisputeType.FAMILY},
    {"dispute": DisputeType.WAGES, "wages": True},
    {"dispute": DisputeType.MEDICAL, "tied_to_powers": True},
    {"dispute": DisputeType.INJURY, "violation": True},
    {"dispute": DisputeType.INJURY, "reconcilable": True},
    {"dispute": DisputeType.DEBT, "filed": True},
]
_owed = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=talks().clock(ClockName.PLAN).due_date + timedelta(days=20))
_BEGINNINGS: list[Callable[[], Talks]] = [
    *[lambda facts=facts: talks(**facts) for facts in _DISPUTES],
    lambda: talks(parties=(party(FIRST, Side.APPLICANT), party(OTHER, Side.RESPONDENT, capacity=Capacity.LIMITED))),
    lambda: talks().under_way("people"),
    lambda: talks().under_way("people").drafted(_owed, _owed),
    lambda: talks().under_way("people").agreed(_owed, _owed),
    lambda: talks(dispute=DisputeType.MEDICAL).under_way("medical"),
]
"""Stories that begin in the middle get farther than those that begin at the opening."""


class MediationMachine(RuleBasedStateMachine):
    """A mediation in everybody's hands. `folded` is what its events make of it, each read back from its JSON."""

    @initialize(beginning=st.sampled_from(_BEGINNINGS))
    def is_opened(self, beginning: Callable[[], Talks]) -> None:
        story = beginning()
        self.now = story.now
        self.state = story.state
        self.folded: MediationState = evolve(None, story.events[0])
        self.recorded: list[MediationRecorded] = list(story.events[:1])
        self._read_back(story.events[1:])

    @rule(span=_spans)
    def time_passes(self, span: timedelta) -> None:
        """Nobody notices; an outage is nothing else."""
        self.now += span

    @rule()
    def clocks_are_noticed(self) -> None:
        self._goes_on(clocks_run_out(self.state, self.now))

    @rule(data=st.data())
    def somebody_gives_a_command(self, data: st.DataObject) -> None:
        self._give(data.draw(any_command(self.state, self.now)))

    @rule(data=st.data())
    def the_next_step_is_made(self, data: st.DataObject) -> None:
        self._give(data.draw(next_step(self.state, self.now)))

    @rule(data=st.data())
    def the_step_after_it_is_made(self, data: st.DataObject) -> None:
        self._give(data.draw(next_step(self.state, self.now)))

    @precondition(lambda self: self.state.pending_effects)
    @rule(data=st.data(), failure=st.sampled_from([None, "refused", "timeout"]))
    def an_effect_ends(self, data: st.DataObject, failure: str | None) -> None:
        pending = data.draw(st.sampled_from(self.state.pending_effects))
        self._goes_on(effect_ended(self.state, pending.effect.id, failure, self.now))

    @rule()
    def a_new_run_begins(self) -> None:
        again = MediationState.model_validate_json(self.state.model_dump_json())
        assert again == self.state
        self.state = again
        self._goes_on(rules_renewed(self.state, RULES_VERSION, self.now))

    @invariant()
    def until_its_end_somebody_owes_the_next_step_by_a_day_that_the_case_knows(self) -> None:
        """Its own clocks fall silent past their ladders; the case's, which is set on that day, does not."""
        by, due = owner(self.state), due_date(self.state)
        assert (by is None) == (due is None) == self.state.is_over
        told = self.state.told
        applied = any(track.applied_at is not None for track in self.state.tracks.values())
        assert told is not None
        assert told == Told(status=self.state.status, owner=by, due=due, applied=told.applied)
        assert told.applied or not applied

    @invariant()
    def every_clock_is_about_something_that_is_still_open(self) -> None:
        about = {(clock.name, clock.about) for clock in self.state.clocks.values() if clock.is_open}
        if self.state.is_over:
            assert about <= {(ClockName.ARCHIVE_AFTER, None)}
            return
        assert len(about) == sum(clock.is_open for clock in self.state.clocks.values())
        agreement = self.state.agreement
        binds = agreement is not None and agreement.effective_at is not None
        assert ((ClockName.SIGNATURE, None) in about) == (agreement is not None and not binds)
        assert ((ClockName.PLAN_REVIEW, None) in about) == (self.state.review_due is not None)
        running = {track.tag for track in self.state.running_tracks}
        of_tracks = {ClockName.MEDIATION, ClockName.TAKE_UP, ClockName.MEDIATOR, ClockName.SECOND_SESSION}
        assert {tag for name, tag in about if name in of_tracks} <= running
        asked = {
            f"{track.tag}{party_no}"
            for track in self.state.running_tracks
            if not track.fact_finding
            for party_no in self.state.parties
            if party_no not in track.consents
        }
        assert {tag for name, tag in about if name is ClockName.CONSENT} == asked
        ahead = {s.session_no for s in self.state.sessions.values() if s.status is SessionStatus.SCHEDULED}
        assert {tag for name, tag in about if name is ClockName.SESSION} == ahead
        owed = {FulfilmentStatus.OPEN, FulfilmentStatus.PROVEN, FulfilmentStatus.BREACHED}
        items = agreement.items.values() if agreement is not None and binds else ()
        promised = {item.item_no for item in items if item.status in owed and item.remedy is None}
        watching = {ClockName.FULFILMENT, ClockName.FULFILMENT_CHECK, ClockName.REMEDY}
        assert promised <= {tag for name, tag in about if name in watching}

    @invariant()
    def nothing_is_overdue_unnoticed_once_clocks_have_run_out(self) -> None:
        noticed = clocks_run_out(self.state, self.now).state
        following = earliest(noticed)
        assert following is None or following.next_at is None or following.next_at > self.now
        assert not noticed.is_over or not any(
            clock.is_open and clock.name is not ClockName.ARCHIVE_AFTER for clock in noticed.clocks.values()
        )

    @invariant()
    def nobody_is_left_without_being_told_where_to_go(self) -> None:
        if self.state.is_over and self.state.status is not MediationStatus.FULFILLED:
            ends = e.MediationFailed | e.MediationRefused | e.MediationStopped
            (end,) = [record.seq for record in self.recorded if isinstance(record.event, ends)]
            notices = [paper for paper in self.state.papers.values() if paper.paper is Paper.ROUTE_NOTICE]
            assert any(paper.about_seq >= end and set(paper.to) == set(self.state.parties) for paper in notices)

    @invariant()
    def an_agreement_binds_with_every_mark_that_its_channel_asks_for_and_with_no_other(self) -> None:
        agreement = self.state.agreement
        if agreement is None:
            return
        track = self.state.tracks[agreement.track]
        row = self.state.row(track.form)
        if agreement.effective_at is None:
            assert agreement.form is AgreementForm.WRITTEN
            assert not has_all(self.state, agreement, row.needs)
        elif agreement.elsewhere:
            assert track.referred_to is not None
        else:
            assert row.oral if agreement.form is AgreementForm.ORAL else has_all(self.state, agreement, row.needs)
            assert track.status is TrackStatus.AGREED

    @invariant()
    def where_the_law_bars_it_no_second_agreement_is_sought_beside_the_first(self) -> None:
        seeking = [self.state.row(t.form) for t in self.state.running_tracks if not t.fact_finding]
        assert len(seeking) <= 1 or not any(row.bars_others for row in seeking)

    @invariant()
    def nobody_talks_without_everybodys_consent(self) -> None:
        for track in self.state.running_tracks:
            if track.status is TrackStatus.CONSENTED and not track.fact_finding:
                late = set(self.state.parties) - set(track.consents)
                assert late <= {"P3"}, "only who was drawn in later has not answered yet"

    @invariant()
    def its_events_make_it_what_it_is(self) -> None:
        assert self.folded == self.state
        assert len(self.state.recent) <= 64

    def _give(self, command: AnyMediationCommand) -> None:
        before = self.state
        try:
            decision = decide(self.state, command, self.now)
        except RuleViolation:
            assert self.state is before
            return
        if any(record.command_id == command.command_id for record in decision.events):
            assert decision.state.recent[command.command_id] == decision.state.seq
        self._goes_on(decision)

    def _goes_on(self, decision: Hearing) -> None:
        self._read_back(decision.events)
        self.state = decision.state

    def _read_back(self, events: Sequence[MediationRecorded]) -> None:
        for record in events:
            again = MediationRecorded.model_validate_json(record.model_dump_json())
            assert again == record
            assert digest(again) == digest(record)
            assert record.seq == self.folded.seq + 1
            assert record.recorded_at == self.now
            self.folded = evolve(self.folded, again)
            self.recorded.append(again)


MediationMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyMediation = MediationMachine.TestCase
