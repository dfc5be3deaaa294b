"""Sessions: set without overlap, called off, adjourned, missed, put on record, and limited in number by the police."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import at
from tests.rules.mediation.talks import FIRST, OTHER, WORDS, Talks, party, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import SessionRecorded
from workflows.contracts.mediation.vocabulary import DisputeType, Paper, SessionStatus, Side
from workflows.contracts.vocabulary import ClockName, Rung

BOTH = (FIRST, OTHER)


def _at(begins: str, ends: str, *parties: str, **more: Any) -> dict[str, Any]:
    return {"starts_at": at(begins), "ends_at": at(ends), "parties": parties or BOTH, **more}


AFTERNOON = _at("2026-03-05T14:00", "2026-03-05T16:00")


@pytest.fixture
def story() -> Talks:
    return talks("2026-03-02T09:00").under_way("people")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (_at("2026-03-02T09:00", "2026-03-02T10:00"), "session_in_the_past"),
        (_at("2026-03-05T14:00", "2026-03-05T14:00"), "session_too_long"),
        (_at("2026-03-05T08:00", "2026-03-05T20:01"), "session_too_long"),
        (_at("2027-03-05T08:00", "2027-03-05T10:00"), "session_too_far"),
        (_at("2026-03-05T14:00", "2026-03-05T16:00", "P9"), "unknown_party"),
        ({**AFTERNOON, "parties": ()}, "party_missing"),
        ({**AFTERNOON, "track": 2}, "unknown_track"),
    ],
)
def test_a_session_that_cannot_be_is_not_set(story: Talks, fields: dict[str, Any], code: str) -> None:
    story.refuses(code, c.ScheduleSession, **fields)


def test_before_the_host_has_it_nobody_meets() -> None:
    talks().planned("people").refuses("not_under_way", c.ScheduleSession, **AFTERNOON)


def test_no_two_sessions_are_set_for_one_time(story: Talks) -> None:
    story = story.when(c.ScheduleSession, **AFTERNOON)
    story.refuses("sessions_overlap", c.ScheduleSession, **_at("2026-03-05T15:59", "2026-03-05T17:00"))
    story = story.when(c.ScheduleSession, **_at("2026-03-05T16:00", "2026-03-05T17:00"))
    story = story.when(c.CallOffSession, session_no="S1", adjourned=True)
    story.refuses("session_over", c.CallOffSession, session_no="S1", adjourned=True)
    story.refuses("unknown_session", c.CallOffSession, session_no="S9", adjourned=True)
    story = story.when(c.ScheduleSession, **AFTERNOON)
    assert [s.status for s in story.state.sessions.values()] == ["adjourned", "scheduled", "scheduled"]
    assert {s.status for s in story.when(c.FailTrack).state.sessions.values()} == {"adjourned", "cancelled"}


def test_a_session_with_somebody_whom_a_party_objects_to_is_set_again_with_the_next(story: Talks) -> None:
    begun = story.when(c.ScheduleSession, **AFTERNOON).at("2026-03-05T14:10")
    assert begun.when(c.ObjectToPerson, party_no=OTHER, person_id="m1").state.sessions["S1"].status == "scheduled"
    story = story.when(c.ScheduleSession, **AFTERNOON).when(c.ObjectToPerson, party_no=OTHER, person_id="m1")
    assert (story.state.sessions["S1"].status, story.clock(ClockName.SESSION, "S1").is_open) == ("adjourned", False)
    speakers = (party(FIRST, Side.APPLICANT, language="yi"), party(OTHER, Side.RESPONDENT))
    told = talks(parties=speakers).under_way("people").when(c.AppointInterpreter, interpreter_id="i1", language="yi")
    told = told.when(c.ScheduleSession, **_at("2026-03-10T14:00", "2026-03-10T16:00"))
    told = told.when(c.ScheduleSession, **_at("2026-03-11T14:00", "2026-03-11T16:00", OTHER))
    told = told.when(c.ObjectToPerson, party_no=OTHER, person_id="i1")
    assert [session.status.value for session in told.state.sessions.values()] == ["adjourned", "scheduled"]


def test_it_is_called_to_mind_a_day_before_and_its_record_is_owed_a_day_after(story: Talks) -> None:
    story = story.when(c.ScheduleSession, **AFTERNOON)
    assert story.at("2026-03-04T13:59").state.sessions["S1"].reminded is False
    story = story.at("2026-03-04T14:00")
    assert story.state.sessions["S1"].reminded
    record = story.clock(ClockName.SESSION, "S1")
    assert (record.rung, record.due_at) == (Rung.DUE_SOON, at("2026-03-06T17:30"))
    assert story.at("2026-03-06T17:30").clock(ClockName.SESSION, "S1").breached_at == at("2026-03-06T17:30")


def test_what_a_session_brought_is_put_on_record_once_it_has_begun(story: Talks) -> None:
    story = story.when(c.ScheduleSession, **AFTERNOON)
    story.refuses("session_not_begun", c.RecordSession, session_no="S1", present=BOTH)
    story = story.at("2026-03-05T16:00")
    conceded = (c.Concession(party_no=OTHER, text=WORDS),)
    story.refuses("was_not_there", c.RecordSession, session_no="S1", present=(FIRST,), concessions=conceded)
    story.refuses("unknown_party", c.RecordSession, session_no="S1", present=("P9",))
    story = story.when(c.RecordSession, session_no="S1", present=BOTH, concessions=conceded, open_points=WORDS)
    assert story.clock(ClockName.SESSION, "S1").met_at == at("2026-03-05T16:00")
    story.refuses("session_over", c.RecordSession, session_no="S1", present=BOTH)


@pytest.mark.parametrize(
    ("asked", "present", "status"),
    [
        (BOTH, BOTH, SessionStatus.HELD),
        (BOTH, (FIRST,), SessionStatus.NO_SHOW),
        (BOTH, (), SessionStatus.NO_SHOW),
        ((FIRST,), (FIRST,), SessionStatus.HELD),
        ((FIRST,), (), SessionStatus.NO_SHOW),
    ],
)
def test_nobody_talked_if_a_side_that_was_asked_did_not_come(
    story: Talks, asked: tuple[str, ...], present: tuple[str, ...], status: SessionStatus
) -> None:
    story = story.when(c.ScheduleSession, **{**AFTERNOON, "parties": asked}).at("2026-03-05T16:00")
    story = story.when(c.RecordSession, session_no="S1", present=present)
    recorded = story.last(SessionRecorded)
    assert (recorded.status, recorded.absent) == (status, tuple(one for one in asked if one not in present))
    assert story.state.tracks[1].fruitless == (status is SessionStatus.HELD)
    assert story.papers(Paper.SESSION_RECORD) == [present or asked]


def test_before_the_police_a_second_session_follows_within_seven_working_days_and_no_third() -> None:
    story = talks("2026-03-02T09:00", dispute=DisputeType.INJURY, violation=True).under_way("police_violation")
    story = story.sat("2026-03-04T14:00", "2026-03-04T16:00")
    second = story.clock(ClockName.SECOND_SESSION, "K1")
    assert (second.due_date, second.source) == (
        date(2026, 3, 13),
        "[law] 公安机关办理行政案件程序规定183：七个工作日内",
    )
    assert story.told().due == date(2026, 3, 13)
    assert story.at("2026-03-13T17:30").clock(ClockName.SECOND_SESSION, "K1").breached_at is not None
    story = story.when(c.ScheduleSession, **_at("2026-03-09T14:00", "2026-03-09T16:00"))
    story.refuses("no_more_sessions", c.ScheduleSession, **_at("2026-03-10T14:00", "2026-03-10T16:00"))
    story = story.at("2026-03-09T16:00").when(c.RecordSession, session_no="S2", present=BOTH)
    assert story.clock(ClockName.SECOND_SESSION, "K1").met_at is not None
    story.refuses("no_more_sessions", c.ScheduleSession, **_at("2026-03-10T14:00", "2026-03-10T16:00"))


def test_sessions_of_a_fact_finding_do_not_count_among_those_of_the_talks() -> None:
    beside = step("administrative", together=True, fact_finding=True)
    story = talks("2026-03-02T09:00", dispute=DisputeType.INJURY, violation=True, tied_to_powers=True)
    story = story.planned("police_violation", beside).consented().taken_up()
    for n in (4, 5):
        story = story.when(c.ScheduleSession, **_at(f"2026-03-0{n}T09:00", f"2026-03-0{n}T10:00", FIRST, track=2))
    story = story.when(c.ScheduleSession, **AFTERNOON)
    story = story.at("2026-03-05T16:30").when(c.RecordSession, session_no="S1", present=(FIRST,))
    assert (story.state.tracks[2].held, story.state.tracks[1].held, story.state.review_due) == (1, 0, None)
