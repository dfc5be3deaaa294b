"""What a case tells the mediation that is running: that there is danger, that the case is over, a newer calendar."""

from workflows.contracts import events as e
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.clocks import CalendarWindow
from workflows.contracts.effects import TellMediation
from workflows.contracts.mediation.commands import LockMediation, MediationCommandMessage, StopMediation
from workflows.contracts.time_commands import AdoptCalendar
from workflows.contracts.vocabulary import CaseStatus, ClockName
from workflows.rules.clocks import stop_clocks
from workflows.rules.decision import Decision
from workflows.rules.following import next_command_id


def lock_mediation(d: Decision, *, locked: bool) -> None:
    """While there is danger nothing is talked about [人民调解法 25]."""
    number = d.state.running_mediation
    if number is not None:
        seq = d.state.seq + 1
        _tell(d, number, LockMediation(command_id=next_command_id(d), actor=CLOCKWORK, locked=locked, seq=seq))


def stop_mediation(d: Decision) -> None:
    """The case is over: so is what was talked about in it."""
    number = d.state.running_mediation
    if number is not None:
        withdrawn = d.state.status is CaseStatus.WITHDRAWN
        _tell(d, number, StopMediation(command_id=next_command_id(d), actor=CLOCKWORK, withdrawn=withdrawn))
        stop_clocks(d, ClockName.MEDIATION)


def pass_on_calendar(d: Decision, calendar: CalendarWindow) -> None:
    """The clocks of a mediation are worked out again as well."""
    number = d.state.running_mediation
    if number is not None:
        given = AdoptCalendar(command_id=next_command_id(d), actor=CLOCKWORK, calendar=calendar)
        _tell(d, number, given)


def _tell(d: Decision, number: str, command: MediationCommandMessage) -> None:
    effect = TellMediation(id=f"{d.state.case_no}-E{d.state.seq + 1}", mediation_no=number, command=command)
    d.record(e.EffectRequested(effect=effect))
