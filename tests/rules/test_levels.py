"""Which level has a case: down with instructions, who may still decide, and which of several regions hosts it."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    CENTRES,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    department,
    handler,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseStatus,
    Flag,
    Level,
    OwnerRole,
    PauseGround,
    Role,
    UnitKind,
)
from workflows.rules.calendar import local_date
from workflows.rules.flags import flags

T1 = f"{CASE_NO}-T1"
HERE, THERE = "990102001001", "990103002001"
OF_THERE = {Level.VILLAGE: "centre-there", Level.TOWNSHIP: "centre-there-2", Level.COUNTY: "centre-there-3"}


def centre(level: Level) -> Actor:
    return Actor(id=f"dispatcher-{level}", role=Role.DISPATCHER, unit_id=CENTRES[level])


THE_CITY = centre(Level.CITY)


def raised(case: CaseBuilder, times: int = 1) -> CaseBuilder:
    """By hand, one level each time."""
    for _ in range(times):
        case = case.does(c.Escalate, reason=WORDS)
    return case


def assigned(case: CaseBuilder, level: Level, **fields: Any) -> CaseBuilder:
    return case.does(c.AssignDown, level=level, instructions=WORDS, **fields)


def of_two_regions(level: Level = Level.VILLAGE, **fields: Any) -> CaseBuilder:
    """Of two counties: the city names the host."""
    return registered(level=level, regions=(THERE,), host_level=Level.CITY, **fields)


def hosted(case: CaseBuilder, region: str = THERE, by: Actor = THE_CITY, **fields: Any) -> CaseBuilder:
    centres = fields.pop("centres", {**OF_THERE, Level.CITY: CENTRES[Level.CITY]} if region == THERE else CENTRES)
    return case.does(c.NameHost, by=by, region_code=region, centres=centres, reason=WORDS, **fields)


def unhosted(case: CaseBuilder, **fields: Any) -> str:
    """The code with which naming a host is turned down."""
    about = {"by": THE_CITY, "region_code": THERE, "centres": OF_THERE, "reason": WORDS}
    return case.refusal(c.NameHost, **(about | fields))


def test_a_case_goes_down_with_instructions_and_the_level_below_is_timed(given: CaseBuilder) -> None:
    case = assigned(raised(given.accepted(), 2).at("2026-03-03T10:00"), Level.TOWNSHIP, by=centre(Level.COUNTY))
    assert kinds(case.happened) == ["clock_stopped", "assigned_down", "clock_started"]
    assert case.state.level is Level.TOWNSHIP
    level = next(case.clock(clock_id) for clock_id in case.armed if clock_id.startswith("level"))
    assert (level.level, local(level.due_at)) == (Level.TOWNSHIP, "2026-03-06T17:30")
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.TOWNSHIP])


def test_the_level_below_that_fails_too_loses_the_case_again(given: CaseBuilder) -> None:
    case = assigned(raised(given.whistled()), Level.VILLAGE).reported_in().at("2026-03-09T17:29")
    assert case.state.level is Level.VILLAGE
    later = case.at("2026-03-09T17:30")
    assert ("03-09T17:30", "level#2", "escalate") in later.rungs
    assert later.state.level is Level.TOWNSHIP


def test_a_case_goes_to_a_level_below_that_has_a_centre(given: CaseBuilder) -> None:
    for level in (Level.VILLAGE, Level.TOWNSHIP):
        assert given.refusal(c.AssignDown, level=level, instructions=WORDS) == "not_a_level_below"
    without_township: dict[Level, str] = {level: name for level, name in CENTRES.items() if level is not Level.TOWNSHIP}
    case = raised(registered(centres=without_township))
    assert case.state.level is Level.COUNTY
    assert case.refusal(c.AssignDown, level=Level.TOWNSHIP, instructions=WORDS) == "not_a_level_below"
    assert assigned(case, Level.VILLAGE).state.level is Level.VILLAGE
    ended = raised(given).does(c.Withdraw, reason=WORDS)
    assert ended.refusal(c.AssignDown, level=Level.VILLAGE, instructions=WORDS) == "case_ended"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Whistle, {"lead": department("water"), "reason": WORDS}),
        (c.Reassign, {"task_no": T1, "unit": department("water"), "reason": WORDS}),
        (c.Release, {"task_no": T1, "reason": WORDS}),
        (c.DecideSendBack, {"task_no": T1, "approved": True, "reason": WORDS}),
        (c.Designate, {"unit": department("water"), "reason": WORDS}),
        (c.Refer, {"unit": UnitRef(unit_id="tax", kind=UnitKind.VERTICAL), "reason": WORDS}),
        (c.DecideExtension, {"granted": False, "reason": WORDS}),
        (c.Escalate, {"reason": WORDS}),
        (c.AssignDown, {"level": Level.VILLAGE, "instructions": WORDS}),
        (c.Merge, {"into": "990102202603020002", "reason": WORDS}),
        (c.Gather, {"case_nos": ("990102202603020002",), "reason": WORDS}),
        (c.Consult, {"minutes": WORDS}),
        (c.Transfer, {"city": WORDS, "reason": WORDS}),
    ],
)
def test_the_centre_that_the_case_has_left_does_not_decide_any_more(
    given: CaseBuilder, kind: type[AnyCommand], fields: dict[str, Any]
) -> None:
    case = raised(given.whistled())
    assert case.refusal(kind, by=centre(Level.VILLAGE), **fields) == "case_is_above"


def test_nor_does_it_take_on_decline_or_suspend(given: CaseBuilder) -> None:
    case, village = raised(given), centre(Level.VILLAGE)
    assert case.refusal(c.Accept, by=village) == "case_is_above"
    assert case.refusal(c.Decline, by=village, ground="other_authority", route=WORDS) == "case_is_above"
    until = {"ground": PauseGround.MEDICAL_APPRAISAL, "until": local_date(case.now), "reason": WORDS}
    assert case.refusal(c.Suspend, by=village, **until) == "case_is_above"


def test_it_still_urges_verifies_and_calls_back(given: CaseBuilder) -> None:
    village = centre(Level.VILLAGE)
    case = raised(given.whistled()).does(c.Urge, by=village, note=WORDS).finished()
    verified = case.does(c.Verify, by=village, passed=True, note=WORDS)
    called = verified.does(c.Callback, by=village, outcome=CallbackOutcome.DECLINED)
    assert called.state.status is CaseStatus.CLOSED


def test_the_level_that_has_it_and_those_above_decide(given: CaseBuilder) -> None:
    for level in (Level.TOWNSHIP, Level.COUNTY, Level.CITY):
        assert raised(given).does(c.Accept, by=centre(level)).state.status is CaseStatus.ACCEPTED
    elsewhere = Actor(id="dispatcher-9", role=Role.DISPATCHER, unit_id="centre-elsewhere")
    for by in (SUPERVISOR, elsewhere):
        assert raised(given.accepted()).does(c.Escalate, by=by, reason=WORDS).state.level is Level.COUNTY


def test_what_was_assigned_down_the_lower_centre_decides_again(given: CaseBuilder) -> None:
    case = assigned(raised(given.accepted()), Level.VILLAGE)
    assert case.whistled(by=centre(Level.VILLAGE)).state.status is CaseStatus.DISPATCHED


def test_under_the_rules_before_the_lower_centre_went_on_deciding() -> None:
    case = raised(registered(rules_version=2))
    assert case.does(c.Accept, by=centre(Level.VILLAGE)).state.status is CaseStatus.ACCEPTED


def test_of_two_regions_the_common_superior_names_the_host_within_a_working_day() -> None:
    case = of_two_regions()
    assert case.armed == {"citizen", "accept", "host"}
    assert local(case.clock("host").due_at) == "2026-03-03T17:30"
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.CITY])
    assert Flag.HOST_WANTED in flags(case.state)


def test_the_host_has_the_case_from_here_on_and_the_requesters_clock_has_run_all_along() -> None:
    case = of_two_regions()
    later = hosted(case.at("2026-03-03T10:00"))
    assert (later.state.region_code, later.state.level) == (THERE, Level.VILLAGE)
    assert later.owed == (OwnerRole.DISPATCHER, "centre-there")
    assert later.clock("citizen").started_at == case.clock("citizen").started_at
    assert local(later.clock("host").met_at) == "2026-03-03T10:00"
    assert Flag.HOST_WANTED not in flags(later.state)
    assert raised(later).owed == (OwnerRole.DISPATCHER, "centre-there-2")


def test_whoever_received_it_first_may_be_the_host() -> None:
    case = hosted(of_two_regions(), HERE)
    assert case.owed == (OwnerRole.DISPATCHER, CENTRES[Level.VILLAGE])
    assert unhosted(case) == "no_host_wanted"


def test_what_was_raised_meanwhile_stays_raised() -> None:
    case = hosted(raised(of_two_regions(), 2))
    assert (case.state.level, case.owed) == (Level.COUNTY, (OwnerRole.DISPATCHER, "centre-there-3"))
    without_county = {Level.VILLAGE: "centre-there", Level.CITY: CENTRES[Level.CITY]}
    higher = hosted(raised(of_two_regions(), 2), centres=without_county)
    assert higher.owed == (OwnerRole.DISPATCHER, CENTRES[Level.CITY])


def test_only_the_common_superior_names_one_of_the_regions_and_only_where_there_are_several(given: CaseBuilder) -> None:
    case = of_two_regions()
    assert unhosted(given) == "no_host_wanted"
    for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY):
        assert unhosted(case, by=centre(level)) == "not_the_common_superior"
    assert unhosted(case, region_code="990104001001") == "region_not_concerned"
    assert unhosted(case.does(c.Withdraw, reason=WORDS)) == "case_ended"


def test_a_host_that_nobody_names_climbs_the_ladder_and_the_first_receiver_goes_on() -> None:
    case = of_two_regions().whistled().reported_in().at("2026-03-06T09:00")
    assert [(at, rung) for at, clock, rung in case.rungs if clock == "host"] == [
        ("03-03T14:36", "due_soon"),
        ("03-03T17:30", "urge"),
        ("03-04T17:30", "supervise"),
        ("03-05T17:30", "escalate"),
    ]
    assert case.state.level is Level.TOWNSHIP


def test_a_step_received_in_time_does_not_take_the_case_to_a_level_that_its_host_has_no_centre_at() -> None:
    case = of_two_regions().accepted().whistled().at("2026-03-05T17:29", outage=True)
    late = case.at("2026-03-06T17:30")
    upward = {level: centre for level, centre in CENTRES.items() if level is not Level.VILLAGE}
    host = late.does(c.NameHost, by=SUPERVISOR, region_code=THERE, centres=upward, reason=WORDS)
    signed = host.does(c.Sign, by=handler("housing"), task_no=host.task().task_no, received="2026-03-02T10:00")
    assert signed.state.level in signed.state.centres


def test_at_the_city_whoever_is_at_work_is_urged_every_working_day(given: CaseBuilder) -> None:
    case = given.whistled(connected=True)
    for _ in range(3):
        case = case.does(c.Escalate, reason=WORDS)
    case = case.at("2026-03-16T17:30")
    days = [f"2026-03-{day}T17:30" for day in (17, 18, 19, 20, 23)]
    told = []
    for day in days:
        case = case.at(day)
        told.append(signals(case.happened))
    assert told == [[("housing", SignalType.URGED)]] * len(days)
