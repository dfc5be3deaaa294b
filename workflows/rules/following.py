"""Reports that go on in another case: what they learn from it, and how cases speak to each other."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.effects import SendCommand
from workflows.contracts.vocabulary import GIVEN_UP, CaseStatus, ClockName
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import stop_clocks
from workflows.rules.decision import Decision
from workflows.rules.evolve_links import ANSWERED


def next_command_id(d: Decision) -> str:
    """The id of a command that this case sends next: its number, and the seq of the event that asks for it."""
    return f"{d.state.case_no}/{d.state.seq + 1}"


def send(d: Decision, to_case_no: str, command: c.AnyCommand) -> None:
    """Has the other case apply a command whose id is `next_command_id`."""
    effect = SendCommand(id=f"{d.state.case_no}-E{d.state.seq + 1}", to_case_no=to_case_no, command=command)
    d.record(e.EffectRequested(effect=effect))


def conclude(d: Decision) -> None:
    """The reports that go on in this case learn what it came to; one that was withdrawn lets them go on themselves."""
    if d.state.status is CaseStatus.WITHDRAWN:
        others = d.state.merged
        if others:
            d.record(e.CasesSplitOff(case_nos=others))
            let_go(d, others)
        return
    units = {task.unit.unit_id for task in d.state.tasks.values() if task.status not in GIVEN_UP}
    if d.state.settled_by is not None:
        units.add(d.state.settled_by)
    _pass_on(d, d.state.status, tuple(sorted(units)), d.state.verifiers)


def let_go(d: Decision, case_nos: tuple[str, ...]) -> None:
    """These go on as cases of their own."""
    for case_no in case_nos:
        send(d, case_no, c.SplitOff(command_id=next_command_id(d), actor=CLOCKWORK, main=d.state.case_no))


def go_alone(d: Decision) -> None:
    """The case that this one was merged into learns that it is not part of it any more."""
    if d.state.merged_into is not None:
        alone = c.GoAlone(command_id=next_command_id(d), actor=CLOCKWORK, case_no=d.state.case_no)
        send(d, d.state.merged_into, alone)


def take_back_the_result(d: Decision) -> None:
    """The reports that go on in this case wait again: nobody asks them about a result that does not stand."""
    _pass_on(d, d.state.status, (), ())


def follow_main(d: Decision, command: c.FollowMain) -> None:
    """What the matter came to in the main case; its reporters are called back one by one.

    A report that does not go on there any more does not follow.
    """
    if d.state.merged_into != command.main:
        return
    for clock in running(d.state, ClockName.ARCHIVE_AFTER):
        d.record(e.ClockStopped(clock_id=clock.id))
    d.record(e.MainConcluded(status=command.status, units=command.units, judges=command.judges))
    if command.status not in ANSWERED:
        stop_clocks(d, ClockName.CALLBACK)
    elif not running(d.state, ClockName.CALLBACK):
        start_case_clock(d, ClockName.CALLBACK, event="verified")
    start_case_clock(d, ClockName.ARCHIVE_AFTER, event="ended")
    _pass_on(d, command.status, command.units, command.judges)


def _pass_on(d: Decision, status: CaseStatus, units: tuple[str, ...], judges: tuple[str, ...]) -> None:
    """To those that go on in this case; one of them may itself have been a main case before it was merged."""
    for case_no in d.state.merged:
        follow = c.FollowMain(
            command_id=next_command_id(d),
            actor=CLOCKWORK,
            main=d.state.case_no,
            status=status,
            units=units,
            judges=judges,
        )
        send(d, case_no, follow)
