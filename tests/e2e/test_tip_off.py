"""An anonymous tip-off about a unit, from the report to the result: that unit learns nothing of it (story d)."""

from typing import Any
from uuid import uuid4

from tests.activities.fake_department import Department, department
from tests.api.calling import Caller
from tests.e2e.dated_case import DatedCase
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts.vocabulary import Role

MONDAY = at("2026-03-09T09:00")
NAME, PHONE = "周知情", "13700000001"


async def test_the_unit_a_tip_off_is_about_sees_neither_name_nor_phone_nor_wording(apart: Installation) -> None:
    async with department(apart.sessions) as concerned, department(apart.sessions) as other:
        words = f"截留维修资金{uuid4().hex}"
        case = DatedCase(apart, MONDAY)
        await case.report(
            kind="tip_off",
            title=f"举报：{words}",
            description=f"该单位{words}",
            requester={"name": NAME, "phone": PHONE, "anonymous": True, "safe_contact": {"never": "到单位找我"}},
            subjects=[{"type": "unit", "id": concerned.unit.unit_id}],
        )
        await case.does("accept")
        refused = await case.refused("whistle", lead_unit=concerned.unit.unit_id, reason="请自查")
        assert refused == "unit_concerned"
        await case.does("whistle", lead_unit=other.unit.unit_id, reason="请查明")
        assert (
            await case.refused("reassign", task_no=case.task_no, unit=concerned.unit.unit_id, reason="改派") == refused
        )
        await case.skip_to(at("2026-03-09T15:00"))
        await case.step("finish", {"reply": "已查明"}, unit=other.unit.unit_id)
        await case.does("verify", passed=True, note="属实")
        await case.does("callback", outcome="anonymous")

        for caller in _of(case, concerned):
            await _learns_nothing(case, caller, words)
        assert concerned.received == []
        told = [signal.body for signal in await other.signals(1)]
        assert words in str(told)
        _never_named(told)
        seen = [await case.shown(), await case.dispatcher.get(f"/cases/{case.case_no}/timeline", limit=200)]
        _never_named([*seen, await case.dispatcher.get(f"/cases/{case.case_no}/requester"), await case.tracked()])
        assert seen[0]["status"] == "closed"


def _of(case: DatedCase, unit: Department) -> list[Caller]:
    roles = (Role.HANDLER, Role.SYSTEM, Role.DISPATCHER, Role.SUPERVISOR)
    return [case.callers.role(role, unit=unit.unit.unit_id) for role in roles]


async def _learns_nothing(case: DatedCase, caller: Caller, words: str) -> None:
    for path in ("", "/timeline"):
        await caller.get(f"/cases/{case.case_no}{path}", 404)
    lists: list[Any] = [
        await caller.get("/cases", q=words),
        await caller.get("/cases", limit=200),
        await caller.get("/tasks", limit=200),
    ]
    assert lists[0]["items"] == []
    assert case.case_no not in str(lists)
    assert words not in str(lists)


def _never_named(shown: Any) -> None:
    assert NAME not in str(shown)
    assert PHONE not in str(shown)
