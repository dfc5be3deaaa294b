"""A message to another authority's system, in the form of Standard Webhooks, and what its answer means."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from standardwebhooks import Webhook
from temporalio.exceptions import ApplicationError

from workflows.contracts.retries import REFUSED

_TRY_AGAIN = {408, 429}
_LONGEST_DELAY = timedelta(minutes=10)


async def deliver(http: httpx.AsyncClient, endpoint: str, effect_id: str, body: bytes, secret: str | None) -> None:
    """Posts `body`, signed with `secret` (`whsec_…`); the effect's id is the receiver's idempotency key.

    2xx is delivered, 409 means it was before.

    Raises:
        ApplicationError: `refused` for any other 4xx or a redirect, which is final; `unavailable` for 408, 429, 5xx or
            no answer, tried again, after `Retry-After` if the answer has it.
    """
    try:
        answer = await http.post(endpoint, content=body, headers=_signed(effect_id, body, secret))
    except httpx.HTTPError as error:
        raise ApplicationError(type(error).__name__, type="unavailable") from None
    _judge(answer)


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
