"""The one door into the rules of a mediation: state, command and time go in; events and the new state come out."""

from datetime import UTC, datetime
from typing import assert_never

from workflows.contracts.effect_events import EffectDone, EffectFailed
from workflows.contracts.errors import RuleViolation
from workflows.contracts.events import RenewalAsked, RulesRenewed
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.opening import MediationOpening
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.time_commands import AdoptCalendar
from workflows.contracts.time_events import CalendarAdopted
from workflows.contracts.vocabulary import ClockName, MoveCause
from workflows.rules.mediation import (
    agreements,
    confirmation,
    dangers,
    effects,
    fulfilment,
    mediators,
    outside,
    papers,
    parties,
    plan,
    sessions,
    taking_up,
)
from workflows.rules.mediation.clocks import move, start
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import end
from workflows.rules.mediation.evolve import evolve
from workflows.rules.mediation.ladder import run_out
from workflows.rules.mediation.proposals import propose
from workflows.rules.mediation.telling import tell_case

_TALKS = (
    c.DecidePlan | c.Consent | c.TakeUp | c.ScheduleSession | c.DraftAgreement | c.Sign | c.Apply | c.ApplyConfirmation
)
"""Nobody is brought to a table while there is danger [人民调解法 25]; a refusal is heard all the same."""
_AFTER_THE_END = c.ServePaper | c.RecordSupport | c.RetryMediationEffect | c.SkipMediationEffect | c.RenewMediation
"""What is still put on record once a mediation is over."""
_FROM_THE_CASE = c.LockMediation | c.StopMediation | AdoptCalendar
"""What comes too late is no fault of the case."""


def open_mediation(opening: MediationOpening, now: datetime) -> Hearing:
    """The first events: it is open, the rules propose a plan, and the centre owes the decision."""
    of = opening.opening
    proposed = propose(of.dispute, of.policy, parties=len(of.parties), risk=of.risk)
    opened = e.MediationOpened(**of.model_dump(), proposed=proposed)
    first = e.MediationRecorded(seq=1, at=opening.at, recorded_at=now, actor=opening.actor, event=opened)
    d = Hearing(evolve(None, first), now, at=opening.at, actor=opening.actor)
    d.events.append(first)
    start(d, ClockName.PLAN, event="opened")
    tell_case(d)
    return d


def decide(state: MediationState, command: c.AnyMediationCommand, now: datetime) -> Hearing:
    """What follows from a command. Every clock that was due by the time of its receipt runs out first.

    What runs out after that follows on its own: a consent or an application that came in time is not late because
    nobody could work on it.

    Raises:
        RuleViolation: `mediation_over`, `mediation_is_locked`, or what the command's own rule raises; nothing has
            changed.
    """
    at = min(now, max(command.received_at or now, state.last_at)).astimezone(UTC)
    d = Hearing(state, now)
    run_out(d, through=at)
    d.at = at
    d.actor, d.command_id = command.actor, command.command_id
    if isinstance(command, _FROM_THE_CASE):
        if not d.state.is_over:
            _from_the_case(d, command)
    else:
        _require_possible(d, command)
        _apply(d, command)
    tell_case(d)
    return d


def _require_possible(d: Hearing, command: c.AnyMediationCommand) -> None:
    if d.state.is_over and not isinstance(command, _AFTER_THE_END):
        raise RuleViolation("mediation_over", f"the mediation is {d.state.status}")
    refuses = isinstance(command, c.Consent) and not command.agreed
    if d.state.locked and isinstance(command, _TALKS) and not refuses:
        raise RuleViolation("mediation_is_locked", "there is danger: nothing is talked about until it is lifted")


def clocks_run_out(state: MediationState, now: datetime) -> Hearing:
    """What follows from time alone."""
    d = Hearing(state, now)
    run_out(d, through=now)
    if d.events:
        tell_case(d)
    return d


def effect_ended(state: MediationState, effect_id: str, failure: str | None, now: datetime) -> Hearing:
    """What follows from an effect's outcome; `failure` is its class code, None if it was done."""
    d = Hearing(state, now)
    if effect_id in state.effects:
        d.record(
            EffectDone(effect_id=effect_id) if failure is None else EffectFailed(effect_id=effect_id, code=failure)
        )
    return d


def rules_renewed(state: MediationState, version: int, now: datetime) -> Hearing:
    """A new run takes the rules of that version, if it was asked to or they are not the last run's."""
    d = Hearing(state, now)
    if state.renewal_asked or state.rules_version != version:
        d.record(RulesRenewed(rules_version=version))
    return d


def _from_the_case(d: Hearing, command: c.LockMediation | c.StopMediation | AdoptCalendar) -> None:
    match command:
        case c.LockMediation():
            dangers.lock(d, command)
        case c.StopMediation(withdrawn=withdrawn):
            end(d, e.MediationStopped(withdrawn=withdrawn))
        case AdoptCalendar(calendar=calendar):
            if calendar.version <= d.state.calendar.version:
                return
            d.record(CalendarAdopted(calendar=calendar))
            for _, clock in sorted(d.state.clocks.items()):
                if clock.is_open and clock.name is not ClockName.SESSION:
                    move(d, clock, MoveCause.CALENDAR)


def _apply(d: Hearing, command: c.AnyMediationCommand) -> None:  # noqa: C901, PLR0912, PLR0915 - the table of commands
    match command:
        case c.DecidePlan():
            plan.decide_plan(d, command)
        case c.FailTrack():
            plan.fail_track(d, command)
        case c.CompleteTrack():
            plan.complete_track(d, command)
        case c.EndMediation():
            plan.end_mediation(d, command)
        case c.AddParty():
            parties.add_party(d, command)
        case c.ChangeParty():
            parties.change_party(d, command)
        case c.Consent():
            parties.consent(d, command)
        case c.LeaveMediation():
            parties.leave(d, command)
        case c.NameMediator():
            mediators.name_mediator(d, command)
        case c.Disclose():
            mediators.disclose(d, command)
        case c.ObjectToPerson():
            mediators.object_to_person(d, command)
        case c.AppointInterpreter():
            mediators.appoint_interpreter(d, command)
        case c.ReferSupport():
            mediators.refer_support(d, command)
        case c.RecordSupport():
            mediators.record_support(d, command)
        case c.Apply():
            taking_up.apply(d, command)
        case c.TakeUp():
            taking_up.take_up(d, command)
        case c.ExtendTrack():
            taking_up.extend_track(d, command)
        case c.PauseTrack():
            taking_up.pause_track(d, command)
        case c.GoOnWithTrack():
            taking_up.go_on(d, command)
        case c.ScheduleSession():
            sessions.schedule_session(d, command)
        case c.CallOffSession():
            sessions.call_off_session(d, command)
        case c.RecordSession():
            sessions.record_session(d, command)
        case c.DraftAgreement():
            agreements.draft_agreement(d, command)
        case c.Sign():
            agreements.sign(d, command)
        case c.ProveFulfilment():
            fulfilment.prove_fulfilment(d, command)
        case c.CheckFulfilment():
            fulfilment.check_fulfilment(d, command)
        case c.ForgoPromise():
            fulfilment.forgo_promise(d, command)
        case c.PostponePromise():
            fulfilment.postpone_promise(d, command)
        case c.TakeRemedy():
            fulfilment.take_remedy(d, command)
        case c.ApplyConfirmation():
            confirmation.apply_confirmation(d, command)
        case c.ReferOutside():
            outside.refer_outside(d, command)
        case c.RecordOutside():
            outside.record_outside(d, command)
        case c.ServePaper():
            papers.serve_paper(d, command)
        case c.RetryMediationEffect():
            effects.retry_effect(d, command)
        case c.SkipMediationEffect():
            effects.skip_effect(d, command)
        case c.RenewMediation():
            d.record(RenewalAsked())
        case c.LockMediation() | c.StopMediation() | AdoptCalendar():
            _from_the_case(d, command)
        case _:
            assert_never(command)
