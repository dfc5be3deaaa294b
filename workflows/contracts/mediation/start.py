"""What goes into a mediation's workflow and what comes back out of it."""

from datetime import timedelta

from workflows.contracts.mediation.commands import MediationCommandMessage
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.opening import MediationOpening
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.model import Frozen


class StartMediationRun(Frozen):
    """The input of a run: the first begins with the opening, a later or a rebuilt one with the whole state."""

    begins_with: MediationOpening | MediationState
    time_shift: timedelta = timedelta(0)
    rules_version: int = 1


class MediationSubmission(Frozen):
    """A command on its way into a mediation."""

    command: MediationCommandMessage


class MediationBatch(Frozen):
    """Consecutive events of one mediation, to be recorded together or not at all."""

    mediation_no: str
    events: tuple[MediationRecorded, ...]


class MediationOutcome(Frozen):
    """How a mediation ended."""

    mediation_no: str
    status: MediationStatus
    seq: int
