"""Working until told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


async def until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` to its end, or until the process is told to stop: then cancels it, once, and lets it clean up."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup a closed terminal is no reason to stop.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        task.cancel()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await task
