"""The plan (调解方案): proposed by rules, decided by a person, looked at again when talks lead nowhere."""

from collections.abc import Iterable

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.people import TrackPlan
from workflows.contracts.mediation.vocabulary import Chosen, FailureCause, MediationForm, Paper, Remedy, TrackStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import meet, stop_all
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import drop, end, fail_one
from workflows.rules.mediation.entry import why_not
from workflows.rules.mediation.guards import require_acceptable, require_nothing_agreed
from workflows.rules.mediation.steps import begin_next
from workflows.rules.mediation.ways import open_to

_WHERE_TO = frozenset(
    {
        Remedy.LEVEL_UP,
        Remedy.COURT,
        Remedy.ARBITRATION,
        Remedy.PAYMENT_ORDER,
        Remedy.RULING,
        Remedy.RECONSIDERATION,
        Remedy.ADMINISTRATIVE_SUIT,
        Remedy.REVIEW,
        Remedy.POLICE_DECISION,
        Remedy.PROSECUTION_DECISION,
        Remedy.TRIAL,
    }
)
"""Where a matter can go at the end of a mediation; another channel is the plan's to choose."""


def decide_plan(d: Hearing, command: c.DecidePlan) -> None:
    """Which channels, in order or together, at whose house. What waited in an earlier plan gives way to it.

    Every step has to be one that its channel takes; where the law bars a second agreement beside the first, only facts
    are found in parallel [医疗纠纷预防和处理条例 31, 40].

    Raises:
        RuleViolation: `agreement_reached`, `plan_empty`, `plan_without_agreement`, `second_agreement_track`,
            `host_cannot_mediate`, `channel_switched_off`, `not_a_civil_dispute`, `not_among_neighbours`,
            `not_within_discretion`, `not_tied_to_powers`, `not_a_medical_dispute`, `not_a_labour_dispute`,
            `not_a_property_dispute`, `not_a_traffic_dispute`, `not_a_commercial_dispute`, `no_violation`, `violation`,
            `not_reconcilable`, `filed_already`, `not_in_ordinary_procedure`, `not_in_summary_procedure`,
            `mediator_objected_to`, `mediator_is_party`.
    """
    require_nothing_agreed(d)
    goes_on = [] if command.drop_current else d.state.running_tracks
    if not command.tracks and not goes_on:
        raise RuleViolation("plan_empty", "name at least one channel")
    if all(step.fact_finding for step in command.tracks) and all(track.fact_finding for track in goes_on):
        raise RuleViolation("plan_without_agreement", "one step at least has to seek an agreement")
    for step in command.tracks:
        _require_entry(d, step)
        if step.mediator_id is not None:
            require_acceptable(d.state, step.mediator_id)
    seeking = [track.form for track in goes_on if not track.fact_finding]
    _require_one_agreement(d, command.tracks, seeking)
    left = [track for track in d.state.tracks.values() if track.status is TrackStatus.WAITING]
    for track in [*left, *(d.state.running_tracks if command.drop_current else [])]:
        drop(d, track)
    first = max(d.state.tracks, default=0) + 1
    d.record(e.PlanDecided(tracks=command.tracks, reason=command.reason))
    for number, step in enumerate(command.tracks, start=first):
        if step.mediator_id is not None:
            named = e.MediatorNamed(track=number, mediator_id=step.mediator_id, chosen=Chosen.BY_THE_HOST)
            d.record(named)
    meet(d, ClockName.PLAN)
    meet(d, ClockName.PLAN_REVIEW)
    begin_next(d)


def _require_entry(d: Hearing, step: TrackPlan) -> None:
    row = d.state.row(step.form)
    refusal = why_not(row, d.state.dispute)
    if refusal is not None:
        raise RuleViolation(*refusal)
    if step.host.kind not in row.hosts:
        hosts = ", ".join(row.hosts)
        raise RuleViolation("host_cannot_mediate", f"{step.form} is hosted by: {hosts}; not by a {step.host.kind}")


def _require_one_agreement(d: Hearing, steps: Iterable[TrackPlan], seeking: list[MediationForm]) -> None:
    at_once = list(seeking)
    for step in steps:
        if not step.together:
            at_once = []
        if step.fact_finding:
            continue
        at_once.append(step.form)
        if len(at_once) > 1 and any(d.state.row(form).bars_others for form in at_once):
            raise RuleViolation(
                "second_agreement_track", "the law bars a second agreement beside this channel; let it find facts only"
            )


def fail_track(d: Hearing, command: c.FailTrack) -> None:
    """Talks in this channel came to nothing.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `agreement_reached`.
    """
    require_nothing_agreed(d)
    fail_one(d, d.track(command.track), FailureCause.NO_AGREEMENT, command.reason)


def complete_track(d: Hearing, command: c.CompleteTrack) -> None:
    """What a fact-finding found is on record; what waited for it goes on.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `not_fact_finding`.
    """
    track = d.track(command.track)
    if not track.fact_finding:
        raise RuleViolation("not_fact_finding", "this track seeks an agreement: agree, or fail it")
    d.record(e.TrackCompleted(track=track.number, findings=command.findings))
    meet(d, ClockName.MEDIATION, track.tag)
    stop_all(d, about=track.tag)
    begin_next(d)


def end_mediation(d: Hearing, command: c.EndMediation) -> None:
    """No channel is left: a level up, or a legal way, which has to be one that the last channel leads to.

    Raises:
        RuleViolation: `agreement_reached`, `remedy_not_open`, `no_level_above`.
    """
    require_nothing_agreed(d)
    if command.remedy not in _open_ways(d):
        ways = ", ".join(sorted(_open_ways(d)))
        raise RuleViolation("remedy_not_open", f"from here the ways are: {ways}")
    if command.remedy is Remedy.LEVEL_UP and d.state.level_above(d.state.level) is None:
        raise RuleViolation("no_level_above", "the case is at the top")
    for track in d.state.running_tracks:
        d.record(e.TrackFailed(track=track.number, cause=FailureCause.NO_AGREEMENT, reason=command.reason))
        d.issue(Paper.TERMINATION, track=track.number)
    end(d, e.MediationFailed(remedy=command.remedy, reason=command.reason))


def _open_ways(d: Hearing) -> set[Remedy]:
    """What the channels that were tried lead to; before any was tried all that any of the table does."""
    untried = {TrackStatus.WAITING, TrackStatus.DROPPED}
    tried = [track.form for track in d.state.tracks.values() if track.status not in untried]
    forms = tried or list(d.state.policy.channels)
    ways = {way for form in forms for way in open_to(d.state.dispute, d.state.row(form).on_failure)}
    return (ways & _WHERE_TO) | {Remedy.LEVEL_UP}
