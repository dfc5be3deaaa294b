"""What a case wants done in the world. An effect is part of the state until its outcome is known."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from workflows.contracts.commands import CommandMessage
from workflows.contracts.mediation.commands import MediationCommandMessage
from workflows.contracts.mediation.opening import MediationOpening
from workflows.contracts.mediation.vocabulary import Outside, OutsideAsk
from workflows.contracts.model import Frozen


class SignalType(StrEnum):
    """The types of the task signal that a department's system receives."""

    DISPATCHED = "task.dispatched"
    CHANGED = "task.changed"
    CANCELLED = "task.cancelled"
    URGED = "task.urged"
    SUPERVISED = "task.supervised"


class DeliverTask(Frozen):
    """A task signal to the unit's own system; one that is a notice about a clock waits until its offices are open."""

    kind: Literal["deliver_task"] = "deliver_task"
    id: str
    task_no: str
    unit_id: str
    signal: SignalType
    clock_id: str | None = None
    not_before: datetime | None = None


class SendCommand(Frozen):
    """A command to another case; its `command_id` is `{case_no}/{seq}` of the event that asked for it."""

    kind: Literal["send_command"] = "send_command"
    id: str
    to_case_no: str
    command: CommandMessage


class StartMediation(Frozen):
    """A mediation begins as a process of its own; without an `opening` where its records end."""

    kind: Literal["start_mediation"] = "start_mediation"
    id: str
    mediation_no: str
    opening: MediationOpening | None = None


class TellMediation(Frozen):
    """A command to a mediation of this case; its `command_id` is `{case_no}/{seq}` of the event that asked for it."""

    kind: Literal["tell_mediation"] = "tell_mediation"
    id: str
    mediation_no: str
    command: MediationCommandMessage


class AskOutside(Frozen):
    """Another authority's system is asked to take a dispute over, or to decide about an agreement."""

    kind: Literal["ask_outside"] = "ask_outside"
    id: str
    mediation_no: str
    system: Outside
    ask: OutsideAsk
    unit_id: str


Effect: TypeAlias = Annotated[
    DeliverTask | SendCommand | StartMediation | TellMediation | AskOutside, Field(discriminator="kind")
]


class EffectStatus(StrEnum):
    """Lapsed is a notice whose reason was gone before it was sent. A case keeps the pending and the failed only."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    LAPSED = "lapsed"


class EffectState(Frozen):
    """An effect and how far it got; `code` is the class of the failure, never its wording."""

    effect: Effect
    status: EffectStatus = EffectStatus.PENDING
    requested_at: datetime
    attempts: int = 0
    code: str | None = None

    def waits(self, now: datetime) -> datetime | None:
        """The moment before which it is not carried out; None if that may be done now."""
        not_before = self.effect.not_before if isinstance(self.effect, DeliverTask) else None
        return not_before if not_before is not None and not_before > now else None
