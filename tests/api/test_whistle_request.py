"""A grid worker or a village cannot settle a matter and asks for the whistle; the township decides."""

from typing import Any

from tests.api.calling import TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import Role

ASKED = {"reason": "社区无力解决，请求吹哨"}


async def _asked(callers: Callers) -> tuple[str, dict[str, Any]]:
    """The case's address, and what was shown after a grid worker asked."""
    worker = callers.role(Role.GRID_WORKER, region=VILLAGE)
    case = f"/cases/{(await worker.report())['case_no']}"
    return case, await worker.post(f"{case}/request-whistle", ASKED)


def _story(shown: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(turn["what"], turn["level"], turn["reason"]) for turn in shown["dispatch_story"]]


async def test_a_request_takes_the_matter_on_and_waits_for_the_township(at_work: Callers) -> None:
    case, asked = await _asked(at_work)
    assert (asked["status"], asked["level"], asked["whistle_asked"]) == ("accepted", "village", True)
    assert "whistle_asked" in asked["flags"]
    assert _story(asked) == [("whistle_requested", "township", ASKED["reason"])]
    again = await at_work.role(Role.GRID_WORKER, region=VILLAGE).post(f"{case}/request-whistle", ASKED, 409)
    assert again["code"] == "whistle_already_asked"


async def test_what_the_township_grants_it_has_and_the_village_reads_on(at_work: Callers) -> None:
    case, _ = await _asked(at_work)
    township = at_work.role(Role.DISPATCHER, region=TOWNSHIP)
    granted = await township.post(f"{case}/whistle-request-decision", {"granted": True, "reason": "属实"})
    assert (granted["level"], granted["whistle_asked"], granted["owner"]["unit_id"]) == (
        "township",
        False,
        f"centre-{TOWNSHIP}",
    )
    assert _story(granted)[1:] == [("whistle_granted", None, "属实"), ("escalated", "township", "属实")]
    village = at_work.role(Role.DISPATCHER, region=VILLAGE)
    refused = await village.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "x"}, 409)
    assert refused["code"] == "case_is_above"
    await village.get(case)
    await township.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    timeline = (await township.get(f"{case}/timeline"))["items"]
    (whistled,) = [item for item in timeline if item["kind"] == "whistled"]
    assert whistled["actor"]["unit_id"] == f"centre-{TOWNSHIP}"


async def test_what_the_township_refuses_stays_where_it_was_raised(at_work: Callers) -> None:
    case, _ = await _asked(at_work)
    supervisor = at_work.role(Role.SUPERVISOR, region=TOWNSHIP)
    refused = await supervisor.post(f"{case}/whistle-request-decision", {"granted": False, "reason": "社区可办"})
    assert (refused["level"], refused["whistle_asked"]) == ("village", False)
    assert _story(refused)[-1] == ("whistle_refused", None, "社区可办")
    again = await supervisor.post(f"{case}/whistle-request-decision", {"granted": True, "reason": "x"}, 409)
    assert again["code"] == "no_whistle_asked"


async def test_whoever_asks_does_not_decide(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/request-whistle", ASKED)
    own = await dispatcher.post(f"{case}/whistle-request-decision", {"granted": True, "reason": "x"}, 409)
    assert own["code"] == "own_request"


async def test_a_city_wide_dispatcher_is_no_centres(at_work: Callers) -> None:
    case, _ = await _asked(at_work)
    await at_work.dispatcher.post(f"{case}/whistle-request-decision", {"granted": True, "reason": "属实"})
    await at_work.dispatcher.post(f"{case}/whistle", {"lead_unit": "housing", "reason": "请办理"})
    timeline = (await at_work.dispatcher.get(f"{case}/timeline"))["items"]
    assert [item["actor"]["unit_id"] for item in timeline if item["kind"] == "whistled"] == [None]
