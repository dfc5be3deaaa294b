"""A matter that leaves the city's hands: to another city on its receipt, or to a court."""

from typing import Any

from sqlalchemy import select

from infra.database import Sessions
from infra.tables import Case
from tests.api.calling import Callers

ASKED = {"city": "东海市", "reason": "事发地在东海市"}


async def _accepted(callers: Callers) -> tuple[str, dict[str, Any]]:
    """The address and the receipt of an accepted case."""
    receipt = await callers.dispatcher.report()
    await callers.dispatcher.post(f"/cases/{receipt['case_no']}/accept")
    return f"/cases/{receipt['case_no']}", receipt


async def test_a_case_is_the_other_citys_with_its_receipt(at_work: Callers, sessions: Sessions) -> None:
    case, receipt = await _accepted(at_work)
    asked = await at_work.dispatcher.post(f"{case}/transfer", ASKED)
    assert (asked["status"], asked["transfer_asked"]) == ("accepted", True)
    assert "transfer_asked" in asked["flags"]
    assert (await at_work.dispatcher.post(f"{case}/transfer", ASKED, 409))["code"] == "transfer_already_asked"
    missing = await at_work.dispatcher.post(f"{case}/transfer-receipt", {}, 409)
    assert missing["code"] == "receipt_number_missing"
    gone = await at_work.dispatcher.post(f"{case}/transfer-receipt", {"number": "东海2026-0918"})
    assert (gone["status"], gone["transfer_asked"]) == ("transferred", False)
    async with sessions() as session:
        ended = await session.scalars(select(Case.ended_at).where(Case.case_no == receipt["case_no"]))
        assert ended.one() is not None
    (hers,) = (await at_work.nobody().get(f"/track/{receipt['tracking_code']}"))["cases"]
    assert (hers["status"], hers["steps"][-1]["kind"]) == ("transferred", "case_transferred")


async def test_what_the_other_city_refuses_goes_on_here(at_work: Callers) -> None:
    case, _ = await _accepted(at_work)
    await at_work.dispatcher.post(f"{case}/transfer", ASKED)
    kept = await at_work.dispatcher.post(f"{case}/transfer-receipt", {"refused": True})
    assert (kept["status"], kept["transfer_asked"]) == ("accepted", False)
    assert (await at_work.dispatcher.post(f"{case}/transfer-receipt", {"refused": True}, 409))["code"] == (
        "no_transfer_asked"
    )


async def test_the_outcome_of_a_legal_route_is_noted_once(at_work: Callers, sessions: Sessions) -> None:
    case, receipt = await _accepted(at_work)
    outcome = {"outcome": "判决支持诉求"}
    early = await at_work.dispatcher.post(f"{case}/legal-outcome", outcome, 409)
    assert early["code"] == "not_on_a_legal_route"
    await at_work.dispatcher.post(f"{case}/legal-route", {"route": "by_force", "reason": "x"}, 422)
    taken = await at_work.dispatcher.post(f"{case}/legal-route", {"route": "court", "reason": "属民事争议"})
    assert taken["status"] == "legal_route"
    async with sessions() as session:
        ended = await session.scalars(select(Case.ended_at).where(Case.case_no == receipt["case_no"]))
        assert ended.one() is not None
    await at_work.dispatcher.post(f"{case}/legal-outcome", outcome)
    assert (await at_work.dispatcher.post(f"{case}/legal-outcome", outcome, 409))["code"] == "outcome_known"
