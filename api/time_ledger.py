"""What people asked and allowed about a case's time: the pause ledger, and requests for more that are undecided."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from workflows.contracts.clocks import Pause
from workflows.contracts.state import CaseState, Suspension
from workflows.contracts.vocabulary import PauseGround, Role
from workflows.rules.clock_starts import policy_of
from workflows.rules.limits import in_order, paused_dates


class PauseEntry(BaseModel):
    """A suspension: `clocks` (their ids) stood still in [since, until), or until `resumed_at` if that is given.

    `days` are the local dates that it touches, which no day limit counts; of one in force all of them up to its latest
    end, as in the due dates shown beside it.
    """

    ground: PauseGround
    since: datetime
    until: datetime
    resumed_at: datetime | None
    clocks: list[str]
    days: int


class PauseLedger(BaseModel):
    """Every suspension in order; `total_days` counts a date that two of them touch once."""

    entries: list[PauseEntry] = Field(default_factory=list)
    total_days: int = 0


class ExtensionRequestView(BaseModel):
    """More time that a unit asked for; `until` is a local date before rolling, `due_at` when `approver` must decide."""

    task_no: str
    clock_id: str
    until: date
    asked_at: datetime
    due_at: datetime | None
    approver: Role | None


def pause_ledger(state: CaseState) -> PauseLedger:
    """The suspensions of a case with their dates."""
    dates = [_dates(suspension) for suspension in state.suspensions]
    return PauseLedger(
        entries=[
            PauseEntry(
                ground=suspension.ground,
                since=suspension.since,
                until=suspension.until,
                resumed_at=suspension.resumed_at,
                clocks=list(suspension.clock_ids),
                days=len(touched),
            )
            for suspension, touched in zip(state.suspensions, dates, strict=True)
        ],
        total_days=len(frozenset().union(*dates)),
    )


def extension_requests(state: CaseState) -> list[ExtensionRequestView]:
    """The requests without a decision, the oldest first."""
    views = []
    # A state that was stored has lost its own order.
    for task_no, request in sorted(state.extension_requests.items(), key=lambda entry: entry[1].asked_at):
        policy = policy_of(state, state.clocks[request.clock_id])
        decision = state.clocks.get(request.decision_clock)
        views.append(
            ExtensionRequestView(
                task_no=task_no,
                clock_id=request.clock_id,
                until=request.until,
                asked_at=request.asked_at,
                due_at=decision.due_at if decision else None,
                approver=policy.extension.approver if policy and policy.extension else None,
            )
        )
    return views


def _dates(suspension: Suspension) -> frozenset[date]:
    ended = min(suspension.until, suspension.resumed_at or suspension.until)
    return paused_dates(in_order([Pause(since=suspension.since, until=ended)]))
