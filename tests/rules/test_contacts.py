"""The resident calls again about a case that is open: first the units are urged, then supervisors hear of it."""

from tests.rules.case_builder import REQUESTER, WORDS, CaseBuilder, kinds, local, signals
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType


def called_again(case: CaseBuilder) -> CaseBuilder:
    return case.does(c.AddContact, by=REQUESTER, text=WORDS)


def counts(case: CaseBuilder) -> list[int]:
    """Which calls about the case were noted in the last step."""
    return [event.count for event in case.happened if isinstance(event, e.ContactAdded)]


def test_the_second_call_urges_every_unit_at_work(given: CaseBuilder) -> None:
    case = called_again(given.whistled("water", "roads", connected=True).finished(3))
    assert counts(case) == [1]
    assert signals(case.happened) == [("housing", SignalType.URGED), ("water", SignalType.URGED)]


def test_the_third_call_and_every_later_one_reach_the_supervisor(given: CaseBuilder) -> None:
    case = given.whistled(connected=True)
    for count, signal in ((1, SignalType.URGED), (2, SignalType.SUPERVISED), (3, SignalType.SUPERVISED)):
        case = called_again(case)
        assert counts(case) == [count]
        assert signals(case.happened) == [("housing", signal)]
    assert case.state.contacts == 3


def test_a_call_at_night_reaches_the_unit_when_its_offices_open(given: CaseBuilder) -> None:
    case = called_again(given.whistled(connected=True).at("2026-03-02T22:00"))
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    assert [local(getattr(effect, "not_before", None)) for effect in effects] == ["2026-03-03T08:30"]
    assert "effect_lapsed" in kinds(case.finished().happened)


def test_a_call_is_noted_in_every_status_until_the_case_ends_and_moves_no_clock(given: CaseBuilder) -> None:
    for case in (given, given.accepted(), given.whistled(), given.finished(), given.verified()):
        again = called_again(case)
        assert kinds(again.happened) == ["contact_added"]
        assert again.state.clocks == case.state.clocks
    assert given.closed().refusal(c.AddContact, by=REQUESTER, text=WORDS) == "case_ended"


def test_a_unit_that_is_rid_of_its_task_is_not_urged(given: CaseBuilder) -> None:
    case = called_again(given.whistled("water", connected=True).sent_back())
    assert signals(case.happened) == [("water", SignalType.URGED)]


def test_the_calls_are_counted_anew_after_a_reopening(given: CaseBuilder) -> None:
    case = called_again(called_again(given.whistled()).reopened())
    assert counts(case) == [1]
