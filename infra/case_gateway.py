"""Commands into a running case, and its state as the process itself sees it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import select
from temporalio.client import (
    Client,
    WorkflowHandle,
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
from workflows.contracts.model import Frozen
from workflows.contracts.start import Receipt, Submission
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus

S = TypeVar("S", bound=Frozen)

PATIENCE_SECONDS = 10.0
_PATIENCE = timedelta(seconds=PATIENCE_SECONDS)
_QUERY_PATIENCE = timedelta(seconds=5)


class CaseUnavailable(Exception):  # noqa: N818 - a state of affairs, not a mistake
    """The process of the case or of its mediation did not answer in time.

    A command may still take effect; the same command id tells.
    """


SILENT = (TimeoutError, RPCError, WorkflowUpdateRPCTimeoutOrCancelledError, RuntimeError)
"""No answer. A lazy client that cannot connect has nothing better than a RuntimeError to say so."""


@contextmanager
def unavailable_at(*errors: type[Exception]) -> Iterator[None]:
    """Turns these into `CaseUnavailable`."""
    try:
        yield
    except errors as error:
        raise CaseUnavailable(type(error).__name__) from error


async def updated(client: Client, process: str, submission: Frozen, command_id: str) -> Receipt:
    """Has the workflow of that id take a submission, once by the command's id.

    Raises:
        RuleViolation: if a rule forbids it.
        CaseUnavailable: if the workflow cannot take it.
        RPCError: if there is no such workflow, or no answer.
    """
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(process)
    try:
        receipt: Receipt = await handle.execute_update(
            "submit", submission, id=command_id, result_type=Receipt, rpc_timeout=_PATIENCE
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.non_retryable and cause.type is not None:
            raise RuleViolation(cause.type, cause.message) from None
        # Any other failure is a fault of ours, or a command that the worker's version does not know.
        raise CaseUnavailable(cause.type if isinstance(cause, ApplicationError) else None) from None
    return receipt


async def asked(client: Client, process: str, state: type[S]) -> S:
    """The state that the workflow of that id holds now.

    Raises:
        CaseUnavailable: if there is no answer within five seconds, or no workflow.
    """
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(process)
    with unavailable_at(RPCError, WorkflowQueryFailedError, RuntimeError):
        held: S = await handle.query("state", result_type=state, rpc_timeout=_QUERY_PATIENCE)
        return held


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
        with unavailable_at(*SILENT, NotReadyError, UnknownRegionError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._started_and_updated(case_no, command)

    async def live(self, case_no: str) -> CaseState:
        """The state that the process holds now.

        Raises:
            CaseUnavailable: if there is no answer within five seconds, or no workflow.
        """
        return await asked(self._client, workflow_id(case_no), CaseState)

    async def _started_and_updated(self, case_no: str, command: AnyCommand) -> Receipt:
        try:
            return await self._update(case_no, command)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        await self._start_or_explain(case_no)
        return await self._update(case_no, command)

    async def _update(self, case_no: str, command: AnyCommand) -> Receipt:
        return await updated(self._client, workflow_id(case_no), Submission(command=command), command.command_id)

    async def _start_or_explain(self, case_no: str) -> None:
        async with self._sessions() as session:
            status = await session.scalar(select(Case.status).where(Case.case_no == case_no))
        if status == CaseStatus.ARCHIVED:
            raise RuleViolation("case_archived", "an archived case is final")
        # Does nothing if the relay was faster just now.
        await self._starts.start(case_no)
