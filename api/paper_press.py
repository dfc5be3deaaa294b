"""Writing papers beside the loop that serves everybody: they take the processor, so a few at a time."""

import asyncio
from collections.abc import Callable

from infra.papers.writer import PaperWriter


class PaperPress:
    """Writes `at_once` papers at a time in threads; who comes then waits its turn."""

    def __init__(self, writer: PaperWriter | None = None, *, at_once: int = 2) -> None:
        self.writer = writer or PaperWriter()
        self._turns = asyncio.Semaphore(at_once)

    async def press(self, write: Callable[[], bytes]) -> bytes:
        """What `write` gives, made in a thread."""
        async with self._turns:
            return await asyncio.to_thread(write)
