"""Promises kept, broken, put off or forgone; what an agreement came to in the end (履行)."""

from datetime import timedelta

from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Item
from workflows.contracts.mediation.vocabulary import ConfirmationStatus, FulfilmentStatus, Paper, Remedy
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import local_date
from workflows.rules.mediation.clocks import meet, start, start_promise, stop_all
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import end
from workflows.rules.mediation.guards import effective_agreement
from workflows.rules.mediation.ways import open_to

LONGEST_PROMISE = timedelta(days=30 * 366)
"""Rent, alimony and care are promised for half a life, not for ever."""
_DONE_WITH = frozenset({FulfilmentStatus.KEPT, FulfilmentStatus.GIVEN_UP})
_BEFORE_COURT = frozenset({ConfirmationStatus.APPLIED, ConfirmationStatus.ACCEPTED})


def prove_fulfilment(d: Hearing, command: c.ProveFulfilment) -> None:
    """The promisor shows that it was done; the other side is asked. Late is better than never.

    Raises:
        RuleViolation: `agreement_not_effective`, `unknown_promise`, `promise_settled`.
    """
    item = _open_item(d, command.item_no)
    d.record(e.FulfilmentProven(item_no=item.item_no, evidence=command.evidence, note=command.note))
    meet(d, ClockName.FULFILMENT, item.item_no)
    stop_all(d, about=item.item_no)
    start(d, ClockName.FULFILMENT_CHECK, event="proven", about=item.item_no)


def check_fulfilment(d: Hearing, command: c.CheckFulfilment) -> None:
    """Whoever it was promised to says whether it was done.

    Raises:
        RuleViolation: `agreement_not_effective`, `unknown_promise`, `promise_settled`, `promise_broken_already`.
    """
    item = _open_item(d, command.item_no)
    if command.kept:
        d.record(e.PromiseKept(item_no=item.item_no, note=command.note))
        meet(d, ClockName.FULFILMENT, item.item_no)
        meet(d, ClockName.FULFILMENT_CHECK, item.item_no)
        stop_all(d, about=item.item_no)
        settle_if_done(d)
        return
    if item.status is FulfilmentStatus.BREACHED:
        raise RuleViolation("promise_broken_already", "the breach is on record: take a remedy")
    meet(d, ClockName.FULFILMENT_CHECK, item.item_no)
    stop_all(d, about=item.item_no)
    break_promise(d, item.item_no, command.note)


def break_promise(d: Hearing, item_no: str, note: TextId | None = None) -> None:
    """It was not done: whoever it was promised to learns what can be done about it, and the host sees to it."""
    d.record(e.PromiseBroken(item_no=item_no, note=note))
    agreement = effective_agreement(d)
    d.issue(Paper.ROUTE_NOTICE, (agreement.items[item_no].to,), track=agreement.track)
    start(d, ClockName.REMEDY, event="broken", about=item_no)


def forgo_promise(d: Hearing, command: c.ForgoPromise) -> None:
    """Whoever it was promised to does without it.

    Raises:
        RuleViolation: `agreement_not_effective`, `unknown_promise`, `promise_settled`.
    """
    item = _open_item(d, command.item_no)
    d.record(e.PromiseForgone(item_no=item.item_no, reason=command.reason))
    stop_all(d, about=item.item_no)
    settle_if_done(d)


def postpone_promise(d: Hearing, command: c.PostponePromise) -> None:
    """Both sides agree on another day.

    Raises:
        RuleViolation: `agreement_not_effective`, `unknown_promise`, `promise_settled`, `date_not_ahead`,
            `date_too_far`.
    """
    item = _open_item(d, command.item_no)
    if command.due <= max(local_date(d.at), item.due or local_date(d.at)):
        raise RuleViolation("date_not_ahead", "a promise is put off to a later day")
    if command.due - local_date(d.at) > LONGEST_PROMISE:
        raise RuleViolation("date_too_far", "a promise lies thirty years ahead at most")
    d.record(e.PromisePostponed(item_no=item.item_no, due=command.due, reason=command.reason))
    stop_all(d, about=item.item_no)
    start_promise(d, effective_agreement(d).items[item.item_no], event="postponed")


def take_remedy(d: Hearing, command: c.TakeRemedy) -> None:
    """What is done about a broken promise; the ways are those of the channel, enforcement needs a confirmation.

    Raises:
        RuleViolation: `agreement_not_effective`, `unknown_promise`, `promise_settled`, `promise_not_broken`,
            `remedy_not_open`, `not_confirmed`.
    """
    item = _open_item(d, command.item_no)
    if item.status is not FulfilmentStatus.BREACHED:
        raise RuleViolation("promise_not_broken", "a remedy is for a promise that was broken")
    row = d.state.row(d.state.tracks[effective_agreement(d).track].form)
    ways = open_to(d.state.dispute, row.on_breach)
    if command.remedy not in ways:
        raise RuleViolation("remedy_not_open", f"from here the ways are: {', '.join(ways)}")
    needs_court = row.confirmable and command.remedy is Remedy.ENFORCEMENT
    if needs_court and d.state.confirmation is not ConfirmationStatus.CONFIRMED:
        raise RuleViolation("not_confirmed", "without a court's confirmation nothing is enforced: go to court")
    d.record(e.RemedyTaken(item_no=item.item_no, remedy=command.remedy, reason=command.reason))
    meet(d, ClockName.REMEDY, item.item_no)
    settle_if_done(d)


def settle_if_done(d: Hearing) -> None:
    """Nothing is owed any more and no court is asked: resolved, or on the way of the last remedy (化解)."""
    items = effective_agreement(d).items.values()
    settled = all(item.status in _DONE_WITH or item.remedy is not None for item in items)
    if not settled or d.state.confirmation in _BEFORE_COURT:
        return
    remedies = [(item.remedy, item.reason) for item in items if item.remedy is not None]
    if remedies:
        remedy, reason = remedies[-1]
        end(d, e.MediationFailed(remedy=remedy, reason=reason))
    else:
        end(d, e.MediationFulfilled())


def _open_item(d: Hearing, item_no: str) -> Item:
    item = effective_agreement(d).items.get(item_no)
    if item is None:
        raise RuleViolation("unknown_promise", "the agreement has no such promise")
    if item.status in _DONE_WITH or item.remedy is not None:
        raise RuleViolation("promise_settled", "nothing is owed from this promise any more")
    return item
