"""A matter leaves the city's hands: to another city on its receipt, or to a court or another legal route."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import CaseStatus, ClockName, LegalRoute, NoticeKind
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.ending import end_case
from workflows.rules.following import conclude
from workflows.rules.guards import require_no_agreement, require_open, require_status
from workflows.rules.notices import issue

_UNSETTLED = (
    CaseStatus.REGISTERED,
    CaseStatus.ACCEPTED,
    CaseStatus.DISPATCHED,
    CaseStatus.IN_PROGRESS,
    CaseStatus.IN_MEDIATION,
)


def transfer(d: Decision, command: c.Transfer) -> None:
    """Another city is asked to take the matter; until its receipt it is ours, with every clock running.

    Raises:
        RuleViolation: `case_ended`, `transfer_already_asked`.
    """
    require_open(d)
    if d.state.transfer_asked:
        raise RuleViolation("transfer_already_asked", "the other city has not answered yet")
    d.record(e.TransferAsked(city=command.city, reason=command.reason))
    start_case_clock(d, ClockName.TRANSFER, event="asked")


def transfer_receipt(d: Decision, command: c.TransferReceipt) -> None:
    """The other city has it, under its own number, or does not take it: then it goes on here.

    Raises:
        RuleViolation: `case_ended`, `no_transfer_asked`, `receipt_number_missing`, `case_not_at_work`.
    """
    require_open(d)
    if not d.state.transfer_asked:
        raise RuleViolation("no_transfer_asked", "no other city was asked")
    if command.taken:
        # What was settled here meanwhile stays here: its requester is asked about it.
        require_status(d, *_UNSETTLED, code="case_not_at_work")
    if command.taken and command.number is None:
        raise RuleViolation("receipt_number_missing", "name the number under which the other city has it")
    meet(d, ClockName.TRANSFER)
    if command.taken and command.number is not None:
        d.record(e.CaseTransferred(number=command.number))
        issue(d, NoticeKind.TRANSFER)
        end_case(d)
        conclude(d)
    else:
        d.record(e.TransferRefused())


def take_legal_route(d: Decision, command: c.TakeLegalRoute) -> None:
    """Only a court or another body can decide it: the requester is told how, and after a while asked what it came to.

    Raises:
        RuleViolation: `case_ended`, `agreement_binds`.
    """
    require_open(d)
    require_no_agreement(d)
    go_the_legal_way(d, command.route, command.reason)


def go_the_legal_way(d: Decision, route: LegalRoute, reason: TextId | None = None) -> None:
    """The case ends on its way to another body; the outcome is asked after a while.

    Without a reason where a mediation leads there: what was said in it is not the case's to tell.
    """
    d.record(e.LegalRouteTaken(route=route, reason=reason))
    issue(d, NoticeKind.ROUTE)
    end_case(d)
    conclude(d)
    start_case_clock(d, ClockName.LEGAL_OUTCOME, event="ended")


def record_legal_outcome(d: Decision, command: c.RecordLegalOutcome) -> None:
    """What the legal route came to.

    Raises:
        RuleViolation: `not_on_a_legal_route`, `outcome_known`.
    """
    require_status(d, CaseStatus.LEGAL_ROUTE, code="not_on_a_legal_route")
    if not running(d.state, ClockName.LEGAL_OUTCOME):
        raise RuleViolation("outcome_known", "nobody waits for its outcome any more")
    d.record(e.LegalOutcomeRecorded(outcome=command.outcome))
    meet(d, ClockName.LEGAL_OUTCOME)
    meet(d, ClockName.LEVEL)
