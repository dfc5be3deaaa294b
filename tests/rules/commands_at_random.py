"""Commands as anybody might give them: fitting or not, late or not, repeated or not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.rules.calendar_2026 import WINDOW_2026
from tests.rules.case_builder import (
    CASE_NO,
    CENTRES,
    CITY,
    DISPATCHER,
    EMERGENCY,
    OPERATOR,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    department,
    handler,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import Limit
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.mediation.of_case import MediationOfCase
from workflows.contracts.mediation.people import Dispute, Party
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS, DisputeType, MediationStatus, Remedy, Side
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import (
    TASK_CLOCKS,
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    DeclineGround,
    LegalRoute,
    Level,
    OwnerRole,
    PauseGround,
    RiskLevel,
    Role,
    ServiceMethod,
    Solved,
    UnitKind,
)
from workflows.rules.calendar import local_date

Fields = dict[str, st.SearchStrategy[Any]]
Steps = list[tuple[Actor, Callable[..., AnyCommand], dict[str, Any]]]
"""Who gives what, with which fields."""

_UNITS = ("housing", "water", "roads")
_ACTORS = (
    DISPATCHER,
    VERIFIER,
    REQUESTER,
    OPERATOR,
    SUPERVISOR,
    Actor(id="housing-system", role=Role.SYSTEM, unit_id="housing"),
    *map(handler, _UNITS),
)
_delays = st.one_of(st.none(), st.integers(-60, 60 * 24 * 90).map(lambda minutes: timedelta(minutes=minutes)))
_words = st.just(WORDS)
_evidence = st.sampled_from([(), ("photo-1",)])
_solved = st.none() | st.sampled_from(Solved)
_rating = st.none() | st.sampled_from(["satisfied", "dissatisfied", "marvellous"])
_preset = st.sampled_from([None, "standard", "emergency", "unheard_of"])
_kinds = st.sampled_from([UnitKind.DEPARTMENT, UnitKind.TOWNSHIP, UnitKind.ENTERPRISE, UnitKind.VERTICAL])
_units = st.builds(UnitRef, unit_id=st.sampled_from(_UNITS), kind=_kinds, connected=st.booleans())
_days = st.integers(-3, 120).map(lambda days: timedelta(days=days))
"""A date that many days from the day of the command."""
_past_days = st.integers(-900, 1).map(lambda days: timedelta(days=days))
_CALENDARS = [
    WINDOW_2026.model_copy(
        update={"version": version, "days_off": (*WINDOW_2026.days_off, *more), "makeup_workdays": worked}
    )
    for version, more, worked in (
        (2, (date(2026, 3, 4), date(2026, 3, 5)), WINDOW_2026.makeup_workdays),
        (3, (), (*WINDOW_2026.makeup_workdays, date(2026, 3, 7), date(2026, 3, 8))),
        (4, tuple(date(2026, month, 10) for month in range(3, 13)), ()),
    )
]
TAX = UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)
"""Asked, and never given a date."""
OTHERS = ("990102202603020002", "990102202603020003")
"""Other cases."""
_REGIONS = ("990102001001", "990102002001", "990103001001")
_CONCLUSIONS = (CaseStatus.VERIFIED, CaseStatus.CLOSED, CaseStatus.DECLINED, CaseStatus.TRANSFERRED)
AN_EARLIER_DATE = next(
    clock for clock in registered("2026-02-26T09:00").state.clocks.values() if clock.name is ClockName.CITIZEN
)
"""Of a report that came in the week before."""


TWO_SIDES = (
    Party(party_no="P1", side=Side.APPLICANT, person_id="p1"),
    Party(party_no="P2", side=Side.RESPONDENT, person_id="p2"),
)
NO_CHANNELS = MediationPolicy(name="test", version=1, channels={}, limits={}, reminder=Limit.parse("24 hours"))
"""The case carries it into the mediation and asks nothing of it."""
_OPENING: dict[str, Any] = {
    "dispute": Dispute(type=DisputeType.NEIGHBOUR),
    "parties": TWO_SIDES,
    "policy": NO_CHANNELS,
}


def _parts(count: int) -> tuple[c.Part, ...]:
    return tuple(
        c.Part(case_no=f"99010220260302001{n}", title=WORDS, description=WORDS, case_kind=CaseKind.HAZARD)
        for n in range(count)
    )


_successors = st.builds(UnitRef, unit_id=st.sampled_from(["works", "water"]), kind=st.just(UnitKind.DEPARTMENT))
_decisions = st.builds(c.Agreed, unit=_units, what=_words)
_co_units = st.lists(_units, max_size=2).map(tuple)


_FIELDS: dict[type[AnyCommand], Fields] = {
    c.Accept: {},
    c.Decline: {"ground": st.sampled_from(DeclineGround), "route": _words},
    c.Answer: {"reply": _words},
    c.Settle: {"reply": _words, "evidence": _evidence},
    c.Whistle: {"lead": _units, "co_units": _co_units, "preset": _preset, "reason": _words}
    | {"power_holder": st.none() | _units | st.just(TAX)},
    c.Release: {"reason": _words},
    c.DecideSendBack: {"approved": st.booleans(), "reason": _words},
    c.Designate: {"unit": _units, "power_holder": st.none() | _units, "reason": _words},
    c.Reassign: {"unit": _units, "power_holder": st.none() | _units | st.just(TAX), "reason": _words},
    c.Supervise: {"reason": _words, "due": _days},
    c.AnswerSupervision: {"text": _words},
    c.Urge: {"note": _words},
    c.Escalate: {"reason": _words},
    c.Verify: {"passed": st.booleans(), "note": _words, "evidence": _evidence},
    c.Callback: {"outcome": st.sampled_from(CallbackOutcome), "solved": _solved, "rating": _rating},
    c.Rate: {"rating": st.sampled_from(["satisfied", "marvellous"]), "solved": _solved},
    c.Close: {"note": st.none() | _words},
    c.Reopen: {"reason": _words},
    c.AddContact: {"text": _words},
    c.Withdraw: {"reason": _words, "hazard": st.none() | st.just(_parts(1)[0])},
    c.ConfirmWithdrawal: {"confirmed": st.booleans(), "hazard": st.none() | st.just(_parts(1)[0])},
    c.Sign: {},
    c.Contact: {"note": _words},
    c.ReportIn: {},
    c.Progress: {"note": _words},
    c.Finish: {"reply": _words, "evidence": _evidence},
    c.SendBack: {"reason": _words, "clause": _words, "suggested_unit": _units},
    c.Object: {"reason": _words},
    c.RequestExtension: {"clock": st.sampled_from(TASK_CLOCKS), "until": _days, "reason": _words},
    c.DecideExtension: {"granted": st.booleans(), "until": st.none() | _days, "reason": _words},
    c.Suspend: {"ground": st.sampled_from(PauseGround), "until": _days, "reason": _words},
    c.Resume: {"reason": _words},
    c.Commit: {"measures": _words, "date": _days},
    c.InterimReply: {"procedure": _words, "legal_due": _days},
    c.SetRisk: {"risk": st.sampled_from(RiskLevel), "reason": _words, "policy": st.sampled_from([POLICY, EMERGENCY])},
    c.AdoptCalendar: {"calendar": st.sampled_from(_CALENDARS)},
    c.AdoptPolicy: {"policy": st.sampled_from([POLICY, EMERGENCY])},
    c.RetryEffect: {},
    c.SkipEffect: {"reason": _words},
    c.Renew: {},
    c.RequestWhistle: {"reason": _words},
    c.DecideWhistleRequest: {"granted": st.booleans(), "reason": _words},
    c.Refer: {"unit": _units | st.just(TAX), "reason": _words},
    c.RecordReferral: {"receipt": st.none() | _words, "outcome": st.none() | _words},
    c.DecideObjection: {"upheld": st.booleans(), "unit": st.none() | _units, "reason": _words},
    c.AssignDown: {"level": st.sampled_from(Level), "instructions": _words},
    c.NameHost: {"region_code": st.sampled_from(_REGIONS), "centres": st.just(CENTRES), "reason": _words},
    c.SucceedUnit: {"old": st.sampled_from([*_UNITS, "centre-village"]), "new": _successors},
    c.RateReportIn: {"score": st.integers(1, 5)},
    c.RateWhistle: {"score": st.integers(1, 5), "right_unit": st.none() | st.booleans()},
    c.Merge: {"into": st.sampled_from([CASE_NO, *OTHERS]), "reason": _words},
    c.TakeIn: {
        "case_no": st.sampled_from(OTHERS),
        "case_kind": st.none() | st.sampled_from(CaseKind),
        "citizen": st.none() | st.just(AN_EARLIER_DATE),
    },
    c.FollowMain: {"main": st.sampled_from(OTHERS), "status": st.sampled_from(_CONCLUSIONS)},
    c.Split: {"case_nos": st.sampled_from([(one,) for one in OTHERS]), "reason": _words},
    c.GoAlone: {"case_no": st.sampled_from(OTHERS)},
    c.SplitOff: {"main": st.sampled_from(OTHERS)},
    c.Divide: {"parts": st.integers(1, 3).map(_parts), "reason": _words},
    c.Gather: {"case_nos": st.sampled_from([OTHERS, OTHERS[:1], (CASE_NO,)]), "reason": _words},
    c.JoinIssue: {"main": st.sampled_from(OTHERS)},
    c.Consult: {"minutes": _words, "decisions": st.lists(_decisions, max_size=2).map(tuple)},
    c.Transfer: {"city": _words, "reason": _words},
    c.TransferReceipt: {"taken": st.booleans(), "number": st.none() | _words},
    c.TakeLegalRoute: {"route": st.sampled_from(LegalRoute), "reason": _words},
    c.RecordLegalOutcome: {"outcome": _words},
    c.ServeNotice: {"how": st.sampled_from(ServiceMethod)},
    c.RecordDutyLeader: {"note": _words},
    c.ReportDanger: {"kinds": st.lists(st.sampled_from(DangerKind), min_size=1, max_size=2).map(tuple)}
    | {"minors": st.booleans(), "caller": st.just(VERIFIER.id), "note": _words},
    c.Record110Call: {"receipt_no": _words},
    c.ReportProtection: {"to": st.sampled_from(ProtectionBody), "receipt": _words},
    c.LiftDanger: {"reason": _words},
    c.RecordLimitation: {"limitation": st.sampled_from(LimitationKind), "began_on": _past_days},
    c.ForgetLimitation: {"reason": _words},
    c.OpenMediation: {"dispute": st.just(Dispute(type=DisputeType.NEIGHBOUR)), "policy": st.just(NO_CHANNELS)}
    | {"parties": st.sampled_from([TWO_SIDES, TWO_SIDES[:1]])},
    c.FollowMediation: {"due": _days, "applied": st.booleans(), "remedy": st.none() | st.sampled_from(Remedy)}
    | {"reason": st.none() | _words, "owner_role": st.none() | st.just(OwnerRole.HOST), "owner_unit": st.just("host")},
    c.RebuildMediation: {"reason": _words},
}
_COMMANDS = {kind: st.fixed_dictionaries(fields) for kind, fields in _FIELDS.items()}


@st.composite
def any_command(draw: st.DrawFn, state: CaseState, now: datetime) -> AnyCommand:
    """Any command of any role, with whatever it refers to existing or not."""
    kind = draw(st.sampled_from(list(_COMMANDS)))
    drawn = draw(_COMMANDS[kind])
    drawn |= {name: local_date(now) + value for name, value in drawn.items() if isinstance(value, timedelta)}
    if "task_no" in kind.model_fields:
        drawn["task_no"] = draw(st.sampled_from([*state.tasks, "no-such-task"]))
    elif issubclass(kind, c.RecordReferral):
        drawn["referral_no"] = draw(st.sampled_from([*state.referrals, "no-such-referral"]))
    elif issubclass(kind, c.ServeNotice):
        drawn["notice_no"] = draw(st.sampled_from([*state.notices, "no-such-notice"]))
        drawn["served_at"] = now - timedelta(hours=draw(st.integers(-2, 100)))
    elif issubclass(kind, c.Record110Call):
        drawn["called_at"] = now - timedelta(minutes=draw(st.integers(-2, 100)))
    elif issubclass(kind, c.ForgetLimitation):
        drawn["clock_id"] = draw(st.sampled_from([*state.limitations, "no-such-limitation"]))
    elif issubclass(kind, c.FollowMediation):
        drawn["mediation_no"] = draw(st.sampled_from([*state.mediations, "no-such-mediation"]))
        known = state.mediations.get(drawn["mediation_no"], MediationOfCase())
        drawn["seq"] = known.seq + draw(st.integers(-1, 2))
        drawn["status"] = draw(st.sampled_from(may_be_told(known)))
    elif issubclass(kind, c.RebuildMediation):
        drawn["mediation_no"] = draw(st.sampled_from([*state.mediations, "no-such-mediation"]))
    elif issubclass(kind, c.RetryEffect | c.SkipEffect):
        drawn["effect_id"] = draw(st.sampled_from([*state.effects, "no-such-effect"]))
    return kind(**_about(draw, draw(st.sampled_from(_ACTORS)), state, now), **drawn)


def may_be_told(known: MediationOfCase) -> list[MediationStatus]:
    """What may follow: an agreement that binds is kept or broken, and nothing else is talked about."""
    if known.status is MediationStatus.AGREED:
        return [MediationStatus.AGREED, *sorted(MEDIATION_ENDS)]
    return list(MediationStatus)


@st.composite
def next_step(draw: st.DrawFn, state: CaseState, now: datetime) -> AnyCommand:
    """What the case waits for, given by somebody who may: so that stories get anywhere."""
    by, kind, fields = draw(st.sampled_from(_next_steps(state, now)))
    command: AnyCommand = kind(**_about(draw, by, state, now), **fields)
    return command


def _about(draw: st.DrawFn, by: Actor, state: CaseState, now: datetime) -> dict[str, Any]:
    delay = draw(_delays)
    received_at = None if delay is None else now - delay
    return {"command_id": f"c{state.seq}", "actor": by, "received_at": received_at}


def _next_steps(state: CaseState, now: datetime) -> Steps:
    match state.status:
        case CaseStatus.REGISTERED | CaseStatus.ACCEPTED:
            return _before_the_units(state)
        case CaseStatus.DISPATCHED | CaseStatus.IN_PROGRESS:
            return [*_with_the_units(state, now), *_mediated(state, now)]
        case CaseStatus.IN_MEDIATION | CaseStatus.AGREED:
            beside = _with_the_units(state, now) if state.open_tasks else []
            return [*_mediated(state, now) * 3, *beside]
        case _:
            return _after_the_units(state)


def _before_the_units(state: CaseState) -> Steps:
    match state.status:
        case CaseStatus.REGISTERED:
            return [(DISPATCHER, c.Accept, {}), (VERIFIER, c.RequestWhistle, {"reason": WORDS})]
        case CaseStatus.ACCEPTED if state.whistle_asked_by is not None:
            return [
                (DISPATCHER, c.DecideWhistleRequest, {"granted": granted, "reason": WORDS}) for granted in (True, False)
            ]
        case _:
            co_units = (department("water"), department("roads", connected=True))
            whistle = {"lead": department("housing", connected=True), "reason": WORDS}
            if state.kind is CaseKind.DISPUTE:
                return [(DISPATCHER, c.Whistle, whistle), (DISPATCHER, c.OpenMediation, _OPENING)]
            return [(DISPATCHER, c.Whistle, whistle | {"co_units": some}) for some in ((), co_units)]


def _with_the_units(state: CaseState, now: datetime) -> Steps:
    done = {"reply": WORDS, "evidence": ("photo-1",)}
    today = local_date(now)
    still: dict[str, Any] = {
        "ground": PauseGround.MEDICAL_APPRAISAL,
        "until": today + timedelta(days=9),
        "reason": WORDS,
    }
    decide = [
        (DISPATCHER, c.DecideExtension, {"task_no": task_no, "granted": granted, "reason": WORDS})
        for task_no in state.extension_requests
        for granted in (True, False)
    ]
    more: dict[str, Any] = {"until": today + timedelta(days=12), "reason": WORDS}
    back = {"reason": WORDS, "clause": WORDS, "suggested_unit": department("gas")}
    ask = [
        (handler(task.unit.unit_id), c.RequestExtension, {"task_no": task.task_no, **more}) for task in state.open_tasks
    ]
    return [
        *decide,
        *ask,
        *_in_danger(state),
        *_TO_OTHER_CASES,
        *_disagreements(state),
        (SUPERVISOR, c.Suspend, still),
        (SUPERVISOR, c.Resume, {"reason": WORDS}),
        *[
            (DISPATCHER, c.InterimReply, {"procedure": WORDS, "legal_due": clock.due_date})
            for clock in state.clocks.values()
            if clock.name is ClockName.FINISH and clock.is_open
        ],
        (DISPATCHER, c.Commit, {"measures": WORDS, "date": today + timedelta(days=20)}),
        *[
            (handler(task.unit.unit_id), kind, {"task_no": task.task_no, **fields})
            for task in state.open_tasks
            for kind, fields in (
                (c.Finish, done),
                (c.ReportIn, {}),
                (c.Contact, {"note": WORDS}),
                (c.SendBack, back),
            )
        ],
    ]


def _mediated(state: CaseState, now: datetime) -> Steps:
    """The dispute goes to mediation, or its mediation says how it stands."""
    known = state.mediations.get(state.running_mediation or "")
    if known is None:
        return [(DISPATCHER, c.OpenMediation, _OPENING)]
    told: dict[str, Any] = {"mediation_no": state.running_mediation, "seq": known.seq + 1, "reason": WORDS}
    told |= {"owner_role": OwnerRole.HOST, "owner_unit": "host", "due": local_date(now) + timedelta(days=9)}
    ways = [None, Remedy.COURT, Remedy.LEVEL_UP]
    return [
        (CITY, c.FollowMediation, {**told, "status": status, "remedy": remedy})
        for status in may_be_told(known)
        for remedy in (ways if status is MediationStatus.FAILED else [None])
    ]


def _after_the_units(state: CaseState) -> Steps:
    match state.status:
        case CaseStatus.FINISHED:
            return [
                (by, c.Verify, {"passed": passed, "note": WORDS, "evidence": ("photo-2",)})
                for by in (VERIFIER, SUPERVISOR, OPERATOR)
                for passed in (True, False)
            ]
        case CaseStatus.VERIFIED:
            reached = {"outcome": CallbackOutcome.REACHED, "rating": "satisfied"}
            unsolved = {"outcome": CallbackOutcome.REACHED, "solved": Solved.NO}
            outcomes = (reached, unsolved, {"outcome": CallbackOutcome.UNREACHABLE})
            signed = [(by, c.Close, {"note": WORDS}) for by in (DISPATCHER, SUPERVISOR)]
            return [*[(DISPATCHER, c.Callback, fields) for fields in outcomes], *signed]
        case CaseStatus.CLOSED:
            return [(REQUESTER, c.Reopen, {"reason": WORDS})]
        case CaseStatus.MERGED:
            main = {"main": state.merged_into}
            concluded = [(CITY, c.FollowMain, main | {"status": status}) for status in _CONCLUSIONS]
            asked = [(DISPATCHER, c.Callback, {"outcome": CallbackOutcome.REACHED, "solved": Solved.NO})]
            return [*concluded, *asked, (CITY, c.SplitOff, main), (REQUESTER, c.Reopen, {"reason": WORDS})]
        case _:
            return [(REQUESTER, c.Rate, {"rating": "satisfied"}), (REQUESTER, c.Reopen, {"reason": WORDS})]


_TO_OTHER_CASES: Steps = [
    (DISPATCHER, c.Merge, {"into": OTHERS[0], "reason": WORDS}),
    (CITY, c.TakeIn, {"case_no": OTHERS[1], "citizen": AN_EARLIER_DATE}),
    (DISPATCHER, c.Transfer, {"city": WORDS, "reason": WORDS}),
    (DISPATCHER, c.TransferReceipt, {"number": WORDS}),
    (DISPATCHER, c.TakeLegalRoute, {"route": LegalRoute.COURT, "reason": WORDS}),
]


def _in_danger(state: CaseState) -> Steps:
    """A danger is reported, and what it asks for is done."""
    danger: dict[str, Any] = {"kinds": (DangerKind.THREAT,), "minors": True, "caller": VERIFIER.id, "note": WORDS}
    if state.danger is None:
        return [(DISPATCHER, c.ReportDanger, danger)]
    told: dict[str, Any] = {"to": ProtectionBody.CIVIL_AFFAIRS, "receipt": WORDS}
    return [
        (VERIFIER, c.Record110Call, {"receipt_no": WORDS, "called_at": state.danger.since}),
        (VERIFIER, c.ReportProtection, told),
        (SUPERVISOR, c.LiftDanger, {"reason": WORDS}),
    ]


def _disagreements(state: CaseState) -> Steps:
    """What the centre decides about units that say it is not their business, and a lead unit where none is."""
    others = [department(unit) for unit in ("housing", "water", "gas")]
    steps: Steps = [
        (DISPATCHER, c.DecideSendBack, {"task_no": task.task_no, "approved": approved, "reason": WORDS})
        for task in state.open_tasks
        if task.send_back_clock is not None
        for approved in (True, False)
    ]
    steps += [
        (handler(task.unit.unit_id), c.Object, {"task_no": task.task_no, "reason": WORDS})
        for task in state.open_tasks
        if task.designated
    ]
    steps += [
        (SUPERVISOR, c.DecideObjection, {"task_no": task.task_no, "upheld": True, "unit": unit, "reason": WORDS})
        for task in state.open_tasks
        if task.objection_clock is not None
        for unit in others
    ]
    if state.disputed is not None:
        steps += [(DISPATCHER, c.Designate, {"unit": unit, "reason": WORDS}) for unit in others]
    if state.lead_task is None:
        steps += [(DISPATCHER, c.Whistle, {"lead": unit, "reason": WORDS}) for unit in others]
    return steps
