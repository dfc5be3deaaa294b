"""An event in its place: what a case and a mediation record alike."""

from datetime import datetime
from typing import Any

from workflows.contracts.actors import Actor
from workflows.contracts.model import Frozen


class RecordedEvent(Frozen):
    """The seq-th event of its process, counted from 1 without gaps; each process narrows `event` to its own.

    `at` is when it counts (a due time, or when the request was received), `recorded_at` when the process noted it.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: str | None = None
    event: Any
