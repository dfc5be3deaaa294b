"""From consent to work: the application, the host's acceptance, and how long the channel has."""

from datetime import timedelta

from workflows.contracts.clocks import Pause
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.policy import LimitStart
from workflows.contracts.mediation.vocabulary import FailureCause, Paper, TrackStatus
from workflows.contracts.vocabulary import ClockName, MoveCause
from workflows.rules.calendar import ONE_DAY, compile_calendar, local_date, midnight
from workflows.rules.limits import due, units_between
from workflows.rules.mediation.clocks import limit_of, meet, move, running, start, start_limit
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import fail_one
from workflows.rules.mediation.guards import known_party
from workflows.rules.mediation.parties import all_consent

_LONGEST = timedelta(days=731)


def apply(d: Hearing, command: c.Apply) -> None:
    """A party applies; where the law counts from the application the limit runs from here [劳动争议调解仲裁法 14].

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `unknown_party`, `already_applied`, `already_taken_up`.
    """
    track = d.track(command.track)
    party = known_party(d.state, command.party_no)
    if track.applied_at is not None:
        raise RuleViolation("already_applied", "the application is on record")
    if track.taken_up_at is not None:
        raise RuleViolation("already_taken_up", "the host has taken it up without one")
    d.record(e.AppliedFor(track=track.number, party_no=party.party_no, paper=command.paper))
    d.issue(Paper.APPLICATION, (party.party_no,), track=track.number)
    if d.state.row(track.form).starts is LimitStart.APPLIED:
        start_limit(d, track, event="applied")


def take_up(d: Hearing, command: c.TakeUp) -> None:
    """The host takes the dispute on with all parties' consent, or does not, and the plan goes on without it.

    Before a court it is the mediator's signature on the receipt that counts [特邀调解规定 27].

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `referral_only`, `not_consented`, `mediator_missing`,
            `not_applied`.
    """
    track = d.track(command.track)
    row = d.state.row(track.form)
    if row.referral_only:
        raise RuleViolation("referral_only", "this is talked out elsewhere: refer it to the authority's system")
    if track.status is not TrackStatus.CONSENTED or not all_consent(d, track.number):
        raise RuleViolation("not_consented", "a channel is taken up once all parties agreed to it, and once")
    if not command.accepted:
        fail_one(d, track, FailureCause.NOT_TAKEN_UP, command.reason)
        return
    if row.starts is LimitStart.SIGNED_FOR and not track.mediators:
        raise RuleViolation("mediator_missing", "the mediator signs for it: name one first")
    if row.starts is LimitStart.APPLIED and track.applied_at is None:
        raise RuleViolation("not_applied", "the limit counts from the application: put that on record first")
    d.record(e.TakenUp(track=track.number))
    meet(d, ClockName.TAKE_UP, track.tag)
    if not running(d.state, ClockName.MEDIATION, track.tag):
        start_limit(d, track, event=row.starts.value)
    if not track.mediators:
        start(d, ClockName.MEDIATOR, event="taken_up", about=track.tag)


def extend_track(d: Hearing, command: c.ExtendTrack) -> None:
    """All parties want more time, once, as much as the channel's row allows.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `limit_not_running`, `extension_not_allowed`, `not_jointly`,
            `already_extended`, `limit_run_out`, `date_not_ahead`, `beyond_maximum`.
    """
    track = d.track(command.track)
    clock = limit_of(d, track)
    most = d.state.row(track.form).extension
    if most is None:
        raise RuleViolation("extension_not_allowed", "this channel's limit is not extended")
    if not set(d.state.parties) <= set(command.agreed_by):
        raise RuleViolation("not_jointly", "more time needs the agreement of all parties")
    if clock.extended_by:
        raise RuleViolation("already_extended", "a limit is extended once")
    _require_time_left(d, clock)
    if command.until <= clock.raw_due_date:
        raise RuleViolation("date_not_ahead", f"the date adds nothing to {clock.raw_due_date}")
    calendar = compile_calendar(d.state.calendar)
    if command.until > due(most, midnight(clock.raw_due_date), calendar).raw_due_date:
        raise RuleViolation("beyond_maximum", f"{most} at most")
    more = units_between(clock.raw_due_date, command.until, clock.limit.unit, calendar)
    if more < 1:
        raise RuleViolation("date_not_ahead", f"the date adds nothing to {clock.raw_due_date}")
    d.record(
        e.TrackExtended(track=track.number, until=command.until, agreed_by=command.agreed_by, reason=command.reason)
    )
    move(d, clock, MoveCause.EXTENSION, extended_by=more)


def pause_track(d: Hearing, command: c.PauseTrack) -> None:
    """Experts look at it: the days until then do not count, where the channel's own source says so.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `limit_not_running`, `ground_not_allowed`, `already_paused`,
            `limit_run_out`, `date_not_ahead`, `beyond_maximum`.
    """
    track = d.track(command.track)
    clock = limit_of(d, track)
    if command.ground not in d.state.row(track.form).pauses:
        raise RuleViolation("ground_not_allowed", "this channel's limit does not stand still for that")
    today = local_date(d.at)
    if track.paused_until is not None and track.paused_until >= today:
        raise RuleViolation("already_paused", "the limit stands still already")
    _require_time_left(d, clock)
    if command.until < today:
        raise RuleViolation("date_not_ahead", "a pause ends today at the earliest")
    if command.until - today > _LONGEST:
        raise RuleViolation("beyond_maximum", "a pause lasts two years at most")
    d.record(e.TrackPaused(track=track.number, ground=command.ground, until=command.until, reason=command.reason))
    pause = Pause(since=d.at, until=midnight(command.until + ONE_DAY), ground=command.ground.value)
    move(d, clock, MoveCause.PAUSE, pauses=(*clock.pauses, pause))


def _require_time_left(d: Hearing, clock: MediationClock) -> None:
    if clock.breached_at is not None or d.at > clock.due_at:
        raise RuleViolation("limit_run_out", "more time is asked for before the limit runs out")


def go_on(d: Hearing, command: c.GoOnWithTrack) -> None:
    """What the limit waited for has come before its latest day.

    Raises:
        RuleViolation: `unknown_track`, `track_ended`, `limit_not_running`, `not_paused`.
    """
    track = d.track(command.track)
    clock = limit_of(d, track)
    if track.paused_until is None or track.paused_until < local_date(d.at):
        raise RuleViolation("not_paused", "the limit is running")
    d.record(e.TrackWentOn(track=track.number, reason=command.reason))
    *before, latest = clock.pauses
    ended = latest.model_copy(update={"until": max(latest.since, d.at)})
    move(d, clock, MoveCause.PAUSE, pauses=(*before, ended))
