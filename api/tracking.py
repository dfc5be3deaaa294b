"""What a requester sees of her case by tracking code; the PIN opens what is private."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import get_args

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.notices import WrittenNotice, notices_of
from api.tracked_mediations import TrackedMediation, tracked_mediations
from api.wording import look_up
from infra.main_cases import mains_from
from infra.rosters import unit_names
from infra.tables import Case, TimelineEvent
from workflows.contracts import events as e
from workflows.contracts.events import Recorded
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    GIVEN_UP,
    CaseKind,
    CaseStatus,
    ClockName,
    LegalRoute,
    News,
    NoticeKind,
    ServiceMethod,
    Solved,
)

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
    | e.HazardKept
    | e.HostNamed
    | e.TransferAsked
    | e.TransferRefused
    | e.CaseTransferred
    | e.LegalRouteTaken
)
_SHOWN_KINDS = frozenset(
    event.model_fields["kind"].default
    for event in (*get_args(_STEPS), e.TaskFinished, e.RequesterTold, e.ExplanationSigned)
)


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


class TransferPart(BaseModel):
    """The city that was asked to take the matter over, and its `number` for it once it has; null once erased."""

    city: str | None
    number: str | None


class PrivatePart(BaseModel):
    """What only the holder of the PIN sees."""

    title: str
    description: str
    replies: list[Reply]
    notices: list[TrackedNotice]
    transfer: TransferPart | None
    rating: str | None
    solved: Solved | None
    mediations: list[TrackedMediation] = []


class MainPart(BaseModel):
    """The case that hers goes on in: where it stands, until when there is an answer, and with the PIN its replies."""

    status: CaseStatus
    promise: Promise | None
    replies: list[Reply]


class TrackedCase(BaseModel):
    """A case as its requester sees it; `private` with the PIN only.

    One that was `merged` goes on in another: `goes_on_in` names that if it is hers too, `main` tells of it, and
    `status` is what it came to once it did. `route` is the legal route that she was shown.
    """

    case_no: str
    kind: CaseKind
    status: CaseStatus
    merged: bool
    goes_on_in: str | None
    main: MainPart | None
    route: LegalRoute | None
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


async def tracked(session: AsyncSession, case: Case, state: CaseState | None, *, private: bool) -> TrackedCase:
    """The case in this state as its requester sees it; `state` is None before it was started."""
    # Who was rid of it again is no business of hers.
    units = [t.unit.unit_id for t in state.tasks.values() if t.status not in GIVEN_UP] if state else []
    units += state.main_units if state else ()
    names = await unit_names(session, units)
    records = await _records(session, case.case_no, state)
    words = await look_up(session, _own_words(records)) if private else {}
    steps = [Step(kind=r.event.kind, at=r.at) for r in records if isinstance(r.event, _STEPS)]
    return TrackedCase(
        case_no=case.case_no,
        kind=CaseKind(case.kind),
        status=_status(state),
        merged=state is not None and state.merged_into is not None,
        goes_on_in=await _own_main(session, case, state),
        main=await _main(session, state, private=private),
        route=next((r.event.route for r in records if isinstance(r.event, e.LegalRouteTaken)), None),
        registered_at=case.registered_at,
        promise=_promise(state) if state else None,
        suspended=state is not None and state.suspension is not None,
        told=[_told(r, r.event, words) for r in records if isinstance(r.event, e.RequesterTold)],
        handled_by=list(dict.fromkeys(names[unit_id].unit for unit_id in units)),
        steps=steps or [Step(kind="case_registered", at=case.registered_at)],
        private=_private(
            case,
            state,
            records,
            words,
            await notices_of(session, case.case_no),
            await tracked_mediations(session, case, state),
        )
        if private
        else None,
    )


async def _records(session: AsyncSession, case_no: str, state: CaseState | None) -> list[Recorded]:
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.kind.in_(_SHOWN_KINDS))
        .where(TimelineEvent.seq <= (state.seq if state else 0))
        .order_by(TimelineEvent.seq)
    )
    return [Recorded.model_validate(row) for row in rows]


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


async def _main(session: AsyncSession, state: CaseState | None, *, private: bool) -> MainPart | None:
    if state is None or state.merged_into is None:
        return None
    mains = mains_from(state.merged_into)
    last = (
        select(Case.case_no, Case.snapshot).join(mains, mains.c.case_no == Case.case_no).where(mains.c.main.is_(None))
    )
    case_no, snapshot = (await session.execute(last)).one()
    main = CaseState.model_validate(snapshot) if snapshot is not None else None
    replies: list[Reply] = []
    if private:
        records = await _records(session, case_no, main)
        replies = _replies(main, records, await look_up(session, _own_words(records)))
    return MainPart(status=_status(main), promise=_promise(main) if main else None, replies=replies)


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
    mediations: list[TrackedMediation],
) -> PrivatePart:
    return PrivatePart(
        title=case.title,
        description=case.description,
        replies=_replies(state, records, words),
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
        transfer=_transfer(records, words),
        rating=state.rating if state else None,
        solved=state.solved if state else None,
        mediations=mediations,
    )


def _replies(state: CaseState | None, records: Sequence[Recorded], words: Mapping[str, str]) -> list[Reply]:
    # A task's reply is what the unit proposes; it is told once the case is finished with it, the others at once.
    finished = max((record.seq for record in records if isinstance(record.event, e.CaseFinished)), default=0)
    explained = state is not None and state.explained
    told = [
        record
        for record in records
        if (record.seq < finished or not isinstance(record.event, e.TaskFinished))
        and (explained or not isinstance(record.event, e.ExplanationSigned))
    ]
    return [
        Reply(kind=record.event.kind, at=record.at, text=words.get(text_id))
        for record in told
        if (text_id := _reply_id(record))
    ]


def _own_words(records: Sequence[Recorded]) -> set[str]:
    """The ids of the words that were written for the requester."""
    told = {record.event.text for record in records if isinstance(record.event, e.RequesterTold)}
    cities = {record.event.city for record in records if isinstance(record.event, e.TransferAsked)}
    numbers = {record.event.number for record in records if isinstance(record.event, e.CaseTransferred)}
    return {text_id for text_id in (*told, *cities, *numbers, *map(_reply_id, records)) if text_id is not None}


def _transfer(records: Sequence[Recorded], words: Mapping[str, str]) -> TransferPart | None:
    """The transfer that is asked for or done; one that was refused is none."""
    found: TransferPart | None = None
    for record in records:
        match record.event:
            case e.TransferAsked(city=city):
                found = TransferPart(city=words.get(city), number=None)
            case e.CaseTransferred(number=number) if found is not None:
                found = found.model_copy(update={"number": words.get(number)})
            case e.TransferRefused():
                found = None
            case _:
                pass
    return found


def _reply_id(record: Recorded) -> str | None:
    match record.event:
        case e.CaseAnswered(reply=text_id) | e.CaseSettled(reply=text_id) | e.TaskFinished(reply=text_id):
            return text_id
        case e.CaseDeclined(route=text_id) | e.LegalRouteTaken(reason=text_id) | e.ExplanationSigned(note=text_id):
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
