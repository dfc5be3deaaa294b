"""The task signal to a department's own system, in the form of Standard Webhooks."""

import json
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.webhooks import deliver
from infra.database import Sessions
from infra.directory_tables import Unit
from infra.tables import Case, Task, TimelineEvent, Wording
from workflows.contracts.effects import DeliverTask
from workflows.contracts.ids import case_of
from workflows.contracts.start import EffectOrder
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseKind


class Departments:
    """Delivers task signals. `base_url` is the root of our own API, which departments answer to."""

    def __init__(self, sessions: Sessions, http: httpx.AsyncClient, *, base_url: str) -> None:
        self._sessions = sessions
        self._http = http
        self._base_url = base_url

    @activity.defn
    async def deliver_task(self, order: EffectOrder) -> None:
        """Posts the signal; the effect's id is the receiver's idempotency key.

        A unit without an endpoint reads its inbox, which shows the task all the same.

        Who reported a matter is in no signal, and a tip-off goes to no system of those that it is about.

        Raises:
            ApplicationError: `refused` and `unavailable` as `deliver` has them; `sealed`, which is final, for a unit
                that a tip-off is about.
        """
        effect = order.effect
        if not isinstance(effect, DeliverTask):
            raise ApplicationError("wrong_effect", type="wrong_effect", non_retryable=True)
        async with self._sessions() as session:
            unit = await session.get(Unit, effect.unit_id)
            if unit is None or unit.endpoint is None:
                return
            body = await self._body(session, effect)
        await deliver(self._http, unit.endpoint, effect.id, body, unit.secret)

    async def _body(self, session: AsyncSession, effect: DeliverTask) -> bytes:
        case_no = case_of(effect.task_no)
        case = await session.get_one(Case, case_no)
        if case.kind == CaseKind.TIP_OFF.value and effect.unit_id in case.concerned:
            raise ApplicationError("sealed", type="sealed", non_retryable=True)
        task = await session.get_one(Task, effect.task_no)
        state = CaseState.model_validate(case.snapshot)
        clocks = [c for c in state.clocks.values() if c.task_no == effect.task_no and c.is_open]
        signal: dict[str, Any] = {
            "type": effect.signal.value,
            "case_no": case_no,
            "task_no": effect.task_no,
            "role": task.role,
            "unit_id": effect.unit_id,
            "title": case.title,
            "description": case.description,
            "location": case.location,
            "category": case.category,
            "reason": await _reason(session, case_no, effect.task_no),
            "clocks": [
                {"name": c.name.value, "due_at": c.due_at.isoformat(), "provisional": c.provisional} for c in clocks
            ],
            "reply_to": f"{self._base_url}/api/v1/tasks/{effect.task_no}",
        }
        return json.dumps(signal, ensure_ascii=False).encode()


_GIVE_A_TASK = ("whistled", "task_reassigned", "unit_designated", "consulted")


async def _reason(session: AsyncSession, case_no: str, task_no: str) -> str | None:
    """Why the unit was given the task: by the whistle, in the place of another unit, or because all sat together."""
    of_case = select(TimelineEvent.record).where(TimelineEvent.case_no == case_no)
    dispatched = of_case.where(
        TimelineEvent.kind == "task_dispatched", TimelineEvent.record["event"]["task_no"].astext == task_no
    )
    given = (await session.scalars(dispatched)).one()
    with_it = TimelineEvent.record["command_id"].astext == given["command_id"]
    record = await session.scalar(of_case.where(TimelineEvent.kind.in_(_GIVE_A_TASK), with_it))
    event = record["event"] if record else {}
    agreed = {decision["unit_id"]: decision["what"] for decision in event.get("decisions", ())}
    text_id = event.get("reason") or agreed.get(given["event"]["unit"]["unit_id"])
    text = await session.get(Wording, text_id) if text_id else None
    return text.body if text else None
