"""The people of a run: centres, mediators, units without a system, the operator on duty, the city's supervisor.

Each looks again and again at the lists that such people have, and does what this run's cases need next.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable
from functools import partial
from http import HTTPStatus
from random import Random
from typing import Any

from cli.demo.figures import Figures
from cli.demo.filing import Filed, Filing, Note
from cli.demo.staff import Staff
from cli.demo.story import Story
from cli.demo.talks import Talks
from cli.simulator.handling import Order, work
from cli.simulator.public_api import PublicApi, Refused
from workflows.contracts.vocabulary import CallbackOutcome, CaseKind, DeclineGround, Solved, UnitKind

_CENTRES_LOOK_EVERY = 0.6
_OTHERS_LOOK_EVERY = 1.5
_PAGE = 200
_QUICK, _SLOW = 0.4, 1.15
"""When a unit without a system takes its steps, as a part of the time to their due time: some are a little late."""
_GIVEN_TIME = 6.0
"""Seconds that a unit has to come before the city urges it again."""
_RATINGS = {
    ("very_satisfied", Solved.YES): 35,
    ("satisfied", Solved.YES): 35,
    ("basically_satisfied", Solved.PARTLY): 15,
    ("dissatisfied", Solved.PARTLY): 10,
    ("very_dissatisfied", Solved.NO): 5,
}

Item = dict[str, Any]
"""A case, task or unit as a list shows it."""


class People:
    """Act until cancelled; `with_system` are the units whose tasks the simulator works on."""

    def __init__(
        self, staff: Staff, filing: Filing, story: Story, figures: Figures, with_system: Collection[str], note: Note
    ) -> None:
        self._staff = staff
        self._filing = filing
        self._story = story
        self._talks = Talks(staff, story)
        self._figures = figures
        self._with_system = with_system
        self._note = note
        self._under_way: set[Hashable] = set()
        self._failures: Counter[str] = Counter()
        self._looked_at: set[str] = set()

    async def act(self) -> None:
        """Everybody looks at their lists in turn.

        Raises:
            ExceptionGroup: if somebody could not go on.
        """
        async with asyncio.TaskGroup() as self._group:
            self._group.create_task(_every(_CENTRES_LOOK_EVERY, self._look_as_centres))
            for look in (self._look_as_mediators, self._look_as_offices, self._look_as_operator, self._look_as_city):
                self._group.create_task(_every(_OTHERS_LOOK_EVERY, look))

    async def _look_as_centres(self) -> None:
        next_steps = {
            "registered": self._triage,
            "accepted": self._whistle,
            "finished": self._verify,
            "verified": self._hear_the_requester,
        }
        for status, step in next_steps.items():
            for filed, item in await self._ours(status=status):
                self._begin(filed.case_no, partial(self._after_a_while, step, filed, item))

    async def _look_as_mediators(self) -> None:
        for status in ("in_mediation", "agreed"):
            for filed, _ in await self._ours(status=status):
                if (talk := self._story.talk_for(filed.report)) is not None:
                    self._begin(filed.case_no, partial(self._talks.go_on, talk, filed))

    async def _look_as_offices(self) -> None:
        inboxes: defaultdict[str, set[str]] = defaultdict(set)
        for unit_id, task_no in await self._figures.to_be_done_by_hand(self._filing.case_nos, self._with_system):
            inboxes[unit_id].add(task_no)
        for unit_id, expected in inboxes.items():
            api = self._staff.handler(unit_id)
            for item in (await api.get("/tasks", unit=unit_id, limit=_PAGE))["items"]:
                if item["task_no"] in expected:
                    order = Order.of(item["task_no"], item["clocks"])
                    chance = self._story.chance(0, order.task_no)
                    pace = chance.uniform(_QUICK, _SLOW)
                    self._begin(order.task_no, partial(work, api, order, pace=pace, chance=chance))

    async def _look_as_operator(self) -> None:
        for case in (await self._staff.operator.get("/operations/stuck", limit=_PAGE))["items"]:
            for cause in case["causes"] if self._filing.find(case["case_no"]) else ():
                if cause["effect_id"] is not None:
                    self._begin(cause["effect_id"], partial(self._put_right, case["case_no"], cause["effect_id"]))

    async def _look_as_city(self) -> None:
        for status in ("dispatched", "in_progress"):
            for filed, item in await self._ours(status=status, level="city", overdue=True):
                self._begin(f"urge {filed.case_no}", partial(self._urge, filed.case_no, item["seq"]))

    async def _ours(self, **asked: str | bool) -> list[tuple[Filed, Item]]:
        items: list[Item] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self._staff.city_supervisor.get("/cases", limit=_PAGE, **asked, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return [(filed, item) for item in items if (filed := self._filing.find(item["case_no"]))]
            cursor = {"cursor": page["next_cursor"]}

    def _begin(self, subject: Hashable, errand: Callable[[], Awaitable[None]]) -> None:
        """Runs the errand unless its subject is being seen to.

        A conflict means that the matter went on without us, which is no fault; after any other refusal the subject is
        left alone, so that it shows as not ended instead of being tried for ever.
        """
        if subject not in self._under_way:
            self._under_way.add(subject)
            self._group.create_task(self._run(subject, errand))

    async def _run(self, subject: Hashable, errand: Callable[[], Awaitable[None]]) -> None:
        try:
            await errand()
        except Refused as refusal:
            if refusal.status != HTTPStatus.CONFLICT:
                self._note(f"{subject}: {refusal}")
                return
        self._under_way.discard(subject)

    async def _after_a_while(self, step: Callable[[Filed, Item], Awaitable[None]], filed: Filed, item: Item) -> None:
        await asyncio.sleep(self._story.reaction_to(filed.place, item["status"]))
        await step(filed, item)

    async def _triage(self, filed: Filed, item: Item) -> None:
        if filed.report.kind is CaseKind.INQUIRY:
            return await self._order(item, "answer", reply=self._story.words["answered"])
        if filed.report.kind is CaseKind.SUGGESTION:
            return await self._order(item, "settle", reply=self._story.words["settled"])
        suggested = [] if self._story.talk_for(filed.report) else await self._suggestions(filed, item)
        if suggested and not any(unit["datable"] for unit in suggested):
            is_theirs = suggested[0]["kind"] == UnitKind.DISCIPLINE
            ground = DeclineGround.DISCIPLINE_MATTER if is_theirs else DeclineGround.OTHER_AUTHORITY
            route = self._story.words[ground].format(unit=suggested[0]["name"])
            return await self._order(item, "decline", ground=ground, route=route)
        return await self._order(item, "accept", note=self._story.words["accepted"])

    async def _whistle(self, filed: Filed, item: Item) -> None:
        if (talk := self._story.talk_for(filed.report)) is not None:
            await self._talks.open(talk, filed, item)
            return
        units = [(u["unit_id"], u["reason"]) for u in await self._suggestions(filed, item) if u["datable"]]
        units = units or [(self._story.unit_for(filed.report), self._story.words["by_its_words"])]
        (lead, why), co_units = units[0], [unit_id for unit_id, _ in units[1:]]
        reason = self._story.words["whistle"].format(why=why)
        await self._order(item, "whistle", lead_unit=lead, co_units=co_units, reason=reason)
        if self._story.is_withdrawn(filed.place) and filed.pin is not None:
            await asyncio.sleep(self._story.reaction_to(filed.place, "withdraw"))
            await self._by_code(filed, "withdraw", reason=self._story.words["withdrawn"])

    async def _suggestions(self, filed: Filed, item: Item) -> list[Item]:
        category, region = filed.report.category, filed.report.region_code
        if category is None:
            return []
        asked = {"category": category} | ({"region": region} if region else {})
        suggested: list[Item] = (await self._dispatcher(item).get("/routing", **asked))["items"]
        return suggested

    async def _verify(self, filed: Filed, item: Item) -> None:
        kept = self._story.talk_for(filed.report) is not None
        passed = kept or filed.case_no in self._looked_at or not self._story.is_botched(filed.place)
        self._looked_at.add(filed.case_no)
        body = {"passed": passed, "note": self._story.words["passed" if passed else "failed"]}
        # What a tip-off says is sealed from the grid: the centre looks at its result.
        sealed = filed.report.kind is CaseKind.TIP_OFF
        by_grid = self._staff.verifier(filed.report.region_code, item["owner"]["unit_id"])
        verifier = self._dispatcher(item) if sealed else by_grid
        await verifier.post(f"/cases/{filed.case_no}/verify", body, key=_key(item, "verify"))

    async def _hear_the_requester(self, filed: Filed, item: Item) -> None:
        chance = self._story.chance(filed.place, "callback")
        if not (filed.report.requester or {}).get("phone"):
            return await self._order(item, "callback", outcome=CallbackOutcome.ANONYMOUS)
        told = chance.random()
        if told < 0.2 and filed.pin is not None:
            return await self._by_code(filed, "rate", **_rating(chance))
        if told < 0.3:
            return await self._order(item, "callback", outcome=CallbackOutcome.DECLINED)
        if told < 0.45:
            note = self._story.words["unreachable"]
            await self._order(item, "callback", "unreachable", outcome=CallbackOutcome.UNREACHABLE, note=note)
            await asyncio.sleep(self._story.reaction_to(filed.place, "verified"))
        note = self._story.words["called_back"]
        return await self._order(item, "callback", outcome=CallbackOutcome.REACHED, note=note, **_rating(chance))

    async def _put_right(self, case_no: str, effect_id: str) -> None:
        """Has a failed signal tried again, and gives up on one that fails a second time: the unit is telephoned."""
        self._failures[effect_id] += 1
        command, said = ("retry", "retried") if self._failures[effect_id] == 1 else ("skip", "skipped")
        body = {"case_no": case_no, "effect_id": effect_id, "reason": self._story.words[said]}
        await self._staff.operator.post(f"/operations/{command}", body, key=f"{effect_id}/{command}")

    async def _urge(self, case_no: str, seq: int) -> None:
        body = {"note": self._story.words["city_urge"]}
        await self._staff.city_supervisor.post(f"/cases/{case_no}/urge", body, key=f"{case_no}/{seq}/urge")
        await asyncio.sleep(_GIVEN_TIME)

    async def _order(self, item: Item, command: str, detail: str = "", /, **body: Any) -> None:
        path = f"/cases/{item['case_no']}/{command}"
        await self._dispatcher(item).post(path, body, key=_key(item, f"{command}{detail}"))

    async def _by_code(self, filed: Filed, command: str, **body: str) -> None:
        path = f"/track/{filed.tracking_code}/{command}"
        headers = {"tracking-pin": filed.pin or ""}
        await self._staff.requester.post(path, body, key=f"{filed.case_no}/{command}", headers=headers)

    def _dispatcher(self, item: Item) -> PublicApi:
        return self._staff.dispatcher(item["owner"]["unit_id"])


async def _every(seconds: float, look: Callable[[], Awaitable[None]]) -> None:
    while True:
        await look()
        await asyncio.sleep(seconds)


def _key(item: Item, command: str) -> str:
    # A rework brings a case into the same status a second time; its events have gone on by then.
    return f"{item['case_no']}/{item['seq']}/{command}"


def _rating(chance: Random) -> dict[str, str]:
    rating, solved = chance.choices(list(_RATINGS), list(_RATINGS.values()))[0]
    return {"rating": rating, "solved": solved}
