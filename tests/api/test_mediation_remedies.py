"""Where a notice says that the parties can go, and until when."""

from datetime import UTC, date, datetime

from api.mediation_remedies import periods, routes
from tests.rules.mediation.talks import OTHER, WORDS, step, talks
from workflows.contracts.limitation import Limitation, LimitationKind
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation.vocabulary import DisputeType, Remedy

APPLIED = datetime(2026, 1, 8, 2, tzinfo=UTC)


def test_a_period_that_mediation_interrupts_begins_anew_with_its_end_and_others_run_on() -> None:
    state = talks("2026-01-08T09:00", dispute=DisputeType.WAGES, wages=True).planned("labour").state
    known = [
        Limitation(kind=LimitationKind.LABOUR, began_on=date(2025, 6, 30), interrupted_at=APPLIED),
        Limitation(kind=LimitationKind.RECONSIDERATION, began_on=date(2026, 1, 5)),
    ]
    labour, reconsideration = periods(state, known, date(2026, 1, 23))
    # A Saturday and a Sunday: the last day rolls to the Monday.
    assert labour.until == date(2027, 1, 25)
    assert "重新计算" in labour.effect
    assert reconsideration.until == date(2026, 3, 6)
    assert "一直在计算" in reconsideration.effect
    ways = routes(state, known, state.tracks[1], date(2026, 1, 23), {})
    assert [(way.remedy, way.until) for way in ways] == [
        (Remedy.ARBITRATION, date(2027, 1, 25)),
        (Remedy.PAYMENT_ORDER, None),
    ]


def test_after_an_agreement_there_are_ways_once_a_promise_is_broken() -> None:
    owed = c.Promise(promisor=OTHER, to="P1", what=WORDS, due=date(2026, 10, 30))
    agreed = talks("2026-09-01T09:00").under_way("people").at("2026-09-02T10:00").agreed(owed)
    assert routes(agreed.state, (), agreed.state.tracks[1], date(2026, 9, 2), {}) == []
    broken = agreed.at("2026-11-01T09:00").state
    ways = routes(broken, (), broken.tracks[1], date(2026, 11, 1), {})
    assert [way.remedy for way in ways] == [Remedy.ENFORCEMENT, Remedy.COURT]


def test_the_centres_of_the_case_are_named_where_they_take_it_further() -> None:
    state = talks().planned(step("people")).state
    ways = routes(state, (), state.tracks[1], date(2026, 3, 2), {"centre-township": "镇中心"})
    assert [(way.remedy, way.where) for way in ways if way.where] == [(Remedy.OTHER_CHANNEL, "镇中心")]
