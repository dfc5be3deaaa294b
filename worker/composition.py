"""The workers of an installation, put together in one place for the command and for tests alike."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import httpx
from temporalio.client import Client
from temporalio.worker import Interceptor, Worker

from activities.batches import Batches
from activities.commands import CaseCommands, MediationCommands
from activities.departments import Departments
from activities.failures import CodesOnly
from activities.mediation_records import MediationRecords
from activities.notices import Notices
from activities.outside import OutsideSystems
from activities.records import Records
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.mediation_gateway import MediationGateway
from infra.notices.letters import LetterWriter
from infra.temporal import workflow_runner
from workflows.batch import BatchWorkflow
from workflows.case import CaseWorkflow
from workflows.contracts.queues import BATCHES, CASES, DEPARTMENTS
from workflows.mediation import MediationWorkflow

_GRACE = timedelta(seconds=10)
_RECORDS_AT_ONCE = 8
"""Each holds a database connection; together with the relay they must find one without queueing for long."""
_STEPS_AT_ONCE = 2
"""A batch of one kind goes on beside one of the other."""
_STICKY = timedelta(seconds=4)
"""After a crash the cases of the dead worker wait so long before another takes them: less than a caller's patience."""


def records(sessions: Sessions) -> Records:
    """What records events, with all that belongs to it."""
    return Records(sessions, Notices(LetterWriter()))


def case_worker(
    client: Client,
    sessions: Sessions,
    gateway: CaseGateway,
    *,
    interceptors: Sequence[Interceptor] = (),
    max_cached_workflows: int = 2_000,
) -> Worker:
    """Carries cases and their mediations, and publishes what happens to them.

    `interceptors` lie outside the one that keeps failures to codes.
    """
    mediations = MediationRecords(sessions)
    return Worker(
        client,
        task_queue=CASES,
        workflows=[CaseWorkflow, MediationWorkflow],
        activities=[
            records(sessions).record_events,
            mediations.record_mediation_events,
            mediations.mediation_as_recorded,
            CaseCommands(gateway).send_command,
            MediationCommands(MediationGateway(client, sessions)).tell_mediation,
        ],
        workflow_runner=workflow_runner(),
        interceptors=[*interceptors, CodesOnly()],
        max_cached_workflows=max_cached_workflows,
        sticky_queue_schedule_to_start_timeout=_STICKY,
        max_concurrent_activities=_RECORDS_AT_ONCE,
        graceful_shutdown_timeout=_GRACE,
    )


def batch_worker(client: Client, sessions: Sessions, gateway: CaseGateway, now: Callable[[], datetime]) -> Worker:
    """Brings batches to the cases; `now` is the process's clock."""
    return Worker(
        client,
        task_queue=BATCHES,
        workflows=[BatchWorkflow],
        activities=[Batches(sessions, gateway, now).advance_batch],
        workflow_runner=workflow_runner(),
        interceptors=[CodesOnly()],
        sticky_queue_schedule_to_start_timeout=_STICKY,
        max_concurrent_activities=_STEPS_AT_ONCE,
        graceful_shutdown_timeout=_GRACE,
    )


def department_worker(
    client: Client,
    sessions: Sessions,
    http: httpx.AsyncClient,
    *,
    base_url: str,
    interceptors: Sequence[Interceptor] = (),
    signals_a_second: float = 50,
) -> Worker:
    """Delivers task signals and asks other authorities, no faster than their systems bear."""
    return Worker(
        client,
        task_queue=DEPARTMENTS,
        activities=[
            Departments(sessions, http, base_url=base_url).deliver_task,
            OutsideSystems(sessions, http, base_url=base_url).ask_outside,
        ],
        interceptors=[*interceptors, CodesOnly()],
        max_concurrent_activities=20,
        max_activities_per_second=signals_a_second,
        graceful_shutdown_timeout=_GRACE,
    )
