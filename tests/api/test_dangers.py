"""Danger and limitation periods through the API: who may say so, who is told by whom, and what the snapshot shows."""

import json
from typing import Any

from tests.api.calling import Caller, Callers
from tests.api.dispatching import dispatched
from workflows.contracts.vocabulary import Role

DANGER: dict[str, Any] = {"kinds": ["violence"], "minors": True, "note": "孩子在场，邻居老赵看见"}


async def _timeline(caller: Caller, case_no: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await caller.get(f"/cases/{case_no}/timeline", limit=200))["items"]
    return items


async def test_who_reported_a_danger_is_known_to_the_centre_alone(at_work: Callers) -> None:
    case_no = await dispatched(at_work, kind="dispute")
    case = f"/cases/{case_no}"
    grid_worker = at_work.role(Role.GRID_WORKER, user="grid-finder")
    found = await grid_worker.post(f"{case}/report-danger", DANGER)
    assert (found["risk"], found["owner"]["role"]) == ("red", "leader")
    assert "danger" in found["flags"]
    assert {name: found["danger"][name] for name in ("kinds", "called", "protects")} == {
        "kinds": ["violence"],
        "called": False,
        "protects": True,
    }
    told = await _timeline(at_work.dispatcher, case_no)
    (reported,) = [item for item in told if item["kind"] == "danger_reported"]
    assert (reported["actor"]["id"], reported["data"]["caller"]) == ("grid-finder", "grid-finder")
    assert reported["data"]["note"] == DANGER["note"]
    assert [item["data"]["by_rules"] for item in told if item["kind"] == "risk_set"] == [["danger", "protected_person"]]
    for outsider in (at_work.handler(), at_work.role(Role.AUDITOR), at_work.role(Role.GRID_WORKER)):
        told = await _timeline(outsider, case_no)
        (reported,) = [item for item in told if item["kind"] == "danger_reported"]
        assert (reported["actor"]["id"], reported["data"]["kinds"]) == ("protected", ["violence"])
        assert not [word for word in ("grid-finder", "老赵") if word in json.dumps(told, ensure_ascii=False)]


async def test_a_danger_is_dealt_with_step_by_step(at_work: Callers) -> None:
    case = f"/cases/{(await at_work.dispatcher.report(kind='dispute'))['case_no']}"
    supervisor = at_work.role(Role.SUPERVISOR)
    unknown = await at_work.dispatcher.post(f"{case}/report-danger", DANGER | {"caller": "nobody-here"}, 422)
    assert unknown["errors"][0]["field"] == "caller"
    await at_work.dispatcher.post(f"{case}/report-danger", DANGER)
    assert (await supervisor.post(f"{case}/record-110-call", {"receipt_no": "1"}, 409))["code"] == "not_the_caller"
    early = await supervisor.post(f"{case}/lift-danger", {"reason": "已离开"}, 409)
    assert (early["code"], early["source"]) == ("not_called_yet", "[law] 人民调解法25、反家庭暴力法14")
    await at_work.dispatcher.post(f"{case}/record-110-call", {"receipt_no": "110-7788"})
    await at_work.handler().post(f"{case}/lift-danger", {"reason": "x"}, 403)
    told = {"to": "women_federation", "receipt": "已接报"}
    reported = await at_work.role(Role.GRID_WORKER).post(f"{case}/report-protection", told)
    assert reported["danger"]["protection_reported"]
    await supervisor.post(f"{case}/record-duty-leader", {"note": "已到现场"})
    lifted = await supervisor.post(f"{case}/lift-danger", {"reason": "已带离"})
    assert (lifted["danger"], lifted["risk"]) == (None, "red")


async def test_a_limitation_period_is_shown_with_what_mediation_does_to_it(at_work: Callers) -> None:
    registered = await at_work.dispatcher.report(kind="dispute")
    case = f"/cases/{registered['case_no']}"
    before = await at_work.dispatcher.post(f"{case}/accept")
    today = before["registered_at"][:10]
    body = {"limitation": "civil", "began_on": today}
    counted = await at_work.dispatcher.post(f"{case}/record-limitation", body)
    (shown,) = counted["limitations"]
    assert (shown["clock_id"], shown["kind"], shown["effect"]) == ("limitation", "civil", "interrupted")
    assert shown["effect_words"] == "申请调解即中断，调解不成的重新计算"
    assert counted["provisional"] is before["provisional"]
    again = await at_work.dispatcher.post(f"{case}/record-limitation", body, 409)
    assert again["code"] == "limitation_known"
    forgotten = await at_work.dispatcher.post(f"{case}/forget-limitation", {"clock_id": "limitation", "reason": "误登"})
    assert forgotten["limitations"] == []
