"""What the requester says of the result, and how a case is closed (回访、评价、结案)."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CallbackOutcome, CaseStatus, ClockName, NoticeKind, Solved
from workflows.rules.clock_starts import running
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.ending import end_case
from workflows.rules.evolve_links import ANSWERED
from workflows.rules.guards import require_outsider, require_status
from workflows.rules.notices import issue

_FAILED_CALLBACKS_TO_CLOSE = 3


def callback(d: Decision, command: c.Callback) -> None:
    """An attempt to hear from the requester. A finished one closes the case by itself; who was not asked is unrated.

    A closed case may still be called back: what she said before stands, but for a matter that is not solved after all.
    One that is not solved for the second time is not closed by that: more is done, or two persons sign why not.

    Raises:
        RuleViolation: `case_not_verified`, `caller_is_handler`, `rating_without_callback`,
            `unknown_rating`.
    """
    late = _was_asked(d.state)
    if not late:
        _require_to_be_asked(d)
    require_outsider(d, command.actor, code="caller_is_handler")
    heard = command.outcome in {CallbackOutcome.REACHED, CallbackOutcome.VISITED}
    if not heard and (command.rating or command.solved):
        raise RuleViolation("rating_without_callback", "a rating comes from a requester who was reached or visited")
    _require_scale(d, command.rating)
    d.record(e.CallbackMade(outcome=command.outcome, note=command.note))
    if command.rating or command.solved:
        d.record(_heard(d.state, command, late=late))
    if command.outcome is not CallbackOutcome.UNREACHABLE and not late and not wants_explanation(d.state):
        _close(d)


def _heard(state: CaseState, command: c.Callback, *, late: bool) -> e.CaseRated:
    if not late:
        return e.CaseRated(rating=command.rating or state.rating, solved=command.solved or state.solved)
    solved = Solved.NO if command.solved is Solved.NO else state.solved or command.solved
    return e.CaseRated(rating=state.rating or command.rating, solved=solved)


def rate(d: Decision, command: c.Rate) -> None:
    """The requester rates the result without being called; of a verified case this is the callback.

    Raises:
        RuleViolation: `case_not_verified`, `already_rated`, `unknown_rating`.
    """
    if d.state.rating is not None:
        raise RuleViolation("already_rated", "the case has its rating")
    _require_scale(d, command.rating)
    rated = e.CaseRated(rating=command.rating, solved=command.solved, note=command.note)
    if _was_asked(d.state):
        d.record(rated)
        return
    _require_to_be_asked(d)
    d.record(rated)
    if not wants_explanation(d.state):
        _close(d)


def close(d: Decision, command: c.Close) -> None:
    """Closes by hand: after three attempts to reach the requester on two days, or with an explanation that two sign.

    The second is for a requester who is dissatisfied for the second time without ground.

    Raises:
        RuleViolation: `case_not_verified`, `callback_not_exhausted`, `explanation_missing`, `second_signature_needed`,
            `caller_is_handler`.
    """
    _require_to_be_asked(d)
    if wants_explanation(d.state):
        _sign_explanation(d, command)
        return
    attempts = d.state.failed_callbacks
    if len(attempts) < _FAILED_CALLBACKS_TO_CLOSE or len(set(attempts)) < 2:
        raise RuleViolation(
            "callback_not_exhausted", "three attempts on two different days come before closing by hand"
        )
    _close(d, command.note)


def wants_explanation(state: CaseState) -> bool:
    """The requester of a verified case said again that it is not solved."""
    again = state.status is CaseStatus.VERIFIED and state.solved is Solved.NO and state.dissatisfied > 1
    return again and state.rules_version >= 3


def _sign_explanation(d: Decision, command: c.Close) -> None:
    require_outsider(d, command.actor, code="caller_is_handler")
    first = d.state.explanation_signed_by
    if first is None:
        if command.note is None:
            raise RuleViolation("explanation_missing", "say why nothing more is done; a second person signs after you")
        d.record(e.ExplanationSigned(note=command.note))
        return
    if command.actor.id == first:
        raise RuleViolation("second_signature_needed", "somebody else has to sign it as well")
    d.record(e.ExplanationSigned(note=command.note))
    _close(d, command.note)


def _was_asked(state: CaseState) -> bool:
    """The case is closed, or a report whose callback is done: what its requester says now comes late and counts."""
    followed = state.status is CaseStatus.MERGED and state.main_status in ANSWERED
    return state.status is CaseStatus.CLOSED or (followed and not running(state, ClockName.CALLBACK))


def _require_to_be_asked(d: Decision) -> None:
    """The result stands, and its requester has not been asked: of this case, or of the one that it was merged into."""
    merged = d.state.status is CaseStatus.MERGED and d.state.main_status in ANSWERED
    if merged and running(d.state, ClockName.CALLBACK):
        return
    require_status(d, CaseStatus.VERIFIED, code="case_not_verified")


def _close(d: Decision, note: TextId | None = None) -> None:
    meet(d, ClockName.CALLBACK)
    if d.state.status is CaseStatus.MERGED:
        # Its matter ended with the main case; what she says of it is her own.
        meet(d, ClockName.LEVEL)
        issue(d, NoticeKind.CLOSING)
        return
    d.record(e.CaseClosed(note=note))
    issue(d, NoticeKind.CLOSING)
    end_case(d)


def _require_scale(d: Decision, rating: str | None) -> None:
    scale = d.state.policy.rating_scale
    if rating is not None and rating not in scale:
        raise RuleViolation("unknown_rating", f"the scale is {', '.join(scale)}")
