"""The task signal to a department's own system, in the form of Standard Webhooks."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from standardwebhooks import Webhook
from temporalio import activity
from temporalio.exceptions import ApplicationError

from infra.database import Sessions
from infra.directory_tables import Unit
from infra.tables import Case, Task, TimelineEvent, Wording
from workflows.contracts.effects import DeliverTask
from workflows.contracts.ids import case_of
from workflows.contracts.retries import REFUSED
from workflows.contracts.start import EffectOrder
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseKind

_TRY_AGAIN = {408, 429}
_LONGEST_DELAY = timedelta(minutes=10)


class Departments:
    """Delivers task signals. `base_url` is the root of our own API, which departments answer to."""

    def __init__(self, sessions: Sessions, http: httpx.AsyncClient, *, base_url: str) -> None:
        self._sessions = sessions
        self._http = http
        self._base_url = base_url

    @activity.defn
    async def deliver_task(self, order: EffectOrder) -> None:
        """Posts the signal; the effect's id is the receiver's idempotency key.

        A unit without an endpoint reads its inbox, which shows the task all the same. 2xx is delivered, 409 means it
        was before.

        Who reported a matter is in no signal, and a tip-off goes to no system of those that it is about.

        Raises:
            ApplicationError: `refused` for any other 4xx or a redirect, which is final; `unavailable` for 408, 429, 5xx
                or no answer, tried again, after `Retry-After` if the answer has it; `sealed`, which is final, for a
                unit that a tip-off is about.
        """
        effect = order.effect
        if not isinstance(effect, DeliverTask):
            raise ApplicationError("wrong_effect", type="wrong_effect", non_retryable=True)
        async with self._sessions() as session:
            unit = await session.get(Unit, effect.unit_id)
            if unit is None or unit.endpoint is None:
                return
            body = await self._body(session, effect)
        headers = _signed(effect.id, body, unit.secret)
        try:
            answer = await self._http.post(unit.endpoint, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise ApplicationError(type(error).__name__, type="unavailable") from None
        _judge(answer)

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


def _signed(effect_id: str, body: bytes, secret: str | None) -> dict[str, str]:
    now = datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": effect_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret is not None:
        headers["webhook-signature"] = Webhook(secret).sign(effect_id, now, body.decode())
    return headers


def _judge(answer: httpx.Response) -> None:
    if answer.is_success or answer.status_code == httpx.codes.CONFLICT:
        return
    if answer.is_server_error or answer.status_code in _TRY_AGAIN:
        delay = _retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        raise ApplicationError(f"status {answer.status_code}", type="unavailable", next_retry_delay=delay)
    raise ApplicationError(f"status {answer.status_code}", type=REFUSED, non_retryable=True)


def _retry_after(header: str | None, now: datetime) -> timedelta | None:
    """The wait that the receiver asked for, as seconds or a date, at most ten minutes; None if it asked for none."""
    if header is None:
        return None
    try:
        wait = timedelta(seconds=int(header)) if header.isdigit() else parsedate_to_datetime(header) - now
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), _LONGEST_DELAY)
