"""What goes into a case's workflow and what comes back out of it."""

from datetime import datetime, timedelta

from workflows.contracts.actors import Actor
from workflows.contracts.commands import CommandMessage
from workflows.contracts.effects import Effect
from workflows.contracts.events import CaseRegistered, Recorded
from workflows.contracts.model import Frozen
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus


class Registration(Frozen):
    """A matter on its way in: who reported it and when (UTC), and everything that will apply to it."""

    at: datetime
    actor: Actor
    event: CaseRegistered


class StartCase(Frozen):
    """The input of a run: the first begins with the registration, every later one with the whole state.

    `time_shift` moves the process's one clock, for rehearsals and tests. `rules_version` is what a later run takes,
    chosen by the run before it, so that a replay takes the same.
    """

    begins_with: Registration | CaseState
    time_shift: timedelta = timedelta(0)
    rules_version: int = 1


class Submission(Frozen):
    """A command on its way into a case."""

    command: CommandMessage


class Receipt(Frozen):
    """A command was applied; its last event has this seq."""

    seq: int


class EventBatch(Frozen):
    """Consecutive events of one case, to be recorded together or not at all."""

    case_no: str
    events: tuple[Recorded, ...]


class EffectOrder(Frozen):
    """An effect to be carried out for a case."""

    case_no: str
    effect: Effect


class CaseOutcome(Frozen):
    """How an archived case ended."""

    case_no: str
    status: CaseStatus
    seq: int
