"""Another authority's own system: takes referrals and applications and answers to our hook in its own time."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict
from standardwebhooks import Webhook

from cli.simulator.answers import Answer, to_a_referral, to_an_application
from cli.simulator.configuration import Authority
from cli.simulator.system import System
from workflows.contracts.mediation.vocabulary import Outside

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Asked(BaseModel):
    """As much of a message as such a system needs; task signals come here too, and its people read their inbox."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    type: str
    mediation_no: str = ""
    agreement: dict[str, Any] | None = None
    reply_to: str = ""

    @property
    def clauses(self) -> Iterator[str]:
        """What the agreement says: its terms and every promise."""
        agreement = self.agreement or {}
        yield agreement.get("terms") or ""
        for promise in agreement.get("promises", ()):
            yield promise.get("what") or ""


def _present() -> datetime:
    return datetime.now(UTC)


class AuthoritySystem(System[Asked]):
    """Plays one authority; `now` is its clock."""

    reads = Asked

    def __init__(
        self, told: Authority, http: httpx.AsyncClient, seed: int, now: Callable[[], datetime] = _present
    ) -> None:
        super().__init__(told.secret, told.first_answers)
        self._told = told
        self._http = http
        self._seed = seed
        self._now = now
        self._signing = Webhook(told.secret)

    def has_no_place_for(self, asked: Asked) -> bool:
        """Only a court confirms agreements."""
        return asked.type == "mediation.confirmation_applied" and self._told.system is not Outside.COURT

    async def act_on(self, message_id: str, asked: Asked) -> None:
        """Answers to a referral or an application; anything else is for its people to read."""
        chance = Random(f"{self._seed}/{message_id}")  # noqa: S311 - a rehearsal, to be repeated exactly
        year = self._now().year
        match asked.type:
            case "mediation.referred":
                agreed = chance.random() < self._told.agree
                answers = to_a_referral(self._told.system, agreed=agreed, year=year, chance=chance)
            case "mediation.confirmation_applied":
                answers = to_an_application(asked.clauses, year=year, chance=chance)
            case _:
                return
        self.begin(message_id, self._answer(message_id, asked, answers))

    async def _answer(self, message_id: str, asked: Asked, answers: Sequence[Answer]) -> None:
        for number, answer in enumerate(answers, start=1):
            await asyncio.sleep(self._told.delay)
            at = self._now().isoformat()
            body = json.dumps({**answer, "mediation_no": asked.mediation_no, "at": at}, ensure_ascii=False)
            for _ in range(self._told.times):
                await self._tell(asked.reply_to, f"{message_id}-A{number}", body)

    async def _tell(self, url: str, answer_id: str, body: str) -> None:
        """Until it is taken or refused; signed anew each time, under the same id."""
        pause = _FIRST_PAUSE
        while True:
            now = self._now()
            headers = {
                "content-type": "application/json",
                "webhook-id": answer_id,
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": self._signing.sign(answer_id, now, body),
            }
            try:
                answer = await self._http.post(url, content=body.encode(), headers=headers)
            except httpx.TransportError:
                pass
            else:
                if not (answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS):
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
