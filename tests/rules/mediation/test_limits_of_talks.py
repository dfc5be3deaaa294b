"""How long talks have: extended, paused, published anew, locked by danger, stopped from the case; and what is told."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import WINDOW_2026, at
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, Talks, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import DisputeType, MediationStatus, Paper, TrackStatus
from workflows.contracts.time_commands import AdoptCalendar
from workflows.contracts.vocabulary import ClockName, PauseGround, Rung
from workflows.rules.mediation.decide import effect_ended, rules_renewed

BOTH = (FIRST, OTHER)
MEDICAL: dict[str, Any] = {"dispute": DisputeType.MEDICAL}


def limit(story: Talks, track: str = "K1") -> date:
    """Through which day the channel has."""
    return story.clock(ClockName.MEDIATION, track).due_date


def test_all_parties_together_extend_a_limit_once_before_it_has_run_out() -> None:
    story = talks("2026-03-02T09:00").under_way("people")
    more = {"until": date(2026, 4, 30), "agreed_by": BOTH}
    story.refuses("not_jointly", c.ExtendTrack, **{**more, "agreed_by": (FIRST,)})
    story.refuses("date_not_ahead", c.ExtendTrack, **{**more, "until": date(2026, 4, 2)})
    story.refuses("beyond_maximum", c.ExtendTrack, **{**more, "until": date(2026, 5, 3)})
    story.at("2026-04-03T09:00").refuses("limit_run_out", c.ExtendTrack, **more)
    extended = story.when(c.ExtendTrack, until=date(2026, 5, 2), agreed_by=BOTH)
    # 05-02 is a holiday.
    assert limit(extended) == date(2026, 5, 6)
    extended.refuses("already_extended", c.ExtendTrack, until=date(2026, 6, 2), agreed_by=BOTH)
    wages = talks(dispute=DisputeType.WAGES, wages=True).under_way("labour")
    wages.refuses("extension_not_allowed", c.ExtendTrack, **more)


def test_a_limit_stands_still_only_where_its_source_lets_it_and_has_an_end() -> None:
    story = talks("2026-03-02T09:00", **MEDICAL).under_way("medical")
    assert limit(story) == date(2026, 4, 14)
    expert = {"ground": PauseGround.MEDICAL_APPRAISAL, "until": date(2026, 3, 31)}
    story.refuses("ground_not_allowed", c.PauseTrack, **{**expert, "ground": PauseGround.PRE_FILING_APPRAISAL})
    story.refuses("date_not_ahead", c.PauseTrack, **{**expert, "until": date(2026, 3, 1)})
    story.refuses("beyond_maximum", c.PauseTrack, **{**expert, "until": date(2029, 3, 1)})
    story.refuses("not_paused", c.GoOnWithTrack)
    paused = story.at("2026-03-10T09:00").when(c.PauseTrack, **expert)
    paused.refuses("already_paused", c.PauseTrack, **expert)
    # Twenty-five working days are left; the ninth of May is worked on.
    assert limit(paused) == date(2026, 5, 9)
    went_on = paused.at("2026-03-16T09:00").when(c.GoOnWithTrack)
    assert limit(went_on) == date(2026, 4, 21)
    went_on.refuses("not_paused", c.GoOnWithTrack)
    assert paused.at("2026-05-09T17:30").state.tracks[1].status is TrackStatus.FAILED


def test_a_calendar_that_is_published_moves_what_has_not_run_out() -> None:
    story = talks("2026-03-02T09:00", **MEDICAL).under_way("medical")
    off = WINDOW_2026.model_copy(update={"version": 2, "days_off": (*WINDOW_2026.days_off, date(2026, 3, 3))})
    moved = story.when(AdoptCalendar, calendar=off)
    assert (limit(story), limit(moved)) == (date(2026, 4, 14), date(2026, 4, 15))
    assert moved.told().due == date(2026, 4, 15)
    assert moved.when(AdoptCalendar, calendar=WINDOW_2026).events == moved.events


def test_while_there_is_danger_nothing_is_talked_about_and_nobodys_silence_counts() -> None:
    story = talks("2026-03-02T09:00").planned("people").when(c.LockMediation, locked=True, seq=7)
    yes = {"party_no": FIRST, "agreed": True}
    for command, fields in (
        (c.Consent, yes),
        (c.DecidePlan, {"tracks": (step("people"),)}),
        (c.TakeUp, {}),
        (c.Apply, {"party_no": FIRST}),
        (c.DraftAgreement, {}),
        (c.Sign, {"by": "seal"}),
    ):
        story.refuses("mediation_is_locked", command, **fields)
    assert story.when(c.Consent, party_no=FIRST, agreed=False).state.status is MediationStatus.REFUSED
    assert story.when(c.LeaveMediation, party_no=FIRST).state.status is MediationStatus.REFUSED
    story = story.at("2026-03-16T09:00")
    assert story.state.status is MediationStatus.PLANNED
    story = story.when(c.LockMediation, locked=False, seq=9)
    assert {story.clock(ClockName.CONSENT, f"K1{party_no}").due_date for party_no in BOTH} == {date(2026, 3, 23)}
    assert story.consented().state.status is MediationStatus.CONSENTED
    assert story.at("2026-03-23T17:30").state.status is MediationStatus.REFUSED


def test_what_the_case_said_before_arrives_too_late_to_lock_or_unlock() -> None:
    story = talks().when(c.LockMediation, locked=False, seq=9).when(c.LockMediation, locked=True, seq=7)
    assert not story.state.locked
    assert story.when(c.LockMediation, locked=True, seq=12).when(c.LockMediation, locked=False, seq=9).state.locked


def test_danger_puts_off_the_sessions_that_have_not_begun_and_lets_others_be_put_on_record() -> None:
    story = talks("2026-03-02T09:00").under_way("people")
    for day in (3, 9):
        session = {"starts_at": at(f"2026-03-0{day}T14:00"), "ends_at": at(f"2026-03-0{day}T16:00"), "parties": BOTH}
        story = story.when(c.ScheduleSession, **session)
    story = story.at("2026-03-03T15:00").when(c.LockMediation, locked=True, seq=7)
    assert [session.status for session in story.state.sessions.values()] == ["scheduled", "adjourned"]
    story = story.when(c.RecordSession, session_no="S1", present=BOTH)
    story.refuses("mediation_is_locked", c.ScheduleSession, **session)


def test_a_limit_that_the_law_makes_final_ends_the_talks_once_the_danger_is_over() -> None:
    story = talks("2026-03-02T09:00", **MEDICAL).under_way("medical").when(c.LockMediation, locked=True, seq=7)
    story = story.at("2026-04-20T09:00")
    assert story.state.tracks[1].status is TrackStatus.UNDER_WAY
    story = story.when(c.LockMediation, locked=False, seq=9)
    assert story.state.tracks[1].status is TrackStatus.FAILED


def test_promises_and_the_time_for_confirmation_run_on_in_danger() -> None:
    owed = c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=date(2026, 3, 20))
    story = talks("2026-03-02T09:00").under_way("people").agreed(owed).when(c.LockMediation, locked=True, seq=7)
    story = story.at("2026-04-02T09:00").when(c.LockMediation, locked=False, seq=9)
    story.refuses("confirmation_period_over", c.ApplyConfirmation, court="court-1", parties=BOTH)
    assert story.clock(ClockName.REMEDY, "I1").is_open


@pytest.mark.parametrize(("withdrawn", "status"), [(True, "withdrawn"), (False, "stopped")])
def test_stopped_from_the_case_it_ends_once_and_what_comes_after_is_no_fault(withdrawn: bool, status: str) -> None:
    story = talks().under_way("people").when(c.StopMediation, withdrawn=withdrawn)
    assert (story.told().status, story.papers(Paper.ROUTE_NOTICE)) == (status, [BOTH])
    for command, fields in ((c.StopMediation, {}), (c.LockMediation, {"locked": True, "seq": 5})):
        assert story.when(command, **fields).events == story.events
    assert story.told().owner_role is None
    done = story.done().at("2027-01-01T00:00")
    assert not any(clock.is_open for clock in done.state.clocks.values())


def test_the_limit_counts_from_what_its_row_names() -> None:
    court = talks("2026-03-02T09:00").planned(step("court_before_filing", mediator_id=None)).consented()
    court.refuses("mediator_missing", c.TakeUp)
    court = court.at("2026-03-04T09:00").when(c.NameMediator, mediator_id="m1").taken_up()
    assert (limit(court), court.clock(ClockName.MEDIATION, "K1").started_from) == (date(2026, 4, 3), "signed_for")
    wages = talks("2026-03-02T09:00", dispute=DisputeType.WAGES).planned("labour").consented()
    wages.refuses("not_applied", c.TakeUp)
    wages.refuses("unknown_party", c.Apply, party_no="P9")
    wages = wages.when(c.Apply, party_no=FIRST)
    wages.refuses("already_applied", c.Apply, party_no=OTHER)
    people = talks().planned("people").consented()
    assert people.told().applied is False
    people = people.taken_up()
    assert people.told().applied is True
    people.refuses("already_taken_up", c.Apply, party_no=FIRST)


def test_past_its_ladder_a_clock_falls_silent_for_the_case_watches_the_day() -> None:
    story = talks("2026-03-02T09:00").under_way("people").at("2026-06-01T09:00")
    silent = story.clock(ClockName.MEDIATION, "K1")
    assert (silent.is_open, silent.rung, silent.next_at) == (True, Rung.ESCALATE, None)
    assert (story.told().due, story.told().status) == (date(2026, 4, 2), MediationStatus.UNDER_WAY)


def test_what_failed_for_good_waits_for_an_operator_and_a_new_run_takes_the_rules_of_its_time() -> None:
    story = talks()
    (telling,) = story.state.pending_effects
    failed = story._after(effect_ended(story.state, telling.effect.id, "refused", story.now))
    assert failed.state.needs_operator
    failed.refuses("effect_not_failed", c.RetryMediationEffect, effect_id="no-such")
    again = failed.when(c.RetryMediationEffect, effect_id=telling.effect.id)
    assert [pending.attempts for pending in again.state.pending_effects] == [1]
    assert not failed.when(c.SkipMediationEffect, effect_id=telling.effect.id).state.effects
    renewed = story.when(c.RenewMediation)
    assert renewed.state.renewal_asked
    d = rules_renewed(renewed.state, 99, story.now)
    assert (d.state.rules_version, d.state.renewal_asked) == (99, False)
