"""A unit that took over, as the pages and the story of a case tell it."""

from datetime import UTC, datetime
from uuid import uuid4

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.tables import BatchRow
from tests.api.calling import Callers
from tests.api.dispatching import SEND_BACK, dispatched
from tests.driving import until
from tests.pages.visiting import Visitors
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.commands import SucceedUnit, UnitRef
from workflows.contracts.vocabulary import Role, UnitKind


async def test_a_case_tells_who_has_the_task_now_and_what_that_unit_does_with_it(
    visitors: Visitors, callers: Callers, gateway: CaseGateway
) -> None:
    case_no = await dispatched(callers, lead="industry_science")
    new = UnitRef(unit_id="commerce", kind=UnitKind.DEPARTMENT)
    command = SucceedUnit(command_id=uuid4().hex, actor=CLOCKWORK, old="industry_science", new=new)
    await gateway.submit(case_no, command)
    handler = callers.handler("commerce")

    async def has_it() -> bool:
        return case_no in [task["case_no"] for task in (await handler.get("/tasks"))["items"]]

    await until(has_it, "the new unit has the task in its inbox")
    await handler.post(f"/tasks/{case_no}-T1/send-back", SEND_BACK)
    shown = await callers.dispatcher.get(f"/cases/{case_no}")
    assert [(turn["what"], turn["unit_id"]) for turn in shown["dispatch_story"]] == [
        ("dispatched", "industry_science"),
        ("succeeded", "commerce"),
        ("sent_back_asked", "commerce"),
    ]
    page = await visitors.dispatcher.see(f"/cases/{case_no}")
    assert "云江市科技和工业信息化局的任务由云江市商务局承接，时限不变" in page.text
    assert "云江市科技和工业信息化局的工作由云江市商务局承接，时限不变" in page.text
    assert "云江市商务局退单，建议由云江市城市管理局承办" in page.text


async def test_its_batch_names_both_units(visitors: Visitors, sessions: Sessions) -> None:
    now = datetime.now(UTC)
    change = {"kind": "succeed_unit", "old": "sanitation", "new": "urban_management"}
    row = {"kind": "succeed_unit", "change": change, "requested_by": "某人", "requested_at": now, "started_at": now}
    async with sessions.begin() as session:
        session.add(BatchRow(batch_id=uuid4().hex, total=2, reached=2, left=0, ended_at=now, **row))
    page = await visitors.role(Role.SUPERVISOR).see("/batches")
    assert "云江市环境卫生管理处的工作由云江市城市管理局承接" in page.text
