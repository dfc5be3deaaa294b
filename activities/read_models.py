"""What the read models of cases and of mediations have in common."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.tables import EffectRow
from workflows.contracts import effect_events as e
from workflows.contracts import time_events as t
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import AskOutside, DeliverTask, EffectStatus
from workflows.contracts.mediation.events import MediationClockStarted
from workflows.contracts.model import Frozen
from workflows.contracts.recorded import RecordedEvent
from workflows.contracts.vocabulary import Rung

CLOCK_CHANGES = ("met_at", "breached_at", "stopped_at", "due_at")
"""What changes in the row of a clock."""


def slim(state: Frozen) -> dict[str, Any]:
    """The state without the fields that are as by default: it is written and read with every step."""
    fields = type(state).model_fields.items()
    optional = {name: field.get_default(call_default_factory=True) for name, field in fields if not field.is_required()}
    usual = {name for name, default in optional.items() if getattr(state, name) == default}
    return state.model_dump(mode="json", exclude=usual)


def dues(clocks: Iterable[Clock]) -> dict[str, Any]:
    """What lists show and sort by: the earliest due time of the open clocks, how sure and how near it is."""
    running = [clock for clock in clocks if clock.is_open]
    due_at = min((clock.due_at for clock in running), default=None)
    return {
        "due_at": due_at,
        "due_provisional": any(clock.provisional for clock in running if clock.due_at == due_at),
        "due_soon": any(clock.rung is Rung.DUE_SOON for clock in running),
        "overdue": any(clock.breached_at is not None for clock in running),
    }


def touched(clocks: Mapping[str, Clock], fresh: Iterable[RecordedEvent]) -> list[Clock]:
    """The clocks that these events started or changed."""
    ids = set()
    for record in fresh:
        match record.event:
            case t.ClockStarted(clock=clock) | MediationClockStarted(clock=clock):
                ids.add(clock.id)
            case (
                t.ClockMet(clock_id=clock_id)
                | t.ClockStopped(clock_id=clock_id)
                | t.ClockResumed(clock_id=clock_id)
                | t.ClockMoved(clock_id=clock_id)
                | t.RungReached(clock_id=clock_id)
                | t.BreachWithdrawn(clock_id=clock_id)
            ):
                ids.add(clock_id)
            case _:
                pass
    return [clocks[clock_id] for clock_id in sorted(ids)]


def clock_columns(clock: Clock) -> dict[str, Any]:
    """The row of a clock, whichever process it belongs to."""
    names = ("started_at", "due_at", "met_at", "breached_at", "stopped_at")
    columns = {name: getattr(clock, name) for name in names}
    return {"clock_id": clock.id, "name": clock.name.value, "level": clock.level.value, **columns}


async def record_effects(
    connection: AsyncConnection, case_no: str, fresh: Sequence[RecordedEvent], *, mediation_no: str | None = None
) -> None:
    """Notes what these events say of effects, so that operators find those that failed."""
    for record in fresh:
        match record.event:
            case e.EffectRequested(effect=effect):
                about: dict[str, Any] = {"kind": effect.kind, "requested_at": record.at}
                if isinstance(effect, DeliverTask):
                    about |= {"task_no": effect.task_no, "unit_id": effect.unit_id}
                elif isinstance(effect, AskOutside):
                    about |= {"unit_id": effect.unit_id}
                of = {"effect_id": effect.id, "case_no": case_no, "mediation_no": mediation_no}
                await connection.execute(insert(EffectRow).values(status=EffectStatus.PENDING.value, **of, **about))
            case e.EffectDone(effect_id=effect_id):
                await _became(connection, effect_id, EffectStatus.DONE, ended_at=record.at)
            case e.EffectFailed(effect_id=effect_id, code=code):
                await _became(connection, effect_id, EffectStatus.FAILED, code=code, ended_at=record.at)
            case e.EffectRetried(effect_id=effect_id):
                await _became(connection, effect_id, EffectStatus.PENDING, ended_at=None)
            case e.EffectSkipped(effect_id=effect_id):
                await _became(connection, effect_id, EffectStatus.SKIPPED, ended_at=record.at)
            case e.EffectLapsed(effect_id=effect_id):
                await _became(connection, effect_id, EffectStatus.LAPSED, ended_at=record.at)
            case _:
                pass


async def _became(
    connection: AsyncConnection,
    effect_id: str,
    status: EffectStatus,
    *,
    ended_at: datetime | None,
    code: str | None = None,
) -> None:
    changed = update(EffectRow).where(EffectRow.effect_id == effect_id)
    await connection.execute(changed.values(status=status.value, code=code, ended_at=ended_at))
