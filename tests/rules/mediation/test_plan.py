"""The plan: what is proposed, what may be decided, what follows what, and when it is looked at again."""

from datetime import date
from typing import Any

import pytest

from tests.rules.mediation.talks import FIRST, OTHER, channels, party, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import MediationOpened
from workflows.contracts.mediation.people import Dispute
from workflows.contracts.mediation.policy import Entry
from workflows.contracts.mediation.vocabulary import (
    DisputeType,
    MediationForm,
    MediationStatus,
    Paper,
    Remedy,
    Side,
    TrackStatus,
)
from workflows.contracts.vocabulary import ClockName, Level, OwnerRole, RiskLevel
from workflows.rules.mediation.entry import why_not
from workflows.rules.mediation.proposals import propose

D = DisputeType
BOTH = (FIRST, OTHER)
_REFUSALS: list[tuple[str, DisputeType, dict[str, Any], str]] = [
    ("people", D.ADMINISTRATIVE, {}, "not_a_civil_dispute"),
    ("people", D.INJURY, {"reconcilable": True}, "not_a_civil_dispute"),
    ("local_worthy", D.CONTRACT, {}, "not_among_neighbours"),
    ("petition", D.ADMINISTRATIVE, {}, "not_within_discretion"),
    ("administrative", D.CONSUMER, {}, "not_tied_to_powers"),
    ("medical", D.INJURY, {}, "not_a_medical_dispute"),
    ("labour", D.DEBT, {}, "not_a_labour_dispute"),
    ("property_service", D.NEIGHBOUR, {}, "not_a_property_dispute"),
    ("traffic", D.INJURY, {}, "not_a_traffic_dispute"),
    ("commercial", D.NEIGHBOUR, {}, "not_a_commercial_dispute"),
    ("police_violation", D.INJURY, {}, "no_violation"),
    ("police_civil", D.INJURY, {"violation": True}, "violation"),
    ("procuratorate", D.INJURY, {}, "not_reconcilable"),
    ("court_before_filing", D.DEBT, {"filed": True}, "filed_already"),
    ("court_ordinary", D.DEBT, {}, "not_in_ordinary_procedure"),
    ("court_ordinary", D.DEBT, {"filed": True, "summary": True}, "not_in_ordinary_procedure"),
    ("court_summary", D.DEBT, {"filed": True}, "not_in_summary_procedure"),
]


@pytest.mark.parametrize(("form", "dispute", "facts", "code"), _REFUSALS)
def test_each_entry_condition_says_why_a_channel_does_not_take_a_dispute(
    form: str, dispute: DisputeType, facts: dict[str, Any], code: str
) -> None:
    talks(dispute=dispute, **facts).refuses(code, c.DecidePlan, tracks=(step(form),))


def test_every_entry_condition_is_told_above_with_a_sentence_of_its_own() -> None:
    conditions = {entry for row in channels().channels.values() for entry in row.entry}
    assert conditions == set(Entry)
    assert len({code for *_, code in _REFUSALS}) == len(Entry)
    told = [why_not(channels().channels[MediationForm(form)], Dispute(type=t, **f)) for form, t, f, _ in _REFUSALS]
    assert len({sentence for refusal in told if refusal for sentence in refusal[1:]}) == len(Entry)


def test_a_channel_that_the_city_has_not_opened_takes_nothing() -> None:
    rows = channels().channels
    closed = rows[MediationForm.PEOPLE].model_copy(update={"switched_on": False})
    policy = channels().model_copy(update={"channels": {**rows, MediationForm.PEOPLE: closed}})
    story = talks(policy=policy)
    story.refuses("channel_switched_off", c.DecidePlan, tracks=(step("people"),))
    assert "people" not in {one.form for one in story.last(MediationOpened).proposed}


@pytest.mark.parametrize(
    ("dispute", "facts", "proposed"),
    [
        (D.NEIGHBOUR, {}, ["people", "local_worthy", "court_before_filing"]),
        (D.NEIGHBOUR, {"tried": (MediationForm.PEOPLE,)}, ["local_worthy", "court_before_filing"]),
        (D.DEBT, {"amount": 10_000_000}, ["people", "court_before_filing"]),
        (D.WAGES, {"wages": True}, ["labour"]),
        (D.MEDICAL, {"tied_to_powers": True}, ["medical", "administrative+facts", "court_before_filing"]),
        (D.PROPERTY_SERVICE, {}, ["property_service", "court_before_filing"]),
        (D.TRAFFIC, {}, ["traffic", "court_before_filing"]),
        (D.ADMINISTRATIVE, {"within_discretion": True}, ["petition"]),
        (D.CONSUMER, {"tied_to_powers": True}, ["administrative", "court_before_filing"]),
        (D.INJURY, {"violation": True}, ["police_violation", "court_before_filing"]),
        (D.INJURY, {"reconcilable": True}, ["procuratorate"]),
        (D.DEBT, {"filed": True}, ["court_ordinary"]),
        (D.DEBT, {"filed": True, "summary": True}, ["court_summary"]),
    ],
)
def test_the_rules_propose_the_channels_that_the_dispute_goes_to(
    dispute: DisputeType, facts: dict[str, Any], proposed: list[str]
) -> None:
    steps = talks(dispute=dispute, **facts).last(MediationOpened).proposed
    assert [f"{one.form}+facts" if one.fact_finding else one.form.value for one in steps] == proposed
    assert all(one.reasons for one in steps)
    assert all(one.together is one.fact_finding for one in steps)


def test_high_risk_and_many_parties_bring_a_second_authority_in_to_find_facts() -> None:
    dispute = Dispute(type=D.MEDICAL, tied_to_powers=True)
    (beside,) = [one for one in propose(dispute, channels(), parties=3, risk=RiskLevel.RED) if one.fact_finding]
    assert beside.reasons == ("risk_red", "many_parties", "tied_to_powers")
    much = propose(Dispute(type=D.DEBT, amount=10_000_000), channels(), parties=2, risk=None)
    assert much[-1].reasons == ("last_resort", "much_at_stake")


def test_the_centre_owes_a_plan_that_seeks_an_agreement() -> None:
    story = talks("2026-03-02T09:00")
    assert (story.told().status, story.told().owner_role, story.told().owner_unit) == (
        MediationStatus.OPENED,
        OwnerRole.DISPATCHER,
        "centre-township",
    )
    assert story.told().due == story.clock(ClockName.PLAN).due_date == date(2026, 3, 5)
    story.refuses("plan_empty", c.DecidePlan, tracks=())
    facts = step("people", fact_finding=True)
    story.refuses("plan_without_agreement", c.DecidePlan, tracks=(facts,))
    story.refuses("mediator_is_party", c.DecidePlan, tracks=(step("people", mediator_id="person-P1"),))
    story.refuses("unknown_track", c.FailTrack)
    late = story.at("2026-03-06T09:00")
    assert late.clock(ClockName.PLAN).breached_at is not None
    assert late.planned("people").clock(ClockName.PLAN).met_at is not None


def test_steps_follow_each_other_and_after_the_last_the_centre_owes_another_plan() -> None:
    story = talks().planned("people", "local_worthy").consented().taken_up()
    story.refuses("unknown_track", c.FailTrack, track=2)
    story = story.when(c.FailTrack)
    assert [track.status for track in story.state.tracks.values()] == [TrackStatus.FAILED, TrackStatus.CONSENT_ASKED]
    story.refuses("track_ended", c.FailTrack, track=1)
    story = story.consented().when(c.TakeUp, accepted=False)
    assert story.state.status is MediationStatus.OPENED
    assert story.clock(ClockName.PLAN).started_from == "plan_owed"
    assert story.papers(Paper.TERMINATION) == [BOTH, BOTH]
    assert list(story.planned("court_before_filing").state.tracks) == [1, 2, 3]


def test_facts_are_found_beside_the_talks_in_two_channels_at_once() -> None:
    facts = step("administrative", together=True, fact_finding=True)
    story = talks(dispute=D.MEDICAL, tied_to_powers=True).planned("medical", facts, step("people")).consented()
    assert {t.number: t.status for t in story.state.running_tracks} == {1: "consented", 2: "under_way"}
    assert not story.told().applied, "nobody has applied because somebody looks into the facts"
    story.refuses("consent_not_asked", c.Consent, track=2, party_no=FIRST, agreed=False)
    story.refuses("fact_finding_only", c.DraftAgreement, track=2)
    story.refuses("fact_finding_only", c.ReferOutside, track=2, system="police", unit_id="police")
    story.refuses("not_fact_finding", c.CompleteTrack, track=1)
    story = story.when(c.CompleteTrack, track=2)
    assert [track.status for track in story.state.tracks.values()] == ["consented", "done", "waiting"]
    assert story.clock(ClockName.MEDIATION, "K2").met_at is not None


def test_a_fact_finding_on_its_own_is_waited_for() -> None:
    facts = step("administrative", fact_finding=True)
    story = talks(dispute=D.CONSUMER, tied_to_powers=True).planned(facts, "people")
    assert [track.status for track in story.state.tracks.values()] == ["under_way", "waiting"]
    assert story.told().owner_unit == "host-administrative"
    story = story.when(c.CompleteTrack, track=1)
    assert story.state.tracks[2].status is TrackStatus.CONSENT_ASKED


def test_when_only_a_fact_finding_is_left_the_centre_owes_the_plan() -> None:
    facts = step("administrative", together=True, fact_finding=True)
    story = talks(dispute=D.CONSUMER, tied_to_powers=True).planned("people", facts).consented().taken_up()
    story = story.when(c.FailTrack)
    assert [track.status for track in story.state.running_tracks] == [TrackStatus.UNDER_WAY]
    assert story.told().owner_role is OwnerRole.DISPATCHER


def test_in_a_medical_dispute_no_second_agreement_is_sought_beside_the_first() -> None:
    story = talks(dispute=D.MEDICAL, tied_to_powers=True)
    beside = step("people", together=True)
    facts = step("administrative", together=True, fact_finding=True)
    for plan in (("medical", beside), ("people", step("medical", together=True)), ("medical", facts, beside)):
        tracks = tuple(one if not isinstance(one, str) else step(one) for one in plan)
        story.refuses("second_agreement_track", c.DecidePlan, tracks=tracks)
    story.planned("medical", "people").refuses("second_agreement_track", c.DecidePlan, tracks=(beside,))
    story.planned("medical", step("administrative", fact_finding=True), beside)
    two = talks(dispute=D.NEIGHBOUR).planned("people", step("local_worthy", together=True))
    assert len(two.state.running_tracks) == 2


def test_a_revised_plan_takes_the_place_of_what_waited_and_only_if_wanted_of_what_runs() -> None:
    story = talks().planned("people", "local_worthy").consented().taken_up()
    revised = story.planned("court_before_filing")
    assert [track.status for track in revised.state.tracks.values()] == ["under_way", "dropped", "waiting"]
    dropped = story.when(c.DecidePlan, tracks=(step("court_before_filing"),), drop_current=True)
    assert [track.status for track in dropped.state.tracks.values()] == ["dropped", "dropped", "consent_asked"]
    story = dropped.when(c.EndMediation, remedy=Remedy.COURT)
    assert story.papers(Paper.TERMINATION) == story.papers(Paper.ROUTE_NOTICE) == [BOTH]


def test_three_sessions_without_agreement_force_a_look_at_the_plan() -> None:
    story = talks("2026-03-02T09:00").under_way("people")
    for day in (3, 4, 5):
        assert story.state.review_due is None
        story = story.sat(f"2026-03-0{day}T14:00", f"2026-03-0{day}T16:00")
    later = {"starts_at": "2026-03-10T14:00+08:00", "ends_at": "2026-03-10T16:00+08:00", "parties": BOTH}
    story.refuses("plan_review_due", c.ScheduleSession, **later)
    assert (story.told().owner_role, story.told().due) == (OwnerRole.DISPATCHER, date(2026, 3, 10))
    goes_on = story.when(c.DecidePlan, tracks=())
    assert goes_on.state.review_due is None
    assert goes_on.told().owner_role is OwnerRole.HOST
    assert goes_on.when(c.ScheduleSession, **later).state.tracks[1].fruitless == 0
    given_up = story.when(c.FailTrack)
    assert given_up.clock(ClockName.PLAN_REVIEW).stopped_at is not None


def test_at_the_top_there_is_no_level_above_and_what_was_never_tried_opens_no_way() -> None:
    top = talks(level=Level.CITY, dispute=D.WAGES).planned("labour")
    top.refuses("no_level_above", c.EndMediation, remedy=Remedy.LEVEL_UP)
    planned = talks(dispute=D.WAGES).planned("labour", "court_before_filing")
    planned.refuses("remedy_not_open", c.EndMediation, remedy=Remedy.COURT)
    revised = planned.planned(step("labour"))
    revised.refuses("remedy_not_open", c.EndMediation, remedy=Remedy.COURT)


def test_three_parties_are_asked_one_by_one() -> None:
    three = (party(FIRST, Side.APPLICANT), party(OTHER, Side.RESPONDENT), party("P3", Side.THIRD))
    story = talks(parties=three).planned("people")
    assert {clock.about for clock in story.state.clocks.values() if clock.name is ClockName.CONSENT} == {
        "K1P1",
        "K1P2",
        "K1P3",
    }
