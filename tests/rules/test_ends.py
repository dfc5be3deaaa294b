"""The end of a case, its archive, and who owes the next step until then."""

import pytest

from tests.rules.case_builder import OPERATOR, POLICY, WORDS, CaseBuilder, kinds, local, registered
from workflows.contracts import commands as c
from workflows.contracts.commands import AnyCommand
from workflows.contracts.state import Owner
from workflows.contracts.vocabulary import CallbackOutcome, CaseStatus, DeclineGround, Level, OwnerRole
from workflows.rules.evolve import evolve, fold
from workflows.rules.ladder import earliest
from workflows.rules.ownership import owner
from workflows.rules.version import RULES_VERSION

BEFORE, ARCHIVED_AT = "2026-08-31T23:59", "2026-09-01T00:00"


def owes(case: CaseBuilder) -> tuple[OwnerRole, str]:
    """In which capacity, and which centre or unit."""
    owing = owner(case.state)
    assert owing is not None
    return owing.role, owing.unit_id


def test_a_case_is_archived_by_its_clock_and_by_nothing_else(given: CaseBuilder) -> None:
    closed = given.closed()
    assert local(closed.clock("archive_after").due_at) == "2026-09-01T00:00"
    assert closed.at(BEFORE).state.status is CaseStatus.CLOSED
    archived = closed.at(ARCHIVED_AT)
    assert kinds(archived.happened) == ["clock_met", "case_archived"]
    assert archived.state.status is CaseStatus.ARCHIVED
    assert archived.state.outcome is CaseStatus.CLOSED


def test_the_archive_clock_has_no_ladder(given: CaseBuilder) -> None:
    assert given.closed().at(BEFORE).happened == []


def test_every_end_is_archived_and_remembers_how_it_ended(given: CaseBuilder) -> None:
    ends = {
        CaseStatus.CLOSED: given.closed(),
        CaseStatus.DECLINED: given.does(c.Decline, ground=DeclineGround.EMERGENCY_LINE, route=WORDS),
        CaseStatus.WITHDRAWN: given.does(c.Withdraw, reason=WORDS),
    }
    for end, case in ends.items():
        assert case.state.status is end
        assert case.at("2026-10-01T09:00").state.outcome is end


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Accept, {}),
        (c.Urge, {"note": WORDS}),
        (c.Rate, {"rating": "satisfied"}),
        (c.Callback, {"outcome": CallbackOutcome.REACHED}),
        (c.Renew, {}),
        (c.SkipEffect, {"effect_id": "e1", "reason": WORDS}),
    ],
)
def test_an_archived_case_is_final(given: CaseBuilder, kind: type[AnyCommand], fields: dict[str, str]) -> None:
    closed = given.closed()
    assert closed.at(ARCHIVED_AT).refusal(kind, **fields) == "case_archived"
    assert closed.at(ARCHIVED_AT, outage=True).refusal(kind, **fields) == "case_archived"


def test_an_archived_case_has_neither_clock_nor_owner(given: CaseBuilder) -> None:
    archived = given.closed().at(ARCHIVED_AT)
    assert earliest(archived.state) is None
    assert owner(archived.state) is None
    assert archived.at("2030-01-01T00:00").happened == []


def test_until_it_is_accepted_and_dispatched_the_dispatcher_of_the_centre_owes_the_next_step(
    given: CaseBuilder,
) -> None:
    assert owes(given) == owes(given.accepted()) == (OwnerRole.DISPATCHER, "centre-village")


def test_while_units_work_the_lead_owes_it_and_after_the_lead_a_co_unit(given: CaseBuilder) -> None:
    case = given.whistled("water", "roads")
    assert owes(case) == owes(case.reported_in(2)) == (OwnerRole.LEAD_UNIT, "housing")
    assert owes(case.finished(1)) == (OwnerRole.CO_UNIT, "water")
    assert owes(case.finished(1).finished(2)) == (OwnerRole.CO_UNIT, "roads")


def test_a_result_is_owed_its_verification_then_its_callback_then_the_leaders_archive(given: CaseBuilder) -> None:
    assert owes(given.finished()) == (OwnerRole.VERIFIER, "centre-village")
    assert owes(given.verified()) == (OwnerRole.CALLBACK_DESK, "centre-village")
    assert owes(given.closed()) == (OwnerRole.LEADER, "centre-village")


def test_after_rework_the_lead_owes_it_again(given: CaseBuilder) -> None:
    assert owes(given.verified(passed=False)) == (OwnerRole.LEAD_UNIT, "housing")


def test_the_policy_says_in_which_capacity_the_next_step_is_owed() -> None:
    owners = {
        CaseStatus.ACCEPTED: OwnerRole.LEADER,
        CaseStatus.FINISHED: OwnerRole.CALLBACK_DESK,
        CaseStatus.DISPATCHED: OwnerRole.DISPATCHER,
    }
    case = registered(policy=POLICY.model_copy(update={"owners": owners}))
    assert owes(case.accepted()) == (OwnerRole.LEADER, "centre-village")
    assert owes(case.whistled()) == (OwnerRole.DISPATCHER, "centre-village")
    assert owes(case.finished()) == (OwnerRole.CALLBACK_DESK, "centre-village")


def test_where_a_policy_names_nobody_the_usual_owner_owes_it() -> None:
    case = registered(policy=POLICY.model_copy(update={"owners": {}}))
    assert owes(case) == (OwnerRole.DISPATCHER, "centre-village")
    assert owes(case.whistled()) == (OwnerRole.LEAD_UNIT, "housing")
    assert owes(case.verified()) == (OwnerRole.CALLBACK_DESK, "centre-village")


def test_with_another_policy_somebody_else_owes_the_next_step(given: CaseBuilder) -> None:
    other = POLICY.model_copy(update={"version": 2, "owners": {CaseStatus.REGISTERED: OwnerRole.LEADER}})
    assert owes(given.does(c.AdoptPolicy, policy=other)) == (OwnerRole.LEADER, "centre-village")


def test_an_escalated_case_is_owed_by_the_centre_of_the_higher_level(given: CaseBuilder) -> None:
    assert owes(given.does(c.Escalate, reason=WORDS)) == (OwnerRole.DISPATCHER, "centre-township")
    assert owner(registered(level=Level.CITY).state) == Owner(role=OwnerRole.DISPATCHER, unit_id="centre-city")


def test_renewal_is_asked_once_and_done_by_the_next_run(given: CaseBuilder) -> None:
    asked = given.does(c.Renew, by=OPERATOR)
    assert asked.state.renewal_asked
    renewed = asked.in_a_new_run()
    assert kinds(renewed.happened) == ["rules_renewed"]
    assert not renewed.state.renewal_asked
    assert renewed.in_a_new_run().happened == []


def test_a_new_run_takes_the_present_rules(given: CaseBuilder) -> None:
    old = CaseBuilder(given.now, given.state.model_copy(update={"rules_version": 0}), given.events, ())
    assert old.in_a_new_run().state.rules_version == RULES_VERSION


def test_a_case_is_its_events_folded(given: CaseBuilder) -> None:
    case = given.verified(passed=False).at("2026-04-01T09:00").finished().verified().called()
    assert fold(case.events) == case.state


def test_events_are_folded_in_their_order_and_from_the_first(given: CaseBuilder) -> None:
    with pytest.raises(ValueError, match="does not follow"):
        evolve(given.state, given.accepted().events[-1])
    with pytest.raises(ValueError, match="does not follow"):
        fold(given.events[1:])
    with pytest.raises(ValueError, match="begins with"):
        fold([])
