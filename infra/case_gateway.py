"""Commands into a running case, and its state as the process itself sees it."""

import asyncio
from datetime import timedelta

from sqlalchemy import select
from temporalio.client import (
    Client,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from infra.case_starts import CaseStarts, NotReadyError
from infra.database import Sessions
from infra.directory import UnknownRegionError
from infra.tables import Case
from workflows.contracts.commands import AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import workflow_id
from workflows.contracts.start import Receipt, Submission
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus

_PATIENCE_SECONDS = 10.0
_PATIENCE = timedelta(seconds=_PATIENCE_SECONDS)
_QUERY_PATIENCE = timedelta(seconds=5)


class CaseUnavailable(Exception):  # noqa: N818 - a state of affairs, not a mistake
    """The case's process did not answer in time. A command may still take effect; the same command id tells."""


class CaseGateway:
    """Sends commands as workflow updates and asks for the live state."""

    def __init__(self, client: Client, sessions: Sessions, starts: CaseStarts) -> None:
        self._client = client
        self._sessions = sessions
        self._starts = starts

    async def submit(self, case_no: str, command: AnyCommand) -> Receipt:
        """Has the case apply the command; a case whose workflow is not started yet is started first.

        Raises:
            RuleViolation: if a rule forbids it.
            CaseUnavailable: if the process does not answer within ten seconds.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._started_and_updated(case_no, command)
        except (
            TimeoutError,
            RPCError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
            NotReadyError,
            UnknownRegionError,
            RuntimeError,
        ) as error:
            # A lazy client that cannot connect has nothing better than a RuntimeError to say so.
            raise CaseUnavailable(type(error).__name__) from error

    async def live(self, case_no: str) -> CaseState:
        """The state that the process holds now.

        Raises:
            CaseUnavailable: if there is no answer within five seconds, or no workflow.
        """
        handle = self._client.get_workflow_handle(workflow_id(case_no))
        try:
            state: CaseState = await handle.query("state", result_type=CaseState, rpc_timeout=_QUERY_PATIENCE)
        except (RPCError, WorkflowQueryFailedError, RuntimeError) as error:
            raise CaseUnavailable(type(error).__name__) from error
        return state

    async def _started_and_updated(self, case_no: str, command: AnyCommand) -> Receipt:
        try:
            return await self._update(case_no, command)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        await self._start_or_explain(case_no)
        return await self._update(case_no, command)

    async def _update(self, case_no: str, command: AnyCommand) -> Receipt:
        handle = self._client.get_workflow_handle(workflow_id(case_no))
        try:
            receipt: Receipt = await handle.execute_update(
                "submit",
                Submission(command=command),
                id=command.command_id,
                result_type=Receipt,
                rpc_timeout=_PATIENCE,
            )
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            if isinstance(cause, ApplicationError) and cause.non_retryable and cause.type is not None:
                raise RuleViolation(cause.type, cause.message) from None
            # Any other failure is a fault of ours, or a command that the worker's version does not know.
            raise CaseUnavailable(cause.type if isinstance(cause, ApplicationError) else None) from None
        return receipt

    async def _start_or_explain(self, case_no: str) -> None:
        async with self._sessions() as session:
            status = await session.scalar(select(Case.status).where(Case.case_no == case_no))
        if status == CaseStatus.ARCHIVED:
            raise RuleViolation("case_archived", "an archived case is final")
        # Does nothing if the relay was faster just now.
        await self._starts.start(case_no)
