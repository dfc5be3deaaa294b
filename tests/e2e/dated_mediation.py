"""A dispute at a date of its own, with its mediation: both processes and the interface share one clock."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
from docx import Document
from fastapi import FastAPI, Request, Response
from temporalio.client import WorkflowHandle

from cli.simulator.authority import AuthoritySystem
from cli.simulator.configuration import Authority
from infra.connectors import Connection, connect_units, disconnect_units
from infra.mediation_tables import Mediation
from tests.activities.fake_department import SECRET, serving
from tests.api.calling import TOWNSHIP, Caller
from tests.driving import until
from tests.e2e.dated_case import DatedCase, clock_of
from tests.installation import Installation
from worker.hook_relay import HookRelay
from workflows.contracts.ids import mediation_workflow_id
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.mediation.vocabulary import Outside
from workflows.contracts.vocabulary import Role
from workflows.rules.ladder import next_moment

COMMITTEE = f"committee-{TOWNSHIP}"
BOTH = ("P1", "P2")


def step(form: str, host: str, mediator: str | None = None) -> dict[str, Any]:
    """A step of the plan, and who mediates: by default whoever the host names later."""
    return {"form": form, "host": host, "mediator_id": mediator}


class DatedMediation(DatedCase):
    """One mediation of the case, and whoever mediates in it; the case itself skips no time unless it is taken along.

    What runs out on a case is told elsewhere, and each clock of it that does costs a second.
    """

    def __init__(self, place: Installation, begins: datetime) -> None:
        super().__init__(place, begins)
        self.number = ""
        self._with_case = False

    def mediator(self, unit: str = COMMITTEE) -> Caller:
        """Of a unit that hosts."""
        return self.callers.role(Role.MEDIATOR, unit=unit, user=f"mediator-{unit}")

    async def opened(self, dispute: dict[str, Any], *steps: dict[str, Any], **report: Any) -> None:
        """Reported, opened between two people, and planned."""
        await self.report(kind="dispute", region_code=TOWNSHIP, **report)
        parties = [
            {"side": side, "name": name, "phone": phone}
            for side, name, phone in (("applicant", "甲某", "13900000001"), ("respondent", "乙某", "13900000002"))
        ]
        case = await self.dispatcher.post(
            f"/cases/{self.case_no}/mediations", {"dispute": dispute, "parties": parties}, 201
        )
        self.number = case["mediations"][-1]
        await self.centre("decide-plan", tracks=steps, reason="按纠纷类型")

    async def takes_the_case_along(self) -> None:
        """From now on the case skips time too: a run that has a child cannot, and its next one has none."""
        handle = self._place.handle(self.case_no)
        await self.callers.role(Role.OPERATOR).post(
            "/operations/renew", {"case_no": self.case_no, "reason": "换新版本"}
        )

        async def alone() -> bool:
            return not (await handle.describe()).raw_description.pending_children

        await until(alone, "a new run of the case has begun")
        self._with_case = True

    async def centre(self, command: str, **body: Any) -> Any:
        """A command of the centre's dispatcher to the mediation; the snapshot after it."""
        return await self.dispatcher.post(f"/mediations/{self.number}/{command}", body)

    async def host(self, command: str, *, unit: str = COMMITTEE, **body: Any) -> Any:
        """A command of the host's mediator; the snapshot after it."""
        return await self.mediator(unit).post(f"/mediations/{self.number}/{command}", body)

    async def refuses(self, command: str, *, unit: str = COMMITTEE, **body: Any) -> Any:
        """What a command of the host's mediator is turned down with."""
        return await self.mediator(unit).post(f"/mediations/{self.number}/{command}", body, 409)

    async def consented(self) -> Any:
        """Both parties agree to the channel that they are asked about."""
        await self.centre("consent", party_no="P1", agreed=True)
        return await self.centre("consent", party_no="P2", agreed=True)

    async def agreed(self, *promises: dict[str, Any], **more: Any) -> Any:
        """Drawn up and signed by hand by everybody whom the committee's channel asks."""
        await self.host("draft-agreement", terms="双方达成协议", promises=promises, **more)
        answer = await self.mediator().http.post("/attachments", files={"file": ("scan.txt", b"signed")})
        scan = answer.json()["id"]
        for party_no in BOTH:
            await self.host("sign", by="parties", party_no=party_no, scan=scan)
        await self.host("sign", by="mediator", scan=scan)
        return await self.host("sign", by="seal", scan=scan)

    async def limit(self, track: int = 1) -> Any:
        """The limit of that track's channel, as it is shown."""
        return clock_of(await self.talks(), f"K{track}/mediation")

    async def talks(self) -> Any:
        """The mediation as the centre sees it."""
        return await self.dispatcher.get(f"/mediations/{self.number}")

    async def written(self, paper: str, unit: str = COMMITTEE) -> str:
        """The text of the latest writing of that kind, as a host's mediator gets it."""
        issued = [one["paper_no"] for one in (await self.talks())["papers"] if one["paper"] == paper]
        answer = await self.mediator(unit).http.get(f"/mediations/{self.number}/papers/{issued[-1]}.docx")
        assert answer.status_code == 200, answer.text
        return "\n".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)

    async def said_in_talks(self, kind: str, unit: str = COMMITTEE) -> list[dict[str, Any]]:
        """What the events of that kind on the mediation's timeline say, as a host's mediator reads them."""
        items = (await self.mediator(unit).get(f"/mediations/{self.number}/timeline", limit=200))["items"]
        return [item["data"] for item in items if item["kind"] == kind]

    async def failed(self, track: int) -> bool:
        """Whether that track has come to nothing."""
        return bool((await self.talks())["tracks"][track - 1]["status"] == "failed")

    async def locked(self) -> bool:
        """Whether nothing may be talked about."""
        return bool((await self.talks())["locked"])

    async def decided(self) -> Any:
        """The mediation, once a court has decided about its agreement."""
        talks = await self.talks()
        return talks if talks["confirmation"] in {"confirmed", "refused"} else None

    async def until_case_is(self, status: str) -> Any:
        """Waits until the case knows how the mediation stands; its snapshot."""

        async def knows() -> Any:
            shown = await self.shown()
            return shown if shown["status"] == status else None

        return await until(knows, f"the case is {status}")

    @asynccontextmanager
    async def court(self, unit: str, **behaviour: Any) -> AsyncIterator[None]:
        """The court's own system is connected, and what it answers reaches the mediation."""
        told = Authority(unit_id=unit, system=Outside.COURT, secret=SECRET, delay=0.0, **behaviour)
        ours = httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app))
        system = AuthoritySystem(told, ours, seed=1, now=lambda: self.now.astimezone(UTC))
        receiver = FastAPI()

        @receiver.post("/signals")
        async def signals(request: Request) -> Response:
            status, headers = await system.receive(request.headers, await request.body())
            return Response(status_code=status, headers=headers)

        relay = asyncio.create_task(HookRelay(self._place.sessions, self._place.mediations()).run())
        try:
            async with serving(receiver) as url:
                async with self._place.sessions.begin() as session:
                    await connect_units(session, {unit: Connection(f"{url}/signals", SECRET)})
                yield
        finally:
            async with self._place.sessions.begin() as session:
                await disconnect_units(session, [unit])
            relay.cancel()
            await asyncio.wait([relay])
            await system.stop()

    def _processes(self) -> Sequence[WorkflowHandle[object, object]]:
        mediation: WorkflowHandle[object, object] = self._place.client.get_workflow_handle(
            mediation_workflow_id(self.number)
        )
        return [mediation, *(super()._processes() if self._with_case else ())]

    async def _has_run_out(self) -> bool:
        async with self._place.sessions() as session:
            mediation = await session.get_one(Mediation, self.number)
        following = next_moment(MediationState.model_validate(mediation.snapshot), self.now)
        is_over = following is None or following > self.now
        return is_over and (not self._with_case or await super()._has_run_out())
