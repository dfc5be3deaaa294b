"""Whatever people, time and department systems do to a case, in whatever order: what must hold, holds."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.rules.case_builder import BY_LAW, CENTRES, EMERGENCY, POLICY, CaseBuilder, registered
from tests.rules.commands_at_random import any_command, next_step
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.commands import AnyCommand
from workflows.contracts.effects import DeliverTask, EffectState
from workflows.contracts.errors import RuleViolation
from workflows.contracts.events import Recorded
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.policy import CasePolicy
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    END_STATUSES,
    OUTLIVE_THE_CASE,
    CaseKind,
    CaseStatus,
    ClockName,
    Level,
    MoveCause,
    OwnerRole,
    TaskRole,
    Urgency,
)
from workflows.rules.clock_starts import running
from workflows.rules.decide import clocks_run_out, decide, effect_ended, rules_renewed
from workflows.rules.decision import Decision
from workflows.rules.digest import digest
from workflows.rules.evolve import evolve
from workflows.rules.ladder import earliest, next_moment
from workflows.rules.ownership import owner
from workflows.rules.version import RULES_VERSION

_AT_WORK = {CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS}
_OWED = {
    CaseStatus.REGISTERED: {ClockName.CITIZEN, ClockName.ACCEPT},
    CaseStatus.ACCEPTED: {ClockName.CITIZEN},
    **{status: {ClockName.CITIZEN, ClockName.FINISH} for status in _AT_WORK},
    CaseStatus.IN_MEDIATION: {ClockName.CITIZEN, ClockName.MEDIATION},
    CaseStatus.AGREED: {ClockName.MEDIATION},
    CaseStatus.FINISHED: {ClockName.VERIFY},
    CaseStatus.VERIFIED: {ClockName.CALLBACK},
    **{status: {ClockName.ARCHIVE_AFTER} for status in END_STATUSES},
    CaseStatus.ARCHIVED: set(),
}

_SERVED = {ClockName.ARCHIVE_AFTER, ClockName.REVIEW, ClockName.OBJECTION, ClockName.LEVEL, *OUTLIVE_THE_CASE}
_AFTER_THE_END = {
    **dict.fromkeys(END_STATUSES, _SERVED),
    CaseStatus.MERGED: _SERVED | {ClockName.CALLBACK},
    CaseStatus.LEGAL_ROUTE: _SERVED | {ClockName.LEGAL_OUTCOME},
}
"""What may still run once the matter is over: nobody works on it any more."""

_spans = st.one_of(
    st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
    st.integers(1, 250).map(lambda days: timedelta(days=days)),
)
_levels = st.sampled_from([tuple(Level), (Level.TOWNSHIP, Level.CITY), (Level.CITY,)])


_BEGINNINGS: list[Callable[[CaseBuilder], CaseBuilder]] = [
    lambda case: case,
    lambda case: case.whistled("water", "roads"),
    lambda case: case.whistled("water").reported_in(2).sent_back(),
    lambda case: case.disputed(),
    lambda case: case.finished(evidence=("photo-1",)).closed().reopened(),
]
"""Stories that begin in the middle get farther than those that begin at the registration."""


_versions_and_policies = st.one_of(
    st.tuples(st.integers(1, RULES_VERSION), st.sampled_from([POLICY, EMERGENCY])),
    st.tuples(st.integers(3, RULES_VERSION), st.just(BY_LAW)),
)
"""Up to version 2 a clock whose limit the law sets falls silent after rework: what those versions decided stays, and
`renew` brings such a case to the present one."""


class CaseMachine(RuleBasedStateMachine):
    """A case in everybody's hands. `folded` is what its events make of it, each read back from its JSON."""

    state: CaseState
    folded: CaseState

    @initialize(
        kind=st.sampled_from([CaseKind.HELP, CaseKind.INQUIRY, CaseKind.DISPUTE]),
        version_and_policy=_versions_and_policies,
        levels=_levels,
        evidence=st.booleans(),
        urgency=st.sampled_from([Urgency.ORDINARY, Urgency.EMERGENCY]),
        beginning=st.sampled_from(_BEGINNINGS),
    )
    def is_registered(
        self,
        kind: CaseKind,
        version_and_policy: tuple[int, CasePolicy],
        levels: Sequence[Level],
        evidence: bool,
        urgency: Urgency,
        beginning: Callable[[CaseBuilder], CaseBuilder],
    ) -> None:
        rules_version, policy = version_and_policy
        first = registered(
            kind=kind,
            policy=policy.model_copy(update={"evidence_required": evidence}),
            level=levels[0],
            centres={level: CENTRES[level] for level in levels},
            urgency=urgency,
            rules_version=rules_version,
        )
        case = beginning(first)
        self.now = case.now
        self.state = case.state
        self.folded = evolve(None, case.events[0])
        self.recorded: list[Recorded] = []
        self._read_back(case.events[1:])
        self.citizen_due_at = {
            clock.id: clock.due_at for clock in case.state.clocks.values() if clock.name is ClockName.CITIZEN
        }

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

    @precondition(lambda self: self._carried_out())
    @rule(data=st.data(), failure=st.sampled_from([None, "refused", "timeout"]))
    def an_effect_ends(self, data: st.DataObject, failure: str | None) -> None:
        effect = data.draw(st.sampled_from(self._carried_out()))
        self._goes_on(effect_ended(self.state, effect.effect.id, failure, self.now))

    @rule()
    def a_new_run_begins(self) -> None:
        self.state = CaseState.model_validate_json(self.state.model_dump_json())
        self._goes_on(rules_renewed(self.state, RULES_VERSION, self.now))

    @invariant()
    def it_has_an_armed_clock_and_an_owner_until_it_is_archived(self) -> None:
        assert (earliest(self.state) is None) == self.state.is_archived
        assert (owner(self.state) is None) == self.state.is_archived

    @invariant()
    def the_clock_of_the_step_that_is_owed_is_open(self) -> None:
        running = {clock.name for clock in self.state.clocks.values() if clock.is_open}
        answered = {ClockName.CITIZEN} if self.state.interim_replied or self._was_agreed() else set()
        assert _OWED[self.state.status] - answered <= running
        assert self.state.status not in END_STATUSES or running <= _AFTER_THE_END[self.state.status]
        assert not self.state.is_archived or not running

    @invariant()
    def tasks_are_open_only_while_units_work(self) -> None:
        assert self.state.is_talked_out or bool(self.state.open_tasks) == (self.state.status in _AT_WORK)

    @invariant()
    def nothing_is_overdue_unnoticed_once_clocks_have_run_out(self) -> None:
        noticed = clocks_run_out(self.state, self.now).state
        for clock in noticed.clocks.values():
            assert not clock.is_open or clock.due_at > self.now or clock.breached_at == clock.due_at
        following = earliest(noticed)
        assert following is None or following.next_at is None or following.next_at > self.now

    @invariant()
    def what_stands_still_has_an_end_and_what_is_asked_is_decided_on_a_clock(self) -> None:
        open_clocks = {clock.id for clock in self.state.clocks.values() if clock.is_open}
        asked = [request.decision_clock for request in self.state.extension_requests.values()]
        deciding = [known for known in open_clocks if self.state.clocks[known].name is ClockName.EXTENSION]
        assert sorted(asked) == sorted(deciding)
        assert all(self.state.clocks[r.clock_id].is_open for r in self.state.extension_requests.values())
        assert (self.state.suspension is not None) == any(
            self.state.clocks[clock_id].name is ClockName.SUSPENSION for clock_id in open_clocks
        )

    @invariant()
    def what_units_disagree_about_is_decided_on_a_clock(self) -> None:
        running = {clock.id for clock in self.state.clocks.values() if clock.is_open}
        deciding = {clock_id for clock_id in running if self.state.clocks[clock_id].name is ClockName.SEND_BACK}
        asked = [task.send_back_clock for task in self.state.tasks.values() if task.send_back_clock in deciding]
        assert sorted(deciding) == sorted(asked)
        assert all(task.is_open for task in self.state.tasks.values() if task.send_back_clock is not None)
        disputes = [known for known in running if self.state.clocks[known].name is ClockName.DISPUTE]
        assert len(disputes) == (self.state.disputed is not None)
        assert self.state.disputed is None or self.state.tasks[self.state.disputed].is_open

    @invariant()
    def while_no_unit_leads_the_centre_owes_a_dispatch(self) -> None:
        dispatches = [
            clock for clock in self.state.clocks.values() if clock.name is ClockName.DISPATCH and clock.is_open
        ]
        if self.state.is_talked_out and not self.state.open_tasks:
            return
        at_work = self.state.status in _AT_WORK or self.state.is_talked_out
        leaderless = at_work and self.state.lead_task is None
        asked = self.state.whistle_asked_by is not None
        assert len(dispatches) == (leaderless or (self.state.status is CaseStatus.ACCEPTED and not asked))
        by = owner(self.state)
        # Before anything else somebody has to call 110.
        called_first = running(self.state, ClockName.DANGER_CALL)
        assert not leaderless or called_first or (by is not None and by.role is OwnerRole.DISPATCHER)

    @invariant()
    def a_unit_has_one_part_at_a_time_and_one_of_them_leads(self) -> None:
        at_work = [task.unit.unit_id for task in self.state.open_tasks]
        passed_on = any(isinstance(record.event, e.UnitSucceeded) for record in self.recorded)
        assert len(at_work) == len(set(at_work)) or passed_on
        assert sum(task.role is TaskRole.LEAD for task in self.state.open_tasks) <= 1

    @invariant()
    def no_round_is_judged_by_whoever_passed_an_earlier_one(self) -> None:
        assert len(self.state.verifiers) == len(set(self.state.verifiers))

    @invariant()
    def the_pause_ledger_is_in_order(self) -> None:
        ends = [self.state.registered_at]
        for entry in self.state.suspensions:
            assert ends[-1] <= entry.since <= (entry.resumed_at or entry.until) <= entry.until
            ends.append(entry.resumed_at or entry.until)

    @invariant()
    def a_notice_that_waits_is_about_something_that_is_open(self) -> None:
        for effect in [pending.effect for pending in self.state.pending_effects if pending.waits(self.now)]:
            assert isinstance(effect, DeliverTask)
            assert self.state.tasks[effect.task_no].is_open
            assert effect.clock_id is None or self.state.clocks[effect.clock_id].breached_at is not None

    @invariant()
    def a_notice_that_waits_is_sent_in_the_end(self) -> None:
        noticed = clocks_run_out(self.state, self.now).state
        following = next_moment(noticed, self.now)
        for pending in noticed.pending_effects:
            waits = pending.waits(self.now)
            assert waits is None or (following is not None and following <= waits)

    @invariant()
    def the_citizens_due_time_stands(self) -> None:
        """A round has a clock of its own, and the clocks of the rounds before it are over."""
        rounds = [clock for clock in self.state.clocks.values() if clock.name is ClockName.CITIZEN]
        assert [clock.id for clock in rounds] == ["citizen", *(f"citizen#{n}" for n in range(2, self.state.round + 1))]
        assert {clock.id: clock.due_at for clock in rounds} == self.citizen_due_at
        assert not any(clock.is_open for clock in rounds[:-1])

    @invariant()
    def its_events_make_it_what_it_is(self) -> None:
        assert self.folded == self.state

    @invariant()
    def its_level_has_a_centre_and_is_not_below_where_it_began(self) -> None:
        assert self.state.level in self.state.centres
        assert self.state.level.rank >= self.state.origin_level.rank

    @invariant()
    def its_memory_of_commands_is_bounded(self) -> None:
        assert len(self.state.recent) <= 64

    def _give(self, command: AnyCommand) -> None:
        before = self.state.model_dump_json()
        try:
            decision = decide(self.state, command, self.now)
        except RuleViolation:
            assert self.state.model_dump_json() == before
            return
        assert not self.state.is_archived
        if any(record.command_id == command.command_id for record in decision.events):
            # What another case sends and does not concern this one any more leaves no trace.
            assert decision.state.recent[command.command_id] == decision.state.seq
        self._goes_on(decision)

    def _goes_on(self, decision: Decision) -> None:
        met_before = {known: self.state.clocks[known].met_at for known in self.citizen_due_at}
        for record in decision.events:
            self._note_citizen(record)
        self._read_back(decision.events)
        self.state = decision.state
        *earlier, latest = met_before
        assert all(self.state.clocks[known].met_at == met_before[known] for known in earlier)
        if met_before[latest] is not None and self.state.clocks[latest].met_at != met_before[latest]:
            taken_back = e.VerificationFailed | e.MediationFollowed
            assert any(isinstance(record.event, taken_back) for record in decision.events)

    def _note_citizen(self, record: Recorded) -> None:
        match record.event:
            case e.ClockStarted(clock=Clock(name=ClockName.CITIZEN) as clock):
                assert clock.started_at == record.at
                self.citizen_due_at[clock.id] = clock.due_at
            case e.ClockMoved(clock_id=known, was_due_at=was, due_at=due_at, cause=cause) if (
                known in self.citizen_due_at
            ):
                assert was == self.citizen_due_at[known]
                assert cause is not MoveCause.CALENDAR or due_at == was or due_at > self.now
                self.citizen_due_at[known] = due_at

    def _was_agreed(self) -> bool:
        """What was agreed and is fulfilled stands, though units are still at work."""
        rounds = [clock for clock in self.state.clocks.values() if clock.name is ClockName.CITIZEN]
        kept = {one.status for one in self.state.mediations.values()} & {MediationStatus.FULFILLED}
        return bool(kept) and rounds[-1].met_at is not None

    def _carried_out(self) -> list[EffectState]:
        return [pending for pending in self.state.pending_effects if pending.waits(self.now) is None]

    def _read_back(self, events: Sequence[Recorded]) -> None:
        for record in events:
            again = Recorded.model_validate_json(record.model_dump_json())
            assert again == record
            assert digest(again) == digest(record)
            assert record.seq == self.folded.seq + 1
            assert self.folded.registered_at <= record.at <= record.recorded_at == self.now
            self.folded = evolve(self.folded, again)
            self.recorded.append(again)


CaseMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestAnyStory = CaseMachine.TestCase
