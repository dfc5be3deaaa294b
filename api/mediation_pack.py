"""The complete file of a mediation (卷宗), bound in its order, and what a complete one would have besides.

Its parts follow the practice of people's mediation files [practice]: application, rights notice, records, agreement,
confirmation, termination and route notice, callback.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_dossier import Dossier
from api.mediation_files import files_of, track_of
from api.mediation_papers import PAPER_NAMES, written
from api.mediation_sight import Sight
from api.timeline import state_known_at
from infra.papers.contents import CannotBind, Cover, Enclosure
from infra.papers.vocabulary_words import DISPUTES, ENDINGS, SIDES
from infra.papers.writer import PaperWriter
from infra.tables import Attachment, TimelineEvent
from workflows.contracts.events import CallbackMade, Recorded
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.state import MediationState, PaperState
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    ConfirmationStatus,
    MediationStatus,
    Paper,
    SessionStatus,
)
from workflows.contracts.vocabulary import CallbackOutcome
from workflows.rules.calendar import local_date

_ORDER = (
    Paper.APPLICATION,
    Paper.RIGHTS_NOTICE,
    Paper.INVITATION,
    Paper.SESSION_RECORD,
    Paper.AGREEMENT,
    Paper.TERMINATION,
    Paper.ROUTE_NOTICE,
)
_SERVED = (Paper.RIGHTS_NOTICE, Paper.TERMINATION, Paper.ROUTE_NOTICE)
_ATTACHED = {
    "applied_for": "申请书原件",
    "session_recorded": "调解笔录原件",
    "agreement_signed": "调解协议书签署件",
    "fulfilment_proven": "履行证明",
}
"""What an attachment is called, by the kind of its event: a file's own name may hold anything."""
_BINDABLE = (b"%PDF", b"\x89PNG", b"\xff\xd8", b"PK\x03\x04")
_DECISIONS = {
    ConfirmationStatus.ACCEPTED: "人民法院已经受理。",
    ConfirmationStatus.CONFIRMED: "人民法院裁定确认调解协议有效。",
    ConfirmationStatus.REFUSED: "人民法院未予确认。",
}
_CALLBACKS = {
    CallbackOutcome.REACHED: "电话回访到本人",
    CallbackOutcome.ANONYMOUS: "当事人匿名，无法回访",
    CallbackOutcome.DECLINED: "当事人不愿接受回访",
    CallbackOutcome.UNREACHABLE: "多次联系未果",
    CallbackOutcome.VISITED: "上门回访",
}


def missing_parts(state: MediationState, sessions: Sequence[e.SessionRecorded], *, called_back: bool) -> list[str]:
    """What a complete file of the mediation would have besides; `sessions` are their records, in order."""
    found = []
    if not any(track.applied_at for track in state.tracks.values()):
        found.append(PAPER_NAMES[Paper.APPLICATION])
    held = [record for record in sessions if record.status is SessionStatus.HELD]
    if not held:
        found.append(PAPER_NAMES[Paper.SESSION_RECORD])
    found += [f"{record.session_no}场次签名的笔录" for record in held if not record.attachments]
    agreement = state.agreement
    if agreement is not None and (agreement.effective_at is None or agreement.elsewhere):
        found.append(PAPER_NAMES[Paper.AGREEMENT])
    for paper in _SERVED:
        if unserved := {who for one in _latest(state, paper) for who in one.to if who not in one.served}:
            sides = "、".join(f"{SIDES[state.parties[who].side]}{who}" for who in sorted(unserved))
            found.append(f"{PAPER_NAMES[paper]}的送达回证（{sides}）")
    return found if called_back else [*found, "回访记录"]


def _latest(state: MediationState, paper: Paper) -> list[PaperState]:
    """The newest of a kind: one that was issued again takes the place of the one before."""
    return [one for one in state.papers.values() if one.paper is paper][-1:]


@dataclass(frozen=True)
class Pack:
    """A file that is ready to be bound, in a thread."""

    cover: Cover
    parts: "Sequence[Enclosure | Unwritten | Page]"
    missing: Sequence[str]

    def bound(self) -> bytes:
        """The file as DOCX.

        An attachment that is damaged, or too long, is named among what lacks: what was signed is not scanned again.
        """
        from infra.papers.pack import bind  # noqa: PLC0415 - as in `PaperWriter.write`

        enclosures = [part if isinstance(part, Enclosure) else part.written() for part in self.parts]
        missing = list(self.missing)
        while True:
            try:
                return bind(self.cover, enclosures, missing)
            except CannotBind as error:
                enclosures.remove(error.enclosure)
                missing.append(f"{error.enclosure.title}（文件损坏或者过长，无法装订，另行存放）")

    @classmethod
    async def read(
        cls, session: AsyncSession, whole: Dossier, sight: Sight, writer: PaperWriter, today: date
    ) -> "Pack":
        """All that the file has by now and its binder may read; `whole` goes up to the latest event."""
        state = whole.state
        callbacks = await _callbacks(session, state.case_no)
        files = await _files(session, whole, sight)
        sections: dict[Paper, list[Enclosure | Unwritten | Page]] = {paper: [] for paper in _ORDER}
        for issued in whole.records:
            event = issued.event
            if isinstance(event, e.PaperIssued) and sight.reads_paper(state, state.papers[event.paper_no]):
                about = whole.records[event.about_seq - 1]
                then = whole
                if event.paper is Paper.ROUTE_NOTICE:
                    then = whole.with_case(await state_known_at(session, state.case_no, about.recorded_at))
                sections[event.paper].append(Unwritten(writer, then, event, local_date(issued.at)))
                sections[event.paper] += _attached(about, files)
        sections[Paper.AGREEMENT] += [
            scan
            for record in whole.records
            if isinstance(record.event, e.AgreementSigned | e.FulfilmentProven)
            for scan in _attached(record, files)
        ]
        if sight.reads_agreement(state):
            sections[Paper.AGREEMENT] += _confirmation(whole)
        parts = [part for paper in _ORDER for part in sections[paper]]
        records = [record.event for record in whole.records if isinstance(record.event, e.SessionRecorded)]
        missing = missing_parts(state, records, called_back=bool(callbacks)) + _kept_apart(whole, files)
        return cls(_cover(whole, today), [*parts, *_callback(callbacks)], missing)


@dataclass(frozen=True)
class Unwritten:
    """A paper of the file, written when it is bound, with when it reached whom."""

    writer: PaperWriter
    whole: Dossier
    issued: e.PaperIssued
    on: date

    def written(self) -> Enclosure:
        """Writes it."""
        form, paper, contents = written(self.whole.as_of(self.issued.about_seq), self.issued, self.on)
        state = self.whole.state
        served = [f"{SIDES[state.parties[who].side]}{who}" for who in state.papers[self.issued.paper_no].served]
        title = PAPER_NAMES[paper] + (f"（已送达{'、'.join(served)}）" if served else "")
        return Enclosure(title=title, on=self.on, content=self.writer.write(form, paper, contents))


@dataclass(frozen=True)
class Page:
    """What the records say of a step that has no paper of its own, line by line; written when the file is bound."""

    title: str
    on: date
    lines: Sequence[str]

    def written(self) -> Enclosure:
        """Writes it."""
        from infra.papers.pack import page  # noqa: PLC0415 - as in `PaperWriter.write`

        return Enclosure(title=self.title, on=self.on, content=page(self.title, self.lines))


def _attached(record: MediationRecorded, files: dict[str, Attachment]) -> Iterator[Enclosure]:
    """The attachments that an event names, each once: those that are bound are taken out of `files`."""
    for named in files_of(record.event):
        if named in files and files[named].body.startswith(_BINDABLE):
            title = _ATTACHED[record.event.kind]
            yield Enclosure(title=title, on=local_date(record.at), content=files.pop(named).body)


def _kept_apart(whole: Dossier, files: dict[str, Attachment]) -> list[str]:
    """What cannot be bound into a document, as films and sound."""
    return [
        f"{_ATTACHED[record.event.kind]}（不是图片、PDF或者DOCX，另行存放）"
        for record in whole.records
        for named in files_of(record.event)
        if files.pop(named, None) is not None
    ]


def _confirmation(whole: Dossier) -> Iterator[Page]:
    lines, on = [], None
    for record in whole.records:
        match record.event:
            case e.ConfirmationApplied():
                lines.append(f"{_day(record)}，各方当事人共同申请司法确认。")
            case e.ConfirmationAnswered(status=status) as answered:
                number = f"案号：{whole.said(answered.number)}。" if answered.number else ""
                lines.append(f"{_day(record)}，{_DECISIONS[status]}{number}{whole.said(answered.reason)}")
            case _:
                continue
        on = local_date(record.at)
    if on is not None:
        yield Page("司法确认情况", on, lines)


async def _callbacks(session: AsyncSession, case_no: str) -> list[Recorded]:
    found = select(TimelineEvent.record).where(
        TimelineEvent.case_no == case_no, TimelineEvent.kind == CallbackMade.model_fields["kind"].default
    )
    return [Recorded.model_validate(row) for row in await session.scalars(found.order_by(TimelineEvent.seq))]


def _callback(records: Sequence[Recorded]) -> Iterator[Page]:
    """What the requester said of the result is the case's, and stays there."""
    if records:
        lines = [
            f"{_day(record)}，{_CALLBACKS[record.event.outcome]}。"
            for record in records
            if isinstance(record.event, CallbackMade)
        ]
        yield Page("回访记录", local_date(records[-1].at), lines)


async def _files(session: AsyncSession, whole: Dossier, sight: Sight) -> dict[str, Attachment]:
    events = [record.event for record in whole.records]
    named = {UUID(one) for event in events if track_of(event, whole.state) in sight.tracks for one in files_of(event)}
    found = await session.scalars(select(Attachment).where(Attachment.id.in_(named)))
    return {str(file.id): file for file in found}


def _cover(whole: Dossier, today: date) -> Cover:
    state = whole.state
    track = whole.track(None)
    matter = whole.matter(track, today)
    return Cover(
        mediation_no=state.mediation_no,
        case_no=state.case_no,
        host=matter.host,
        mediators=matter.mediators,
        parties=[party.name for party in matter.parties],
        dispute_type=DISPUTES[state.dispute.type],
        taken_up_on=local_date(state.taken_up_at or state.opened_at),
        ended_on=next((local_date(record.at) for record in whole.records if _ends(record)), None),
        result=_result(state),
        bound_on=today,
    )


def _ends(record: MediationRecorded) -> bool:
    return isinstance(record.event, e.MediationFulfilled | e.MediationFailed | e.MediationRefused | e.MediationStopped)


def _result(state: MediationState) -> str:
    if state.status is MediationStatus.AGREED:
        oral = state.agreement is not None and state.agreement.form is AgreementForm.ORAL
        return f"达成{'口头' if oral else '书面'}协议，正在履行"
    return ENDINGS.get(state.status, "正在调解")


def _day(record: MediationRecorded | Recorded) -> str:
    day = local_date(record.at)
    return f"{day.year}年{day.month}月{day.day}日"
