"""Keeps the parts of an installation running: what dies is started again, in the same place."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infra.embedded.children import Child, Children, Program
from infra.embedded.errors import EmbeddedError, PartFailedError
from infra.embedded.waiting import becomes_true

Probe = Callable[[int], Awaitable[bool]]
"""Asked again and again with the child's process id until it answers that the part is ready."""

# Long, because a PostgreSQL that was killed first replays what it had not written to its tables yet.
_READY_WITHIN = 300.0

_SHORTEST_BACKOFF = 0.2
_LONGEST_BACKOFF = 10.0
_SETTLED_AFTER = 30.0


@dataclass(frozen=True)
class Part:
    """Something to keep running. `prepare` is called before every start and says what to run."""

    prepare: Callable[[], Awaitable[Program]]
    probe: Probe


class _Running:
    def __init__(self, part: Part, child: Child) -> None:
        self.part = part
        self.child = child
        self.watch: asyncio.Task[None] | None = None


class Supervisor:
    """Starts parts, watches over them, and stops them in reverse order. `report` gets a line for each restart."""

    def __init__(self, children: Children, report: Callable[[str], None]) -> None:
        self._children = children
        self._report = report
        self._running: list[_Running] = []

    async def start(self, *parts: Part) -> None:
        """Starts the parts one after the other, each when the one before is ready; all of them or none.

        Raises:
            PartFailedError: if one ends, or is not ready in time.
        """
        already = len(self._running)
        try:
            for part in parts:
                running = _Running(part, await self._launch(part))
                running.watch = asyncio.create_task(self._watch(running))
                self._running.append(running)
        except BaseException:
            await self._stop_down_to(already)
            raise

    async def stop(self) -> None:
        """Stops all parts, the last one first; returns when they have ended."""
        await self._stop_down_to(0)

    async def _stop_down_to(self, count: int) -> None:
        while len(self._running) > count:
            running = self._running.pop()
            if running.watch:
                running.watch.cancel()
                await asyncio.wait([running.watch])
            await self._children.stop(running.child)

    async def _launch(self, part: Part) -> Child:
        child = await self._children.start(await part.prepare())
        try:
            await self._until_ready(child, part.probe)
        except BaseException:
            await self._children.stop(child)
            raise
        return child

    async def _until_ready(self, child: Child, probe: Probe) -> None:
        async def settled() -> bool:
            return child.has_ended or await probe(child.pid)

        name = child.record.name
        if not await becomes_true(settled, within=_READY_WITHIN):
            raise PartFailedError(name, f"was not ready within {_READY_WITHIN:.0f} seconds", child.log)
        if child.has_ended:
            raise PartFailedError(
                name, f"ended with code {child.process.returncode} while it was being started", child.log
            )

    async def _watch(self, running: _Running) -> None:
        loop = asyncio.get_running_loop()
        name = running.child.record.name
        backoff = _SHORTEST_BACKOFF
        while True:
            since = loop.time()
            code = await running.child.process.wait()
            if loop.time() - since > _SETTLED_AFTER:
                backoff = _SHORTEST_BACKOFF
            self._report(f"{name} ended (code {code}); starting it again")
            await self._children.stop(running.child)
            while running.child.has_ended:
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, _LONGEST_BACKOFF)
                try:
                    running.child = await self._launch(running.part)
                except (EmbeddedError, OSError) as failure:
                    self._report(f"{name} is not back yet: {failure}")
