"""Bodies that can be given no dates are asked beside the units, and what came of it is noted."""

from tests.api.calling import Callers
from tests.api.dispatching import dispatched


async def test_a_referral_is_on_the_case_until_its_outcome_is_known(at_work: Callers) -> None:
    case_no = await dispatched(at_work)
    case, dispatcher = f"/cases/{case_no}", at_work.dispatcher
    referred = await dispatcher.post(f"{case}/refer", {"unit": "tax", "reason": "涉及发票"})
    number = f"{case_no}-R1"
    open_ = {
        "referral_no": number,
        "unit_id": "tax",
        "unit_name": "云江市税务局",
        "received": False,
        "ended": False,
    }
    assert referred["referrals"] == [open_]
    turn = referred["dispatch_story"][-1]
    assert (turn["what"], turn["task_no"], turn["unit_id"], turn["reason"]) == ("referred", None, "tax", "涉及发票")
    assert [task["unit_id"] for task in referred["tasks"]] == ["housing"]
    again = await dispatcher.post(f"{case}/refer", {"unit": "tax", "reason": "x"}, 409)
    assert again["code"] == "already_referred"

    await dispatcher.post(f"{case}/urge", {"referral_no": number, "note": "请回复"})
    received = await dispatcher.post(f"{case}/record-referral", {"referral_no": number, "receipt": "税收2026-18"})
    assert received["referrals"] == [open_ | {"received": True}]
    ended = await dispatcher.post(f"{case}/record-referral", {"referral_no": number, "outcome": "已责令补开"})
    assert ended["referrals"] == [open_ | {"received": True, "ended": True}]
    timeline = (await dispatcher.get(f"{case}/timeline", limit=200))["items"]
    recorded = [item["data"] for item in timeline if item["kind"] == "referral_recorded"]
    assert [data["receipt"] or data["outcome"] for data in recorded] == ["税收2026-18", "已责令补开"]
    over = await dispatcher.post(f"{case}/urge", {"referral_no": number, "note": "x"}, 409)
    assert over["code"] == "referral_ended"


async def test_who_can_be_given_dates_is_called_and_not_referred_to(at_work: Callers) -> None:
    case = f"/cases/{await dispatched(at_work)}"
    dated = await at_work.dispatcher.post(f"{case}/refer", {"unit": "transport", "reason": "x"}, 409)
    assert dated["code"] == "unit_can_be_dated"
    nothing = {"referral_no": f"{case.rpartition('/')[2]}-R1"}
    unknown = await at_work.dispatcher.post(f"{case}/record-referral", nothing | {"outcome": "x"}, 409)
    assert unknown["code"] == "unknown_referral"
    await at_work.dispatcher.post(f"{case}/refer", {"unit": "court", "reason": "x"})
    empty = await at_work.dispatcher.post(f"{case}/record-referral", nothing, 409)
    assert empty["code"] == "nothing_to_record"
