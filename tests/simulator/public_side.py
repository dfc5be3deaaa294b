"""A stand-in for the public interface that notes what a department's system asks of it."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from standardwebhooks import Webhook

from cli.simulator.configuration import Department
from cli.simulator.department import DepartmentSystem
from cli.simulator.public_api import PublicApi
from infra.embedded.waiting import becomes_true

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()
PATIENCE = 20.0


@dataclass
class PublicSide:
    """Answers every step with success, and every case with `level`; `asked` are the requests, in order."""

    level: str = "township"
    inbox: list[dict[str, Any]] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, json={"level": self.level, "items": self.inbox})

    @property
    def steps(self) -> list[str]:
        """`{task_no}/{step}` of every command, in order."""
        return [r.url.path.removeprefix("/api/v1/tasks/") for r in self.asked if r.method == "POST"]

    def system(self, **behaviour: Any) -> DepartmentSystem:
        """A department that answers to this side; at pace 0 unless told otherwise."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer), base_url="http://yingshao.test")
        told = Department(unit_id="gas_supply", secret=SECRET, token="t", **{"pace": 0.0, **behaviour})
        return DepartmentSystem(told, PublicApi(http, told.token), seed=1)

    async def until(self, condition: Callable[["PublicSide"], bool]) -> None:
        """Waits until what was asked satisfies the condition."""
        assert await becomes_true(lambda: condition(self), within=PATIENCE)


def signal(
    task: str = "99010220260302000001-T1",
    *,
    kind: str = "task.dispatched",
    number: int = 1,
    category: str = "城乡建设/城市建设和市政管理/燃气供应",
    clocks: tuple[str, ...] = ("sign", "contact", "report_in", "finish"),
    due_in: timedelta = timedelta(seconds=5),
    secret: str = SECRET,
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a task signal."""
    now = datetime.now(UTC)
    due_at = (now + due_in).isoformat()
    body = json.dumps(
        {
            "type": kind,
            "case_no": task.partition("-")[0],
            "task_no": task,
            "category": category,
            "clocks": [{"name": name, "due_at": due_at, "provisional": False} for name in clocks],
        }
    )
    signal_id = f"{task}-E{number}"
    headers = {
        "webhook-id": signal_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(signal_id, now, body),
    }
    return headers, body.encode()
