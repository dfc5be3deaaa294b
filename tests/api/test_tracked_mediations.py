"""A party answers for itself by tracking code and PIN."""

from typing import Any

from tests.api.calling import VILLAGE, Caller, Callers
from workflows.contracts.vocabulary import Role

COMMITTEE = f"committee-{VILLAGE}"
PLAN = {"tracks": [{"form": "people", "host": COMMITTEE}], "reason": "先由村里调解"}
PARTIES: list[dict[str, Any]] = [{"side": "applicant", "name": "甲某"}, {"side": "respondent", "name": "乙某"}]


async def _planned(callers: Callers, parties: list[dict[str, Any]], **report: Any) -> tuple[Caller, str, str]:
    """The holder of the code, its address and that of the mediation."""
    receipt = await callers.dispatcher.report(kind="dispute", **report)
    body = {"dispute": {"type": "neighbour"}, "parties": parties}
    (number,) = (await callers.dispatcher.post(f"/cases/{receipt['case_no']}/mediations", body, 201))["mediations"]
    await callers.dispatcher.post(f"/mediations/{number}/decide-plan", PLAN)
    holder = callers.nobody(Tracking_Pin=receipt["pin"])
    return holder, f"/track/{receipt['tracking_code']}", f"/mediations/{number}"


def _mediation(tracked: Any) -> Any:
    (mediation,) = tracked["private"]["mediations"]
    return mediation


async def test_the_requester_answers_for_the_first_applicant_and_may_leave(at_work: Callers) -> None:
    holder, code, path = await _planned(at_work, PARTIES, requester={"name": "甲某"})
    (case,) = (await holder.get(code))["cases"]
    asked = _mediation(case)
    assert (asked["party_no"], asked["host"] is not None) == ("P1", True)
    assert (asked["consent"]["track"], asked["consent"]["form"]) == (1, "people")
    assert {way["remedy"] for way in asked["ways"]} == {"other_channel", "arbitration", "court"}
    await at_work.nobody().post(f"{code}/consent", {"agreed": True}, 401)
    given = await holder.post(f"{code}/consent", {"agreed": True, "note": "愿意谈"}, Idempotency_Key="yes")
    assert _mediation(given)["consent"] is None
    again = await holder.post(f"{code}/consent", {"agreed": True, "note": "愿意谈"}, Idempotency_Key="yes")
    assert _mediation(again)["consent"] is None
    assert (await holder.post(f"{code}/consent", {"agreed": True}, 409))["code"] == "consent_not_asked"
    mediator = at_work.role(Role.MEDIATOR, unit=COMMITTEE)
    assert (await mediator.get(path))["tracks"][0]["consents"] == ["P1"]
    left = await holder.post(f"{code}/leave-mediation", {"reason": "不想谈了"})
    assert (_mediation(left)["status"], _mediation(left)["next_session"]) == ("refused", None)


async def test_whoever_reported_for_others_answers_for_nobody(at_work: Callers) -> None:
    holder, code, _ = await _planned(at_work, PARTIES)
    (case,) = (await holder.get(code))["cases"]
    shown = _mediation(case)
    assert (shown["party_no"], shown["consent"], shown["ways"], shown["mediators"]) == (None, None, [], [])
    await holder.post(f"{code}/consent", {"agreed": True}, 404)


async def test_the_requester_may_be_another_party(at_work: Callers) -> None:
    parties = [PARTIES[0], PARTIES[1] | {"requester": True}]
    holder, code, _ = await _planned(at_work, parties, requester={"name": "乙某"})
    (case,) = (await holder.get(code))["cases"]
    assert _mediation(case)["party_no"] == "P2"
    refused = await holder.post(f"{code}/consent", {"agreed": False})
    assert _mediation(refused)["status"] == "refused"
