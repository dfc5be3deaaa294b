"""The governance centres at work: what is in their lists is accepted, whistled, verified and called back."""

import asyncio
from functools import partial
from random import Random
from typing import Any

from cli.demo import wording
from cli.demo.errands import Errands
from cli.demo.filing import Filed, Filing
from cli.demo.offices import Offices
from cli.demo.staff import Staff
from cli.demo.story import Story
from cli.simulator.public_api import PublicApi
from workflows.contracts.vocabulary import CallbackOutcome, CaseKind, DeclineGround, Solved, UnitKind

_LOOK_EVERY = 0.6
_PAGE = 200
_THEIRS = ("registered", "accepted", "finished", "verified")

Item = dict[str, Any]
"""A case as a list shows it."""


class Centre:
    """Looks through the lists again and again, and does what each of this run's cases needs next."""

    def __init__(self, staff: Staff, filing: Filing, offices: Offices, errands: Errands, story: Story) -> None:
        self._staff = staff
        self._filing = filing
        self._offices = offices
        self._errands = errands
        self._story = story

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            for status in _THEIRS:
                for item in await self._list(status):
                    filed = self._filing.find(item["case_no"])
                    if filed is not None:
                        self._errands.begin(filed.case_no, partial(self._see_to, filed, item))
            await asyncio.sleep(_LOOK_EVERY)

    async def _list(self, status: str) -> list[Item]:
        items: list[Item] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self._staff.city_supervisor.get("/cases", status=status, limit=_PAGE, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def _see_to(self, filed: Filed, item: Item) -> None:
        await asyncio.sleep(self._story.reaction_to(filed.place, item["status"]))
        match item["status"]:
            case "registered":
                await self._triage(filed, item)
            case "accepted":
                await self._whistle(filed, item)
            case "finished":
                await self._verify(filed, item)
            case "verified":
                await self._hear_the_requester(filed, item)
            case _:
                pass

    async def _triage(self, filed: Filed, item: Item) -> None:
        report = filed.report
        if report.kind is CaseKind.INQUIRY:
            return await self._order(item, "answer", {"reply": wording.ANSWERED})
        if report.kind is CaseKind.SUGGESTION:
            return await self._order(item, "settle", {"reply": wording.SETTLED})
        suggested = await self._suggestions(filed, item)
        if suggested and not any(unit["datable"] for unit in suggested):
            return await self._order(item, "decline", _declined(suggested[0]))
        return await self._order(item, "accept", {"note": wording.ACCEPTED})

    async def _whistle(self, filed: Filed, item: Item) -> None:
        suggested = await self._suggestions(filed, item)
        units = [unit for unit in suggested if unit["datable"]]
        lead, why = (
            (units[0]["unit_id"], units[0]["reason"])
            if units
            else (self._story.unit_for(filed.report), "按诉求内容判断由该单位主办")
        )
        co_units = [unit["unit_id"] for unit in units[1:]]
        body = {"lead_unit": lead, "co_units": co_units, "reason": wording.whistle_reason(why)}
        await self._order(item, "whistle", body)
        for unit_id in (lead, *co_units):
            self._offices.expect(unit_id, filed.case_no)
        if self._story.is_withdrawn(filed.place) and filed.pin is not None:
            await asyncio.sleep(self._story.reaction_to(filed.place, "withdraw"))
            await self._by_code(filed, "withdraw", {"reason": wording.WITHDRAWN})

    async def _suggestions(self, filed: Filed, item: Item) -> list[Item]:
        category, region = filed.report.category, filed.report.region_code
        if category is None:
            return []
        asked = {"category": category} | ({"region": region} if region else {})
        suggested: list[Item] = (await self._dispatcher(item).get("/routing", **asked))["items"]
        return suggested

    async def _verify(self, filed: Filed, item: Item) -> None:
        passed = not self._story.is_botched(filed)
        self._story.looked_at(filed)
        verifier = self._staff.verifier(filed.report.region_code, _centre(item))
        body = {"passed": passed, "note": wording.PASSED if passed else wording.FAILED}
        await verifier.post(f"/cases/{filed.case_no}/verify", body, key=_key(item, "verify"))

    async def _hear_the_requester(self, filed: Filed, item: Item) -> None:
        chance = self._story.chance(filed.place, "callback")
        requester = filed.report.requester or {}
        if not requester.get("phone"):
            return await self._call(item, CallbackOutcome.ANONYMOUS)
        told = chance.random()
        if told < 0.2 and filed.pin is not None:
            return await self._by_code(filed, "rate", _rating(chance))
        if told < 0.3:
            return await self._call(item, CallbackOutcome.DECLINED)
        if told < 0.45:
            await self._call(item, CallbackOutcome.UNREACHABLE, {"note": wording.UNREACHABLE})
            await asyncio.sleep(self._story.reaction_to(filed.place, "verified"))
        return await self._call(item, CallbackOutcome.REACHED, {"note": wording.CALLED_BACK, **_rating(chance)})

    async def _call(self, item: Item, outcome: CallbackOutcome, more: dict[str, str] | None = None) -> None:
        await self._order(item, "callback", {"outcome": outcome.value, **(more or {})}, detail=outcome.value)

    async def _order(self, item: Item, command: str, body: dict[str, Any], *, detail: str = "") -> None:
        await self._dispatcher(item).post(
            f"/cases/{item['case_no']}/{command}", body, key=_key(item, f"{command}{detail}")
        )

    def _dispatcher(self, item: Item) -> PublicApi:
        return self._staff.dispatcher(_centre(item), item["region_code"])

    async def _by_code(self, filed: Filed, command: str, body: dict[str, str]) -> None:
        path = f"/track/{filed.tracking_code}/{command}"
        headers = {"tracking-pin": filed.pin or ""}
        await self._staff.requester.post(path, body, key=f"{filed.case_no}/{command}", headers=headers)


def _centre(item: Item) -> str:
    centre: str = item["owner"]["unit_id"]
    return centre


def _key(item: Item, command: str) -> str:
    # A rework brings a case into the same status a second time; its events have gone on by then.
    return f"{item['case_no']}/{item['seq']}/{command}"


def _declined(unit: Item) -> dict[str, str]:
    ground = DeclineGround.OTHER_AUTHORITY
    if unit["kind"] == UnitKind.DISCIPLINE:
        ground = DeclineGround.DISCIPLINE_MATTER
    return {"ground": ground.value, "route": wording.other_route(unit["name"], unit["kind"])}


def _rating(chance: Random) -> dict[str, str]:
    rating, solved = chance.choices(
        (
            ("very_satisfied", Solved.YES),
            ("satisfied", Solved.YES),
            ("basically_satisfied", Solved.PARTLY),
            ("dissatisfied", Solved.PARTLY),
            ("very_dissatisfied", Solved.NO),
        ),
        (35, 35, 15, 10, 5),
    )[0]
    return {"rating": rating, "solved": solved.value}
