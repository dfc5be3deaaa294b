"""One matter reported more than once, one report that is several matters, and many matters with one issue."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus, ClockName, MoveCause, News
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import move_as, resume, stop_clocks, tell
from workflows.rules.decision import Decision
from workflows.rules.ending import end_case
from workflows.rules.following import let_go, next_command_id, send
from workflows.rules.guards import require_open, require_status, take_on
from workflows.rules.suspensions import end_suspension

_MOST = 200
"""Of each sort of tie: the state carries them all, and what they are told has to fit into one step."""
_MERGEABLE = (
    CaseStatus.REGISTERED,
    CaseStatus.ACCEPTED,
    CaseStatus.DISPATCHED,
    CaseStatus.IN_PROGRESS,
    CaseStatus.IN_MEDIATION,
)


def merge(d: Decision, command: c.Merge) -> None:
    """The matter goes on in another case (并案); this one's units are called off.

    Raises:
        RuleViolation: `case_not_at_work`, `merges_into_itself`.
    """
    require_status(d, *_MERGEABLE, code="case_not_at_work")
    if command.into == d.state.case_no or command.into in d.state.merged:
        raise RuleViolation("merges_into_itself", "name another case, and none that goes on in this one")
    if d.state.status is CaseStatus.REGISTERED:
        take_on(d)
    end_suspension(d)
    own = running(d.state, ClockName.CITIZEN)
    take_in = c.TakeIn(
        command_id=next_command_id(d),
        actor=CLOCKWORK,
        case_no=d.state.case_no,
        case_kind=d.state.kind,
        subjects=d.state.subjects,
        citizen=own[-1] if own else None,
    )
    send(d, command.into, take_in)
    d.record(e.CaseMerged(into=command.into, reason=command.reason))
    end_case(d)


def take_in(d: Decision, command: c.TakeIn) -> None:
    """Another report of the matter: of the two dates the earlier one counts.

    A case whose result stands or that is over meanwhile, or full, takes nothing in: the other one goes on by itself. So
    does one that is about a unit at work here, and a tip-off takes in nothing but tip-offs.
    """
    over = d.state.status in {CaseStatus.VERIFIED, *END_STATUSES} or len(d.state.merged) >= _MOST
    told_of = {subject.id for subject in command.subjects}
    at_work = any(task.unit.unit_id in told_of for task in d.state.open_tasks)
    sealed = (d.state.kind is CaseKind.TIP_OFF) is not (command.case_kind is CaseKind.TIP_OFF)
    if over or at_work or sealed:
        d.record(e.TakeInRefused(case_no=command.case_no))
        send(d, command.case_no, c.SplitOff(command_id=next_command_id(d), actor=CLOCKWORK, main=d.state.case_no))
        return
    if command.case_no not in d.state.merged:
        d.record(e.CaseTakenIn(case_no=command.case_no, subjects=command.subjects))
    theirs = command.citizen
    own = running(d.state, ClockName.CITIZEN)
    if theirs is not None and own and own[-1].breached_at is None and theirs.due_at < own[-1].due_at:
        move_as(d, own[-1], theirs, MoveCause.MERGE)
        tell(d, News.MERGED)


def let_one_go(d: Decision, command: c.GoAlone) -> None:
    """A report goes on by itself because its reporter wants it so."""
    if command.case_no in d.state.merged:
        d.record(e.CasesSplitOff(case_nos=(command.case_no,)))


def split(d: Decision, command: c.Split) -> None:
    """Reports that turned out to be about something else go on by themselves (拆分), with their own dates.

    Raises:
        RuleViolation: `not_merged_here`.
    """
    case_nos = tuple(dict.fromkeys(command.case_nos))
    strange = sorted(set(case_nos) - set(d.state.merged))
    if strange:
        raise RuleViolation("not_merged_here", f"{strange[0]} does not go on in this case")
    d.record(e.CasesSplitOff(case_nos=case_nos, reason=command.reason))
    let_go(d, case_nos)


def split_off(d: Decision, command: c.SplitOff) -> None:
    """The case is one of its own again: the requester's date runs on as it was, and the centre owes its dispatch.

    One that does not go on there any more stays as it is.
    """
    if d.state.merged_into != command.main:
        return
    stop_clocks(d, ClockName.ARCHIVE_AFTER)
    stop_clocks(d, ClockName.CALLBACK)
    d.record(e.SplitFromMain(main=command.main))
    stopped = [clock for clock in d.state.clocks.values() if clock.name is ClockName.CITIZEN and clock.met_at is None]
    for clock in stopped[-1:]:
        resume(d, clock)
    start_case_clock(d, ClockName.DISPATCH, event="split")


def divide(d: Decision, command: c.Divide) -> None:
    """Parts of the matter go on as cases of their own (分案), with the time of this one's registration.

    Raises:
        RuleViolation: `case_ended`, `part_twice`, `too_many_cases`, `tip_off_stands_alone`.
    """
    require_open(d)
    sealed = d.state.kind is CaseKind.TIP_OFF
    if any((part.case_kind is CaseKind.TIP_OFF) is not sealed for part in command.parts):
        # Its parts share the tracking code and the timeline, and others read those.
        raise RuleViolation("tip_off_stands_alone", "a tip-off is a report of its own, and so is what is none")
    numbers = [part.case_no for part in command.parts]
    if len(set(numbers)) < len(numbers) or set(numbers) & set(d.state.children):
        raise RuleViolation("part_twice", "each part has a number of its own")
    _require_room(len(d.state.children) + len(numbers))
    for part in command.parts:
        d.record(e.CaseDivided(part=part, reason=command.reason))


def gather(d: Decision, command: c.Gather) -> None:
    """Cases that stay separate, with one issue in common (共性诉求), which this case carries.

    Raises:
        RuleViolation: `case_ended`, `gathers_itself`, `already_gathered`, `too_many_cases`.
    """
    require_open(d)
    if d.state.case_no in command.case_nos:
        raise RuleViolation("gathers_itself", "a case does not join itself")
    if not set(command.case_nos) - set(d.state.gathered):
        raise RuleViolation("already_gathered", "those cases have joined already")
    fresh = tuple(dict.fromkeys(no for no in command.case_nos if no not in d.state.gathered))
    _require_room(len(d.state.gathered) + len(fresh))
    d.record(e.CasesGathered(case_nos=fresh, reason=command.reason))
    for case_no in fresh:
        send(d, case_no, c.JoinIssue(command_id=next_command_id(d), actor=CLOCKWORK, main=d.state.case_no))


def join_issue(d: Decision, command: c.JoinIssue) -> None:
    """The case has an issue in common with others; the latest that gathers it counts."""
    if d.state.common_issue != command.main:
        d.record(e.IssueJoined(main=command.main))


def _require_room(count: int) -> None:
    if count > _MOST:
        raise RuleViolation("too_many_cases", f"a case has {_MOST} of them at most")
