"""What was agreed: how it comes to bind, how its promises are kept or broken, and whether a court confirms it."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import at
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, Talks, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationFailed
from workflows.contracts.mediation.vocabulary import (
    AgreementForm,
    BarredClause,
    ConfirmationStatus,
    DisputeType,
    FulfilmentStatus,
    MediationStatus,
    Outside,
    OutsideAsk,
    Paper,
    Remedy,
    SignatureMeans,
    SignedBy,
)
from workflows.contracts.vocabulary import ClockName, OwnerRole

BOTH = (FIRST, OTHER)
ORAL = {"form": AgreementForm.ORAL}


def owed(due: str | None = "2026-06-01") -> c.Promise:
    day = date.fromisoformat(due) if due else None
    return c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=day)


@pytest.fixture
def story() -> Talks:
    return talks("2026-03-02T09:00").under_way("people")


def status_of(story: Talks, item: str = "I1") -> FulfilmentStatus:
    assert story.state.agreement is not None
    return story.state.agreement.items[item].status


@pytest.mark.parametrize(
    ("promise", "code"),
    [
        (c.Promise(promisor=FIRST, to=FIRST, what=WORDS), "promise_to_oneself"),
        (c.Promise(promisor=FIRST, to="P9", what=WORDS), "unknown_party"),
        (owed("2026-03-02"), "date_not_ahead"),
        (owed("2060-01-01"), "date_too_far"),
    ],
)
def test_what_cannot_be_promised_is_not_drawn_up(story: Talks, promise: c.Promise, code: str) -> None:
    story.refuses(code, c.DraftAgreement, promises=(promise,))


def test_agreed_by_word_of_mouth_it_binds_at_once_and_no_court_confirms_it(story: Talks) -> None:
    story = story.drafted(owed(), **ORAL)
    assert (story.state.status, story.papers(Paper.AGREEMENT)) == (MediationStatus.AGREED, [BOTH])
    story.refuses("agreement_reached", c.Sign, by=SignedBy.PARTIES, party_no=FIRST, scan="s")
    story.refuses("oral_not_confirmable", c.ApplyConfirmation, court="court", parties=BOTH)
    assert ClockName.CONFIRMATION not in {clock.name for clock in story.state.clocks.values()}


def test_a_text_is_changed_until_somebody_has_signed_it(story: Talks) -> None:
    story.refuses("nothing_to_sign", c.Sign, by=SignedBy.SEAL, scan="s")
    story = story.drafted(owed()).at("2026-03-03T09:00").drafted(owed(), owed())
    clocks = [clock for clock in story.state.clocks.values() if clock.name is ClockName.SIGNATURE]
    assert [clock.stopped_at is not None for clock in clocks] == [True, False]
    assert (story.told().status, story.told().due) == (MediationStatus.DRAFTED, date(2026, 3, 10))
    story = story.when(c.Sign, by=SignedBy.PARTIES, party_no=FIRST, scan="s")
    story.refuses("signed_already", c.DraftAgreement)
    failed = story.when(c.FailTrack)
    assert (failed.state.agreement, failed.clock(ClockName.SIGNATURE).is_open) == (None, False)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"by": SignedBy.RECEIPT, "party_no": FIRST}, "mark_not_needed"),
        ({"by": SignedBy.PARTIES}, "party_missing"),
        ({"by": SignedBy.PARTIES, "party_no": "P9"}, "unknown_party"),
        ({"by": SignedBy.SEAL, "scan": None}, "scan_missing"),
        (
            {"by": SignedBy.PARTIES, "party_no": FIRST, "means": SignatureMeans.FINGERPRINT, "scan": None},
            "scan_missing",
        ),
    ],
)
def test_a_mark_that_is_none_is_not_put_on_it(story: Talks, fields: dict[str, Any], code: str) -> None:
    story.drafted().refuses(code, c.Sign, **{"scan": "s", **fields})


@pytest.mark.parametrize("dispute", sorted(set(DisputeType) - {DisputeType.ADMINISTRATIVE}))
def test_a_click_is_no_signature_in_matters_of_family_and_inheritance(dispute: DisputeType) -> None:
    story = talks(dispute=dispute).under_way("people").drafted()
    click = {"by": SignedBy.PARTIES, "party_no": FIRST, "means": SignatureMeans.ELECTRONIC}
    if dispute in {DisputeType.FAMILY, DisputeType.INHERITANCE}:
        story.refuses("click_is_no_signature", c.Sign, **click)
    else:
        story.when(c.Sign, **click).refuses("signed_already", c.Sign, **click)


def test_a_courts_statement_takes_effect_when_every_party_has_received_it() -> None:
    story = talks("2026-03-02T09:00", dispute=DisputeType.DEBT, filed=True).under_way("court_ordinary").drafted(owed())
    receipt = {"by": SignedBy.RECEIPT, "scan": "s"}
    for by, party_no in ((SignedBy.PARTIES, FIRST), (SignedBy.PARTIES, OTHER), (SignedBy.SEAL, None)):
        story.refuses("not_signed_yet", c.Sign, **receipt, party_no=FIRST)
        story = story.when(c.Sign, by=by, party_no=party_no, scan="s")
    story = story.when(c.Sign, **receipt, party_no=FIRST)
    assert story.state.status is MediationStatus.DRAFTED
    story = story.at("2026-03-09T10:00").when(c.Sign, **receipt, party_no=OTHER)
    assert story.state.agreement is not None
    assert story.state.agreement.effective_at == at("2026-03-09T10:00")
    story.refuses("not_confirmable", c.ApplyConfirmation, court="court", parties=BOTH)


def test_once_it_binds_nothing_else_is_talked_about() -> None:
    story = talks("2026-03-02T09:00").planned("people", step("local_worthy", together=True), "court_before_filing")
    for number in (1, 2):
        for party_no in BOTH:
            story = story.when(c.Consent, track=number, party_no=party_no, agreed=True)
        story = story.when(c.TakeUp, track=number)
    session = {"starts_at": at("2026-03-09T14:00"), "ends_at": at("2026-03-09T16:00"), "parties": BOTH}
    story = story.when(c.ScheduleSession, track=2, **session).agreed(owed())
    assert [track.status for track in story.state.tracks.values()] == ["agreed", "dropped", "dropped"]
    assert story.state.sessions["S1"].status == "cancelled"
    for command, fields in (
        (c.DecidePlan, {"tracks": (step("people"),)}),
        (c.ScheduleSession, session),
        (c.FailTrack, {}),
        (c.EndMediation, {"remedy": Remedy.COURT}),
        (c.ReferOutside, {"system": "court", "unit_id": "court"}),
    ):
        story.refuses("agreement_reached", command, **fields)


def test_what_was_done_on_the_spot_is_kept_and_a_mediation_without_promises_is_fulfilled(story: Talks) -> None:
    assert story.agreed(owed(None)).state.status is MediationStatus.FULFILLED
    assert story.agreed().told().status is MediationStatus.FULFILLED


def test_what_was_due_before_everybody_had_signed_is_due_the_day_after(story: Talks) -> None:
    story = story.drafted(owed("2026-03-05")).at("2026-03-09T10:00").signed()
    assert story.clock(ClockName.FULFILMENT, "I1").due_date == date(2026, 3, 10)


def test_promises_are_proven_denied_put_off_forgone_and_kept(story: Talks) -> None:
    story.refuses("agreement_not_effective", c.ProveFulfilment, item_no="I1")
    story = story.agreed(owed(), owed("2026-07-01"), owed("2026-08-03"))
    assert story.clock(ClockName.FULFILMENT, "I1").due_at == at("2026-06-02T00:00")
    story.refuses("unknown_promise", c.ForgoPromise, item_no="I9")
    story.refuses("promise_not_broken", c.TakeRemedy, item_no="I1", remedy=Remedy.COURT)
    story.refuses("date_not_ahead", c.PostponePromise, item_no="I1", due="2026-06-01")
    story.refuses("date_too_far", c.PostponePromise, item_no="I1", due="2060-06-01")
    story = story.at("2026-05-20T10:00").when(c.ProveFulfilment, item_no="I1")
    check = story.clock(ClockName.FULFILMENT_CHECK, "I1")
    assert (check.due_date, story.told().due) == (date(2026, 5, 25), date(2026, 5, 25))
    denied = story.when(c.CheckFulfilment, item_no="I1", kept=False)
    assert (status_of(denied), denied.papers(Paper.ROUTE_NOTICE)) == (FulfilmentStatus.BREACHED, [(FIRST,)])
    denied.refuses("promise_broken_already", c.CheckFulfilment, item_no="I1", kept=False)
    late = denied.when(c.ProveFulfilment, item_no="I1").when(c.CheckFulfilment, item_no="I1", kept=True)
    assert (status_of(late), late.clock(ClockName.REMEDY, "I1").is_open) == (FulfilmentStatus.KEPT, False)
    later = denied.when(c.PostponePromise, item_no="I1", due="2026-06-20")
    assert later.clock(ClockName.FULFILMENT, "I1").due_date == date(2026, 6, 22)
    late.refuses("promise_settled", c.CheckFulfilment, item_no="I1", kept=True)
    story = late.when(c.ForgoPromise, item_no="I2").when(c.CheckFulfilment, item_no="I3", kept=True)
    assert story.told().status is MediationStatus.FULFILLED


def test_the_reason_of_the_last_remedy_goes_with_the_end_whatever_is_settled_last(story: Talks) -> None:
    story = story.agreed(owed(), owed("2026-07-01")).at("2026-06-02T09:00")
    assert (story.told().owner_role, story.told().due) == (OwnerRole.HOST, date(2026, 6, 5))
    story = story.when(c.TakeRemedy, item_no="I1", remedy=Remedy.COURT)
    assert (story.state.status, story.told().owner_role) == (MediationStatus.AGREED, OwnerRole.PROMISOR)
    story.refuses("promise_settled", c.TakeRemedy, item_no="I1", remedy=Remedy.COURT)
    story = story.when(c.CheckFulfilment, item_no="I2", kept=True)
    assert (story.told().status, story.told().remedy) == (MediationStatus.FAILED, Remedy.COURT)
    assert story.last(MediationFailed).reason == WORDS


CONFIRM = {"court": "court-1", "parties": BOTH}
ANSWER = {"system": Outside.COURT, "ask": OutsideAsk.CONFIRMATION}


def test_a_court_is_asked_once_jointly_in_time_and_only_for_what_it_confirms(story: Talks) -> None:
    story.refuses("agreement_not_effective", c.ApplyConfirmation, **CONFIRM)
    story.refuses("agreement_not_effective", c.RecordOutside, **ANSWER, number=WORDS)
    for clause in BarredClause:
        story.agreed(owed(), clauses=(clause,)).refuses("clause_not_confirmable", c.ApplyConfirmation, **CONFIRM)
    agreed = story.agreed(owed())
    agreed.refuses("nothing_asked", c.RecordOutside, **ANSWER, confirmed=True)
    agreed.refuses("not_jointly", c.ApplyConfirmation, court="court-1", parties=(FIRST,))
    over = agreed.in_an_outage("2026-04-02T09:00")
    over.refuses("confirmation_period_over", c.ApplyConfirmation, **CONFIRM)
    in_time = over.when(c.ApplyConfirmation, **CONFIRM, received_at=at("2026-04-01T23:59"))
    assert in_time.state.confirmation is ConfirmationStatus.APPLIED
    asked = agreed.when(c.ApplyConfirmation, **CONFIRM)
    asked.refuses("confirmation_asked_already", c.ApplyConfirmation, **CONFIRM)
    asked.refuses("nothing_to_record", c.RecordOutside, **ANSWER)


def test_before_the_courts_mediator_it_is_that_court() -> None:
    story = talks().under_way("court_before_filing").agreed(owed())
    story.refuses("wrong_court", c.ApplyConfirmation, **CONFIRM)
    host = story.state.tracks[1].host.unit_id
    assert story.when(c.ApplyConfirmation, court=host, parties=BOTH).state.confirmation is ConfirmationStatus.APPLIED


@pytest.mark.parametrize("confirmed", [True, False])
def test_while_the_court_decides_the_mediation_waits_by_a_day(story: Talks, confirmed: bool) -> None:
    story = story.agreed(owed()).when(c.ApplyConfirmation, **CONFIRM)
    story = story.when(c.CheckFulfilment, item_no="I1", kept=True)
    assert (story.state.status, story.told().owner_role) == (MediationStatus.AGREED, OwnerRole.HOST)
    assert story.told().due == story.clock(ClockName.COURT_DECISION).due_date == date(2026, 3, 17)
    story = story.at("2026-03-05T10:00").when(c.RecordOutside, **ANSWER, number=WORDS)
    assert (story.state.confirmation, story.told().due) == (ConfirmationStatus.ACCEPTED, date(2026, 3, 20))
    story = story.at("2026-03-12T10:00").when(c.RecordOutside, **ANSWER, confirmed=confirmed, outcome=WORDS)
    assert story.told().status is MediationStatus.FULFILLED
    story.refuses("mediation_over", c.RecordOutside, **ANSWER, confirmed=True)


def test_confirmed_it_is_enforced_and_refused_it_is_not(story: Talks) -> None:
    story = story.agreed(owed(), owed()).when(c.ApplyConfirmation, **CONFIRM)
    decided = {answer: story.when(c.RecordOutside, **ANSWER, confirmed=answer) for answer in (True, False)}
    decided[True].refuses("answered_already", c.RecordOutside, **ANSWER, number=WORDS)
    enforced = {"item_no": "I1", "remedy": Remedy.ENFORCEMENT}
    decided[False].at("2026-06-02T09:00").refuses("not_confirmed", c.TakeRemedy, **enforced)
    assert decided[True].at("2026-06-02T09:00").when(c.TakeRemedy, **enforced).state.status is MediationStatus.AGREED


def test_answers_of_another_authority_come_in_any_order_and_once() -> None:
    refer = {"system": Outside.COURT, "unit_id": "court-1"}
    answer = {"system": Outside.COURT, "ask": OutsideAsk.REFERRAL}
    talks().planned("people").consented().refuses("not_its_channel", c.ReferOutside, **refer)
    story = talks().planned("court_before_filing", "people").consented()
    story.refuses("nothing_asked", c.RecordOutside, **answer, agreed=True)
    story = story.when(c.ReferOutside, **refer)
    story.refuses("referred_already", c.ReferOutside, **refer)
    story.refuses("nothing_to_record", c.RecordOutside, **answer)
    story.refuses("nothing_asked", c.RecordOutside, system=Outside.POLICE, ask=OutsideAsk.REFERRAL, agreed=True)
    failed = story.when(c.RecordOutside, **answer, agreed=False)
    assert [track.status for track in failed.state.tracks.values()] == ["failed", "consent_asked"]
    failed.refuses("nothing_asked", c.RecordOutside, **answer, number=WORDS)
    failed.refuses("nothing_asked", c.RecordOutside, **answer, agreed=False)
    agreed = story.when(c.RecordOutside, **answer, number=WORDS).when(c.RecordOutside, **answer, agreed=True)
    assert agreed.told().status is MediationStatus.FULFILLED
    agreed.refuses("mediation_over", c.RecordOutside, **answer, agreed=False)
