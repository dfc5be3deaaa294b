"""Which level has a case: down again with instructions; and of several regions, which hosts it."""

from tests.api.calling import TOWNSHIP, VILLAGE, Callers
from workflows.contracts.vocabulary import Role

COUNTY, OTHER_COUNTY = "990102000000", "990103000000"


async def test_what_went_up_comes_down_again_with_instructions(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/accept")
    for _ in range(2):
        await dispatcher.post(f"{case}/escalate", {"reason": "超出本级能力"})
    county = at_work.role(Role.DISPATCHER, region=COUNTY)
    down = {"level": "township", "instructions": "三日内会同住建办理"}
    assigned = await county.post(f"{case}/assign-down", down)
    assert (assigned["level"], assigned["owner"]["unit_id"]) == ("township", f"centre-{TOWNSHIP}")
    turns = [(turn["what"], turn["level"], turn["reason"]) for turn in assigned["dispatch_story"]]
    assert turns == [
        ("escalated", "township", "超出本级能力"),
        ("escalated", "county", "超出本级能力"),
        ("assigned_down", "township", "三日内会同住建办理"),
    ]
    assert (await county.post(f"{case}/assign-down", down, 409))["code"] == "not_a_level_below"


async def test_the_level_that_a_case_has_left_decides_no_more(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/escalate", {"reason": "x"})
    village = at_work.role(Role.DISPATCHER, region=VILLAGE)
    for command, body in (
        ("refer", {"unit": "tax", "reason": "x"}),
        ("consult", {"minutes": "x"}),
        ("transfer", {"city": "东海市", "reason": "x"}),
        ("legal-route", {"route": "court", "reason": "x"}),
        ("divide", {"parts": [{"title": "x", "description": "x"}], "reason": "x"}),
        ("assign-down", {"level": "village", "instructions": "x"}),
    ):
        assert (await village.post(f"{case}/{command}", body, 409))["code"] == "case_is_above", command
    await village.post(f"{case}/urge", {"note": "请尽快"})


async def test_the_common_superior_names_the_host_of_a_matter_in_two_regions(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case_no = (await dispatcher.report(regions=[OTHER_COUNTY]))["case_no"]
    case = f"/cases/{case_no}"
    accepted = await dispatcher.post(f"{case}/accept")
    assert (accepted["host_wanted"], accepted["regions"]) == (True, [OTHER_COUNTY])
    host = {"region_code": OTHER_COUNTY, "reason": "主要在该县"}
    below = at_work.role(Role.DISPATCHER, region=TOWNSHIP)
    assert (await below.post(f"{case}/name-host", host, 409))["code"] == "not_the_common_superior"
    unknown = await dispatcher.post(f"{case}/name-host", host | {"region_code": "990199000000"}, 422)
    assert (unknown["code"], unknown["errors"][0]["field"]) == ("unknown_region", "region_code")
    elsewhere = await dispatcher.post(f"{case}/name-host", host | {"region_code": "990121000000"}, 409)
    assert elsewhere["code"] == "region_not_concerned"

    city = at_work.role(Role.DISPATCHER, region="990100000000")
    named = await city.post(f"{case}/name-host", host)
    assert (named["host_wanted"], named["region_code"], named["level"]) == (False, OTHER_COUNTY, "county")
    assert named["owner"]["unit_id"] == f"centre-{OTHER_COUNTY}"
    hosting = at_work.role(Role.DISPATCHER, region=OTHER_COUNTY)
    assert (await hosting.get(case))["case_no"] == case_no
    assert (await city.post(f"{case}/name-host", host, 409))["code"] == "no_host_wanted"
