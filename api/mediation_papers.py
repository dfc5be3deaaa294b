"""What a paper of a mediation says: put together from the records as of the event that it tells of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar, assert_never

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import not_found
from api.mediation_dossier import Dossier
from api.mediation_remedies import ended_how, periods, routes
from api.mediation_timeline import whole_record
from infra.papers import contents as paper
from infra.papers.channel_words import CHANNEL_WORDS
from infra.papers.vocabulary_words import SIDES
from infra.tables import Case
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.state import Agreement, Track
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    FailureCause,
    MediationForm,
    MediationStatus,
    Paper,
    SessionStatus,
)
from workflows.contracts.vocabulary import ClockName
from workflows.rules.calendar import compile_calendar, local_date
from workflows.rules.limits import due

E = TypeVar("E")
PAPER_NAMES: Mapping[Paper, str] = {
    Paper.APPLICATION: "调解申请书",
    Paper.RIGHTS_NOTICE: "调解权利义务告知书",
    Paper.INVITATION: "调解通知书",
    Paper.SESSION_RECORD: "调解笔录",
    Paper.AGREEMENT: "调解协议书",
    Paper.TERMINATION: "调解终止通知书",
    Paper.ROUTE_NOTICE: "救济途径告知书",
}
_CAUSES: Mapping[FailureCause, str | None] = {
    FailureCause.NO_AGREEMENT: None,
    FailureCause.LIMIT_RAN_OUT: "调解期限届满，没有达成协议。",
    FailureCause.NOT_TAKEN_UP: "调解组织未受理。",
    FailureCause.ENDED_ELSEWHERE: "受理的机关告知未能达成协议。",
}
_OUTCOMES: Mapping[SessionStatus, str] = {
    SessionStatus.HELD: "本次调解到此结束。",
    SessionStatus.NO_SHOW: "一方或者各方没有到场，本次调解未能进行。",
}


async def contents_of(
    session: AsyncSession, case: Case, mediation_no: str, paper_no: str
) -> tuple[MediationForm, Paper, paper.Contents]:
    """The paper of that number: its form, its kind, and what it says.

    Raises:
        Problem: 404 if the mediation has no such paper.
    """
    records = await whole_record(session, mediation_no)
    for issued in records:
        if isinstance(issued.event, e.PaperIssued) and issued.event.paper_no == paper_no:
            dossier = await Dossier.read(session, case, records[: issued.event.about_seq])
            return written(dossier, issued.event, local_date(issued.at))
    raise not_found("paper")


def written(dossier: Dossier, issued: e.PaperIssued, on: date) -> tuple[MediationForm, Paper, paper.Contents]:
    """A paper that was issued on that local day, about the dossier's last event."""
    track = dossier.track(issued.track)
    return dossier.form(track), issued.paper, _contents(dossier, issued, track, on)


def _contents(dossier: Dossier, issued: e.PaperIssued, track: Track | None, on: date) -> paper.Contents:  # noqa: PLR0911 - one case a paper, no logic
    matter = dossier.matter(track, on)
    match issued.paper:
        case Paper.APPLICATION:
            return _application(dossier, track, on)
        case Paper.RIGHTS_NOTICE:
            return paper.RightsNotice(matter=matter, disclosed=_ties(dossier, issued.track))
        case Paper.INVITATION:
            return _invitation(dossier, issued, matter)
        case Paper.SESSION_RECORD:
            return _session_record(dossier, matter)
        case Paper.AGREEMENT:
            return agreement_text(dossier, on)[1]
        case Paper.TERMINATION:
            return _termination(dossier, matter, on)
        case Paper.ROUTE_NOTICE:
            return paper.RouteNotice(
                matter=matter,
                to=[dossier.name(party_no) for party_no in issued.to],
                reason=ended_how(dossier.last.event),
                routes=routes(dossier.state, dossier.limitations, track, on, dossier.units),
                periods=periods(dossier.state, dossier.limitations, on),
            )
        case _:
            assert_never(issued.paper)


def _application(dossier: Dossier, track: Track | None, on: date) -> paper.Application:
    tried = [CHANNEL_WORDS[form].occasion for form in dossier.state.dispute.tried]
    event = dossier.last.event
    oral = isinstance(event, e.AppliedFor) and event.paper is None
    return paper.Application(
        matter=dossier.matter(track, on, contacts=True),
        requests=(dossier.case.title,),
        handled_before=f"经过{'、'.join(tried)}，未能解决。" if tried else None,
        taken_down_by=dossier.staff.get(dossier.last.actor.id, "工作人员") if oral else None,
    )


def _ties(dossier: Dossier, track: int | None) -> list[str]:
    """What its mediators told of ties to a party."""
    events = (record.event for record in dossier.records)
    told = [one for one in events if isinstance(one, e.MediatorNamed | e.TiesDisclosed) and one.track == track]
    return [said for one in told if (said := dossier.said(one.ties))]


def _invitation(dossier: Dossier, issued: e.PaperIssued, matter: paper.Matter) -> paper.Invitation:
    meeting = _event(dossier.last, e.SessionScheduled)
    return paper.Invitation(
        matter=matter,
        to="、".join(dossier.name(party_no) for party_no in issued.to),
        session=_ordinal(dossier, meeting.session_no),
        begins=meeting.starts_at,
        place=dossier.place(meeting),
        form=meeting.form,
    )


def _session_record(dossier: Dossier, matter: paper.Matter) -> paper.SessionRecord:
    """What was conceded in confidence is not in it: every party reads and signs it."""
    record = _event(dossier.last, e.SessionRecorded)
    meeting = dossier.scheduled(record.session_no)
    ahead = [one for one in dossier.state.sessions.values() if one.status is SessionStatus.SCHEDULED]
    return paper.SessionRecord(
        matter=matter,
        session=_ordinal(dossier, record.session_no),
        began=meeting.starts_at,
        ended=meeting.ends_at,
        place=dossier.place(meeting),
        form=meeting.form,
        recorder=dossier.staff.get(dossier.last.actor.id),
        present=[*_side(dossier, record.present), *_interpreters(dossier, record.present)],
        absent=[paper.Attendant(name=dossier.name(who), role=_role(dossier, who)) for who in record.absent],
        course="详见所附的现场笔录。" if record.attachments else "",
        facts_agreed=dossier.lines(record.facts),
        open_points=dossier.lines(record.open_points),
        outcome=_OUTCOMES[record.status],
        next_at=min((one.starts_at for one in ahead), default=None),
    )


def agreement_text(dossier: Dossier, on: date) -> tuple[MediationForm, paper.AgreementText]:
    """The form in which it was made, and the agreement as it is drawn up.

    One that nobody signed yet is written as if it took effect on that local day.

    Raises:
        Problem: 404 if there is no text here.
    """
    agreement = dossier.state.agreement
    if agreement is None or agreement.elsewhere:
        raise not_found("agreement")
    track = dossier.state.tracks[agreement.track]
    records = [record.event for record in dossier.records if isinstance(record.event, e.SessionRecorded)]
    own = [one for one in records if dossier.state.sessions[one.session_no].track == track.number]
    text = paper.AgreementText(
        matter=dossier.matter(track, on),
        form=agreement.form,
        facts=list(dict.fromkeys(line for one in own for line in dossier.lines(one.facts))),
        terms=dossier.lines(agreement.terms),
        promises=[
            paper.Promise(
                by=dossier.name(item.promisor),
                to=dossier.name(item.to),
                what=dossier.said(item.what),
                due=item.due,
                amount=item.amount,
            )
            for item in agreement.items.values()
        ],
        signed_by=dossier.state.row(track.form).needs,
        agreed_on=local_date(agreement.effective_at) if agreement.effective_at else on,
        confirmation=_confirmation(dossier, agreement, track),
    )
    return track.form, text


def _confirmation(dossier: Dossier, agreement: Agreement, track: Track) -> paper.Confirmation | None:
    state = dossier.state
    confirmable = state.row(track.form).confirmable and agreement.form is AgreementForm.WRITTEN
    if not confirmable or agreement.clauses:
        return None
    limit = state.policy.limits[ClockName.CONFIRMATION].limit
    ends = due(limit, agreement.effective_at or dossier.last.at, compile_calendar(state.calendar))
    return paper.Confirmation(until=ends.due_date, days=limit.amount)


def _termination(dossier: Dossier, matter: paper.Matter, on: date) -> paper.Termination:
    failed = _event(dossier.last, e.TrackFailed)
    reason = dossier.said(failed.reason) or _CAUSES[failed.cause]
    return paper.Termination(matter=matter, ended=MediationStatus.FAILED, ended_on=on, reason=reason)


def _side(dossier: Dossier, party_nos: Sequence[str]) -> Iterator[paper.Attendant]:
    """The parties, each with those who act for it and sign as well."""
    for party_no in party_nos:
        party, role = dossier.state.parties[party_no], _role(dossier, party_no)
        yield paper.Attendant(name=dossier.name(party_no), role=role)
        if party.guardian is not None:
            yield paper.Attendant(name=dossier.person(party.guardian), role=f"{role}的监护人")
        for who in party.representatives:
            yield paper.Attendant(name=dossier.person(who), role=f"{role}的代理人")


def _interpreters(dossier: Dossier, party_nos: Sequence[str]) -> Iterator[paper.Attendant]:
    spoken = {dossier.state.parties[party_no].language for party_no in party_nos}
    for language, who in dossier.state.interpreters.items():
        if language in spoken:
            yield paper.Attendant(name=dossier.person(who), role="翻译")


def _role(dossier: Dossier, party_no: str) -> str:
    return SIDES[dossier.state.parties[party_no].side]


def _ordinal(dossier: Dossier, session_no: str) -> int:
    """Which of its step's sessions it is, counted from 1."""
    track = dossier.state.sessions[session_no].track
    return 1 + [number for number, one in dossier.state.sessions.items() if one.track == track].index(session_no)


def _event(record: MediationRecorded, kind: type[E]) -> E:
    if not isinstance(record.event, kind):
        raise TypeError(f"event {record.seq} is a {record.event.kind}, no {kind.__name__}")
    return record.event
