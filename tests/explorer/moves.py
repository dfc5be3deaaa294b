"""What anybody may try at any time: every command with the arguments that matter, given by somebody who may."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, get_args

from tests.rules.case_builder import (
    CITY,
    DISPATCHER,
    OPERATOR,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    department,
    handler,
)
from tests.rules.commands_at_random import NO_CHANNELS, TWO_SIDES, may_be_told
from workflows.contracts import commands as c
from workflows.contracts.actors import CLOCKWORK, Actor
from workflows.contracts.commands import AnyCommand
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.vocabulary import DisputeType, MediationStatus, Remedy
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    DeclineGround,
    LegalRoute,
    PauseGround,
    RiskLevel,
    ServiceMethod,
    Solved,
    UnitKind,
)
from workflows.rules.calendar import local_date
from workflows.rules.clock_starts import running

EVERY_COMMAND: frozenset[type[AnyCommand]] = frozenset(get_args(AnyCommand))
MAIN = "case-1"
"""The case that others are merged into, or that gathers them."""
OTHER = "case-2"
"""A case that is merged into the one that is walked."""


class Move(NamedTuple):
    """A command that somebody may try; `how` tells it from others of its kind."""

    kind: type[AnyCommand]
    by: Actor
    fields: dict[str, Any]
    how: str = ""

    @property
    def name(self) -> str:
        """`decide_send_back lead yes`."""
        return f"{name_of(self.kind)} {self.how}".strip()

    def command(self, received_at: datetime | None = None) -> AnyCommand:
        """As it travels."""
        command: AnyCommand = self.kind(command_id="walked", actor=self.by, received_at=received_at, **self.fields)
        return command


Ways = Iterator[tuple[Actor, dict[str, Any], str]]
WaysIn = Callable[[CaseState, datetime], Ways]


def name_of(kind: type[AnyCommand]) -> str:
    """A command's name on the wire."""
    name: str = kind.model_fields["kind"].default
    return name


def moves(kind: type[AnyCommand], state: CaseState, now: datetime) -> list[Move]:
    """The ways in which such a command may be tried in that state."""
    return [Move(kind, by, fields, how) for by, fields, how in _WAYS[kind](state, now)]


def _by(actor: Actor, **fields: Any) -> WaysIn:
    """One way, whatever the state."""

    def ways(_state: CaseState, _now: datetime) -> Ways:
        yield actor, fields, ""

    return ways


def _either_way(actor: Actor, field: str, **fields: Any) -> WaysIn:
    """A decision."""

    def ways(_state: CaseState, _now: datetime) -> Ways:
        yield actor, {field: True, **fields}, "yes"
        yield actor, {field: False, **fields}, "no"

    return ways


def _of_each_task(actor: Actor | None = None, **fields: Any) -> WaysIn:
    """About each task, by somebody of its unit unless another actor is named."""

    def ways(state: CaseState, _now: datetime) -> Ways:
        for task in state.tasks.values():
            yield actor or handler(task.unit.unit_id), {"task_no": task.task_no, **fields}, task.role.value

    return ways


def _decided_of_each_task(field: str) -> WaysIn:
    """The centre decides about each task, either way."""

    def ways(state: CaseState, _now: datetime) -> Ways:
        for task in state.tasks.values():
            about = {"task_no": task.task_no, "reason": WORDS}
            yield DISPATCHER, {field: True, **about}, f"{task.role} yes"
            yield DISPATCHER, {field: False, **about}, f"{task.role} no"

    return ways


def _newcomer(state: CaseState, number: int = 1) -> c.UnitRef:
    """A unit that has no part in the case yet."""
    return department(f"unit-{len(state.tasks) + number}")


def _whistle(state: CaseState, _now: datetime) -> Ways:
    lead, co = _newcomer(state), _newcomer(state, 2)
    yield DISPATCHER, {"lead": lead, "reason": WORDS}, "lead"
    yield DISPATCHER, {"lead": lead, "co_units": (co,), "reason": WORDS}, "lead and co"


def _consult(state: CaseState, _now: datetime) -> Ways:
    decided = c.Agreed(unit=_newcomer(state), what=WORDS)
    yield DISPATCHER, {"minutes": WORDS}, "on nothing"
    yield DISPATCHER, {"minutes": WORDS, "decisions": (decided,)}, "on another unit"


def _designate(state: CaseState, _now: datetime) -> Ways:
    disputed = state.tasks.get(state.disputed or "")
    yield DISPATCHER, {"unit": _newcomer(state), "reason": WORDS}, "another"
    if disputed is not None:
        yield DISPATCHER, {"unit": disputed.unit, "reason": WORDS}, "the same"


def _decide_objection(state: CaseState, _now: datetime) -> Ways:
    for task in state.tasks.values():
        about = {"task_no": task.task_no, "reason": WORDS}
        yield SUPERVISOR, {"upheld": True, "unit": _newcomer(state), **about}, f"{task.role} yes"
        yield SUPERVISOR, {"upheld": False, **about}, f"{task.role} no"


def _reassign(state: CaseState, _now: datetime) -> Ways:
    for task in state.tasks.values():
        yield DISPATCHER, {"task_no": task.task_no, "unit": _newcomer(state), "reason": WORDS}, task.role.value


def _succeed(state: CaseState, _now: datetime) -> Ways:
    for task in state.tasks.values():
        yield CITY, {"old": task.unit.unit_id, "new": _newcomer(state)}, task.role.value


def _of_referrals(actor: Actor, **fields: Any) -> WaysIn:
    """About each referral."""

    def ways(state: CaseState, _now: datetime) -> Ways:
        for number in state.referrals:
            yield actor, {"referral_no": number, **fields}, ""

    return ways


def _assign_down(state: CaseState, _now: datetime) -> Ways:
    for level in state.centres:
        yield SUPERVISOR, {"level": level, "instructions": WORDS}, f"to the {level}"


def _name_host(state: CaseState, _now: datetime) -> Ways:
    for region in state.regions:
        yield SUPERVISOR, {"region_code": region, "centres": state.centres, "reason": WORDS}, ""


def _verify(state: CaseState, _now: datetime) -> Ways:
    somebody_new = VERIFIER.model_copy(update={"id": f"verifier-{len(state.verifiers)}"})
    yield somebody_new, {"passed": True, "note": WORDS}, "passed"
    yield somebody_new, {"passed": False, "note": WORDS}, "failed"


def _callback(_state: CaseState, _now: datetime) -> Ways:
    for solved in (Solved.YES, Solved.NO):
        heard = {"outcome": CallbackOutcome.REACHED, "rating": "satisfied", "solved": solved}
        yield DISPATCHER, heard, f"solved {solved}"
    yield DISPATCHER, {"outcome": CallbackOutcome.DECLINED}, "declined"
    yield DISPATCHER, {"outcome": CallbackOutcome.UNREACHABLE}, "unreachable"


def _rate(_state: CaseState, _now: datetime) -> Ways:
    for solved in (Solved.YES, Solved.NO):
        yield REQUESTER, {"rating": "satisfied", "solved": solved}, f"solved {solved}"


def _close(state: CaseState, _now: datetime) -> Ways:
    signer = DISPATCHER.model_copy(update={"id": f"after-{state.explanation_signed_by}"})
    yield signer, {"note": WORDS}, ""


def _reopen(_state: CaseState, _now: datetime) -> Ways:
    yield REQUESTER, {"reason": WORDS}, "by herself"
    yield DISPATCHER, {"reason": WORDS}, "by the centre"


def _withdraw(_state: CaseState, _now: datetime) -> Ways:
    yield REQUESTER, {"reason": WORDS}, "by herself"
    yield VERIFIER, {"reason": WORDS}, "through staff"


def _last_day(state: CaseState, task: TaskState, now: datetime) -> date:
    finish = running(state, ClockName.FINISH, task.task_no)
    return finish[-1].raw_due_date if finish else local_date(now)


def _request_extension(state: CaseState, now: datetime) -> Ways:
    for task in state.tasks.values():
        until = _last_day(state, task, now) + timedelta(days=7)
        yield handler(task.unit.unit_id), {"task_no": task.task_no, "until": until, "reason": WORDS}, task.role.value


def _suspend(_state: CaseState, now: datetime) -> Ways:
    until = local_date(now) + timedelta(days=5)
    yield SUPERVISOR, {"ground": PauseGround.MEDICAL_APPRAISAL, "until": until, "reason": WORDS}, ""


def _on_a_day_ahead(actor: Actor, field: str, **fields: Any) -> WaysIn:
    """Something that somebody wants or promises by a date."""

    def ways(_state: CaseState, now: datetime) -> Ways:
        yield actor, {field: local_date(now) + timedelta(days=9), **fields}, ""

    return ways


def _interim_reply(state: CaseState, now: datetime) -> Ways:
    lead = state.lead_task
    legal_due = _last_day(state, lead, now) if lead else local_date(now)
    yield DISPATCHER, {"procedure": WORDS, "legal_due": legal_due}, ""


def _set_risk(state: CaseState, _now: datetime) -> Ways:
    yield DISPATCHER, {"risk": RiskLevel.RED, "reason": WORDS, "policy": state.policy}, ""


def _adopt_calendar(state: CaseState, _now: datetime) -> Ways:
    yield CITY, {"calendar": state.calendar.model_copy(update={"version": state.calendar.version + 1})}, ""


def _adopt_policy(state: CaseState, _now: datetime) -> Ways:
    yield CITY, {"policy": state.policy.model_copy(update={"version": state.policy.version + 1})}, ""


def _take_in(state: CaseState, _now: datetime) -> Ways:
    own = running(state, ClockName.CITIZEN)
    earlier = own[-1].model_copy(update={"due_at": own[-1].due_at - timedelta(hours=1)}) if own else None
    yield CLOCKWORK, {"case_no": OTHER}, "without a date"
    yield CLOCKWORK, {"case_no": OTHER, "citizen": earlier}, "with an earlier date"


def _follow_main(_state: CaseState, _now: datetime) -> Ways:
    for status in (CaseStatus.VERIFIED, CaseStatus.CLOSED, CaseStatus.DECLINED):
        yield CLOCKWORK, {"main": MAIN, "status": status}, f"{status}"


def _divide(state: CaseState, _now: datetime) -> Ways:
    part = c.Part(case_no=f"part-{len(state.children)}", title=WORDS, description=WORDS, case_kind=CaseKind.HELP)
    yield DISPATCHER, {"parts": (part,), "reason": WORDS}, ""


def _transfer_receipt(_state: CaseState, _now: datetime) -> Ways:
    yield DISPATCHER, {"number": WORDS}, "taken"
    yield DISPATCHER, {"taken": False}, "not taken"


def _serve_notice(state: CaseState, now: datetime) -> Ways:
    for number, notice in state.notices.items():
        served = {"notice_no": number, "how": ServiceMethod.MAIL, "served_at": now}
        yield DISPATCHER, served, f"of {notice.notice}"


def _report_danger(_state: CaseState, _now: datetime) -> Ways:
    danger = {"kinds": (DangerKind.THREAT,), "caller": VERIFIER.id, "note": WORDS}
    yield DISPATCHER, danger, "to grown-ups"
    yield DISPATCHER, {**danger, "minors": True}, "to a child"


def _record_110_call(_state: CaseState, now: datetime) -> Ways:
    yield VERIFIER, {"receipt_no": WORDS, "called_at": now}, ""


def _record_limitation(_state: CaseState, now: datetime) -> Ways:
    yield DISPATCHER, {"limitation": LimitationKind.SUIT_AFTER_AWARD, "began_on": local_date(now)}, ""


def _forget_limitation(state: CaseState, _now: datetime) -> Ways:
    for clock_id in state.limitations:
        yield DISPATCHER, {"clock_id": clock_id, "reason": WORDS}, ""


_OPENING = {"dispute": Dispute(type=DisputeType.NEIGHBOUR), "policy": NO_CHANNELS, "parties": TWO_SIDES}


def _follow_mediation(state: CaseState, _now: datetime) -> Ways:
    """Whatever may follow what the mediation said last; what says less than that is lost, or came too late."""
    for number, known in state.mediations.items():
        told = {"mediation_no": number, "seq": known.seq + 1, "reason": WORDS}
        for status in may_be_told(known):
            yield CLOCKWORK, {**told, "status": status}, f"{status}"
        yield CLOCKWORK, {**told, "status": MediationStatus.FAILED, "remedy": Remedy.COURT}, "failed, to court"
        yield CLOCKWORK, {**told, "status": MediationStatus.FAILED, "remedy": Remedy.LEVEL_UP}, "failed, a level up"


_COURT = c.UnitRef(unit_id="court", kind=UnitKind.JUDICIAL)
_WAYS: dict[type[AnyCommand], WaysIn] = {
    c.Accept: _by(DISPATCHER),
    c.AddContact: _by(REQUESTER, text=WORDS),
    c.AdoptCalendar: _adopt_calendar,
    c.AdoptPolicy: _adopt_policy,
    c.Answer: _by(DISPATCHER, reply=WORDS),
    c.AnswerSupervision: _by(DISPATCHER, text=WORDS),
    c.AssignDown: _assign_down,
    c.Callback: _callback,
    c.Close: _close,
    c.Commit: _on_a_day_ahead(DISPATCHER, "date", measures=WORDS),
    c.ConfirmWithdrawal: _either_way(DISPATCHER, "confirmed"),
    c.Consult: _consult,
    c.Contact: _of_each_task(note=WORDS),
    c.DecideExtension: _decided_of_each_task("granted"),
    c.DecideObjection: _decide_objection,
    c.DecideSendBack: _decided_of_each_task("approved"),
    c.DecideWhistleRequest: _either_way(DISPATCHER, "granted", reason=WORDS),
    c.Decline: _by(DISPATCHER, ground=DeclineGround.OTHER_AUTHORITY, route=WORDS),
    c.Designate: _designate,
    c.Divide: _divide,
    c.Escalate: _by(DISPATCHER, reason=WORDS),
    c.Finish: _of_each_task(reply=WORDS),
    c.FollowMain: _follow_main,
    c.FollowMediation: _follow_mediation,
    c.ForgetLimitation: _forget_limitation,
    c.Gather: _by(DISPATCHER, case_nos=(OTHER,), reason=WORDS),
    c.InterimReply: _interim_reply,
    c.JoinIssue: _by(CLOCKWORK, main=MAIN),
    c.LiftDanger: _by(SUPERVISOR, reason=WORDS),
    c.Merge: _by(DISPATCHER, into=MAIN, reason=WORDS),
    c.NameHost: _name_host,
    c.Object: _of_each_task(reason=WORDS),
    c.OpenMediation: _by(DISPATCHER, **_OPENING),
    c.Progress: _of_each_task(note=WORDS),
    c.Rate: _rate,
    c.RateReportIn: _of_each_task(DISPATCHER, score=3),
    c.RateWhistle: _of_each_task(score=3),
    c.Reassign: _reassign,
    c.Record110Call: _record_110_call,
    c.RecordDutyLeader: _by(SUPERVISOR, note=WORDS),
    c.RecordLegalOutcome: _by(DISPATCHER, outcome=WORDS),
    c.RecordLimitation: _record_limitation,
    c.RecordReferral: _of_referrals(DISPATCHER, outcome=WORDS),
    c.Refer: _by(DISPATCHER, unit=_COURT, reason=WORDS),
    c.Release: _of_each_task(DISPATCHER, reason=WORDS),
    c.Renew: _by(OPERATOR),
    c.Reopen: _reopen,
    c.ReportDanger: _report_danger,
    c.ReportIn: _of_each_task(),
    c.ReportProtection: _by(VERIFIER, to=ProtectionBody.CIVIL_AFFAIRS, receipt=WORDS),
    c.RequestExtension: _request_extension,
    c.RequestWhistle: _by(VERIFIER, reason=WORDS),
    c.Resume: _by(SUPERVISOR, reason=WORDS),
    c.RetryEffect: _by(OPERATOR, effect_id="E1"),
    c.SendBack: _of_each_task(reason=WORDS, clause=WORDS, suggested_unit=department("whose-it-is")),
    c.ServeNotice: _serve_notice,
    c.SetRisk: _set_risk,
    c.Settle: _by(DISPATCHER, reply=WORDS),
    c.Sign: _of_each_task(),
    c.SkipEffect: _by(OPERATOR, effect_id="E1", reason=WORDS),
    c.Split: _by(DISPATCHER, case_nos=(OTHER,), reason=WORDS),
    c.GoAlone: _by(CLOCKWORK, case_no=OTHER),
    c.SplitOff: _by(CLOCKWORK, main=MAIN),
    c.SucceedUnit: _succeed,
    c.Supervise: _on_a_day_ahead(SUPERVISOR, "due", reason=WORDS),
    c.Suspend: _suspend,
    c.TakeIn: _take_in,
    c.TakeLegalRoute: _by(DISPATCHER, route=LegalRoute.COURT, reason=WORDS),
    c.Transfer: _by(DISPATCHER, city=WORDS, reason=WORDS),
    c.TransferReceipt: _transfer_receipt,
    c.Urge: _by(DISPATCHER, note=WORDS),
    c.Verify: _verify,
    c.Whistle: _whistle,
    c.Withdraw: _withdraw,
}
