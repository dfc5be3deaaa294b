"""What the requester is promised while the matter goes on: a firm date, or the date that the law sets."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import CaseStatus, ClockName, News, Role
from workflows.rules.calendar import local_date
from workflows.rules.clock_starts import policy_of, running, start_dated_clock
from workflows.rules.clocks import meet, tell
from workflows.rules.decision import Decision
from workflows.rules.guards import require_status

_AT_WORK = (CaseStatus.ACCEPTED, CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS, CaseStatus.IN_MEDIATION)
_FURTHEST_DAYS = 5 * 366
_UNIT_ROLES = frozenset({Role.HANDLER, Role.SYSTEM})


def commit(d: Decision, command: c.Commit) -> None:
    """Objective conditions are not given: measures and a firm date, to which the case is held. No clock stops for it.

    Practice of the Jinan hotline (rules of 承诺办理).

    Raises:
        RuleViolation: `case_not_at_work`, `not_the_lead`, `already_committed`, `date_not_ahead`, `date_too_far`.
    """
    _require_spokesman(d, command.actor)
    if running(d.state, ClockName.COMMITMENT):
        raise RuleViolation("already_committed", "a promise is running; it has to be kept first")
    days = (command.date - local_date(d.at)).days
    if days < 1:
        raise RuleViolation("date_not_ahead", "what is promised is promised for a later day than today")
    if days > _FURTHEST_DAYS:
        raise RuleViolation("date_too_far", "a promise lies five years ahead at most")
    d.record(e.Committed(measures=command.measures, date=command.date))
    start_dated_clock(d, ClockName.COMMITMENT, command.date, event="committed", source="[practice] 承诺办理")
    # She is told the day that was named; that the clock lets a day off pass is no part of the promise.
    d.record(e.RequesterTold(about=News.COMMITTED, due_date=command.date, text=command.measures))


def interim_reply(d: Decision, command: c.InterimReply) -> None:
    """The law gives this matter longer than the requester was told: she learns the procedure and the legal date.

    That meets her clock; the statutory clock, which stands in place of the usual finish limit, runs on.

    Raises:
        RuleViolation: `case_not_at_work`, `not_the_lead`, `citizen_clock_not_running`, `no_statutory_limit`,
            `wrong_legal_due`.
    """
    _require_spokesman(d, command.actor)
    if not running(d.state, ClockName.CITIZEN):
        raise RuleViolation("citizen_clock_not_running", "the requester has had her answer or interim reply")
    lead = d.state.lead_task
    by_law = [
        clock
        for clock in (running(d.state, ClockName.FINISH, lead.task_no) if lead else [])
        if (policy := policy_of(d.state, clock)) is not None and policy.statutory
    ]
    if not by_law:
        raise RuleViolation("no_statutory_limit", "no limit that the law sets is running for the lead unit")
    clock = by_law[0]
    if command.legal_due not in {clock.raw_due_date, clock.due_date}:
        raise RuleViolation("wrong_legal_due", f"the statutory limit ends on {clock.raw_due_date}")
    d.record(e.InterimReplied(procedure=command.procedure, legal_due=command.legal_due))
    meet(d, ClockName.CITIZEN)
    tell(d, News.INTERIM_REPLY, clock=clock, text=command.procedure)


def _require_spokesman(d: Decision, actor: Actor) -> None:
    """The matter is at work, and the actor may speak for it: the centre, or of the units the lead."""
    require_status(d, *_AT_WORK, code="case_not_at_work")
    lead = d.state.lead_task
    if actor.role in _UNIT_ROLES and (lead is None or actor.unit_id != lead.unit.unit_id):
        raise RuleViolation("not_the_lead", "of the units only the lead speaks for the matter")
