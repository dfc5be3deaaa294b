"""The one door into the rules: a state, a command and a time go in; the events and the state they lead to come out."""

from datetime import UTC, datetime
from typing import assert_never

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.start import Registration
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName
from workflows.rules import (
    adoption,
    case,
    closing,
    consultations,
    dangers,
    effects,
    extensions,
    following,
    leaving,
    levels,
    limitations,
    links,
    mediations,
    notices,
    promises,
    ratings,
    reopening,
    risks,
    send_backs,
    succession,
    supervision,
    suspensions,
    task,
    whistles,
    withdrawals,
)
from workflows.rules.clock_starts import start_again, start_case_clock
from workflows.rules.decision import Decision
from workflows.rules.evolve import evolve
from workflows.rules.ladder import run_out

DECIDED_WHERE_THE_CASE_IS = (
    c.Accept
    | c.Decline
    | c.Answer
    | c.Whistle
    | c.DecideWhistleRequest
    | c.Refer
    | c.Release
    | c.Reassign
    | c.DecideSendBack
    | c.Designate
    | c.DecideExtension
    | c.Suspend
    | c.Escalate
    | c.AssignDown
    | c.Merge
    | c.Split
    | c.Divide
    | c.Gather
    | c.Consult
    | c.Transfer
    | c.TransferReceipt
    | c.TakeLegalRoute
    | c.RecordLegalOutcome
    | c.Settle
    | c.RequestWhistle
    | c.Resume
    | c.Commit
    | c.InterimReply
    | c.SetRisk
    | c.LiftDanger
    | c.ConfirmWithdrawal
    | c.OpenMediation
    | c.Close
)
"""Once a case has gone up these are the higher centre's; the lower one may read, urge, verify and call back."""


def register(registration: Registration, now: datetime) -> Decision:
    """The first events of a case: it is on record, and the citizen's clock and the acceptance clock run from then."""
    at, actor = registration.at, registration.actor
    first = e.Recorded(seq=1, at=at, recorded_at=now, actor=actor, event=registration.event)
    d = Decision(evolve(None, first), now, at=at, actor=actor)
    d.events.append(first)
    start_case_clock(d, ClockName.CITIZEN, event="registered")
    if registration.event.divided_at is None:
        start_case_clock(d, ClockName.ACCEPT, event="registered")
    else:
        # The requester's date is that of the whole matter; nobody could accept the part before it was one.
        start_again(d, ClockName.ACCEPT, event="divided", at=registration.event.divided_at)
    start_case_clock(d, ClockName.NOTICE, event="registered")
    if d.state.host_level is not None:
        start_case_clock(d, ClockName.HOST, event="registered")
    levels.report_a_crowd(d)
    whistles.blow_in_the_lane(d, registration.event.lane)
    return d


def decide(state: CaseState, command: c.AnyCommand, now: datetime) -> Decision:
    """What follows from a command. Every clock that is due by `now` runs out first.

    The step counts at the time its request was received: never later than now, never before the step before it.

    Raises:
        RuleViolation: `case_archived`, `actor_concerned`, or what the case's level or the command's own rule raises;
            nothing has changed.
    """
    d = clocks_run_out(state, now)
    if d.state.is_archived:
        raise RuleViolation("case_archived", "an archived case is final")
    d.at = _counts_at(d.state, command, now)
    d.actor, d.command_id = command.actor, command.command_id
    _refuse_whom_it_is_about(d, command)
    if isinstance(command, DECIDED_WHERE_THE_CASE_IS):
        levels.require_own_level(d, command.actor)
    known = risks.met(d.state)
    _apply(d, command)
    if d.state.rules_version >= 4:
        risks.raise_by_rules(d, risks.met(d.state) - known)
    suspensions.end_idle_suspension(d)
    return d


def _refuse_whom_it_is_about(d: Decision, command: c.AnyCommand) -> None:
    """Nobody has a hand in a matter about themselves (信访工作条例 30), nor is sent on the spot for it."""
    people = command.people if isinstance(command, c.ReportIn) else ()
    if isinstance(command, c.ReportDanger):
        people = (command.caller,)
    if {command.actor.id, command.actor.unit_id, *people} & d.state.concerned:
        raise RuleViolation("actor_concerned", "nobody has a hand in a matter about themselves or their unit")


def clocks_run_out(state: CaseState, now: datetime) -> Decision:
    """What follows from time alone."""
    d = Decision(state, now)
    run_out(d)
    return d


def effect_ended(state: CaseState, effect_id: str, failure: str | None, now: datetime) -> Decision:
    """What follows from an effect's outcome; `failure` is its class code, None if it was done."""
    d = Decision(state, now)
    effects.effect_ended(d, effect_id, failure)
    return d


def mediation_lost(state: CaseState, mediation_no: str, code: str, now: datetime) -> Decision:
    """What follows when the process of a mediation ended without a result; `code` is the class of its failure."""
    d = Decision(state, now)
    mediations.lost(d, mediation_no, code)
    return d


def rules_renewed(state: CaseState, version: int, now: datetime) -> Decision:
    """A new run takes the rules of that version, if it was asked to or they are not the last run's."""
    d = Decision(state, now)
    if state.renewal_asked or state.rules_version != version:
        d.record(e.RulesRenewed(rules_version=version))
    return d


def _counts_at(state: CaseState, command: c.AnyCommand, now: datetime) -> datetime:
    before = state.last_at
    if isinstance(command, c.TaskCommand) and command.task_no in state.tasks:
        before = state.tasks[command.task_no].last_at
    # In UTC like all others: the same moment written otherwise would have another digest.
    return min(now, max(command.received_at or now, before)).astimezone(UTC)


def _apply(d: Decision, command: c.AnyCommand) -> None:  # noqa: C901, PLR0912, PLR0915 - the table of commands
    match command:
        case c.Accept():
            case.accept(d, command)
        case c.Decline():
            case.decline(d, command)
        case c.Answer():
            case.answer(d, command)
        case c.Settle():
            case.settle(d, command)
        case c.Whistle():
            whistles.whistle(d, command)
        case c.Urge():
            case.urge(d, command)
        case c.Escalate():
            levels.escalate_by_hand(d, command)
        case c.Verify():
            case.verify(d, command)
        case c.Callback():
            closing.callback(d, command)
        case c.Rate():
            closing.rate(d, command)
        case c.Close():
            closing.close(d, command)
        case c.Reopen():
            reopening.reopen(d, command)
        case c.AddContact():
            reopening.add_contact(d, command)
        case c.Withdraw():
            withdrawals.withdraw(d, command)
        case c.ConfirmWithdrawal():
            withdrawals.confirm_withdrawal(d, command)
        case c.Sign():
            task.sign(d, command)
        case c.Contact():
            task.contact(d, command)
        case c.ReportIn():
            task.report_in(d, command)
        case c.Progress():
            task.progress(d, command)
        case c.Finish():
            task.finish(d, command)
        case c.Release():
            task.release(d, command)
        case c.Reassign():
            task.reassign(d, command)
        case c.SendBack():
            send_backs.send_back(d, command)
        case c.DecideSendBack():
            send_backs.decide_send_back(d, command)
        case c.Designate():
            send_backs.designate(d, command)
        case c.Object():
            send_backs.object_to(d, command)
        case c.Supervise():
            supervision.supervise(d, command)
        case c.AnswerSupervision():
            supervision.answer_supervision(d, command)
        case c.RequestWhistle():
            whistles.request_whistle(d, command)
        case c.DecideWhistleRequest():
            whistles.decide_whistle_request(d, command)
        case c.Refer():
            whistles.refer(d, command)
        case c.RecordReferral():
            whistles.record_referral(d, command)
        case c.DecideObjection():
            send_backs.decide_objection(d, command)
        case c.AssignDown():
            levels.assign_down(d, command)
        case c.NameHost():
            levels.name_host(d, command)
        case c.Merge():
            links.merge(d, command)
        case c.TakeIn():
            links.take_in(d, command)
        case c.FollowMain():
            following.follow_main(d, command)
        case c.GoAlone():
            links.let_one_go(d, command)
        case c.Split():
            links.split(d, command)
        case c.SplitOff():
            links.split_off(d, command)
        case c.Divide():
            links.divide(d, command)
        case c.Gather():
            links.gather(d, command)
        case c.JoinIssue():
            links.join_issue(d, command)
        case c.Consult():
            consultations.consult(d, command)
        case c.Transfer():
            leaving.transfer(d, command)
        case c.TransferReceipt():
            leaving.transfer_receipt(d, command)
        case c.TakeLegalRoute():
            leaving.take_legal_route(d, command)
        case c.RecordLegalOutcome():
            leaving.record_legal_outcome(d, command)
        case c.ServeNotice():
            notices.serve_notice(d, command)
        case c.SucceedUnit():
            succession.succeed_unit(d, command)
        case c.RateReportIn():
            ratings.rate_report_in(d, command)
        case c.RateWhistle():
            ratings.rate_whistle(d, command)
        case c.RequestExtension():
            extensions.request_extension(d, command)
        case c.DecideExtension():
            extensions.decide_extension(d, command)
        case c.Suspend():
            suspensions.suspend(d, command)
        case c.Resume():
            suspensions.resume(d, command)
        case c.Commit():
            promises.commit(d, command)
        case c.InterimReply():
            promises.interim_reply(d, command)
        case c.SetRisk():
            adoption.set_risk(d, command)
        case c.RecordDutyLeader():
            risks.record_duty_leader(d, command)
        case c.ReportDanger():
            dangers.report_danger(d, command)
        case c.Record110Call():
            dangers.record_110_call(d, command)
        case c.ReportProtection():
            dangers.report_protection(d, command)
        case c.LiftDanger():
            dangers.lift_danger(d, command)
        case c.RecordLimitation():
            limitations.record_limitation(d, command)
        case c.ForgetLimitation():
            limitations.forget_limitation(d, command)
        case c.AdoptCalendar():
            adoption.adopt_calendar(d, command)
        case c.AdoptPolicy():
            adoption.adopt_policy(d, command)
        case c.OpenMediation():
            mediations.open_mediation(d, command)
        case c.FollowMediation():
            mediations.follow_mediation(d, command)
        case c.RebuildMediation():
            mediations.rebuild_mediation(d, command)
        case c.RetryEffect():
            effects.retry_effect(d, command)
        case c.SkipEffect():
            effects.skip_effect(d, command)
        case c.Renew():
            d.record(e.RenewalAsked())
        case _:
            assert_never(command)
