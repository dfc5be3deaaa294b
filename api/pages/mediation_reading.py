"""What the page of a mediation shows, as it is read: where it stands, what happened, and what the viewer may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_calendar import room_names
from api.mediation_desk import show, told
from api.mediation_scope import Part, find_mediation, recorded_state
from api.mediation_sight import reads_paper
from api.mediation_snapshot import invitation
from api.mediation_views import AgreementView, InvitationView, MediationSnapshot
from api.pages import mediation_words as m
from api.pages import words as w
from api.pages.clock_lines import ClockLine, clock_line
from api.pages.mediation_choices import Registers, read_registers, word_of_kind
from api.pages.mediation_offers import TalkOffer, talk_offers
from api.pages.mediation_sentences import TalkNames
from api.pages.mediation_story import talk_names
from api.pages.session import Viewer
from api.risk_views import DangerView, LimitationView, danger_view, limitation_views
from api.routes.mediation_files import PaperItem, list_papers
from api.routes.mediation_reading import mediation_timeline
from api.services import Services
from api.snapshots import ClockView
from api.timeline import TimelineItem
from infra.tables import Case
from workflows.contracts.clocks import Limit
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import AgreementForm, SignedBy
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName

_TIMELINE = 200


class Asked(BaseModel):
    """How the page is asked for: `live` as the running mediation tells it, `since` a seq that it must have reached,
    `done` the step just taken, `all` the whole record with what the process noted for itself.
    """

    live: bool = False
    since: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    done: Annotated[str, Field(max_length=32)] = ""
    whole: Annotated[bool, Field(alias="all")] = False
    cursor: Annotated[str | None, Field(max_length=400)] = None


@dataclass(frozen=True)
class ChannelLine:
    """A row of the channel table for this dispute: whether it takes it, and why not; its limit, effect and failure."""

    form: str
    channel: str
    hosts: str
    takes: str
    why_not: str | None
    limit: str
    effect: str
    on_failure: str
    sources: Sequence[str]


@dataclass(frozen=True)
class OfCase:
    """What stands on the case beside the mediation: a danger, and the limitation periods with their clocks."""

    danger: DangerView | None = None
    limitations: Sequence[tuple[LimitationView, ClockLine]] = ()


@dataclass(frozen=True)
class TalkRead:
    """A mediation on its page. `limits` are the clocks of its steps by number, `promises` those of its promises."""

    state: MediationState
    shown: MediationSnapshot
    names: TalkNames
    clocks: Sequence[ClockLine]
    limits: Mapping[int, ClockLine]
    promises: Mapping[str, ClockLine]
    confirmation: ClockLine | None
    channels: Sequence[ChannelLine]
    of_case: OfCase
    rooms: Mapping[str, str]
    papers: Sequence[tuple[PaperItem, bool]]
    items: Sequence[TimelineItem]
    following: str | None
    offers: Sequence[TalkOffer] = ()
    registers: Registers = field(default_factory=Registers)

    @property
    def missing(self) -> list[str]:
        """The marks that the drafted agreement still needs, in words."""
        agreement = self.shown.agreement
        return missing_marks(agreement, self.names.parties) if agreement else []


async def read_talks(app: Services, viewer: Viewer, number: str, asked: Asked) -> TalkRead | InvitationView:
    """Everything for the page of a mediation that the viewer may see; of one that she is invited to, that she is.

    Raises:
        Problem: 403, 404, or 422 `bad_cursor`.
        CaseUnavailable: if it began a moment ago.
    """
    caller, now = viewer.caller, app.now()
    async with app.sessions() as session:
        mediation, _, part = await find_mediation(session, caller, number)
        invited = recorded_state(mediation)
        if part is Part.INVITED and invited is not None:
            return await invitation(session, invited, caller.unit or "")
    state, stale = await told(app, mediation, live=asked.live or mediation.seq < asked.since)
    shown = await show(app, mediation, state, caller, stale=stale)
    happened = await mediation_timeline(number, caller, app, asked.cursor, _TIMELINE)
    papers = await list_papers(number, caller, app)
    if state is None:
        raise TypeError("a mediation that is shown has a state")
    offers = talk_offers(state, caller, now)
    async with app.sessions() as session:
        lines = {clock.id: clock_line(clock, now, state) for clock in shown.clocks}
        return TalkRead(
            state=state,
            shown=shown,
            names=await talk_names(session, shown, happened.items),
            clocks=[line for line in lines.values() if line.ticks],
            limits={
                track.number: lines[clock.id]
                for track in shown.tracks
                for clock in shown.clocks
                if (clock.name, clock.about) == (ClockName.MEDIATION, f"K{track.number}")
            },
            promises={
                clock.about: lines[clock.id]
                for clock in shown.clocks
                if clock.about is not None and clock.name is ClockName.FULFILMENT
            },
            confirmation=next(
                (lines[clock.id] for clock in reversed(shown.clocks) if clock.name is ClockName.CONFIRMATION), None
            ),
            channels=_channels(state, shown),
            of_case=await _of_case(session, state.case_no, now),
            rooms=await room_names(session) if any(one.room for one in shown.sessions) else {},
            papers=[(paper, reads_paper(caller, state, state.papers[paper.paper_no])) for paper in papers.items],
            items=happened.items,
            following=happened.next_cursor,
            offers=offers,
            registers=await read_registers(session, state, now) if offers else Registers(),
        )


def missing_marks(agreement: AgreementView, parties: Mapping[str, str]) -> list[str]:
    """What is still to be signed, by whom; nothing of an oral agreement or one that binds."""
    if agreement.effective_at is not None or agreement.form is AgreementForm.ORAL:
        return []
    there = {(mark.by, mark.party_no) for mark in agreement.marks}
    missing = []
    for need in agreement.needs:
        if need in {SignedBy.PARTIES, SignedBy.RECEIPT}:
            act = w.word(m.SIGNED_BY, need).removeprefix("当事人")
            missing += [f"{name}{act}" for party_no, name in parties.items() if (need, party_no) not in there]
        elif (need, None) not in there:
            missing.append(w.word(m.SIGNED_BY, need))
    return missing


def _channels(state: MediationState, shown: MediationSnapshot) -> list[ChannelLine]:
    lines = []
    for channel in shown.channels:
        row = state.row(channel.form)
        starts = m.STARTS[row.starts] if row.limit else ""
        extension = f"，可延长{_span(row.extension)}" if row.extension else ""
        confirmable = "，可申请司法确认" if row.confirmable else ""
        lines.append(
            ChannelLine(
                form=w.word(m.FORMS, channel.form),
                channel=w.word(m.CHANNELS, channel.channel),
                hosts="、".join(word_of_kind(kind) for kind in channel.hosts),
                takes="、".join(w.word(m.ENTRIES, entry) for entry in row.entry),
                why_not=None if channel.takes else channel.message_zh or channel.message,
                limit=f"{starts}{_span(row.limit)}{extension}" if row.limit else "未定期限",
                effect=f"{w.word(m.EFFECTS, row.effect)}{confirmable}",
                on_failure="、".join(w.word(m.REMEDY_NAMES, way) for way in row.on_failure),
                sources=[_source(source) for source in dict.fromkeys(row.sources.values())],
            )
        )
    return lines


def _span(limit: Limit) -> str:
    return f"{limit.amount}{w.word(w.LIMIT_UNITS, limit.unit)}"


def _source(written: str) -> str:
    for sort, label in w.SOURCES.items():
        written = written.replace(f"{sort} ", f"{label}：")
    return written


async def _of_case(session: AsyncSession, case_no: str, now: datetime) -> OfCase:
    snapshot = await session.scalar(select(Case.snapshot).where(Case.case_no == case_no))
    if snapshot is None:
        return OfCase()
    state = CaseState.model_validate(snapshot)
    clocks = {
        clock_id: clock_line(ClockView.model_validate({"id": clock_id} | dict(clock)), now, state)
        for clock_id, clock in state.clocks.items()
        if clock.name is ClockName.LIMITATION
    }
    return OfCase(
        danger=danger_view(state),
        limitations=[(one, clocks[one.clock_id]) for one in limitation_views(state)],
    )
