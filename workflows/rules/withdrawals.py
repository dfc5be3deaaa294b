"""The requester takes a matter back (撤回); a danger to others in it goes on."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.link_commands import Part
from workflows.contracts.vocabulary import CaseStatus, ClockName, Role
from workflows.rules.clock_starts import start_case_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.ending import end_case
from workflows.rules.following import conclude, go_alone
from workflows.rules.guards import require_no_agreement, require_open
from workflows.rules.levels import is_left_behind


def withdraw(d: Decision, command: c.Withdraw) -> None:
    """The requester takes the matter back. Through anyone but the centre that has it, it waits for that one to confirm.

    Whose report goes on in another case takes back the report alone.

    Raises:
        RuleViolation: `case_ended`, `withdrawal_already_asked`, `agreement_binds`.
    """
    require_no_agreement(d)
    by_centre = command.actor.role is Role.DISPATCHER and not is_left_behind(d, command.actor)
    at_once = command.actor.role is Role.REQUESTER or by_centre
    if not (at_once and d.state.goes_on_elsewhere):
        require_open(d)
    if at_once:
        go_alone(d)
        _take_back(d, command.reason, command.hazard)
        return
    if d.state.withdrawal_asked:
        raise RuleViolation("withdrawal_already_asked", "the centre is asking the requester already")
    d.record(e.WithdrawalAsked(reason=command.reason))
    start_case_clock(d, ClockName.WITHDRAWAL, event="asked")


def confirm_withdrawal(d: Decision, command: c.ConfirmWithdrawal) -> None:
    """The centre has asked the requester whether the withdrawal is meant.

    Raises:
        RuleViolation: `case_ended`, `no_withdrawal_asked`, `agreement_binds`.
    """
    require_open(d)
    if command.confirmed:
        require_no_agreement(d)
    if not d.state.withdrawal_asked:
        raise RuleViolation("no_withdrawal_asked", "there is no withdrawal to confirm")
    meet(d, ClockName.WITHDRAWAL)
    if command.confirmed:
        _take_back(d, command.note, command.hazard)
    else:
        d.record(e.WithdrawalRefuted(note=command.note))


def _take_back(d: Decision, reason: TextId | None, hazard: Part | None) -> None:
    result_stands = d.state.status is CaseStatus.VERIFIED
    d.record(e.CaseWithdrawn(reason=reason))
    meet(d, ClockName.WITHDRAWAL)
    if hazard is not None:
        d.record(e.HazardKept(part=hazard))
    end_case(d)
    if not result_stands:
        # Else the reports that go on here know the result, and are asked about it one by one.
        conclude(d)
