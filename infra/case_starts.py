"""Starting the workflow of a registered case, exactly once, with everything that applies to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from opentelemetry import context as trace_context
from opentelemetry.propagate import extract
from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client, WorkflowHandle
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from infra.calendar_versions import newest_calendar
from infra.calendars import from_year
from infra.database import Sessions
from infra.directory import centres_for
from infra.directory_tables import CityRow
from infra.emergency_lane import lane_of
from infra.policies.written import PolicyFile
from infra.subjects import bearing_of
from infra.tables import Fault, Intake, PolicyRow, TimelineEvent
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import CalendarWindow
from workflows.contracts.events import CaseRegistered
from workflows.contracts.ids import CASE_WORKFLOW, workflow_id
from workflows.contracts.policy import CasePolicy
from workflows.contracts.queues import CASES
from workflows.contracts.search_attributes import KIND, LEVEL, NEEDS_OPERATOR, REGION
from workflows.contracts.start import Registration, StartCase
from workflows.contracts.vocabulary import CaseKind, Level, RiskLevel, Role, Urgency
from workflows.rules.calendar import local_date
from workflows.rules.version import RULES_VERSION

CANNOT_BE_STARTED = "cannot_be_started"
"""The fault of a report that was tried several times; it goes away by itself once its case starts."""

_RPC_TIMEOUT = timedelta(seconds=10)


class NotReadyError(Exception):
    """The installation lacks what a case needs: a policy or a calendar. The intake waits until it is there."""


class CaseStarts:
    """Resolves what applies to a case and starts its workflow.

    `policy` names the policy of new cases (its highest applied version), by default the one that the city names;
    `time_shift` moves their clock.
    """

    def __init__(
        self, client: Client, sessions: Sessions, *, policy: str = "", time_shift: timedelta = timedelta(0)
    ) -> None:
        self._client = client
        self._sessions = sessions
        self._policy = policy
        self._time_shift = time_shift

    async def start(self, case_no: str) -> None:
        """Starts the case's workflow if nobody has; afterwards its intake says so, or what stands in the way.

        Raises:
            NotReadyError: if there is no policy or no calendar yet.
            RPCError: if Temporal cannot be reached; to be tried again.
        """
        async with self._sessions() as session:
            intake = (await session.execute(select(Intake).where(Intake.case_no == case_no))).scalar_one()
            if intake.started_at is not None or intake.fault is not None:
                return
            recorded = await session.scalar(select(exists().where(TimelineEvent.case_no == case_no)))
            registration = None if recorded else await self._registration(session, intake)
        acknowledged = await (self._start(intake, registration) if registration else self._runs_already(intake))
        now = datetime.now(UTC)
        async with self._sessions.begin() as session:
            mark = update(Intake).where(Intake.id == intake.id)
            if acknowledged:
                await session.execute(mark.values(started_at=now))
                await session.execute(delete(Fault).where(Fault.case_no == case_no, Fault.code == CANNOT_BE_STARTED))
            else:
                await session.execute(mark.values(fault="case_number_in_use"))
                session.add(Fault(case_no=case_no, code="case_number_in_use", seq=0, found_at=now))

    async def _start(self, intake: Intake, registration: Registration) -> bool:
        registered = registration.event
        attributes: list[SearchAttributePair[str] | SearchAttributePair[bool]] = [
            SearchAttributePair(KIND, registered.case_kind.value),
            SearchAttributePair(LEVEL, registered.level.value),
            SearchAttributePair(NEEDS_OPERATOR, False),
        ]
        if registered.region_code is not None:
            attributes.append(SearchAttributePair(REGION, registered.region_code))
        token = trace_context.attach(extract({"traceparent": intake.trace_parent or ""}))
        try:
            await self._client.start_workflow(
                CASE_WORKFLOW,
                StartCase(begins_with=registration, time_shift=self._time_shift),
                id=workflow_id(intake.case_no),
                task_queue=CASES,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                memo={"intake_id": str(intake.id)},
                search_attributes=TypedSearchAttributes(attributes),
                rpc_timeout=_RPC_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            return await self._runs_already(intake)
        finally:
            trace_context.detach(token)
        return True

    async def _runs_already(self, intake: Intake) -> bool:
        """Whether the workflow of this case number was started for this very intake."""
        handle: WorkflowHandle[object, object] = self._client.get_workflow_handle(workflow_id(intake.case_no))
        try:
            described = await handle.describe(rpc_timeout=_RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return bool(await described.memo_value("intake_id", default=None) == str(intake.id))

    async def _registration(self, session: AsyncSession, intake: Intake) -> Registration:
        details = intake.details
        region_code: str | None = details["region_code"]
        regions: list[str] = details.get("regions", [])
        kind, urgency = CaseKind(details["kind"]), Urgency(details["urgency"])
        today = local_date(intake.received_at)
        bearing = await bearing_of(session, kind, region_code, details.get("subjects", []), today)
        centres, level = bearing.centres, bearing.level
        reporter = _reporter(intake)
        headcount: int | None = (details.get("group") or {}).get("headcount")
        policy = await self._resolved_policy(session, intake.source, kind, urgency, details["category"], headcount)
        lane = await lane_of(
            session,
            urgency=urgency,
            category=details["category"],
            region_code=region_code,
            level=level,
            reporter=reporter,
            today=today,
            barred=frozenset(bearing.concerned),
        )
        return Registration(
            at=intake.registered_at or intake.received_at,
            actor=reporter,
            event=CaseRegistered(
                case_no=intake.case_no,
                intake_id=str(intake.id),
                case_kind=kind,
                source=intake.source,
                urgency=urgency,
                category=details["category"],
                region_code=region_code,
                level=level,
                centres=centres,
                policy=policy,
                calendar=from_year(await _calendar(session), intake.received_at.year, self._present_year),
                rules_version=RULES_VERSION,
                subjects=bearing.subjects,
                headcount=headcount,
                pending_procedure=details.get("pending_procedure") is not None,
                regions=tuple(regions),
                host_level=await _common_level(session, centres, regions),
                lane=lane,
                divided_at=intake.received_at if intake.registered_at is not None else None,
            ),
        )

    async def _resolved_policy(
        self,
        session: AsyncSession,
        source: str,
        kind: CaseKind,
        urgency: Urgency,
        category: str | None,
        headcount: int | None,
    ) -> CasePolicy:
        name = self._policy or await session.scalar(select(CityRow.data["default_policy"].astext))
        newest = select(PolicyRow).where(PolicyRow.name == name).order_by(PolicyRow.version.desc()).limit(1)
        row = await session.scalar(newest)
        if row is None:
            raise NotReadyError(f"there is no policy {name!r}: load a city or apply the policy")
        written = PolicyFile.model_validate(row.data)
        crowd = written.group_threshold is not None and (headcount or 0) >= written.group_threshold.people
        risk = RiskLevel.RED if crowd else None
        return written.resolve(source, kind, urgency, category, risk).model_copy(update={"version": row.version})

    @property
    def _present_year(self) -> int:
        return (datetime.now(UTC) + self._time_shift).year


def _reporter(intake: Intake) -> Actor:
    """Who reported it; a resident who would not be named is anybody, though she came with an account of her own."""
    actor = Actor.model_validate(intake.actor)
    if actor.role is Role.REQUESTER and intake.details.get("anonymous"):
        return Actor(id="requester", role=Role.REQUESTER)
    return actor


async def _common_level(session: AsyncSession, centres: Mapping[Level, str], regions: Sequence[str]) -> Level | None:
    """The lowest level whose centre stands above all these regions as well; None where the matter has just one."""
    if not regions:
        return None
    others = [await centres_for(session, code) for code in regions]
    return next(level for level in Level if level in centres and all(o.get(level) == centres[level] for o in others))


async def _calendar(session: AsyncSession) -> CalendarWindow:
    newest = await newest_calendar(session)
    if newest is None:
        raise NotReadyError("there is no calendar: load a city")
    return newest
