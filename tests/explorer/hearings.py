"""What of a mediation decides how it goes on, and what anybody may try in it: as `standings` and `moves` for a case.

Abstracted from are time (a clock is due later, or it ran out and everything that follows from that has), the number of
sessions and of channels that failed before, who in person takes part, and what is kept only to be shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from tests.explorer.moments import AHEAD, LAST_DAY, NOW, PAST, RAN_OUT
from tests.rules.mediation.commands_at_random import Steps, next_steps
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, channels, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.people import TrackPlan
from workflows.contracts.mediation.policy import LimitStart
from workflows.contracts.mediation.state import Agreement, MediationState, Session, Track
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    DisputeType,
    Outside,
    OutsideAsk,
    Remedy,
    SessionStatus,
    TrackStatus,
)
from workflows.contracts.vocabulary import ClockName, Rung
from workflows.rules.calendar import local_date

_OWED = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=local_date(NOW) + timedelta(days=20))
_SAME_FOR_ALL = {"policy", "calendar", "centres", "dispute", "parties"}


@dataclass(frozen=True)
class Hearing:
    """A dispute and the plan that anybody may decide on in it; `facts` are those that channels ask about.

    At once there are at most so many clocks that ran out without ending anything (`overdue`).
    """

    name: str
    dispute: DisputeType
    plan: tuple[TrackPlan, ...]
    facts: tuple[str, ...] = ()
    overdue: int = 0

    @cached_property
    def origin(self) -> MediationState:
        """The mediation when it was opened."""
        # One session without agreement stands for the three after which the plan is looked at.
        policy = channels().model_copy(update={"sessions_before_review": 1})
        facts: dict[str, Any] = dict.fromkeys(self.facts, True)
        return talks(PAST.isoformat(), dispute=self.dispute, policy=policy, **facts).state


_FACTS = step("administrative", together=True, fact_finding=True)
HEARINGS = (
    Hearing("people", DisputeType.NEIGHBOUR, (step("people"),)),
    Hearing("medical", DisputeType.MEDICAL, (step("medical"), _FACTS), ("tied_to_powers",)),
    Hearing("one_after_the_other", DisputeType.DEBT, (step("court_before_filing", mediator_id=None), step("people"))),
    Hearing("before_a_court", DisputeType.DEBT, (step("court_summary"),), ("filed", "summary")),
    Hearing("violation", DisputeType.INJURY, (step("police_violation"),), ("violation",), overdue=1),
    Hearing("offence", DisputeType.INJURY, (step("procuratorate"),), ("reconcilable",), overdue=1),
)


def moves(hearing: Hearing, state: MediationState) -> Iterator[tuple[str, c.AnyMediationCommand]]:
    """Every command that may matter, with a name that tells it from others."""
    usual = [(kind, fields) for kind, fields in next_steps(state, NOW) if kind is not c.DecidePlan]
    steps: Steps = [(kind, fields) for kind, fields in usual if kind not in _OTHERWISE]
    referred = [track.number for track in state.tracks.values() if state.row(track.form).referral_only]
    steps += [
        (c.ReferOutside, {"track": one, "system": Outside.PROCURATORATE, "unit_id": "elsewhere"}) for one in referred
    ]
    # In which order people sign makes no difference.
    steps += [(kind, fields) for kind, fields in usual if kind is c.Sign][:1]
    steps += [(c.DecidePlan, {"tracks": hearing.plan, "drop_current": drop}) for drop in (False, True)]
    for track in state.tracks.values():
        at: dict[str, Any] = {"track": track.number}
        refuses: Steps = [
            (c.Consent, {**at, "party_no": OTHER, "agreed": False}),
            (c.TakeUp, {**at, "accepted": False}),
        ]
        drawn_up: Steps = [
            (c.DraftAgreement, {**at, "promises": (_OWED,), "form": form}) for form in sorted(AgreementForm)
        ]
        steps += [*refuses, *drawn_up, (c.ObjectToPerson, {**at, "party_no": FIRST, "person_id": "m1"})]
        steps += [(c.FailTrack, at), (c.NameMediator, {**at, "mediator_id": "m1"})]
    for number in state.sessions:
        missed: Steps = [(c.RecordSession, {"session_no": number, "present": (FIRST,)})]
        steps += [*missed, (c.CallOffSession, {"session_no": number, "adjourned": True})]
    for item in state.agreement.items if state.agreement is not None else ():
        promised = {"item_no": item}
        steps += [(c.ForgoPromise, promised), (c.PostponePromise, {**promised, "due": LAST_DAY + timedelta(days=30)})]
        steps += [(c.TakeRemedy, {**promised, "remedy": remedy}) for remedy in Remedy]
    answer = {"system": Outside.PROCURATORATE, "ask": OutsideAsk.REFERRAL}
    steps += [(c.RecordOutside, {**answer, "agreed": agreed}) for agreed in (True, False)]
    steps += [(c.EndMediation, {"remedy": remedy}) for remedy in (Remedy.COURT, Remedy.TRIAL, Remedy.LEVEL_UP)]
    steps += [(c.LeaveMediation, {"party_no": FIRST}), (c.StopMediation, {}), (c.StopMediation, {"withdrawn": True})]
    steps += [(c.LockMediation, {"locked": not state.locked})]
    tried: set[str] = set()
    for kind, fields in steps:
        worded: dict[str, Any] = {name: WORDS for name in ("reason", "terms", "findings") if name in kind.model_fields}
        given: dict[str, Any] = {**worded, **fields}
        name = " ".join([kind.model_fields["kind"].default, *_said(fields)])
        if name not in tried:
            tried.add(name)
            yield name, kind(command_id="walked", actor=_ACTOR, **given)


_OTHERWISE = {c.DraftAgreement, c.ReferOutside, c.Sign}
_ACTOR = talks().events[0].actor


def _said(fields: dict[str, Any]) -> list[str]:
    return [f"{name}={value}" for name, value in fields.items() if isinstance(value, str | int | None)]


def standing(state: MediationState, origin: MediationState) -> MediationState:
    """The one state that stands for all that go on alike."""
    numbers = _numbers(state)
    clocks = [_standing_clock(clock, numbers) for clock in state.clocks.values() if clock.is_open]
    ordered = sorted(clocks, key=lambda known: known.id)
    ahead = [one for one in state.sessions.values() if one.status is SessionStatus.SCHEDULED]
    return origin.model_copy(
        update={
            "status": state.status,
            "locked": state.locked,
            "tracks": {numbers[old]: _standing_track(state.tracks[old], new) for old, new in numbers.items()},
            "sessions": {one.session_no: one for one in [_standing_session(one, numbers) for one in ahead[:1]]},
            "agreement": _standing_agreement(state.agreement, numbers),
            "confirmation": state.confirmation,
            "review_due": numbers.get(state.review_due or 0),
            "remedy": None,
            "told": None,
            "clocks": {clock.id: clock for clock in ordered},
            "effects": {},
            "papers": {},
            "recent": {},
            "seq": 1,
            "last_at": PAST,
        }
    )


def key(stands: MediationState) -> str:
    """Equal for equal standings."""
    return stands.model_dump_json(exclude=_SAME_FOR_ALL)


def _numbers(state: MediationState) -> dict[int, int]:
    """The tracks that matter by their old numbers: those that run or wait, and of each form one that was tried."""
    if state.is_over:
        return {}
    agreed = state.agreement.track if state.agreement is not None else None
    running = [track for track in state.tracks.values() if track.is_open or track.number == agreed]
    ended = [track for track in state.tracks.values() if track not in running]
    at_it = {track.form for track in running if track.status is not TrackStatus.WAITING}
    gone = [track for track in ended if track.status is not TrackStatus.DROPPED and track.form not in at_it]
    tried = {track.form: track for track in gone}
    kept = [*running, *(tried[form] for form in sorted(tried))]
    return {track.number: number for number, track in enumerate(kept, start=1)}


def _standing_track(track: Track, number: int) -> Track:
    ended = not track.is_open and track.status is not TrackStatus.AGREED
    row = channels().channels[track.form]
    from_application = row.starts is LimitStart.APPLIED
    return track.model_copy(
        update={
            "number": number,
            "status": TrackStatus.FAILED if ended else track.status,
            "consents": () if ended else tuple(sorted(track.consents)),
            "mediators": ("m1",) if track.mediators and not ended else (),
            "rejected": (),
            "applied_at": PAST if track.applied_at and from_application and not ended else None,
            "taken_up_at": PAST if track.taken_up_at and not ended else None,
            "fruitless": 0 if ended else min(track.fruitless, 1),
            "held": 0 if ended or row.most_sessions is None else track.held,
            "referred_to": None if ended else track.referred_to,
            "together": track.together and not ended,
        }
    )


def _standing_session(session: Session, numbers: dict[int, int]) -> Session:
    """It may have begun, so that it may be held or missed as well as called off."""
    begins = NOW - timedelta(hours=1)
    at = {"starts_at": begins, "ends_at": NOW, "track": numbers[session.track], "reminded": True}
    return session.model_copy(update={**at, "session_no": "S1", "mediators": ()})


def _standing_agreement(agreement: Agreement | None, numbers: dict[int, int]) -> Agreement | None:
    if agreement is None or agreement.track not in numbers:
        return None
    marks = tuple(sorted(agreement.marks, key=repr))
    at = {"track": numbers[agreement.track], "effective_at": agreement.effective_at and PAST}
    items = {
        number: item.model_copy(update={"due": LAST_DAY if item.due else None})
        for number, item in agreement.items.items()
    }
    return agreement.model_copy(update={**at, "marks": marks if agreement.effective_at is None else (), "items": items})


def _standing_clock(clock: MediationClock, numbers: dict[int, int]) -> MediationClock:
    """Before its due time, or past its ladder: what is between does nothing more than to mark it."""
    ran_out = clock.breached_at is not None
    due_at = RAN_OUT if ran_out else AHEAD
    about = clock.about
    if about is not None and about.startswith("K"):
        number, apart, party_no = about.removeprefix("K").partition("P")
        about = f"K{numbers.get(int(number), 0)}{apart}{party_no}"
    if about is not None and about.startswith("S"):
        about = "S1"
    return clock.model_copy(
        update={
            "round": 1,
            "about": about,
            "started_from": "",
            "started_at": PAST,
            "due_at": due_at,
            "due_date": local_date(due_at),
            "raw_due_date": local_date(due_at),
            "provisional": False,
            "pauses": (),
            "extended_by": 0,
            "warned_at": None,
            "breached_at": due_at if ran_out else None,
            "rung": Rung.ESCALATE if ran_out else Rung.DUE_SOON,
            "next_rung": None if ran_out else Rung.URGE,
            "next_at": None if ran_out else AHEAD,
        }
    )


def is_within(hearing: Hearing, state: MediationState) -> bool:
    """As many clocks that ran out as the hearing has, one session, and as many channels as its plan has."""
    running = [clock for clock in state.clocks.values() if clock.is_open and clock.name is not ClockName.FULFILMENT]
    return (
        sum(clock.breached_at is not None for clock in running) <= hearing.overdue
        and sum(one.status is SessionStatus.SCHEDULED for one in state.sessions.values()) <= 1
        and len(_numbers(state)) <= len(hearing.plan)
    )


def due_now(state: MediationState, clock: MediationClock) -> MediationState:
    """As the state, with that clock running out at this very moment."""
    now = clock.model_copy(update={"due_at": NOW, "next_at": NOW})
    return state.model_copy(update={"clocks": {**state.clocks, clock.id: now}})
