"""Those who watch over the others: the operator on duty, and the city's supervisor."""

import asyncio
from collections import Counter
from functools import partial
from typing import Any

from cli.demo import wording
from cli.demo.errands import Errands
from cli.demo.filing import Filing
from cli.demo.offices import Offices
from cli.demo.staff import Staff

_LOOK_EVERY = 1.5
_PAGE = 200


class Operator:
    """Has failed signals tried again, and gives up on one that fails a second time: then the unit is telephoned."""

    def __init__(self, staff: Staff, filing: Filing, offices: Offices, errands: Errands) -> None:
        self._api = staff.operator
        self._filing = filing
        self._offices = offices
        self._errands = errands
        self._failures: Counter[str] = Counter()

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            for case in (await self._api.get("/operations/stuck", limit=_PAGE))["items"]:
                if self._filing.find(case["case_no"]) is None:
                    continue
                for cause in case["causes"]:
                    if cause["effect_id"] is not None:
                        self._errands.begin(cause["effect_id"], partial(self._put_right, case["case_no"], cause))
            await asyncio.sleep(_LOOK_EVERY)

    async def _put_right(self, case_no: str, cause: dict[str, Any]) -> None:
        effect_id = cause["effect_id"]
        self._failures[effect_id] += 1
        body = {"case_no": case_no, "effect_id": effect_id}
        if self._failures[effect_id] == 1:
            await self._api.post("/operations/retry", body | {"reason": wording.RETRIED}, key=f"{effect_id}/retry")
            return
        await self._api.post("/operations/skip", body | {"reason": wording.SKIPPED}, key=f"{effect_id}/skip")
        if cause["unit_id"] is not None:
            self._offices.expect(cause["unit_id"], case_no, in_spite_of_system=True)


class CitySupervisor:
    """Urges by hand whoever is still late once a case has gone up to the city."""

    def __init__(self, staff: Staff, filing: Filing, errands: Errands) -> None:
        self._api = staff.city_supervisor
        self._filing = filing
        self._errands = errands

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            for status in ("dispatched", "in_progress"):
                asked = {"status": status, "level": "city", "overdue": True, "limit": _PAGE}
                for item in (await self._api.get("/cases", **asked))["items"]:
                    if self._filing.find(item["case_no"]) is not None:
                        self._errands.begin(
                            ("urge", item["case_no"]), partial(self._urge, item["case_no"], item["seq"])
                        )
            await asyncio.sleep(_LOOK_EVERY)

    async def _urge(self, case_no: str, seq: int) -> None:
        await asyncio.sleep(_LOOK_EVERY)
        await self._api.post(f"/cases/{case_no}/urge", {"note": wording.CITY_URGE}, key=f"{case_no}/{seq}/urge")
        # The unit is given time to come before it is urged again.
        await asyncio.sleep(3 * _LOOK_EVERY)
