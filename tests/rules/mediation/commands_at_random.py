"""Commands to a mediation as anybody might give them: fitting or not, late or not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.calendar_2026 import WINDOW_2026
from tests.rules.mediation.talks import MEDIATOR, WORDS, channels, party, step
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    BarredClause,
    Capacity,
    FulfilmentStatus,
    MediationForm,
    MediationStatus,
    Outside,
    OutsideAsk,
    Remedy,
    SessionStatus,
    Side,
    SignatureMeans,
    SignedBy,
    Support,
    TrackStatus,
)
from workflows.contracts.time_commands import AdoptCalendar
from workflows.contracts.vocabulary import PauseGround, ServiceMethod
from workflows.rules.calendar import local_date
from workflows.rules.mediation.entry import why_not
from workflows.rules.mediation.outside import AUTHORITIES

Draw = Callable[[st.SearchStrategy[Any]], Any]
Fields = dict[str, Any]
Steps = list[tuple[type[AnyMediationCommand], Fields]]

_PEOPLE = ("m1", "m2", "m3", "person-P1", "guardian-1")
_ITEMS = ("I1", "I2", "I9")
_PARTIES = ("P1", "P2", "P3", "P9")
_CALENDAR = WINDOW_2026.model_copy(
    update={"version": 2, "days_off": (*WINDOW_2026.days_off, date(2026, 3, 4), date(2026, 4, 8))}
)
_delays = st.none() | st.integers(-60, 60 * 24 * 30).map(lambda minutes: timedelta(minutes=minutes))


def _of(*values: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _promises(now: datetime) -> st.SearchStrategy[tuple[c.Promise, ...]]:
    promise = st.builds(
        c.Promise,
        promisor=_of("P1", "P2"),
        to=_of("P2", "P1"),
        what=st.just(WORDS),
        due=st.none() | st.integers(-1, 60).map(lambda days: local_date(now) + timedelta(days=days)),
    )
    return st.lists(promise, max_size=2).map(tuple)


def _everything(state: MediationState, now: datetime) -> dict[type[AnyMediationCommand], dict[str, Any]]:
    """Every command with strategies for its fields; whatever it refers to may exist or not."""
    track = _of(None, *state.tracks, 9)
    session = _of(*state.sessions, "S99")
    day = st.integers(-3, 90).map(lambda days: local_date(now) + timedelta(days=days))
    steps = st.builds(
        step,
        st.sampled_from(MediationForm),
        together=st.booleans(),
        fact_finding=st.booleans(),
        mediator_id=_of(None, *_PEOPLE),
    )
    whose = st.lists(_of(*_PARTIES), max_size=3).map(tuple)
    begins = st.integers(-60, 60 * 72).map(lambda minutes: now + timedelta(minutes=minutes))
    newcomer = st.builds(party, _of("P3", "P2"), st.sampled_from(Side), capacity=st.sampled_from(Capacity))
    return {
        c.DecidePlan: {"tracks": st.lists(steps, max_size=3).map(tuple), "drop_current": st.booleans()},
        c.AddParty: {"party": newcomer},
        c.ChangeParty: {
            "party_no": _of(*_PARTIES),
            "guardian": _of(None, "guardian-1"),
            "representatives": _of((), ("r1",)),
        },
        c.Consent: {"track": track, "party_no": _of(*_PARTIES), "agreed": _of(True, True, True, False)},
        c.LeaveMediation: {"party_no": _of(*_PARTIES)},
        c.NameMediator: {"track": track, "mediator_id": _of(*_PEOPLE)},
        c.Disclose: {"track": track, "mediator_id": _of(*_PEOPLE), "ties": st.just(WORDS)},
        c.ObjectToPerson: {"track": track, "party_no": _of(*_PARTIES), "person_id": _of(*_PEOPLE)},
        c.AppointInterpreter: {"interpreter_id": _of(*_PEOPLE), "language": _of("yi", "none")},
        c.ReferSupport: {"party_no": _of(*_PARTIES), "support": st.sampled_from(Support), "consented": st.booleans()}
        | {"unit_id": st.just("aid")},
        c.RecordSupport: {"support_no": _of("U1", "U2"), "outcome": st.just(WORDS)},
        c.Apply: {"track": track, "party_no": _of(*_PARTIES)},
        c.TakeUp: {"track": track, "accepted": st.booleans()},
        c.ScheduleSession: {"track": track, "starts_at": begins, "parties": whose},
        c.CallOffSession: {"session_no": session, "adjourned": st.booleans()},
        c.RecordSession: {"session_no": session, "present": whose},
        c.DraftAgreement: {"track": track, "form": st.sampled_from(AgreementForm), "promises": _promises(now)}
        | {"fee": _of(0, 0, 100), "clauses": _of((), (), (BarredClause.TITLE,))},
        c.Sign: {"by": st.sampled_from(SignedBy), "party_no": _of(None, *_PARTIES), "scan": _of(None, "scan")}
        | {"means": st.sampled_from(SignatureMeans)},
        c.ProveFulfilment: {"item_no": _of(*_ITEMS)},
        c.CheckFulfilment: {"item_no": _of(*_ITEMS), "kept": st.booleans()},
        c.ForgoPromise: {"item_no": _of(*_ITEMS)},
        c.PostponePromise: {"item_no": _of(*_ITEMS), "due": day},
        c.TakeRemedy: {"item_no": _of(*_ITEMS), "remedy": st.sampled_from(Remedy)},
        c.ApplyConfirmation: {"court": _of("host-court_before_filing", "court-2"), "parties": whose},
        c.ReferOutside: {"track": track, "system": st.sampled_from(Outside), "unit_id": st.just("elsewhere")},
        c.RecordOutside: {"system": st.sampled_from(Outside), "ask": st.sampled_from(OutsideAsk)}
        | {name: _of(None, True, False) for name in ("agreed", "confirmed")}
        | {"number": _of(None, WORDS)},
        c.ExtendTrack: {"track": track, "until": day, "agreed_by": whose},
        c.PauseTrack: {"track": track, "ground": st.sampled_from(PauseGround), "until": day},
        c.GoOnWithTrack: {"track": track},
        c.FailTrack: {"track": track},
        c.CompleteTrack: {"track": track},
        c.EndMediation: {"remedy": st.sampled_from(Remedy)},
        c.ServePaper: {
            "paper_no": _of(*list(state.papers)[-3:], "no-such"),
            "party_no": _of(*_PARTIES),
            "how": st.sampled_from(ServiceMethod),
            "served_at": st.integers(-2, 60).map(lambda hours: now - timedelta(hours=hours)),
        },
        c.LockMediation: {"locked": st.booleans(), "seq": _of(None, *range(state.locked_seq, state.locked_seq + 3))},
        c.StopMediation: {"withdrawn": st.booleans()},
        AdoptCalendar: {"calendar": _of(WINDOW_2026, _CALENDAR)},
        c.RetryMediationEffect: {"effect_id": _of(*state.effects, "no-such")},
        c.SkipMediationEffect: {"effect_id": _of(*state.effects, "no-such")},
        c.RenewMediation: {},
    }


@st.composite
def any_command(draw: st.DrawFn, state: MediationState, now: datetime) -> AnyMediationCommand:
    """Any command, with whatever it refers to existing or not."""
    every = _everything(state, now)
    kind = draw(st.sampled_from(list(every)))
    fields = draw(st.fixed_dictionaries(every[kind]))
    if kind is c.ScheduleSession:
        fields["ends_at"] = fields["starts_at"] + timedelta(hours=draw(st.integers(0, 13)))
    return _command(draw, kind, fields, state, now)


@st.composite
def next_step(draw: st.DrawFn, state: MediationState, now: datetime) -> AnyMediationCommand:
    """What the mediation waits for: so that stories get anywhere."""
    kind, fields = draw(st.sampled_from(next_steps(state, now)))
    return _command(draw, kind, fields, state, now)


def _command(
    draw: Draw, kind: type[AnyMediationCommand], fields: Fields, state: MediationState, now: datetime
) -> AnyMediationCommand:
    delay = draw(_delays)
    worded: dict[str, Any] = {name: WORDS for name in ("reason", "terms", "findings") if name in kind.model_fields}
    given: dict[str, Any] = {**worded, **fields}
    about: dict[str, Any] = {"command_id": f"c{state.seq}", "actor": MEDIATOR}
    about["received_at"] = None if delay is None else now - delay
    return kind(**about, **given)


def next_steps(state: MediationState, now: datetime) -> Steps:
    """The commands that lead on from here, for the parties and the host together."""
    if state.is_over:
        return [(c.RenewMediation, {})]
    if state.status is MediationStatus.AGREED:
        return _promises_kept(state)
    steps: Steps = [step for track in state.running_tracks for step in _on_track(state, track.number, now)]
    steps += [(c.NameMediator, {"track": track.number, "mediator_id": "m2"}) for track in state.running_tracks]
    if state.agreement is not None:
        steps += _marks(state)
    planned = [form for form in MediationForm if why_not(channels().channels[form], state.dispute) is None]
    if state.current is None or state.review_due is not None:
        steps += [(c.DecidePlan, {"tracks": (step(form),)}) for form in planned]
        beside = step("people", together=True, fact_finding=True)
        steps += [(c.DecidePlan, {"tracks": (step(form), beside, step("people"))}) for form in planned]
        steps += [(c.EndMediation, {"remedy": remedy}) for remedy in (Remedy.COURT, Remedy.LEVEL_UP)]
    return steps


def _on_track(state: MediationState, number: int, now: datetime) -> Steps:
    track = state.tracks[number]
    at: Fields = {"track": number}
    if track.fact_finding:
        return [(c.CompleteTrack, at), (c.FailTrack, at)]
    match track.status:
        case TrackStatus.CONSENT_ASKED:
            asked = [party_no for party_no in state.parties if party_no not in track.consents]
            yes: Steps = [(c.Consent, at | {"party_no": party_no, "agreed": True}) for party_no in asked]
            return [*yes, (c.Apply, at | {"party_no": "P1"})]
        case TrackStatus.CONSENTED:
            row = state.row(track.form)
            system = AUTHORITIES.get(row.channel)
            refer: Steps = [(c.ReferOutside, at | {"system": system, "unit_id": "elsewhere"})] if system else []
            take: Steps = [(c.TakeUp, at)] if not row.referral_only else []
            return [*refer, *take, *take, (c.Apply, at | {"party_no": "P1"})]
        case _:
            return _talks(state, number, now)


def _talks(state: MediationState, number: int, now: datetime) -> Steps:
    everybody = tuple(state.parties)
    at: Fields = {"track": number}
    begins = now + timedelta(hours=30)
    held = [
        (c.RecordSession, {"session_no": session.session_no, "present": everybody})
        for session in state.sessions.values()
        if session.status is SessionStatus.SCHEDULED
    ]
    owed = c.Promise(promisor="P2", to="P1", what=WORDS, due=local_date(now) + timedelta(days=20))
    answer = {"system": state.tracks[number].referred_to or Outside.COURT, "ask": OutsideAsk.REFERRAL}
    return [
        *held,
        (c.ScheduleSession, at | {"starts_at": begins, "ends_at": begins + timedelta(hours=2), "parties": everybody}),
        (c.DraftAgreement, at | {"promises": (owed, owed)}),
        (c.DraftAgreement, at | {"promises": (owed,), "form": AgreementForm.ORAL}),
        (c.FailTrack, at),
        *[(c.RecordOutside, answer | {"agreed": agreed}) for agreed in (True, False)],
    ]


def _marks(state: MediationState) -> Steps:
    agreement = state.agreement
    assert agreement is not None
    marked = {(mark.by, mark.party_no) for mark in agreement.marks}
    needs = state.row(state.tracks[agreement.track].form).needs
    whose = [
        (by, party_no)
        for by in needs
        for party_no in (state.parties if by in {SignedBy.PARTIES, SignedBy.RECEIPT} else (None,))
    ]
    return [(c.Sign, {"by": by, "party_no": no, "scan": "scan"}) for by, no in whose if (by, no) not in marked]


def _promises_kept(state: MediationState) -> Steps:
    agreement = state.agreement
    assert agreement is not None
    court = state.tracks[agreement.track].host.unit_id
    steps: Steps = [(c.ApplyConfirmation, {"court": court, "parties": tuple(state.parties)})]
    asked = {"system": Outside.COURT, "ask": OutsideAsk.CONFIRMATION, "number": WORDS}
    steps += [(c.RecordOutside, asked | {"confirmed": confirmed}) for confirmed in (None, True, False)]
    for item in agreement.items.values():
        at = {"item_no": item.item_no}
        steps += [
            (c.ProveFulfilment, at),
            (c.CheckFulfilment, at | {"kept": True}),
            (c.CheckFulfilment, at | {"kept": False}),
        ]
        if item.status is FulfilmentStatus.BREACHED:
            steps += [(c.TakeRemedy, at | {"remedy": remedy}) for remedy in (Remedy.COURT, Remedy.ENFORCEMENT)]
    return steps
