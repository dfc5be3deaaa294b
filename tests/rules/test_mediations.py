"""A dispute and its mediation, as the case sees it: opened, followed, and going on whatever becomes of it."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import WINDOW_2026
from tests.rules.case_builder import (
    CITY,
    DISPATCHER,
    OPERATOR,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    CaseBuilder,
    department,
    kinds,
    notices,
    registered,
)
from tests.rules.mediation.talks import FIRST, OTHER, channels, party
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.danger import DangerKind
from workflows.contracts.effects import StartMediation, TellMediation
from workflows.contracts.limitation import LimitationKind
from workflows.contracts.mediation.commands import LockMediation
from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.vocabulary import DisputeType, MediationForm, MediationStatus, Remedy, Side
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    LegalRoute,
    Level,
    NoticeKind,
    OwnerRole,
)
from workflows.rules.decide import mediation_lost

S = MediationStatus
M1, M2 = "990102202603020001-M1", "990102202603020001-M2"
TWO_SIDES = (party(FIRST, Side.APPLICANT), party(OTHER, Side.RESPONDENT))
OPENING: dict[str, Any] = {
    "dispute": Dispute(type=DisputeType.NEIGHBOUR),
    "parties": TWO_SIDES,
    "policy": channels(),
}
AT_ITS_HOST: dict[str, Any] = {"owner_role": OwnerRole.HOST, "owner_unit": "committee", "due": date(2026, 4, 2)}


def dispute(**told: Any) -> CaseBuilder:
    return registered(kind=CaseKind.DISPUTE, **told)


def opened(case: CaseBuilder | None = None, **fields: Any) -> CaseBuilder:
    """The case goes to joint mediation."""
    return (case or dispute()).does(c.OpenMediation, **{**OPENING, **fields})


def told(case: CaseBuilder, seq: int, status: MediationStatus, number: str = M1, **fields: Any) -> CaseBuilder:
    """The mediation says how it stands."""
    follow: dict[str, Any] = {"mediation_no": number, "seq": seq, "status": status, **fields}
    return case.does(c.FollowMediation, by=CLOCKWORK, command_id=f"{number}/{seq}", **follow)


def starts(case: CaseBuilder) -> list[StartMediation]:
    """The mediations that the last step wants begun, or begun again."""
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    return [effect for effect in effects if isinstance(effect, StartMediation)]


def orders(case: CaseBuilder) -> list[tuple[str, dict[str, Any]]]:
    """What the mediation was told in the last step."""
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    sent = [effect for effect in effects if isinstance(effect, TellMediation)]
    hidden = {"kind", "command_id", "actor", "received_at", "seq", "calendar"}
    return [(one.command.kind, one.command.model_dump(exclude=hidden)) for one in sent]


def agreed(case: CaseBuilder | None = None) -> CaseBuilder:
    """What the parties agreed on binds them, and is to be kept by June."""
    talks = told(case or opened(), 5, S.UNDER_WAY, **AT_ITS_HOST, applied=True)
    promisor: dict[str, Any] = {"owner_role": OwnerRole.PROMISOR, "owner_unit": "committee", "due": date(2026, 6, 1)}
    return told(talks.at("2026-03-05T10:00"), 9, S.AGREED, **promisor, applied=True)


@pytest.mark.parametrize(
    ("given", "before"),
    [
        (dispute(), ["case_accepted"]),
        (dispute().accepted(), []),
        (dispute().whistled(), []),
        (dispute().whistled().reported_in(), []),
    ],
)
def test_a_dispute_goes_to_mediation_from_wherever_it_is_before_its_result(
    given: CaseBuilder, before: list[str]
) -> None:
    case = opened(given)
    assert kinds(case.happened)[: len(before)] == before
    assert (case.state.status, case.state.running_mediation) == (CaseStatus.IN_MEDIATION, M1)
    assert {"mediation", "citizen"} <= case.armed
    assert "accept" not in case.armed
    assert "dispatch" not in case.armed
    assert case.owed == (OwnerRole.DISPATCHER, "centre-village")
    (start,) = starts(case)
    assert start.opening is not None
    begins_with = start.opening.opening
    assert (begins_with.mediation_no, begins_with.level, begins_with.locked) == (M1, Level.VILLAGE, False)


@pytest.mark.parametrize(
    ("given", "fields", "code"),
    [
        (registered(), {}, "not_a_dispute"),
        (opened(), {}, "mediation_running"),
        (dispute().finished(), {}, "case_not_at_work"),
        (dispute().does(c.RequestWhistle, by=VERIFIER, reason=WORDS), {}, "whistle_already_asked"),
        (dispute(), {"parties": (TWO_SIDES[0], TWO_SIDES[0])}, "party_number_taken"),
        (dispute(), {"parties": TWO_SIDES[:1]}, "two_sides_needed"),
        (
            dispute().does(c.ReportDanger, kinds=(DangerKind.THREAT,), caller=VERIFIER.id, note=WORDS),
            {},
            "mediation_is_locked",
        ),
    ],
)
def test_what_cannot_be_mediated_now_is_not_opened(given: CaseBuilder, fields: dict[str, Any], code: str) -> None:
    assert given.refusal(c.OpenMediation, **{**OPENING, **fields}) == code


def test_the_case_shows_who_owes_the_next_step_and_keeps_its_day() -> None:
    case = told(opened(), 5, S.UNDER_WAY, **AT_ITS_HOST)
    assert case.owed == (OwnerRole.HOST, "committee")
    assert case.clock("mediation#2").due_date == date(2026, 4, 2)
    again = told(case, 7, S.UNDER_WAY, **AT_ITS_HOST)
    assert kinds(again.happened) == ["mediation_followed"]
    later = told(again, 8, S.UNDER_WAY, **{**AT_ITS_HOST, "due": date(2026, 4, 20)})
    assert [clock for clock in later.armed if clock.startswith("mediation")] == ["mediation#3"]
    overdue = later.at("2026-05-11T09:00")
    assert overdue.state.level is not Level.VILLAGE, "missed, the day climbs the ladder of the case"
    past = told(overdue, 9, S.DRAFTED, **{**AT_ITS_HOST, "due": date(2026, 4, 20)})
    assert past.clock("mediation#4").due_date == date(2026, 5, 12)


def test_tellings_overtake_each_other_and_an_older_one_changes_nothing() -> None:
    case = told(opened(), 9, S.UNDER_WAY, **AT_ITS_HOST)
    for seq in (5, 9):
        assert told(case, seq, S.OPENED).happened == []
    assert told(case, 12, S.UNDER_WAY, "990102202603020001-M9").happened == []
    ended = told(case, 20, S.REFUSED)
    assert told(ended, 15, S.AGREED).happened == []


def test_the_citizens_clock_is_met_when_it_is_agreed_and_the_promises_run_on() -> None:
    case = agreed()
    assert (case.state.status, case.clock("citizen").met_at) == (CaseStatus.AGREED, case.now)
    assert case.owed == (OwnerRole.PROMISOR, "committee")
    case = told(case.at("2026-05-20T10:00"), 15, S.FULFILLED)
    assert (case.state.status, case.armed) == (CaseStatus.FINISHED, {"verify"})
    closed = case.verified().called(CallbackOutcome.DECLINED)
    assert closed.state.status is CaseStatus.CLOSED


def test_a_result_that_does_not_hold_is_taken_back_and_the_centre_has_it_again() -> None:
    case = told(agreed(), 15, S.FULFILLED).verified(passed=False)
    assert (case.state.status, case.armed) == (CaseStatus.ACCEPTED, {"citizen", "dispatch"})
    assert opened(case).state.running_mediation == M2


def test_fulfilled_though_the_agreement_was_never_told_it_is_finished_all_the_same() -> None:
    case = told(opened(), 30, S.FULFILLED)
    assert (case.state.status, case.clock("citizen").met_at) == (CaseStatus.FINISHED, case.now)


@pytest.mark.parametrize(
    ("remedy", "route"),
    [
        (Remedy.COURT, LegalRoute.COURT),
        (Remedy.ARBITRATION, LegalRoute.ARBITRATION),
        (Remedy.RECONSIDERATION, LegalRoute.RECONSIDERATION),
        (Remedy.POLICE_DECISION, LegalRoute.AUTHORITY),
    ],
)
def test_failed_it_goes_the_legal_way_and_the_requester_is_told(remedy: Remedy, route: LegalRoute) -> None:
    case = told(opened(), 9, S.FAILED, remedy=remedy, reason=WORDS)
    assert case.state.status is CaseStatus.LEGAL_ROUTE
    assert [event.route for event in case.happened if isinstance(event, e.LegalRouteTaken)] == [route]
    assert notices(case) == [(NoticeKind.ROUTE, "legal_route_taken")]
    assert {"legal_outcome", "archive_after"} <= case.armed
    assert orders(case) == []


def test_every_remedy_leads_somewhere() -> None:
    for remedy in set(Remedy) - {Remedy.OTHER_CHANNEL, Remedy.LEVEL_UP}:
        assert told(opened(), 9, S.FAILED, remedy=remedy, reason=WORDS).state.status is CaseStatus.LEGAL_ROUTE


def test_it_goes_a_level_up_where_the_centre_owes_its_dispatch() -> None:
    case = told(opened(), 9, S.FAILED, remedy=Remedy.LEVEL_UP, reason=WORDS)
    assert (case.state.status, case.state.level) == (CaseStatus.ACCEPTED, Level.TOWNSHIP)
    assert {"citizen", "level", "dispatch"} <= case.armed
    assert case.owed == (OwnerRole.DISPATCHER, "centre-township")


def test_refused_the_centre_has_it_again_and_may_open_another_that_knows_what_was_tried() -> None:
    case = told(opened(), 9, S.REFUSED)
    assert (case.state.status, case.owed) == (CaseStatus.ACCEPTED, (OwnerRole.DISPATCHER, "centre-village"))
    assert "mediation" not in case.armed
    second = opened(case, dispute=Dispute(type=DisputeType.NEIGHBOUR, tried=(MediationForm.PEOPLE,)))
    assert (second.state.running_mediation, list(second.state.mediations)) == (M2, [M1, M2])
    assert told(second, 3, S.PLANNED, M2, **AT_ITS_HOST).owed == (OwnerRole.HOST, "committee")
    assert told(second, 12, S.UNDER_WAY, M1).state.mediations[M2].seq == 0


def test_what_was_agreed_and_stopped_afterwards_does_not_stand() -> None:
    case = told(agreed(), 15, S.STOPPED)
    assert (case.state.status, case.clock("citizen").met_at) == (CaseStatus.ACCEPTED, None)
    assert {"citizen", "dispatch"} <= case.armed


def test_units_work_beside_the_talks_and_the_case_is_finished_with_the_last_of_both() -> None:
    case = opened(dispute().whistled("water").reported_in(1))
    assert case.state.status is CaseStatus.IN_MEDIATION
    units_done = case.finished(1).finished(2)
    assert units_done.state.status is CaseStatus.IN_MEDIATION
    over = told(units_done.at("2026-03-20T10:00"), 9, S.REFUSED)
    assert (over.state.status, over.clock("verify").started_at) == (CaseStatus.FINISHED, over.now)
    talks_done = told(agreed(case), 15, S.FULFILLED)
    assert talks_done.state.status is CaseStatus.IN_PROGRESS
    assert talks_done.owed == (OwnerRole.LEAD_UNIT, "housing")
    assert talks_done.finished(1).finished(2).state.status is CaseStatus.FINISHED
    refused = told(case, 9, S.REFUSED)
    assert (refused.state.status, refused.owed) == (CaseStatus.IN_PROGRESS, (OwnerRole.LEAD_UNIT, "housing"))
    assert told(opened(dispute().whistled()), 9, S.REFUSED).state.status is CaseStatus.DISPATCHED


def test_units_may_be_called_in_beside_talks_once_and_beside_promises() -> None:
    case = opened().whistled()
    assert (case.state.status, len(case.state.open_tasks)) == (CaseStatus.IN_MEDIATION, 1)
    assert case.refusal(c.Whistle, lead=department("roads"), reason=WORDS) == "case_not_accepted"
    assert agreed().whistled().state.status is CaseStatus.AGREED
    decided = (c.Agreed(unit=department("water"), what=WORDS),)
    for going_on in (opened(), agreed()):
        assert len(going_on.does(c.Consult, minutes=WORDS, decisions=decided).state.open_tasks) == 1


def test_a_lead_unit_that_is_rid_of_its_task_leaves_a_dispatch_owed_until_the_talks_succeed() -> None:
    case = opened(dispute().whistled()).sent_back()
    assert (case.state.status, case.state.open_tasks) == (CaseStatus.IN_MEDIATION, [])
    assert "dispatch#2" in case.armed
    assert told(case, 9, S.FULFILLED).armed == {"verify"}
    assert "dispatch#2" in told(case, 9, S.REFUSED).armed
    leaderless = opened(dispute().whistled("water").sent_back())
    assert {"dispatch#2", "mediation"} <= leaderless.armed


def test_a_case_that_ends_by_hand_stops_its_mediation() -> None:
    case = told(opened(), 5, S.UNDER_WAY, **AT_ITS_HOST)
    withdrawn = case.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert orders(withdrawn) == [("stop_mediation", {"withdrawn": True})]
    routed = case.does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    merged = case.does(c.Merge, into="990102202603020002", reason=WORDS)
    transferred = case.does(c.Transfer, city=WORDS, reason=WORDS).does(c.TransferReceipt, number=WORDS)
    for ended in (routed, merged, transferred):
        assert orders(ended) == [("stop_mediation", {"withdrawn": False})]
        assert not any(clock.startswith("mediation") for clock in ended.armed)
        assert kinds(told(ended, 7, S.UNDER_WAY).happened) == ["mediation_followed"]
        assert kinds(told(ended, 9, S.STOPPED).happened) == ["mediation_followed"]
    assert agreed().refusal(c.Merge, into="990102202603020002", reason=WORDS) == "case_not_at_work"
    settled_here = agreed().does(c.Transfer, city=WORDS, reason=WORDS)
    assert settled_here.refusal(c.TransferReceipt, number=WORDS) == "case_not_at_work"


def test_taken_up_again_the_case_mediates_anew_once_the_stopped_mediation_has_said_so() -> None:
    case = told(opened(), 5, S.UNDER_WAY, **AT_ITS_HOST).does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    again = case.does(c.Reopen, reason=WORDS)
    assert again.refusal(c.OpenMediation, **OPENING) == "mediation_running"
    stopped = told(told(again, 6, S.DRAFTED), 9, S.STOPPED)
    assert stopped.state.status is CaseStatus.ACCEPTED
    assert opened(stopped).state.running_mediation == M2


def test_danger_locks_and_its_lifting_unlocks() -> None:
    case = opened().does(c.ReportDanger, kinds=(DangerKind.THREAT,), caller=VERIFIER.id, note=WORDS)
    assert orders(case) == [("lock_mediation", {"locked": True})]
    case = case.does(c.Record110Call, by=VERIFIER, receipt_no=WORDS, called_at=case.now)
    lifted = case.does(c.LiftDanger, by=SUPERVISOR, reason=WORDS)
    assert orders(lifted) == [("lock_mediation", {"locked": False})]
    commands = [one.effect.command for one in lifted.state.pending_effects if isinstance(one.effect, TellMediation)]
    seqs = [command.seq or 0 for command in commands if isinstance(command, LockMediation)]
    assert len(seqs) == 2, "the later of them counts, in whatever order they arrive"
    assert seqs == sorted(seqs)


def test_a_calendar_is_passed_on() -> None:
    newer = WINDOW_2026.model_copy(update={"version": 2})
    assert orders(opened().does(c.AdoptCalendar, by=CITY, calendar=newer)) == [("adopt_calendar", {})]
    assert orders(dispute().does(c.AdoptCalendar, by=CITY, calendar=newer)) == []


def test_a_lost_mediation_needs_an_operator_and_is_rebuilt_while_the_case_goes_on() -> None:
    case = told(opened(), 5, S.UNDER_WAY, **AT_ITS_HOST)
    lost = case._after(mediation_lost(case.state, M1, "terminated", case.now))
    assert (kinds(lost.happened), lost.state.needs_operator) == (["mediation_lost"], True)
    assert lost._after(mediation_lost(lost.state, M1, "terminated", case.now)).happened == []
    assert lost.does(c.Urge, note=WORDS).at("2026-06-01T09:00").state.level is not Level.VILLAGE
    assert lost.refusal(c.RebuildMediation, by=OPERATOR, mediation_no="M9", reason=WORDS) == "unknown_mediation"
    rebuilt = lost.does(c.RebuildMediation, by=OPERATOR, mediation_no=M1, reason=WORDS)
    assert not rebuilt.state.needs_operator
    assert [start.opening for start in starts(rebuilt)] == [None]
    ended = told(rebuilt, 9, S.REFUSED)
    assert ended.refusal(c.RebuildMediation, by=OPERATOR, mediation_no=M1, reason=WORDS) == "mediation_has_ended"


def test_an_application_interrupts_what_it_can_and_an_end_without_result_lets_it_run_again() -> None:
    case = opened().does(c.RecordLimitation, limitation=LimitationKind.CIVIL, began_on=date(2026, 1, 5))
    case = told(case, 5, S.UNDER_WAY, **AT_ITS_HOST, applied=True)
    assert "limitation" not in case.armed
    assert "limitation_interrupted" not in kinds(told(case, 6, S.DRAFTED, **AT_ITS_HOST, applied=True).happened)
    refused = told(case.at("2026-03-20T09:00"), 9, S.REFUSED, applied=True)
    assert refused.clock("limitation#2").due_date == date(2029, 3, 20)
    withdrawn = case.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert "limitation#2" in told(withdrawn, 9, S.WITHDRAWN, applied=True).armed
    assert "limitation#2" not in told(case, 9, S.FULFILLED, applied=True).armed


@pytest.mark.parametrize("case", [opened(), agreed()], ids=["in mediation", "agreed"])
def test_what_may_be_done_with_a_case_that_is_talked_out(case: CaseBuilder) -> None:
    due = date(2026, 4, 20)
    done: list[tuple[type[c.AnyCommand], Any, dict[str, Any]]] = [
        (c.Urge, DISPATCHER, {"note": WORDS}),
        (c.AddContact, REQUESTER, {"text": WORDS}),
        (c.Supervise, SUPERVISOR, {"reason": WORDS, "due": due}),
        (c.Escalate, DISPATCHER, {"reason": WORDS}),
        (c.Consult, DISPATCHER, {"minutes": WORDS}),
        (c.Refer, DISPATCHER, {"unit": department("tax").model_copy(update={"kind": "vertical"}), "reason": WORDS}),
        (c.Transfer, DISPATCHER, {"city": WORDS, "reason": WORDS}),
    ]
    for kind, by, fields in done:
        after = case.does(kind, by=by, **fields)
        assert after.state.status is case.state.status
        assert "mediation" in {clock.partition("#")[0] for clock in after.armed}
    refused: list[tuple[type[c.AnyCommand], dict[str, Any], str]] = [
        (c.Accept, {}, "case_not_registered"),
        (c.Settle, {"reply": WORDS}, "case_not_accepted"),
        (c.RequestWhistle, {"reason": WORDS}, "case_not_accepted"),
        (c.Verify, {"passed": True, "note": WORDS}, "case_not_finished"),
        (c.Callback, {"outcome": CallbackOutcome.REACHED}, "case_not_verified"),
        (c.Close, {"note": WORDS}, "case_not_verified"),
        (c.Reopen, {"reason": WORDS}, "case_not_closed"),
    ]
    for kind, fields, code in refused:
        assert case.refusal(kind, **fields) == code


def test_an_agreement_binds_and_is_not_ended_by_taking_the_case_back() -> None:
    assert opened().does(c.Withdraw, by=VERIFIER, reason=WORDS).state.withdrawal_asked
    legal_way = {"route": LegalRoute.COURT, "reason": WORDS}
    assert agreed().refusal(c.Withdraw, by=REQUESTER, reason=WORDS) == "agreement_binds"
    assert agreed().refusal(c.TakeLegalRoute, **legal_way) == "agreement_binds"
    asked_before = opened().does(c.Withdraw, by=VERIFIER, reason=WORDS)
    binds = told(asked_before, 9, S.AGREED)
    assert binds.refusal(c.ConfirmWithdrawal, confirmed=True) == "agreement_binds"
    assert not binds.does(c.ConfirmWithdrawal, confirmed=False).state.withdrawal_asked


def test_a_date_is_promised_while_people_talk_and_not_once_they_agreed() -> None:
    promised: dict[str, Any] = {"measures": WORDS, "date": date(2026, 4, 20)}
    assert "commitment" in opened().does(c.Commit, **promised).armed
    assert agreed().refusal(c.Commit, **promised) == "case_not_at_work"


def test_once_the_case_is_above_the_lower_centre_opens_no_mediation() -> None:
    village = DISPATCHER.model_copy(update={"unit_id": "centre-village"})
    case = dispute().accepted().does(c.Escalate, reason=WORDS)
    assert case.refusal(c.OpenMediation, by=village, **OPENING) == "case_is_above"
    assert opened(case).state.status is CaseStatus.IN_MEDIATION
