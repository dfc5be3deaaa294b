"""Limitation periods of the parties, counted down on the case, each with what mediation does to it."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.limitation import LIMITATIONS, Limitation, LimitationEffect
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import local_date, midnight
from workflows.rules.clock_starts import id_of_next, running, start_limitation_clock
from workflows.rules.decision import Decision
from workflows.rules.limits import due
from workflows.rules.rungs import calendar_of


def record_limitation(d: Decision, command: c.RecordLimitation) -> None:
    """A period runs from the day after its beginning (民法典 201); several may run at once, also after the case's end.

    Raises:
        RuleViolation: `began_in_future`, `limitation_known`, `limitation_over`.
    """
    kind, began_on = command.limitation, command.began_on
    rule = LIMITATIONS[kind]
    if began_on > local_date(d.at):
        raise RuleViolation("began_in_future", "a period is recorded once it has begun")
    if any((known.kind, known.began_on) == (kind, began_on) for known in d.state.limitations.values()):
        raise RuleViolation("limitation_known", "this period is counted down already")
    if due(rule.limit, midnight(began_on), calendar_of(d.state, None)).due_at <= d.now:
        raise RuleViolation("limitation_over", "it has run out already: tell the party so, nothing is counted down")
    clock_id = id_of_next(d.state, ClockName.LIMITATION)
    recorded = e.LimitationRecorded(clock_id=clock_id, limitation=kind, began_on=began_on, note=command.note)
    d.record(recorded)
    start_limitation_clock(d, rule, began_on, event="limitation_recorded")


def forget_limitation(d: Decision, command: c.ForgetLimitation) -> None:
    """A period that was recorded by mistake is not counted down any more.

    Raises:
        RuleViolation: `unknown_limitation`.
    """
    if command.clock_id not in d.state.limitations:
        raise RuleViolation("unknown_limitation", "the case has no such limitation period")
    d.record(e.LimitationForgotten(clock_id=command.clock_id, reason=command.reason))
    if d.state.clocks[command.clock_id].is_open:
        d.record(e.ClockStopped(clock_id=command.clock_id))


def interrupt(d: Decision) -> None:
    """A mediation was applied for: the periods that this interrupts stop (民法典 195, 劳动争议调解仲裁法 27)."""
    for clock in running(d.state, ClockName.LIMITATION):
        if d.state.limitations[clock.id].effect is LimitationEffect.INTERRUPTED:
            d.record(e.LimitationInterrupted(clock_id=clock.id), e.ClockStopped(clock_id=clock.id))


def run_again(d: Decision) -> None:
    """The mediation ended without result: what it interrupted begins anew on this day."""
    today = local_date(d.at)
    for clock_id, known in _waiting(d):
        following = id_of_next(d.state, ClockName.LIMITATION)
        anew = e.LimitationRestarted(clock_id=following, after=clock_id, limitation=known.kind, began_on=today)
        d.record(anew)
        start_limitation_clock(d, LIMITATIONS[known.kind], today, event="limitation_restarted")


def _waiting(d: Decision) -> list[tuple[str, Limitation]]:
    """The interrupted periods that have not begun anew, by the ids of their clocks."""
    followed = {known.restarted_from for known in d.state.limitations.values()}
    known = sorted(d.state.limitations.items(), key=lambda entry: d.state.clocks[entry[0]].round)
    return [(clock_id, one) for clock_id, one in known if one.interrupted_at is not None and clock_id not in followed]
