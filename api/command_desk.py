"""Where a request becomes a command, whatever process it goes to: words to the table of texts, the command once."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Envelope
from api.idempotency import Once
from api.reception import Received
from api.services import Services
from workflows.contracts.command import Command
from workflows.contracts.errors import RuleViolation
from workflows.contracts.process_state import ProcessState
from workflows.contracts.start import Receipt

R = TypeVar("R")
S = TypeVar("S", bound=ProcessState)
C = TypeVar("C", bound=Command)

_READ_MODEL_PATIENCE = 2.0
_FIRST_LOOK, _SLOWEST_LOOKS = 0.03, 0.1
"""Seconds: how long to wait for the read model, and between looks at it."""


async def patiently(it_is_so: Callable[[], Awaitable[bool]]) -> None:
    """Waits, but not for long, until the read model says so."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _READ_MODEL_PATIENCE
    pause = _FIRST_LOOK
    while not await it_is_so() and loop.time() < deadline:
        await asyncio.sleep(pause)
        pause = min(pause * 2, _SLOWEST_LOOKS)


class CommandDesk(ABC, Generic[R, S, C]):
    """Handles the commands C of one request to processes with a row R and a state S each, found by their numbers."""

    def __init__(self, services: Services, arrival: Received, key: str | None) -> None:
        self._services = services
        self._arrival = arrival
        self._key = key
        self._unrepeated = uuid4().hex

    def once(self, owner: str, digest: str | None = None) -> Once:
        """This request under its `Idempotency-Key`, which `owner` chose; `digest` where the bytes sent may differ."""
        return Once(owner, self._key, digest or self._arrival.digest, self._unrepeated)

    async def _carry_out(
        self, number: str, envelope: Envelope, once: Once, make: Callable[[AsyncSession], Awaitable[C]]
    ) -> tuple[R, S | None, bool]:
        """Has the process do what `make` makes, once: its row and state after that, and whether they may be old.

        What `make` writes is committed together with the claim of the key.

        Raises:
            Problem: what `make` says no with.
            RuleViolation: if a rule forbids it now.
            CaseUnavailable: if the process did not answer; the same key tells later what became of it.
        """
        async with self._services.sessions.begin() as session:
            earlier = await once.claim(session, self._services.now())
            if earlier is None:
                command = await make(session)
                await self._keep(session, number, envelope)
        if earlier is not None:
            return await self._as_it_was(number, earlier["seq"])
        receipt = await self._given(number, command, envelope, once)
        row, reached = await self._caught_up(number, receipt.seq)
        state, stale = await self._told(row, live=reached < receipt.seq)
        if once.key is not None:
            async with self._services.sessions.begin() as session:
                # A refused twin of this request may have removed what this one needs.
                await self._keep(session, number, envelope)
                await once.answered(session, {"seq": max(receipt.seq, state.seq if state else 0)})
        return row, state, stale

    async def _as_it_was(self, number: str, seq: int) -> tuple[R, S | None, bool]:
        row, reached = await self._caught_up(number, seq)
        async with self._services.sessions() as session:
            return row, await self._as_of(session, number, seq), reached < seq

    async def _given(self, number: str, command: C, envelope: Envelope, once: Once) -> Receipt:
        try:
            return await self._send(number, command)
        except RuleViolation:
            async with self._services.sessions.begin() as session:
                await self._forget(session, number, envelope)
                await once.refused(session)
            raise

    async def _caught_up(self, number: str, seq: int) -> tuple[R, int]:
        """The row once that event is in it, or as it is when that takes too long; and the event that it is at."""
        await self._await(number, seq)
        async with self._services.sessions() as session:
            return await self._row(session, number)

    async def _await(self, number: str, seq: int) -> None:
        """Waits, but not for long, until the read model has that event."""

        async def has_it() -> bool:
            return await self._reached(number) >= seq

        await patiently(has_it)

    async def _reached(self, number: str) -> int:
        # A session of its own each time, so that nobody keeps a connection while waiting.
        async with self._services.sessions() as session:
            return await self._seq(session, number)

    @abstractmethod
    async def _keep(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        """Writes down what people gave; what is there already stays as it is."""

    @abstractmethod
    async def _forget(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        """Removes what was kept for a refused command, unless an earlier sending of the same one took effect."""

    @abstractmethod
    async def _send(self, number: str, command: C) -> Receipt:
        """Has the process take the command."""

    @abstractmethod
    async def _seq(self, session: AsyncSession, number: str) -> int:
        """The event that the read model is at; 0 before there is anything."""

    @abstractmethod
    async def _row(self, session: AsyncSession, number: str) -> tuple[R, int]:
        """The whole row, and the event that it is at."""

    @abstractmethod
    async def _as_of(self, session: AsyncSession, number: str, seq: int) -> S | None:
        """The state as it was at that event."""

    @abstractmethod
    async def _told(self, row: R, *, live: bool) -> tuple[S | None, bool]:
        """The state, from the running process if `live`; and whether that did not answer."""
