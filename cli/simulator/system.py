"""A simulated system of a unit: what it makes of signed messages, and the work that it has begun."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Coroutine, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

_RETRY_AFTER = 1
"""Seconds that a system which is down asks for."""

Message = TypeVar("Message", bound=BaseModel)


class System(ABC, Generic[Message]):
    """Takes messages of one kind, each once by its `webhook-id`. `answered` counts what it told, by HTTP status.

    `secret` is shared with the sender; `first_answers` are HTTP statuses that it gives before it works at all.
    """

    reads: type[Message]

    def __init__(self, secret: str, first_answers: tuple[int, ...]) -> None:
        self.answered: Counter[int] = Counter()
        self._signature = Webhook(secret)
        self._first_answers = list(first_answers)
        self._taken: set[str] = set()
        self._work: dict[str, asyncio.Task[None]] = {}

    async def receive(self, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Answers a message with a status and headers; what is taken in is worked on from now."""
        status = await self._judge(headers, body)
        self.answered[status] += 1
        return status, {"retry-after": str(_RETRY_AFTER)} if status == 503 else {}

    async def stop(self) -> None:
        """Lets go of all work."""
        under_way = list(self._work.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    @abstractmethod
    def has_no_place_for(self, message: Message) -> bool:
        """Whether its software cannot file such a message at all."""

    @abstractmethod
    async def act_on(self, message_id: str, message: Message) -> None:
        """Begins what the message asks for."""

    def begin(self, name: str, doing: Coroutine[Any, Any, None]) -> None:
        """Has it done from now on, under a name."""
        started = asyncio.create_task(doing)
        self._work[name] = started
        started.add_done_callback(lambda done: self._work.pop(name) if self._work.get(name) is done else None)

    def end(self, name: str) -> None:
        """Breaks off what is under way under that name."""
        if under_way := self._work.get(name):
            under_way.cancel()

    async def _judge(self, headers: Mapping[str, str], body: bytes) -> int:
        try:
            message = self.reads.model_validate(self._signature.verify(body, dict(headers)))
        except WebhookVerificationError:
            return 401
        except ValueError:  # not base64, not JSON, or no such message
            return 400
        if self._first_answers:
            return self._first_answers.pop(0)
        if self.has_no_place_for(message):
            return 422
        message_id = headers["webhook-id"]
        if message_id in self._taken:
            return 409
        self._taken.add(message_id)
        await self.act_on(message_id, message)
        return 202
