"""Somebody above demands an answer by a date (督办); shown until it is given."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import local_date
from workflows.rules.clock_starts import running, start_dated_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.guards import require_open

_FURTHEST_DAYS = 366


def supervise(d: Decision, command: c.Supervise) -> None:
    """An answer is demanded from whoever owes the next step; units at work are told.

    Raises:
        RuleViolation: `case_ended`, `already_supervised`, `date_not_ahead`, `date_too_far`.
    """
    require_open(d)
    if running(d.state, ClockName.SUPERVISION):
        raise RuleViolation("already_supervised", "an answer is demanded already")
    days = (command.due - local_date(d.at)).days
    if days < 1:
        raise RuleViolation("date_not_ahead", "an answer is demanded for a later day than today")
    if days > _FURTHEST_DAYS:
        raise RuleViolation("date_too_far", "an answer is demanded within a year")
    d.record(e.Supervised(reason=command.reason, due=command.due))
    start_dated_clock(d, ClockName.SUPERVISION, command.due, event="supervised", source="[default] 督办期限")
    for task in d.state.open_tasks:
        d.notify(task, SignalType.SUPERVISED)


def answer_supervision(d: Decision, command: c.AnswerSupervision) -> None:
    """What was demanded is answered.

    Raises:
        RuleViolation: `case_ended`, `not_supervised`.
    """
    require_open(d)
    if not running(d.state, ClockName.SUPERVISION):
        raise RuleViolation("not_supervised", "no answer is demanded")
    d.record(e.SupervisionAnswered(text=command.text))
    meet(d, ClockName.SUPERVISION)
