"""The resident is not content, or calls again: a closed case is taken up again, an open one is looked at harder."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus, ClockName, Role
from workflows.rules.clock_starts import running, start_again, start_case_clock
from workflows.rules.closing import wants_explanation
from workflows.rules.decision import Decision
from workflows.rules.evolve_links import ANSWERED
from workflows.rules.following import go_alone, next_command_id, send, take_back_the_result
from workflows.rules.guards import require_open, require_status
from workflows.rules.ladder import escalate_often_reworked

CALLS_TO_THE_SUPERVISOR = 2
"""The report itself was the first: with the third call the supervisor hears of it."""


def reopen(d: Decision, command: c.Reopen) -> None:
    """A closed case is at work again, with new clocks; what the rounds before came to stays.

    So is one whose requester was asked and is dissatisfied again, and a report whose matter came to its end in another
    case. What two persons signed as an explanation is taken up again by staff only.

    Raises:
        RuleViolation: `case_not_closed`, `closed_with_explanation`.
    """
    by_herself = command.actor.role is Role.REQUESTER
    concluded = d.state.main_status is not None and (d.state.main_status in ANSWERED or not by_herself)
    came_to_its_end = d.state.status is CaseStatus.MERGED and concluded
    if not came_to_its_end and not wants_explanation(d.state):
        ends = {CaseStatus.CLOSED} if by_herself else END_STATUSES - {CaseStatus.MERGED}
        require_status(d, *sorted(ends), code="case_not_closed")
    if d.state.explained and by_herself:
        raise RuleViolation("closed_with_explanation", "two persons have explained why nothing more is done")
    go_alone(d)
    rework = d.state.rework + 1
    d.record(e.CaseReopened(round=d.state.round + 1, rework=rework, reason=command.reason))
    for name in (ClockName.ARCHIVE_AFTER, ClockName.CALLBACK, ClockName.LEGAL_OUTCOME):
        for clock in running(d.state, name):
            d.record(e.ClockStopped(clock_id=clock.id))
    start_again(d, ClockName.CITIZEN, event="reopened")
    start_case_clock(d, ClockName.DISPATCH, event="reopened")
    take_back_the_result(d)
    escalate_often_reworked(d, command.reason)


def add_contact(d: Decision, command: c.AddContact) -> None:
    """The second call about a case urges the units at work; with the third supervisors see it.

    A call about a merged report is one about the case in which it goes on.

    Raises:
        RuleViolation: `case_ended`.
    """
    if not d.state.goes_on_elsewhere:
        require_open(d)
    count = d.state.contacts + 1
    d.record(e.ContactAdded(count=count, text=command.text))
    if d.state.goes_on_elsewhere and d.state.merged_into is not None:
        call = c.AddContact(command_id=next_command_id(d), actor=command.actor, text=command.text)
        send(d, d.state.merged_into, call)
    signal = SignalType.URGED if count < CALLS_TO_THE_SUPERVISOR else SignalType.SUPERVISED
    for task in d.state.open_tasks:
        d.notify(task, signal)
