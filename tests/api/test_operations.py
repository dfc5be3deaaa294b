"""What operators see and do when something in the world failed for good."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from temporalio.client import Client, WorkflowHandle

from infra.batches import AdoptPolicyChange, Where
from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.directory_tables import Unit
from infra.tables import AuditEntry, BatchCase, BatchRow
from infra.temporal import is_open
from tests.api.calling import TOWNSHIP, Callers
from tests.driving import DISPATCHER, until
from tests.mediating import NEIGHBOURS, PARTIES, POLICY
from workflows.contracts import commands as c
from workflows.contracts.ids import mediation_no, mediation_workflow_id
from workflows.contracts.vocabulary import CaseKind, Role

UNIT = "housing_fund"


@asynccontextmanager
async def _connected_to_one_that_refuses(sessions: Sessions) -> AsyncIterator[None]:
    """The unit's own system answers every task signal with 400."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    await _connect(sessions, f"http://127.0.0.1:{port}/", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    try:
        async with server:
            yield
    finally:
        await _connect(sessions, None, None)


async def _connect(sessions: Sessions, endpoint: str | None, secret: str | None) -> None:
    async with sessions.begin() as session:
        await session.execute(update(Unit).where(Unit.unit_id == UNIT).values(endpoint=endpoint, secret=secret))


async def test_a_refused_signal_is_found_tried_dry_retried_and_skipped(at_work: Callers, sessions: Sessions) -> None:
    dispatcher, operator = at_work.dispatcher, at_work.role(Role.OPERATOR, user="operator-1")

    async def failed(case_no: str) -> Any:
        found = await operator.get("/operations/stuck", limit=200)
        return next((item for item in found["items"] if item["case_no"] == case_no), None)

    async with _connected_to_one_that_refuses(sessions):
        registered = await dispatcher.report()
        case_no = registered["case_no"]
        await dispatcher.post(f"/cases/{case_no}/accept")
        await dispatcher.post(f"/cases/{case_no}/whistle", {"lead_unit": UNIT, "reason": "归公积金"})
        stuck = await until(lambda: failed(case_no), "the refusal is on record")
        (cause,) = stuck["causes"]
        assert (cause["kind"], cause["code"], cause["unit_id"]) == ("effect", "refused", UNIT)
        order = {"case_no": case_no, "effect_id": cause["effect_id"], "reason": "已联系对方"}
        dry = await operator.http.post("/operations/retry", params={"dry_run": "true"}, json=order)
        assert (dry.json()["dry_run"], dry.json()["would_record"]) == (True, ["effect_retried"])
        assert await failed(case_no)
        retried = await operator.post("/operations/retry", order)
        assert retried["dry_run"] is False
        await until(lambda: failed(case_no), "it is refused again")
        skipped = await operator.post("/operations/skip", order)
        assert "needs_operator" not in skipped["case"]["flags"]
        assert await failed(case_no) is None
    again = await operator.post("/operations/skip", order, 409)
    assert again["code"] == "effect_not_failed"
    async with sessions() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.case_no == case_no).order_by(AuditEntry.id))
        assert [(entry.action, entry.outcome) for entry in entries] == [
            ("retry_effect", "done"),
            ("skip_effect", "done"),
            ("skip_effect", "refused"),
        ]


async def test_a_mediation_without_its_process_is_found_and_rebuilt(
    at_work: Callers, gateway: CaseGateway, client: Client
) -> None:
    operator = at_work.role(Role.OPERATOR, user="operator-1")
    case_no = (await at_work.dispatcher.report(kind=CaseKind.DISPUTE))["case_no"]
    number = mediation_no(case_no, 1)
    talks = c.OpenMediation(
        command_id=uuid4().hex, actor=DISPATCHER, dispute=NEIGHBOURS, parties=PARTIES, policy=POLICY
    )
    await gateway.submit(case_no, talks)
    process: WorkflowHandle[object, object] = client.get_workflow_handle(mediation_workflow_id(number))

    async def runs() -> bool:
        return await is_open(client, process.id)

    await until(runs, "the mediation has begun")
    await process.terminate()

    async def causes() -> Any:
        found = await operator.get("/operations/stuck", limit=200)
        return next((item["causes"] for item in found["items"] if item["case_no"] == case_no), [])

    (cause,) = await until(causes, "the case has noticed")
    assert (cause["kind"], cause["code"], cause["mediation_no"]) == ("mediation", "lost", number)
    again = {"case_no": case_no, "mediation_no": number, "reason": "进程已失，按记录恢复"}
    assert not (await operator.post("/operations/rebuild", again))["dry_run"]
    await until(runs, "it goes on")
    assert await causes() == []


async def test_a_case_is_renewed_with_the_present_rules(at_work: Callers) -> None:
    registered = await at_work.dispatcher.report()
    await at_work.dispatcher.post(f"/cases/{registered['case_no']}/accept")
    operator = at_work.role(Role.OPERATOR)
    renewed = await operator.post("/operations/renew", {"case_no": registered["case_no"], "reason": "新规则"})
    assert renewed["case"]["status"] == "accepted"


async def test_what_an_operator_asks_for_twice_under_one_key_is_one_entry(at_work: Callers, sessions: Sessions) -> None:
    case_no = (await at_work.dispatcher.report())["case_no"]
    await at_work.dispatcher.post(f"/cases/{case_no}/accept")
    operator, order = at_work.role(Role.OPERATOR), {"case_no": case_no, "effect_id": "none", "reason": "试试"}
    # More often than a statement is planned anew: a plan that knows no values must find the index too.
    attempts = 12
    for _ in range(attempts):
        await operator.post("/operations/renew", {"case_no": case_no, "reason": "新规则"}, Idempotency_Key="r")
        await operator.post("/operations/skip", order, 409, Idempotency_Key="s")
    async with sessions() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.case_no == case_no).order_by(AuditEntry.id))
        asked = [(entry.action, entry.outcome) for entry in entries]
    # A refusal gives its key free, so that each of them was an attempt of its own.
    assert asked == [("renew", "done"), *[("skip_effect", "refused")] * attempts]


async def test_only_operators_operate(callers: Callers) -> None:
    order = {"case_no": "990102202601010001", "effect_id": "x", "reason": "x"}
    await callers.role(Role.SUPERVISOR).post("/operations/retry", order, 403)
    await callers.role(Role.SUPERVISOR).get("/operations/stuck")
    await callers.dispatcher.get("/operations/stuck", 403)
    await callers.role(Role.OPERATOR).post("/operations/retry", order, 404)


async def test_batches_are_listed_with_their_progress_the_latest_first(callers: Callers, sessions: Sessions) -> None:
    refuses = (await callers.dispatcher.report())["case_no"]
    change = AdoptPolicyChange(policy="yunjiang", version=2, where=Where(kind=CaseKind.HELP))
    written = {"kind": change.kind, "change": change.model_dump(mode="json", exclude_none=True), "requested_by": "t"}
    asked_at = datetime.now(UTC) + timedelta(days=1)
    async with sessions.begin() as session:
        for n in range(3):
            at = asked_at + timedelta(seconds=n)
            session.add(
                BatchRow(batch_id=f"listed-{n}", requested_at=at, total=5, reached=1, left=1, ended_at=at, **written)
            )
        await session.flush()
        session.add(BatchCase(batch_id="listed-2", case_no=refuses, outcome="some_rule"))
    operator = callers.role(Role.OPERATOR)
    first = await operator.get("/operations/batches", limit=2)
    second = await operator.get("/operations/batches", limit=2, cursor=first["next_cursor"])
    assert [item["batch_id"] for item in (*first["items"], *second["items"])][:3] == [
        "listed-2",
        "listed-1",
        "listed-0",
    ]
    latest = first["items"][0]
    assert (latest["total"], latest["reached"], latest["left"], latest["gone"]) == (5, 1, 1, 2)
    assert latest["refused"] == {"some_rule": 1}
    assert latest["change"]["where"]["kind"] == "help"
    await callers.dispatcher.get("/operations/batches", 403)
    await operator.get("/operations/batches", 422, cursor="x")


async def test_batches_are_for_those_who_see_the_whole_city(callers: Callers) -> None:
    for role in (Role.SUPERVISOR, Role.OPERATOR, Role.AUDITOR):
        refused = await callers.role(role, region=TOWNSHIP).get("/operations/batches", 403)
        assert refused["code"] == "region_out_of_scope"
        await callers.role(role).get("/operations/batches")
