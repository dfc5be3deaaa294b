"""What a case wants done in the world is part of its state until the outcome is known."""

import pytest

from tests.rules.case_builder import CASE_NO, OPERATOR, WORDS, CaseBuilder, kinds
from workflows.contracts import commands as c
from workflows.contracts.commands import AnyCommand
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.ladder import earliest


@pytest.fixture
def signalled(given: CaseBuilder) -> CaseBuilder:
    """Whistled with a task signal on its way to the lead unit's own system."""
    return given.whistled(connected=True, preset="emergency")


@pytest.fixture
def failed(signalled: CaseBuilder) -> CaseBuilder:
    """The unit's system refused it."""
    (effect_id,) = signalled.state.effects
    return signalled.with_effect_ended(effect_id, "refused")


def the_effect(case: CaseBuilder) -> str:
    (effect_id,) = case.state.effects
    return effect_id


def test_an_effect_is_named_after_the_event_that_asked_for_it(signalled: CaseBuilder) -> None:
    record = next(record for record in signalled.news if record.event.kind == "effect_requested")
    assert the_effect(signalled) == f"{CASE_NO}-E{record.seq}"
    assert [effect.effect.id for effect in signalled.state.pending_effects] == [the_effect(signalled)]


def test_an_effect_that_was_done_is_forgotten(signalled: CaseBuilder) -> None:
    case = signalled.with_effect_ended(the_effect(signalled))
    assert kinds(case.happened) == ["effect_done"]
    assert case.state.effects == {}
    assert not case.state.needs_operator


def test_an_effect_that_failed_for_good_needs_an_operator_and_fails_no_case(failed: CaseBuilder) -> None:
    assert failed.state.needs_operator
    assert failed.state.effects[the_effect(failed)].code == "refused"
    assert failed.state.pending_effects == []
    assert failed.state.status is CaseStatus.DISPATCHED
    assert "citizen" in failed.armed
    assert earliest(failed.state) is not None
    assert failed.finished().state.status is CaseStatus.FINISHED


def test_a_retried_effect_is_pending_again_under_the_same_id(failed: CaseBuilder) -> None:
    case = failed.does(c.RetryEffect, by=OPERATOR, effect_id=the_effect(failed))
    assert [effect.effect.id for effect in case.state.pending_effects] == [the_effect(failed)]
    assert not case.state.needs_operator
    again = case.with_effect_ended(the_effect(case), "timeout")
    assert (again.state.effects[the_effect(again)].attempts, again.state.needs_operator) == (2, True)
    assert case.with_effect_ended(the_effect(case)).state.effects == {}


def test_a_skipped_effect_needs_nobody_any_more(failed: CaseBuilder) -> None:
    case = failed.does(c.SkipEffect, by=OPERATOR, effect_id=the_effect(failed), reason=WORDS)
    assert case.state.effects == {}
    assert not case.state.needs_operator


@pytest.mark.parametrize(("kind", "fields"), [(c.RetryEffect, {}), (c.SkipEffect, {"reason": WORDS})])
def test_only_an_effect_that_failed_waits_for_an_operator(
    signalled: CaseBuilder, kind: type[AnyCommand], fields: dict[str, str]
) -> None:
    assert signalled.refusal(kind, by=OPERATOR, effect_id=the_effect(signalled), **fields) == "effect_not_failed"
    assert signalled.refusal(kind, by=OPERATOR, effect_id="no-such-effect", **fields) == "effect_not_failed"


def test_an_outcome_of_an_effect_that_the_case_no_longer_knows_is_nothing(signalled: CaseBuilder) -> None:
    done = signalled.with_effect_ended(the_effect(signalled))
    assert done.with_effect_ended(the_effect(signalled), "timeout").happened == []
