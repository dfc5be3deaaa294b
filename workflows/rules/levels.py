"""Which level has a case: up by hand, down with instructions, and which of several regions hosts it."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import ClockName, Level, RiskLevel, Role
from workflows.rules import risks
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.guards import require_open
from workflows.rules.ladder import escalate


def escalate_by_hand(d: Decision, command: c.Escalate) -> None:
    """The case goes one level up, with a reason.

    Raises:
        RuleViolation: `case_ended`, `at_the_top`.
    """
    require_open(d)
    above = d.state.level_above(d.state.level)
    if above is None:
        raise RuleViolation("at_the_top", "the case is at the top already")
    escalate(d, above, at=d.at, reason=command.reason)


def assign_down(d: Decision, command: c.AssignDown) -> None:
    """The level that has the case gives it to one below, with instructions (交办); from here on that level is timed.

    Raises:
        RuleViolation: `case_ended`, `not_a_level_below`.
    """
    require_open(d)
    if command.level.rank >= d.state.level.rank or command.level not in d.state.centres:
        raise RuleViolation("not_a_level_below", f"the {d.state.level} has the case: name a level below with a centre")
    for clock in running(d.state, ClockName.LEVEL):
        d.record(e.ClockStopped(clock_id=clock.id))
    assigned = e.AssignedDown(from_level=d.state.level, to_level=command.level, instructions=command.instructions)
    d.record(assigned)
    start_case_clock(d, ClockName.LEVEL, event="assigned_down")


def name_host(d: Decision, command: c.NameHost) -> None:
    """Of the regions that a matter concerns one hosts it; whoever received it first has kept the clock meanwhile.

    Raises:
        RuleViolation: `case_ended`, `no_host_wanted`, `not_the_common_superior`, `region_not_concerned`.
    """
    require_open(d)
    superior = d.state.host_level
    if superior is None:
        raise RuleViolation("no_host_wanted", "the matter concerns one region, or its host is named")
    own = level_of(d, command.actor)
    if own is not None and own.rank < superior.rank:
        raise RuleViolation("not_the_common_superior", f"the centre of the {superior} names the host")
    if command.region_code not in {d.state.region_code, *d.state.regions}:
        raise RuleViolation("region_not_concerned", "the host is one of the regions that the matter concerns")
    # A breach that this undoes may have raised the case.
    meet(d, ClockName.HOST)
    levels = sorted(command.centres, key=lambda level: level.rank)
    # What the ladder has raised goes no lower than it was.
    raised = d.state.level.rank if d.state.level is not d.state.origin_level else 0
    host = e.HostNamed(
        region_code=command.region_code,
        centres=command.centres,
        level=next((level for level in levels if level.rank >= raised), levels[-1]),
        reason=command.reason,
    )
    d.record(host)


def report_a_crowd(d: Decision) -> None:
    """Many people with one matter: it is red from the start, and the level above is told."""
    if d.state.rules_version >= 4:
        risks.raise_by_rules(d, risks.met(d.state))
        return
    threshold, headcount = d.state.policy.group_threshold, d.state.headcount
    if threshold is None or headcount is None or headcount < threshold:
        return
    d.record(e.RiskSet(risk=RiskLevel.RED))
    above = d.state.level_above(d.state.level)
    if above is not None:
        d.record(e.ReportedUpward(to_level=above, headcount=headcount))


def require_own_level(d: Decision, actor: Actor) -> None:
    """The centre of a level that the case has left reads on, and does not decide any more.

    Raises:
        RuleViolation: `case_is_above`.
    """
    if is_left_behind(d, actor):
        raise RuleViolation("case_is_above", f"the {d.state.level} has the case now")


def is_left_behind(d: Decision, actor: Actor) -> bool:
    """Whether the actor decides for a centre below the level that has the case."""
    own = level_of(d, actor)
    return d.state.rules_version >= 3 and own is not None and own.rank < d.state.level.rank


def level_of(d: Decision, actor: Actor) -> Level | None:
    """The level whose centre the actor decides for; None for anybody who is not bound to one of the case's centres."""
    if actor.role not in {Role.DISPATCHER, Role.SUPERVISOR}:
        return None
    return d.state.level_of_centre(actor.unit_id)
