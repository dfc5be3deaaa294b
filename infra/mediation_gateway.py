"""Commands into a running mediation, and its state as the process itself sees it."""

import asyncio

from sqlalchemy import select
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from infra.case_gateway import PATIENCE_SECONDS, SILENT, asked, unavailable_at, updated
from infra.database import Sessions
from infra.mediation_tables import Mediation
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import mediation_workflow_id
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.start import MediationSubmission
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS
from workflows.contracts.start import Receipt

MEDIATION_OVER = "mediation_over"
"""The rule's code once a mediation has ended: its process may still run, to say what is left to say."""


class MediationGateway:
    """Sends commands as workflow updates and asks for the live state. Its case starts a mediation, nobody else."""

    def __init__(self, client: Client, sessions: Sessions) -> None:
        self._client = client
        self._sessions = sessions

    async def submit(self, mediation_no: str, command: AnyMediationCommand) -> Receipt:
        """Has the mediation apply the command.

        Raises:
            RuleViolation: if a rule forbids it, `mediation_over` among them.
            CaseUnavailable: if the process does not answer within ten seconds, or is lost.
        """
        with unavailable_at(*SILENT):
            async with asyncio.timeout(PATIENCE_SECONDS):
                try:
                    submission = MediationSubmission(command=command)
                    return await updated(
                        self._client, mediation_workflow_id(mediation_no), submission, command.command_id
                    )
                except RPCError as error:
                    if error.status is RPCStatusCode.NOT_FOUND and await self._has_ended(mediation_no):
                        raise RuleViolation(MEDIATION_OVER, "the mediation has ended") from None
                    raise

    async def live(self, mediation_no: str) -> MediationState:
        """The state that the process holds now.

        Raises:
            CaseUnavailable: if there is no answer within five seconds, or no workflow.
        """
        return await asked(self._client, mediation_workflow_id(mediation_no), MediationState)

    async def _has_ended(self, mediation_no: str) -> bool:
        status = select(Mediation.status).where(Mediation.mediation_no == mediation_no)
        async with self._sessions() as session:
            return await session.scalar(status) in MEDIATION_ENDS
