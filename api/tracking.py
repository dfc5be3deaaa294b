"""What a requester sees and may do by tracking code; the PIN guards what is private or binding."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import get_args

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem, not_found
from api.notices import WrittenNotice, notices_of
from api.wording import look_up
from infra.database import Sessions
from infra.intake import pin_matches
from infra.rosters import unit_names
from infra.tables import Case, Intake, TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    CaseKind,
    CaseStatus,
    ClockName,
    News,
    NoticeKind,
    ServiceMethod,
    Solved,
    TaskStatus,
)

_FAILURES_ALLOWED = 5
_FAILURES_COUNT_FOR = timedelta(minutes=15)
_STEPS = (
    e.CaseRegistered
    | e.CaseAccepted
    | e.CaseDeclined
    | e.CaseAnswered
    | e.CaseSettled
    | e.Whistled
    | e.TaskReportedIn
    | e.CaseFinished
    | e.VerificationPassed
    | e.VerificationFailed
    | e.CaseRated
    | e.CaseClosed
    | e.CaseReopened
    | e.ContactAdded
    | e.CaseWithdrawn
    | e.CaseMerged
    | e.MainConcluded
    | e.SplitFromMain
    | e.CaseDivided
    | e.CaseTransferred
    | e.LegalRouteTaken
)
_PASSED_ON = {TaskStatus.SENT_BACK, TaskStatus.REASSIGNED}
_SHOWN_KINDS = {event.model_fields["kind"].default for event in (*get_args(_STEPS), e.TaskFinished, e.RequesterTold)}


class Promise(BaseModel):
    """Until when the requester has an answer; `due_date` is the local day, `met_at` when it was given."""

    due_at: datetime
    due_date: date
    provisional: bool
    met_at: datetime | None
    overdue: bool


class Step(BaseModel):
    """Something that happened to the case."""

    kind: str
    at: datetime


class Reply(BaseModel):
    """Words written for the requester; null once they were erased."""

    kind: str
    at: datetime
    text: str | None


class Told(BaseModel):
    """What the requester was told about the dates of her case (办理告知): from then on an answer was due by `due_date`.

    `text` are words written for her: with the PIN only, and null once they were erased.
    """

    at: datetime
    about: News
    due_date: date
    provisional: bool
    text: str | None


class TrackedNotice(BaseModel):
    """A formal notice to the requester, with its text in HTML; `served_at` and `how` once it counts as served."""

    notice_no: str
    kind: NoticeKind
    issued_at: datetime
    served_at: datetime | None
    how: ServiceMethod | None
    html: str


class PrivatePart(BaseModel):
    """What only the holder of the PIN sees."""

    title: str
    description: str
    replies: list[Reply]
    notices: list[TrackedNotice]
    rating: str | None
    solved: Solved | None


class TrackedCase(BaseModel):
    """A case as its requester sees it; `private` with the PIN only.

    One that was `merged` goes on in another: `goes_on_in` names that if it is hers too, and `status` is what that came
    to once it did.
    """

    case_no: str
    kind: CaseKind
    status: CaseStatus
    merged: bool
    goes_on_in: str | None
    registered_at: datetime
    promise: Promise | None
    suspended: bool
    told: list[Told]
    handled_by: list[str]
    steps: list[Step]
    private: PrivatePart | None = None


class Tracked(BaseModel):
    """The cases behind a tracking code; several once a matter was divided."""

    cases: list[TrackedCase]


class PinCheck:
    """Checks PINs; after five wrong ones the code rests until a quarter of an hour after the first of them."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def holds(self, tracking_code: str, pin: str, now: datetime) -> None:
        """Returns if the PIN is right; what was counted against it is on record before anything is answered.

        Raises:
            Problem: 404 without such a code, 403 `wrong_pin`, 429 `too_many_pins` with `Retry-After`.
        """
        async with self._sessions.begin() as session:
            # The cases that a matter was divided into share its code, and the PIN that was told with the report.
            first = select(Intake).where(Intake.tracking_code == tracking_code).order_by(Intake.parent.nulls_first())
            intake = await session.scalar(first.limit(1).with_for_update())
            if intake is None:
                raise not_found("tracking code")
            since = intake.pin_failed_at
            if since is None or now >= since + _FAILURES_COUNT_FOR:
                intake.pin_failures, since = 0, None
            elif intake.pin_failures >= _FAILURES_ALLOWED:
                rest = int((since + _FAILURES_COUNT_FOR - now).total_seconds()) + 1
                headers = {"Retry-After": str(rest)}
                raise Problem(429, "too_many_pins", "too many wrong PINs; wait a while", headers=headers)
            # Slow on purpose, so not on the loop that serves everybody.
            right = await asyncio.to_thread(pin_matches, pin, intake)
            intake.pin_failures = 0 if right else intake.pin_failures + 1
            intake.pin_failed_at = None if right else since or now
        if not right:
            raise Problem(403, "wrong_pin", "this is not the PIN that came with the tracking code")


async def cases_behind(session: AsyncSession, tracking_code: str) -> Sequence[Case]:
    """The cases of a tracking code, in order.

    Raises:
        Problem: 404 if there is none.
    """
    cases = (
        await session.scalars(select(Case).where(Case.tracking_code == tracking_code).order_by(Case.case_no))
    ).all()
    if not cases:
        raise not_found("tracking code")
    return cases


def chosen(cases: Sequence[Case], case_no: str | None) -> Case:
    """The case that is meant.

    Raises:
        Problem: 404 for another's case, 422 `case_no_needed` if the code has several and none is named.
    """
    if case_no is None and len(cases) > 1:
        raise Problem.of_field("case_no", "case_no_needed", "this tracking code has several cases; name one")
    for case in cases:
        if case_no in {None, case.case_no}:
            return case
    raise not_found("case")


async def tracked(session: AsyncSession, case: Case, state: CaseState | None, *, private: bool) -> TrackedCase:
    """The case in this state as its requester sees it; `state` is None before it was started."""
    # Who was rid of it again is no business of hers.
    units = [t.unit.unit_id for t in state.tasks.values() if t.status not in _PASSED_ON] if state else []
    units += state.main_units if state else ()
    names = await unit_names(session, units)
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case.case_no, TimelineEvent.kind.in_(_SHOWN_KINDS))
        .where(TimelineEvent.seq <= (state.seq if state else 0))
        .order_by(TimelineEvent.seq)
    )
    records = [Recorded.model_validate(row) for row in rows]
    words = await look_up(session, _own_words(records)) if private else {}
    steps = [Step(kind=r.event.kind, at=r.at) for r in records if isinstance(r.event, _STEPS)]
    return TrackedCase(
        case_no=case.case_no,
        kind=CaseKind(case.kind),
        status=_status(state),
        merged=state is not None and state.merged_into is not None,
        goes_on_in=await _own_main(session, case, state),
        registered_at=case.registered_at,
        promise=_promise(state) if state else None,
        suspended=state is not None and state.suspension is not None,
        told=[_told(r, r.event, words) for r in records if isinstance(r.event, e.RequesterTold)],
        handled_by=list(dict.fromkeys(names[unit_id].unit for unit_id in units)),
        steps=steps or [Step(kind="case_registered", at=case.registered_at)],
        private=_private(case, state, records, words, await notices_of(session, case.case_no)) if private else None,
    )


def _status(state: CaseState | None) -> CaseStatus:
    if state is None:
        return CaseStatus.REGISTERED
    return state.main_status or state.status if state.status is CaseStatus.MERGED else state.status


async def _own_main(session: AsyncSession, case: Case, state: CaseState | None) -> str | None:
    """The case that this one goes on in, if it has the same tracking code."""
    if state is None or state.merged_into is None:
        return None
    own = (Case.case_no == state.merged_into) & (Case.tracking_code == case.tracking_code)
    return await session.scalar(select(Case.case_no).where(own))


def _told(record: Recorded, event: e.RequesterTold, words: Mapping[str, str]) -> Told:
    return Told(
        at=record.at,
        about=event.about,
        due_date=event.due_date,
        provisional=event.provisional,
        text=words.get(event.text or ""),
    )


def _private(
    case: Case,
    state: CaseState | None,
    records: Sequence[Recorded],
    words: Mapping[str, str],
    notices: Sequence[WrittenNotice],
) -> PrivatePart:
    # A task's reply is what the unit proposes; it is told once the case is finished with it, the others at once.
    finished = max((record.seq for record in records if isinstance(record.event, e.CaseFinished)), default=0)
    replies = [record for record in records if record.seq < finished or not isinstance(record.event, e.TaskFinished)]
    return PrivatePart(
        title=case.title,
        description=case.description,
        replies=[
            Reply(kind=record.event.kind, at=record.at, text=words.get(text_id))
            for record in replies
            if (text_id := _reply_id(record))
        ],
        notices=[
            TrackedNotice(
                notice_no=notice.notice_no,
                kind=NoticeKind(notice.kind),
                issued_at=notice.issued_at,
                served_at=served.served_at if served else None,
                how=served.how if served else None,
                html=notice.body,
            )
            for notice, served in notices
        ],
        rating=state.rating if state else None,
        solved=state.solved if state else None,
    )


def _own_words(records: Sequence[Recorded]) -> set[str]:
    """The ids of the words that were written for the requester."""
    told = {record.event.text for record in records if isinstance(record.event, e.RequesterTold)}
    return {text_id for text_id in (*told, *map(_reply_id, records)) if text_id is not None}


def _reply_id(record: Recorded) -> str | None:
    match record.event:
        case e.CaseAnswered(reply=text_id) | e.CaseSettled(reply=text_id) | e.TaskFinished(reply=text_id):
            return text_id
        case e.CaseDeclined(route=text_id):
            return text_id
        case _:
            return None


def _promise(state: CaseState) -> Promise | None:
    clocks = [clock for clock in state.clocks.values() if clock.name is ClockName.CITIZEN]
    if not clocks:
        return None
    clock = clocks[-1]
    return Promise(
        due_at=clock.due_at,
        due_date=clock.due_date,
        provisional=clock.provisional,
        met_at=clock.met_at,
        overdue=clock.breached_at is not None,
    )
