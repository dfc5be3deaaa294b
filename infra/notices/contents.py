"""What a notice tells: from the events of its case up to the decision that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from infra.notices.letters import Letter, article_of
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName, News, NoticeKind
from workflows.rules.clock_starts import policy_of

TOLD_OF: Mapping[NoticeKind, Sequence[str]] = {
    NoticeKind.RECEIPT: (),
    NoticeKind.DECLINE: ("case_declined",),
    NoticeKind.EXTENSION: ("extension_granted", "requester_told"),
    NoticeKind.TRANSFER: ("transfer_asked",),
    NoticeKind.ROUTE: ("legal_route_taken",),
    NoticeKind.CLOSING: ("case_answered", "case_settled", "task_finished", "case_reopened"),
}
"""The kinds of events that each kind of notice tells of."""
_WORDS = ("route", "reply", "reason", "city")


def text_ids(records: Sequence[Recorded]) -> list[str]:
    """The words in these events that a notice may repeat to the requester."""
    found = (getattr(record.event, name, None) for record in records for name in _WORDS)
    return [text_id for text_id in found if text_id is not None]


def fill_in(
    letter: Letter, kind: NoticeKind, state: CaseState, records: Sequence[Recorded], words: Mapping[str, str]
) -> Letter:
    """The letter with what its kind tells.

    `records` are of the kinds in `TOLD_OF`, in order, the latest counts; of `words` by their ids those that were erased
    are missing.
    """
    match kind:
        case NoticeKind.RECEIPT:
            return _with_the_promise(letter, state)
        case NoticeKind.CLOSING:
            return _with_the_result(letter, state, records, words)
        case NoticeKind.DECLINE | NoticeKind.EXTENSION | NoticeKind.TRANSFER | NoticeKind.ROUTE:
            return _with_the_decision(letter, state, records, words)


def _with_the_decision(
    letter: Letter, state: CaseState, records: Sequence[Recorded], words: Mapping[str, str]
) -> Letter:
    """What was decided, and why; the date of an extension is the requester's own where that moved, else the unit's."""
    for record in records:
        match record.event:
            case e.CaseDeclined(ground=ground, route=text_id):
                letter = replace(letter, ground=ground, texts=(words.get(text_id),))
            case e.TransferAsked(city=city, reason=text_id):
                letter = replace(letter, receiver=words.get(city, "接收地"), texts=(words.get(text_id),))
            case e.LegalRouteTaken(route=route, reason=None):
                letter = replace(letter, route=route, texts=("调解不成，已经告知各方当事人。",))
            case e.LegalRouteTaken(route=route, reason=str(text_id)):
                letter = replace(letter, route=route, texts=(words.get(text_id),))
            case e.ExtensionGranted(clock_id=clock_id, until=until, reason=text_id):
                policy = policy_of(state, state.clocks[clock_id])
                article = article_of(policy.extension.source) if policy and policy.extension else None
                letter = replace(letter, until=until, article=article, texts=(words.get(text_id),))
            case e.RequesterTold(about=News.EXTENDED, due_date=due_date, provisional=provisional):
                letter = replace(letter, until=due_date, provisional=provisional)
            case _:
                pass
    return letter


def _with_the_promise(letter: Letter, state: CaseState) -> Letter:
    """Until when the requester has an answer."""
    clocks = [clock for clock in state.clocks.values() if clock.name is ClockName.CITIZEN]
    if not clocks:
        return letter
    clock = clocks[-1]
    return replace(letter, until=clock.due_date, provisional=clock.provisional, article=article_of(clock.source))


def _with_the_result(letter: Letter, state: CaseState, records: Sequence[Recorded], words: Mapping[str, str]) -> Letter:
    """What was answered, and how long a review may be asked for, counted from the service of the notice."""
    letter = replace(letter, texts=tuple(words.get(text_id) for text_id in _replies(records)))
    review = state.policy.case_limits.get(ClockName.REVIEW)
    return replace(letter, period=review.limit, article=article_of(review.source)) if review else letter


def _replies(records: Sequence[Recorded]) -> list[str]:
    """What was answered in this round: at once, on the spot, or by each unit at last."""
    replies: dict[str, str] = {}
    for record in records:
        match record.event:
            case e.CaseReopened():
                replies.clear()
            case e.CaseAnswered(reply=reply) | e.CaseSettled(reply=reply):
                replies[""] = reply
            case e.TaskFinished(task_no=task_no, reply=reply):
                replies[task_no] = reply
            case _:
                pass
    return list(replies.values())
