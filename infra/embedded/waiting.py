"""Waiting for something outside this process to become true."""

import asyncio
from collections.abc import Awaitable, Callable


async def becomes_true(condition: Callable[[], bool | Awaitable[bool]], *, within: float, every: float = 0.05) -> bool:
    """Asks `condition` until it holds; False if it still does not after `within` seconds."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while True:
        answer = condition()
        if answer if isinstance(answer, bool) else await answer:
            return True
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(every)
