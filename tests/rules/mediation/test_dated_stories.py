"""Four disputes with their dates, worked out by hand on the published calendar of 2026."""

from datetime import date

from tests.rules.calendar_2026 import at
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationFailed
from workflows.contracts.mediation.vocabulary import (
    BarredClause,
    ConfirmationStatus,
    DisputeType,
    FailureCause,
    MediationStatus,
    Outside,
    OutsideAsk,
    Paper,
    Remedy,
    TrackStatus,
)
from workflows.contracts.vocabulary import ClockName, PauseGround


def test_a_leak_goes_from_the_committee_to_the_courts_mediator_and_is_registered_as_a_suit() -> None:
    story = talks("2026-03-02T09:00").planned("people", step("court_before_filing")).consented().taken_up()
    assert story.clock(ClockName.MEDIATION, "K1").due_date == date(2026, 4, 2)
    story = story.at("2026-04-02T16:00").when(c.FailTrack)
    assert story.papers(Paper.TERMINATION) == [(FIRST, OTHER)]
    story = story.consented().at("2026-04-07T10:00").taken_up()
    assert story.clock(ClockName.MEDIATION, "K2").due_date == date(2026, 5, 7)
    story = story.at("2026-04-20T09:00").when(
        c.PauseTrack, ground=PauseGround.PRE_FILING_APPRAISAL, until=date(2026, 5, 31)
    )
    story = story.at("2026-05-11T15:00").when(c.GoOnWithTrack)
    limit = story.clock(ClockName.MEDIATION, "K2")
    assert (limit.due_date, limit.due_at) == (date(2026, 5, 29), at("2026-05-30T00:00"))
    story = story.at("2026-05-30T00:00")
    assert story.state.tracks[2].status is TrackStatus.FAILED
    assert "limit_ran_out" in {getattr(r.event, "cause", None) for r in story.events}
    story = story.at("2026-06-01T09:00").when(c.EndMediation, remedy=Remedy.COURT)
    assert (story.state.status, story.told().remedy) == (MediationStatus.FAILED, Remedy.COURT)
    assert story.papers(Paper.ROUTE_NOTICE) == [(FIRST, OTHER)]


def test_unpaid_wages_have_fifteen_days_from_the_application_and_then_arbitration_and_a_payment_order() -> None:
    story = talks("2026-01-08T09:00", dispute=DisputeType.WAGES, wages=True).planned("labour")
    story = story.when(c.Apply, party_no=FIRST)
    assert story.told().applied
    assert story.clock(ClockName.MEDIATION, "K1").due_date == date(2026, 1, 23)
    story = story.at("2026-01-09T09:00").consented().taken_up()
    assert story.clock(ClockName.MEDIATION, "K1").due_date == date(2026, 1, 23)
    story = story.at("2026-01-23T17:00").when(c.FailTrack)
    assert story.state.row(story.state.tracks[1].form).on_failure == (Remedy.ARBITRATION, Remedy.PAYMENT_ORDER)
    story.refuses("remedy_not_open", c.EndMediation, remedy=Remedy.COURT)
    story = story.when(c.EndMediation, remedy=Remedy.ARBITRATION)
    assert story.last(MediationFailed).remedy is Remedy.ARBITRATION


def test_an_agreement_is_confirmed_within_thirty_days_that_roll_over_the_holiday() -> None:
    owed = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=date(2026, 12, 1), amount=300_000)
    story = talks("2026-09-01T09:00").under_way("people").at("2026-09-02T10:00").agreed(owed)
    assert story.state.status is MediationStatus.AGREED
    confirmation = story.clock(ClockName.CONFIRMATION)
    assert (confirmation.due_date, confirmation.due_at) == (date(2026, 10, 8), at("2026-10-09T00:00"))
    story = story.at("2026-10-08T16:00")
    story.refuses("not_jointly", c.ApplyConfirmation, court="court-1", parties=(FIRST,))
    story = story.when(c.ApplyConfirmation, court="court-1", parties=(FIRST, OTHER))
    assert [e.effect.kind for e in story.state.pending_effects if e.effect.kind == "ask_outside"] == ["ask_outside"]
    story = story.at("2026-10-20T10:00").when(
        c.RecordOutside, system=Outside.COURT, ask=OutsideAsk.CONFIRMATION, number=WORDS, confirmed=True
    )
    assert story.state.confirmation is ConfirmationStatus.CONFIRMED
    late = talks("2026-09-01T09:00").under_way("people").at("2026-09-02T10:00").agreed(owed).at("2026-10-09T00:00")
    late.refuses("confirmation_period_over", c.ApplyConfirmation, court="court-1", parties=(FIRST, OTHER))


def test_an_agreement_with_a_divorce_clause_is_confirmed_by_no_court() -> None:
    owed = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=date(2026, 12, 1))
    story = talks("2026-09-01T09:00", dispute=DisputeType.FAMILY).under_way("people").at("2026-09-02T10:00")
    story = story.agreed(owed, clauses=(BarredClause.STATUS_OF_PERSONS,))
    both = (FIRST, OTHER)
    story.refuses("clause_not_confirmable", c.ApplyConfirmation, court="court-1", parties=both)


def test_a_limit_that_the_law_makes_final_ends_the_talks_and_a_committees_month_does_not() -> None:
    medical = talks(dispute=DisputeType.MEDICAL).under_way("medical")
    limit = medical.clock(ClockName.MEDIATION, "K1")
    assert limit.due_date == date(2026, 4, 14)
    ended = medical.at("2026-04-14T17:30")
    assert ended.state.tracks[1].status is TrackStatus.FAILED
    assert [r.event.cause for r in ended.events if r.event.kind == "track_failed"] == [FailureCause.LIMIT_RAN_OUT]
    people = talks().under_way("people").at("2026-04-03T00:00")
    assert people.state.tracks[1].status is TrackStatus.UNDER_WAY
    assert people.clock(ClockName.MEDIATION, "K1").breached_at is not None
