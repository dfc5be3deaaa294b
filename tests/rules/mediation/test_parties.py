"""Who takes part and who is neutral: consent, guardians, representatives, mediators, interpreters, help beside it."""

from datetime import date
from typing import Any

import pytest

from tests.rules.mediation.talks import FIRST, OTHER, WORDS, party, step, talks
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.events import ConsentRefused, MediationRefused, MediatorNamed, PersonObjectedTo
from workflows.contracts.mediation.vocabulary import (
    Capacity,
    Chosen,
    DisputeType,
    MediationForm,
    MediationStatus,
    Paper,
    Side,
    Support,
)
from workflows.contracts.vocabulary import ClockName, OwnerRole, ServiceMethod

BOTH = (FIRST, OTHER)
A, R = Side.APPLICANT, Side.RESPONDENT
NEWCOMER = party("P3", Side.THIRD)


def test_a_refusal_ends_the_mediation_and_everybody_is_told_where_to_go() -> None:
    story = talks().planned("people").when(c.Consent, party_no=FIRST, agreed=True)
    story = story.when(c.Consent, party_no=OTHER, agreed=False, note=WORDS)
    assert (story.state.status, story.told().status, story.told().remedy) == ("refused", "refused", None)
    assert story.papers(Paper.ROUTE_NOTICE) == [BOTH]
    assert {clock.name for clock in story.state.clocks.values() if clock.is_open} == {ClockName.ARCHIVE_AFTER}
    story.refuses("mediation_over", c.Consent, party_no=OTHER, agreed=True)
    number = next(no for no, paper in story.state.papers.items() if paper.paper is Paper.ROUTE_NOTICE)
    served = {"paper_no": number, "how": ServiceMethod.MAIL, "served_at": story.now}
    story.refuses("not_the_addressee", c.ServePaper, **served, party_no="P3")
    story.refuses("unknown_paper", c.ServePaper, **{**served, "paper_no": "N99"}, party_no=FIRST)
    story = story.at("2026-03-03T09:00").when(c.ServePaper, **served, party_no=FIRST)
    story.refuses("already_served", c.ServePaper, **served, party_no=FIRST)
    late, early = {**served, "served_at": "2026-03-09T00:00Z"}, {**served, "served_at": "2026-03-01T00:00Z"}
    story.refuses("served_in_future", c.ServePaper, **late, party_no=OTHER)
    story.refuses("served_before_issued", c.ServePaper, **early, party_no=OTHER)


def test_silence_is_no_consent() -> None:
    story = talks("2026-03-02T09:00").planned("people").when(c.Consent, party_no=FIRST, agreed=True)
    assert story.told().owner_role is OwnerRole.HOST
    assert story.at("2026-03-09T17:29").state.status is MediationStatus.PLANNED
    story = story.at("2026-03-09T17:30")
    refused = story.last(ConsentRefused)
    assert (refused.party_no, refused.lapsed, story.state.status) == (OTHER, True, MediationStatus.REFUSED)
    assert story.papers(Paper.ROUTE_NOTICE) == [BOTH]


def test_a_yes_that_came_in_time_counts_though_it_was_applied_after_an_outage() -> None:
    story = talks("2026-03-02T09:00").planned("people").when(c.Consent, party_no=FIRST, agreed=True)
    late = story.in_an_outage("2026-03-10T09:00")
    yes = {"party_no": OTHER, "agreed": True}
    late.refuses("mediation_over", c.Consent, **yes)
    consented = late.when(c.Consent, **yes, received_at="2026-03-09T17:00+08:00")
    assert consented.state.status is MediationStatus.CONSENTED


def test_a_party_may_leave_until_it_has_signed() -> None:
    story = talks().under_way("people")
    left = story.when(c.LeaveMediation, party_no=OTHER)
    assert (left.last(MediationRefused).left, left.papers(Paper.ROUTE_NOTICE)) == (True, [BOTH])
    signed = story.drafted().when(c.Sign, by="parties", party_no=OTHER, scan="s")
    signed.refuses("signed_already", c.LeaveMediation, party_no=OTHER)
    assert signed.when(c.LeaveMediation, party_no=FIRST).state.status is MediationStatus.REFUSED
    signed.refuses("signed_already", c.AddParty, party=NEWCOMER)
    story.agreed(_owed()).refuses("agreement_reached", c.LeaveMediation, party_no=FIRST)


def _owed() -> c.Promise:
    return c.Promise(promisor=OTHER, to=FIRST, what=WORDS, due=date(2026, 6, 1))


def test_consent_is_given_once_by_those_who_are_asked() -> None:
    story = talks().planned("people")
    story.refuses("unknown_party", c.Consent, party_no="P9", agreed=True)
    story.refuses("not_consented", c.TakeUp)
    story = story.consented()
    story.refuses("consent_not_asked", c.Consent, party_no=FIRST, agreed=True)
    story.taken_up().refuses("not_consented", c.TakeUp)


def test_who_is_drawn_in_later_is_asked_as_well_before_anybody_goes_on() -> None:
    story = talks().planned("people").consented()
    story.refuses("party_number_taken", c.AddParty, party=party(OTHER, R))
    drawn_in = story.when(c.AddParty, party=NEWCOMER)
    drawn_in.refuses("not_consented", c.TakeUp)
    drawn_in.refuses("not_consented", c.ReferOutside, system="court", unit_id="court")
    assert drawn_in.when(c.Consent, party_no="P3", agreed=True).taken_up().state.status is MediationStatus.UNDER_WAY
    during = story.taken_up().when(c.AddParty, party=NEWCOMER)
    during.refuses("consent_missing", c.DraftAgreement)
    later = {"starts_at": "2026-03-10T14:00+08:00", "ends_at": "2026-03-10T16:00+08:00", "parties": BOTH}
    during.refuses("consent_missing", c.ScheduleSession, **later)


def test_without_full_capacity_a_guardian_acts() -> None:
    child = party(FIRST, A, capacity=Capacity.NONE)
    story = talks(parties=(child, party(OTHER, R))).planned("people")
    story.refuses("guardian_missing", c.Consent, party_no=FIRST, agreed=True)
    assert story.when(c.Consent, party_no=FIRST, agreed=False).state.status is MediationStatus.REFUSED
    story.refuses("mediator_is_party", c.ChangeParty, party_no=FIRST, guardian="m1")
    story = story.when(c.ChangeParty, party_no=FIRST, guardian="mother").consented().taken_up()
    gone = story.when(c.ChangeParty, party_no=FIRST)
    gone.refuses("guardian_missing", c.DraftAgreement)
    assert story.agreed().state.status is MediationStatus.FULFILLED


@pytest.mark.parametrize(
    ("form", "facts", "parties", "code"),
    [
        ("medical", {"dispute": DisputeType.MEDICAL}, [(A, 6, {})], "too_many_representatives"),
        ("medical", {"dispute": DisputeType.MEDICAL}, [(A, 3, {}), (A, 3, {})], "too_many_representatives"),
        ("medical", {"dispute": DisputeType.MEDICAL}, [(A, 3, {}), (A, 2, {})], None),
        ("medical", {"dispute": DisputeType.MEDICAL}, [(A, 5, {}), (R, 5, {})], None),
        ("people", {}, [(A, 6, {})], None),
        ("people", {}, [(A, 1, {"suspect": True})], None),
        ("police_violation", {"violation": True}, [(A, 1, {"suspect": True})], "suspect_not_represented"),
        ("police_violation", {"violation": True}, [(A, 1, {})], None),
    ],
)
def test_how_far_a_channel_lets_others_speak_for_a_party(
    form: str, facts: dict[str, Any], parties: list[tuple[Side, int, dict[str, Any]]], code: str | None
) -> None:
    taking_part = [
        party(f"P{n}", side, representatives=tuple(f"r{n}-{k}" for k in range(count)), **more)
        for n, (side, count, more) in enumerate(parties, start=1)
    ]
    story = talks(parties=(*taking_part, party("P8", A), party("P9", R)), **facts).planned(form)
    last = {"party_no": f"P{len(parties)}"}
    if code is not None:
        story.refuses(code, c.Consent, **last, agreed=True)
        assert story.when(c.ChangeParty, **last).when(c.Consent, **last, agreed=True).state.tracks[1].consents
    else:
        assert story.consented().state.status is MediationStatus.CONSENTED


def test_a_channel_may_want_the_parties_in_person() -> None:
    policy = talks().state.policy
    row = policy.channels[MediationForm.PEOPLE].model_copy(update={"represented": False})
    alone = policy.model_copy(update={"channels": {**policy.channels, MediationForm.PEOPLE: row}})
    story = talks(policy=alone).planned("people")
    story.refuses("not_represented_here", c.ChangeParty, party_no=FIRST, representatives=("lawyer",))
    story.refuses("not_represented_here", c.AddParty, party=party("P3", A, representatives=("lawyer",)))


def test_mediators_are_chosen_or_proposed_and_tell_their_ties() -> None:
    story = talks().planned(step("people", mediator_id=None)).consented().taken_up()
    assert story.clock(ClockName.MEDIATOR, "K1").is_open
    story.refuses("mediator_is_party", c.NameMediator, mediator_id="person-P2")
    story = story.when(c.NameMediator, mediator_id="m1", chosen=Chosen.BY_THE_PARTIES, ties=WORDS)
    named = story.last(MediatorNamed)
    assert (named.chosen, named.ties, story.clock(ClockName.MEDIATOR, "K1").met_at) == (
        Chosen.BY_THE_PARTIES,
        WORDS,
        story.now,
    )
    story.refuses("mediator_named", c.NameMediator, mediator_id="m1")
    story.refuses("not_the_mediator", c.Disclose, mediator_id="m2", ties=WORDS)
    story = story.when(c.Disclose, mediator_id="m1", ties=WORDS)
    story.refuses("mediator_is_party", c.AddParty, party=party("P3", A, representatives=("m1",)))
    for n in range(2, 6):
        story = story.when(c.NameMediator, mediator_id=f"m{n}")
    story.refuses("too_many_mediators", c.NameMediator, mediator_id="m6")


def test_one_objection_replaces_the_mediator_in_every_channel_of_the_mediation() -> None:
    story = talks().under_way("people")
    story.refuses("not_taking_part", c.ObjectToPerson, party_no=OTHER, person_id="m9")
    story.refuses("unknown_party", c.ObjectToPerson, party_no="P9", person_id="m1")
    story = story.when(c.ObjectToPerson, party_no=OTHER, person_id="m1")
    assert story.last(PersonObjectedTo).party_no == OTHER
    assert (story.clock(ClockName.MEDIATOR, "K1").started_from, story.state.tracks[1].mediators) == ("objected", ())
    later = {"starts_at": "2026-03-10T14:00+08:00", "ends_at": "2026-03-10T16:00+08:00", "parties": BOTH}
    story.refuses("mediator_missing", c.ScheduleSession, **later)
    story.drafted().refuses("mediator_missing", c.Sign, by="mediator", scan="s")
    story.refuses("mediator_objected_to", c.NameMediator, mediator_id="m1")
    story.refuses("mediator_objected_to", c.DecidePlan, tracks=(step("local_worthy"),))
    assert story.when(c.NameMediator, mediator_id="m2").state.tracks[1].mediators == ("m2",)


def test_interpreters_are_recusable_and_nobody_talks_without_one() -> None:
    speaker = party(FIRST, A, language="yi")
    story = talks(parties=(speaker, party(OTHER, R))).under_way("people")
    later = {"starts_at": "2026-03-10T14:00+08:00", "ends_at": "2026-03-10T16:00+08:00", "parties": BOTH}
    story.refuses("interpreter_missing", c.ScheduleSession, **later)
    story.refuses("nobody_speaks_it", c.AppointInterpreter, interpreter_id="i1", language="uighur")
    story.refuses("mediator_is_party", c.AppointInterpreter, interpreter_id="person-P2", language="yi")
    story = story.when(c.AppointInterpreter, interpreter_id="i1", language="yi")
    assert story.when(c.ScheduleSession, **later).state.sessions.keys() == {"S1"}
    story = story.when(c.ObjectToPerson, party_no=OTHER, person_id="i1")
    story.refuses("interpreter_missing", c.ScheduleSession, **later)
    story.refuses("interpreter_objected_to", c.AppointInterpreter, interpreter_id="i1", language="yi")
    assert story.when(c.AppointInterpreter, interpreter_id="i2", language="yi").state.interpreters == {"yi": "i2"}


def test_help_that_is_no_mediation_is_passed_on_if_the_party_agrees() -> None:
    story = talks()
    help_ = {"party_no": FIRST, "support": Support.LEGAL_AID, "unit_id": "legal-aid"}
    story.refuses("support_without_consent", c.ReferSupport, **help_, consented=False)
    story = story.when(c.ReferSupport, **help_, consented=True).when(c.EndMediation, remedy="court")
    story.refuses("unknown_support", c.RecordSupport, support_no="U9", outcome=WORDS)
    story = story.when(c.RecordSupport, support_no="U1", outcome=WORDS)
    story.refuses("support_ended", c.RecordSupport, support_no="U1", outcome=WORDS)
