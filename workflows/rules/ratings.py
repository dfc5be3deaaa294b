"""Ratings both ways (评哨、评报到): the whistler rates the report-in, the unit rates the whistle."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import TaskStatus
from workflows.rules.decision import Decision
from workflows.rules.guards import known_task

_CAME = frozenset({TaskStatus.REPORTED_IN, TaskStatus.FINISHED})


def rate_report_in(d: Decision, command: c.RateReportIn) -> None:
    """Whoever called the unit in says how it came, once.

    Raises:
        RuleViolation: `unknown_task`, `not_reported_in`, `report_in_rated`.
    """
    task = known_task(d, command.task_no)
    if task.status not in _CAME:
        raise RuleViolation("not_reported_in", "there is no report-in to rate")
    if task.report_in_rated:
        raise RuleViolation("report_in_rated", "its report-in has a rating")
    d.record(e.ReportInRated(task_no=task.task_no, score=command.score, note=command.note))


def rate_whistle(d: Decision, command: c.RateWhistle) -> None:
    """The unit says how it was called in, once: the right unit? clear? avoidable?

    Raises:
        RuleViolation: `unknown_task`, `whistle_rated`.
    """
    task = known_task(d, command.task_no)
    if task.whistle_rated:
        raise RuleViolation("whistle_rated", "the unit has rated this whistle")
    rated = e.WhistleRated(
        task_no=task.task_no,
        score=command.score,
        right_unit=command.right_unit,
        clear=command.clear,
        avoidable=command.avoidable,
        note=command.note,
    )
    d.record(rated)
