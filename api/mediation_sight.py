"""What a caller may read of a mediation: what is said in it stays with those who hold it [人民调解法 15].

Host and mediators of a step read what was talked about in it, from its beginning on; those of another step that began
read the facts, never what somebody would have given. Everybody else who may know of the mediation reads its figures:
numbers, dates, status, hosts. A party reads its own side by its tracking code (`api.tracked_mediations`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.mediation_scope import Part, find_mediation, recorded_state
from api.scope import SEALED
from api.timeline import TimelineItem
from api.tokens import Caller
from infra.case_gateway import CaseUnavailable
from infra.tables import AuditEntry
from workflows.contracts.mediation.state import MediationState, PaperState, Track
from workflows.contracts.mediation.vocabulary import Paper, TrackStatus
from workflows.contracts.vocabulary import Role

_HOLDS_TALKS = frozenset({Role.HANDLER, Role.MEDIATOR})
_FIGURES = frozenset(
    {
        "about_seq",
        "agreed",
        "ask",
        "breached_at",
        "by",
        "calendar",
        "case_no",
        "cause",
        "centres",
        "chosen",
        "clock",
        "clock_id",
        "code",
        "dispute",
        "due",
        "due_at",
        "due_date",
        "effect_id",
        "extended_by",
        "fact_finding",
        "form",
        "ground",
        "held",
        "invited",
        "item_no",
        "lapsed",
        "left",
        "level",
        "limit",
        "locked",
        "means",
        "mediation_no",
        "mediator_id",
        "mediators",
        "next_at",
        "next_rung",
        "paper",
        "paper_no",
        "pauses",
        "policy",
        "proposed",
        "provisional",
        "raw_due_date",
        "region_code",
        "remedy",
        "risk",
        "room",
        "rules_version",
        "rung",
        "session_no",
        "sessions",
        "source",
        "started_at",
        "starts_at",
        "ends_at",
        "status",
        "support_no",
        "system",
        "times",
        "track",
        "tracks",
        "unit_id",
        "until",
        "was_due_at",
        "withdrawn",
    }
)
"""The fields of events that everybody reads who may know of the mediation; a field that is new is none of them."""
_TALKS: Mapping[str, frozenset[str]] = {
    "applied_for": frozenset({"paper"}),
    "session_recorded": frozenset({"open_points", "concessions", "attachments"}),
    "agreement_drafted": frozenset({"terms", "promises", "clauses", "fee"}),
    "agreement_signed": frozenset({"scan"}),
}
"""What of an event is for host and mediators of its own step alone."""
_WITHOUT_TALKS = frozenset({Paper.RIGHTS_NOTICE, Paper.INVITATION, Paper.ROUTE_NOTICE})
"""What the centre hands out as well: nothing in them was said in the talks."""
_OF_ONE_STEP = frozenset({Paper.APPLICATION, Paper.SESSION_RECORD, Paper.TERMINATION})
_ONCE_EFFECTIVE = frozenset({"agreement_drafted", "agreement_signed"})
_ATTACHMENT_NOT_PAPER = frozenset({"applied_for"})
"""There the field `paper` is an attachment; elsewhere it says what kind of writing it is."""


@dataclass(frozen=True)
class Sight:
    """How far a caller sees in; `tracks` are the steps that began and that she hosts or mediates."""

    tracks: frozenset[int] = frozenset()

    @property
    def is_inside(self) -> bool:
        """She takes part in the talks, or did: not everything is figures for her."""
        return bool(self.tracks)

    def reads_agreement(self, state: MediationState) -> bool:
        """Whether what the parties agreed on is for her: the draft in her own step, all that is effective."""
        agreement = state.agreement
        if agreement is None or not self.is_inside:
            return False
        return agreement.effective_at is not None or agreement.track in self.tracks

    def reads_paper(self, state: MediationState, paper: PaperState) -> bool:
        """Whether a writing is for her: what one step brought for those of that step alone."""
        if paper.paper is Paper.AGREEMENT:
            return self.reads_agreement(state)
        return self.is_inside and (paper.paper not in _OF_ONE_STEP or paper.track in self.tracks)


async def find_talks(session: AsyncSession, caller: Caller, number: str) -> MediationState:
    """The mediation as recorded, for more than to know that one is invited to it.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see; 403 `talks_sealed` for a unit that is invited only.
        CaseUnavailable: if it began a moment ago.
    """
    mediation, _, part = await find_mediation(session, caller, number)
    state = recorded_state(mediation)
    if state is None:
        raise CaseUnavailable("MediationBeginning")
    if part is Part.INVITED:
        raise talks_sealed()
    return state


def sight_of(caller: Caller, state: MediationState | None) -> Sight:
    """What the caller may read of the mediation as it stands now."""
    tracks = state.tracks.values() if state is not None else ()
    return Sight(frozenset(track.number for track in tracks if _has_begun(track) and holds(caller, track)))


def reads_paper(caller: Caller, state: MediationState, paper: PaperState) -> bool:
    """Whether she may read a writing: who takes part in the talks, and the centre what it hands out."""
    of_centre = caller.role is Role.DISPATCHER and paper.paper in _WITHOUT_TALKS
    return of_centre or sight_of(caller, state).reads_paper(state, paper)


def holds(caller: Caller, track: Track) -> bool:
    """Whether she mediates this step, or acts for the unit that hosts it."""
    if caller.role not in _HOLDS_TALKS:
        return False
    return caller.id in track.mediators or (caller.unit is not None and caller.unit == track.host.unit_id)


def _has_begun(track: Track) -> bool:
    if track.status is TrackStatus.DROPPED:
        return track.taken_up_at is not None
    return track.status is not TrackStatus.WAITING


def sealed(items: Sequence[TimelineItem], state: MediationState, sight: Sight) -> list[TimelineItem]:
    """The timeline as that reader may read it: what is not for her is said to be sealed."""
    return [item.model_copy(update={"data": _seen(item, state, sight)}) for item in items]


def _seen(item: TimelineItem, state: MediationState, sight: Sight) -> dict[str, Any]:
    if not sight.is_inside:
        hidden = {name for name in item.data if name not in _FIGURES or _is_file(item.kind, name)}
    elif _track_of(item, state) in sight.tracks or (item.kind in _ONCE_EFFECTIVE and _binds(item, state)):
        hidden = set[str]()
    else:
        hidden = {*_TALKS.get(item.kind, ())}
    return {name: SEALED if name in hidden and value else value for name, value in item.data.items()}


def _is_file(kind: str, name: str) -> bool:
    return name == "paper" and kind in _ATTACHMENT_NOT_PAPER


def _track_of(item: TimelineItem, state: MediationState) -> int | None:
    """The step that an event is about, if it is about one."""
    session = state.sessions.get(item.data.get("session_no", ""))
    if session is not None:
        return session.track
    if item.kind == "agreement_signed":
        return state.agreement.track if state.agreement is not None else None
    track = item.data.get("track")
    return track if isinstance(track, int) else None


def _binds(item: TimelineItem, state: MediationState) -> bool:
    agreement = state.agreement
    return agreement is not None and agreement.effective_at is not None and _track_of(item, state) == agreement.track


def talks_sealed() -> Problem:
    """403 for who takes no part in the talks."""
    return Problem(403, "talks_sealed", "what is said in a mediation is read by its host and its mediators alone")


def note_look(session: AsyncSession, state: MediationState, by: Caller, what: str, now: datetime) -> None:
    """Puts on record that somebody looked at what is confidential; `what` is a code."""
    detail = {"role": by.role.value, "unit": by.unit, "mediation": state.mediation_no, "what": what}
    session.add(AuditEntry(at=now, actor=by.id, action="read_mediation", case_no=state.case_no, detail=detail))
