"""The pause ledger counts local dates, each once."""

from datetime import timedelta

from api.time_ledger import pause_ledger
from tests.rules.calendar_2026 import at
from tests.rules.case_builder import registered
from workflows.contracts.state import CaseState, Suspension
from workflows.contracts.vocabulary import PauseGround


def _suspended(*spans: tuple[str, str, str | None]) -> CaseState:
    suspensions = tuple(
        Suspension(
            ground=PauseGround.HEARING,
            since=at(since),
            until=at(until),
            clock_ids=("citizen",),
            resumed_at=at(resumed) if resumed else None,
        )
        for since, until, resumed in spans
    )
    return registered().state.model_copy(update={"suspensions": suspensions})


def test_a_date_that_two_suspensions_touch_counts_once_in_the_total() -> None:
    ledger = pause_ledger(
        _suspended(
            ("2026-03-02T10:00", "2026-03-20T00:00", "2026-03-04T09:00"),
            ("2026-03-04T15:00", "2026-03-20T00:00", "2026-03-05T12:00"),
        )
    )
    assert [entry.days for entry in ledger.entries] == [3, 2]
    assert ledger.total_days == 4


def test_a_suspension_in_force_counts_up_to_its_latest_end_as_the_due_dates_do() -> None:
    (entry,) = pause_ledger(_suspended(("2026-03-02T10:00", "2026-03-05T00:00", None))).entries
    assert (entry.days, entry.resumed_at) == (3, None)


def test_one_that_was_resumed_at_once_touches_no_date() -> None:
    ledger = pause_ledger(_suspended(("2026-03-02T10:00", "2026-03-05T00:00", "2026-03-02T10:00")))
    assert (ledger.entries[0].days, ledger.total_days) == (0, 0)


def test_one_that_ended_by_itself_ends_with_its_latest_date() -> None:
    state = _suspended(("2026-03-02T10:00", "2026-03-05T00:00", "2026-03-05T00:00"))
    late = state.suspensions[0].model_copy(update={"resumed_at": state.suspensions[0].until + timedelta(hours=9)})
    assert pause_ledger(state).total_days == 3
    assert pause_ledger(state.model_copy(update={"suspensions": (late,)})).total_days == 3
