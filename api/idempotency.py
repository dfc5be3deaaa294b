"""`Idempotency-Key`: for seven days the same key and request get the same answer once it succeeded."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Header
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from infra.tables import Idempotency

_KEPT_FOR = timedelta(days=7)
_SWEPT_AT_ONCE = 50

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,128}$",
        description="the same key and body get the same answer for 7 days once it succeeded",
    ),
]


@dataclass(frozen=True)
class Once:
    """One request under the key of its owner; without a key nothing is remembered.

    `owner` is who chose the key, `digest` the hash of the request, `unrepeated` the id of a request without a key.
    What is remembered of an answer is only what it can be made from again: no secret and nothing that people wrote.
    """

    owner: str
    key: str | None
    digest: str
    unrepeated: str

    @property
    def command_id(self) -> str:
        """The same for every repetition of the same key, so that the case itself knows them."""
        if self.key is None:
            return self.unrepeated
        return hashlib.sha256(f"{self.owner}\n{self.key}".encode()).hexdigest()[:32]

    async def claim(self, session: AsyncSession, now: datetime) -> dict[str, Any] | None:
        """Takes the key for this request and gives what is remembered of the answer if there was one already.

        A second request with the key waits here until the first one's transaction has ended.

        Raises:
            Problem: 422 `idempotency_key_reused` if the key belongs to another request.
        """
        if self.key is None:
            return None
        await self._sweep(session, now)
        fresh = {"request_hash": self.digest, "answer": None, "created_at": now}
        claim = insert(Idempotency).values(actor=self.owner, key=self.key, **fresh)
        claim = claim.on_conflict_do_update(
            index_elements=["actor", "key"], set_=fresh, where=Idempotency.created_at < now - _KEPT_FOR
        )
        claimed = await session.scalar(claim.returning(Idempotency.key))
        if claimed is not None:
            return None
        found = (await session.execute(select(Idempotency).where(*self._row()))).scalar_one()
        if found.request_hash != self.digest:
            raise Problem(422, "idempotency_key_reused", "this Idempotency-Key was used for another request")
        return found.answer

    async def answered(self, session: AsyncSession, remembered: dict[str, Any]) -> None:
        """Remembers what the answer of a success is made from."""
        if self.key is not None:
            await session.execute(update(Idempotency).where(*self._row()).values(answer=remembered))

    async def refused(self, session: AsyncSession) -> None:
        """Gives the key free again: what was refused may be tried again."""
        if self.key is not None:
            await session.execute(delete(Idempotency).where(*self._row(), Idempotency.answer.is_(None)))

    def _row(self) -> tuple[Any, ...]:
        return Idempotency.actor == self.owner, Idempotency.key == self.key

    async def _sweep(self, session: AsyncSession, now: datetime) -> None:
        old = (
            select(Idempotency.actor, Idempotency.key)
            .where(Idempotency.created_at < now - _KEPT_FOR, Idempotency.key != self.key)
            .limit(_SWEPT_AT_ONCE)
            .with_for_update(skip_locked=True)
            .cte("old")
        )
        await session.execute(delete(Idempotency).where(Idempotency.actor == old.c.actor, Idempotency.key == old.c.key))
