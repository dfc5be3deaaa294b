"""A headless Chromium, spoken to over two pipes in its own protocol: nothing to install beside the browser itself."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 60
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-pipe",
)
_WITH_PIPES = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Becomes the browser, which reads its commands from descriptor 3 and writes to 4."""


def find_chromium(environment: Mapping[str, str]) -> str | None:
    """The browser's program: what `YINGSHAO_CHROMIUM` names, else one on the path, else None."""
    named = environment.get("YINGSHAO_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if (found := shutil.which(name))), None)


class Tab:
    """One page of the browser."""

    def __init__(self, wire: "_Wire", session_id: str) -> None:
        self._wire = wire
        self._session_id = session_id

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the protocol, and its result."""
        return await self._wire.call(method, params, self._session_id)

    async def set_width(self, width: int, height: int = 900) -> None:
        """The width of the device in CSS pixels; below 700 it is a phone."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700
        )

    async def open(self, address: str) -> None:
        """Goes there and waits until all is loaded."""
        loaded = self._wire.next_event("Page.loadEventFired", self._session_id)
        answer = await self.call("Page.navigate", url=address)
        assert "errorText" not in answer, answer["errorText"]
        await asyncio.wait_for(loaded, _PATIENCE_SECONDS)

    async def click(self, selector: str) -> None:
        """Clicks what leads to another page and waits until that is loaded."""
        loaded = self._wire.next_event("Page.loadEventFired", self._session_id)
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        await asyncio.wait_for(loaded, _PATIENCE_SECONDS)

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")


@asynccontextmanager
async def browsing(program: str) -> AsyncIterator[Tab]:
    """A tab of a browser with an empty profile; both are gone at the end."""
    profile = await asyncio.to_thread(tempfile.mkdtemp, prefix="yingshao-chromium-")
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _WITH_PIPES,
            str(to_browser),
            str(from_browser),
            program,
            *_QUIET,
            f"--user-data-dir={profile}",
            "about:blank",
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(to_browser, from_browser),
        )
        os.close(to_browser)
        os.close(from_browser)
        wire = _Wire(from_us, to_us)
        reading = asyncio.create_task(wire.read())
        try:
            yield await _first_tab(wire)
            await wire.call("Browser.close", {})
        finally:
            reading.cancel()
            await _gone(process)
            os.close(from_us)
    finally:
        await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)


async def _first_tab(wire: "_Wire") -> Tab:
    targets = (await wire.call("Target.getTargets", {}))["targetInfos"]
    page = next(target["targetId"] for target in targets if target["type"] == "page")
    attached = await wire.call("Target.attachToTarget", {"targetId": page, "flatten": True})
    tab = Tab(wire, attached["sessionId"])
    for domain in ("Page", "Network", "Runtime"):
        await tab.call(f"{domain}.enable")
    return tab


async def _gone(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), 10)
    except TimeoutError:
        process.kill()
        await process.wait()


class _Wire:
    """Messages as JSON, each ended by a NUL byte."""

    def __init__(self, writes: int, reads: int) -> None:
        self._writes = writes
        self._reads = reads
        self._numbers = count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[tuple[str, str], asyncio.Future[None]] = {}

    async def read(self) -> None:
        stream = asyncio.StreamReader(limit=64 * 1024 * 1024)
        pipe = await asyncio.to_thread(Path(f"/dev/fd/{self._reads}").open, "rb", 0)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), pipe)
        os.close(self._reads)
        while message := (await stream.readuntil(b"\0"))[:-1]:
            self._take(json.loads(message))

    def next_event(self, name: str, session_id: str) -> "asyncio.Future[None]":
        """Done when the event comes."""
        return self._events.setdefault((name, session_id), asyncio.get_running_loop().create_future())

    async def call(self, method: str, params: Mapping[str, Any], session_id: str | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        answered = self._answers[number] = asyncio.get_running_loop().create_future()
        message = {"id": number, "method": method, "params": params}
        if session_id is not None:
            message["sessionId"] = session_id
        os.write(self._writes, json.dumps(message).encode() + b"\0")
        answer = await asyncio.wait_for(answered, _PATIENCE_SECONDS)
        assert "error" not in answer, f"{method}: {answer.get('error')}"
        result: dict[str, Any] = answer.get("result", {})
        return result

    def _take(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers.pop(message["id"]).set_result(message)
        elif waiting := self._events.pop((message["method"], message.get("sessionId", "")), None):
            waiting.set_result(None)
