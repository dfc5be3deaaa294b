"""What every command has, and how units and those whom a matter is about are named."""

from datetime import datetime

from workflows.contracts.actors import Actor
from workflows.contracts.clocks import OfficeHours
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import SubjectType, UnitKind


class UnitRef(Frozen):
    """A unit as the directory knows it when the command is given; `connected` if its own system takes task signals.

    `office` are its own opening hours, None if it keeps the city's.
    """

    unit_id: str
    kind: UnitKind
    connected: bool = False
    office: OfficeHours | None = None


class Command(Frozen):
    """The part that every command has.

    `command_id` makes a repetition harmless; `received_at` is when the request was wholly received (UTC), which is
    what limits are measured against.
    """

    command_id: str
    actor: Actor
    received_at: datetime | None = None


class TaskCommand(Command):
    """A command about one task of the case."""

    task_no: str


class Subject(Frozen):
    """Whom a matter is about, by id; persons and companies that are not in the directory have none."""

    type: SubjectType
    id: str | None = None
