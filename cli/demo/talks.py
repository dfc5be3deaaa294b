"""Disputes of a run that are talked out (联调): what the centre and a mediator do next, by how the mediation stands."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from cli.demo.filing import Filed
from cli.demo.staff import Staff
from cli.demo.story import Story, Talk
from cli.simulator.public_api import PublicApi
from workflows.rules.calendar import local_date

_SESSION_IN, _SESSION_LASTS = timedelta(seconds=1), timedelta(minutes=30)
_PROMISED_FOR = timedelta(days=7)
_BREATH = 0.3
"""Seconds between two steps."""

Shown = dict[str, Any]
"""A case or a mediation as the interface shows it."""


class Talks:
    """By how each mediation stands, so that one which an earlier run left behind goes on like any other."""

    def __init__(self, staff: Staff, story: Story) -> None:
        self._staff = staff
        self._story = story
        self._applied: set[str] = set()

    async def open(self, talk: Talk, filed: Filed, case: Shown) -> None:
        """The centre that has the case sends it to joint mediation."""
        parties = [
            {"side": "applicant", "name": "申请人"},
            {"side": "respondent", "name": talk.respondent, "kind": talk.respondent_kind},
        ]
        centre = self._staff.dispatcher(case["owner"]["unit_id"])
        body = {"dispute": talk.dispute, "parties": parties}
        await centre.post(f"/cases/{filed.case_no}/mediations", body, key=f"{filed.case_no}/{case['seq']}/mediations")

    async def go_on(self, talk: Talk, filed: Filed) -> None:
        """The next steps of the case's latest mediation, until a session or another authority is waited for."""
        supervisor = self._staff.city_supervisor
        number = (await supervisor.get(f"/cases/{filed.case_no}"))["mediations"][-1]
        goes_on = True
        while goes_on:
            goes_on = await self._step(talk, filed, await supervisor.get(f"/mediations/{number}"))
            await asyncio.sleep(_BREATH)

    async def _step(self, talk: Talk, filed: Filed, seen: Shown) -> bool:
        """Takes the next step; False if there is none to take now."""
        owner = seen["owner"]
        if owner is None:
            return False
        if owner["role"] == "dispatcher":
            centre = self._staff.dispatcher(owner["unit_id"])
            await (self._end(centre, talk, seen) if seen["tracks"] else self._plan(centre, talk, filed, seen))
            return True
        (track,) = seen["tracks"]
        (mediator,) = track["mediators"]
        api = self._staff.mediator(mediator, track["host"])
        seen = await api.get(f"/mediations/{seen['mediation_no']}")
        match seen["status"]:
            case "planned":
                await _consent(api, seen)
            case "consented":
                await _take_up(api, seen)
            case "under_way":
                return await self._talk(api, talk, seen)
            case "drafted":
                await _sign(api, seen)
            case "agreed":
                return await self._see_to_it(api, talk, seen)
        return True

    async def _plan(self, centre: PublicApi, talk: Talk, filed: Filed, seen: Shown) -> None:
        wanted: dict[str, str | int] = {"channel": talk.channel, "limit": 1}
        if talk.speciality is not None:
            wanted["speciality"] = talk.speciality
        elif filed.report.region_code is not None:
            # The township's committee takes what comes from its villages.
            wanted["region"] = f"{filed.report.region_code[:9]}000"
        mediator = (await centre.get("/mediators", **wanted))["items"][0]
        step = {"form": talk.form, "host": mediator["unit_id"], "mediator_id": mediator["mediator_id"]}
        await _do(centre, seen, "decide-plan", tracks=[step], reason=self._story.words["planned"])

    async def _end(self, centre: PublicApi, talk: Talk, seen: Shown) -> None:
        await _do(centre, seen, "end", remedy=talk.remedy, reason=self._story.words["talked_in_vain"])

    async def _talk(self, api: PublicApi, talk: Talk, seen: Shown) -> bool:
        now = datetime.now(UTC)
        if not seen["sessions"]:
            begins = now + _SESSION_IN
            times = {"starts_at": begins.isoformat(), "ends_at": (begins + _SESSION_LASTS).isoformat()}
            await _do(api, seen, "schedule-session", **times, parties=_parties(seen))
            return True
        (session,) = seen["sessions"]
        if session["status"] == "scheduled":
            if now < datetime.fromisoformat(session["starts_at"]):
                return False
            body = {"session_no": session["session_no"], "present": _parties(seen), "facts": talk.facts}
            await _do(api, seen, "record-session", **body)
        elif talk.promise is None:
            await _do(api, seen, "fail", reason=self._story.words["talked_in_vain"])
        else:
            applicant, respondent = _parties(seen)
            due = local_date(now + _PROMISED_FOR).isoformat()
            promise = {"promisor": respondent, "to": applicant, "what": talk.promise, "due": due}
            await _do(api, seen, "draft-agreement", terms=self._story.words["agreed"], promises=[promise])
        return True

    async def _see_to_it(self, api: PublicApi, talk: Talk, seen: Shown) -> bool:
        """A court confirms what is to be confirmed; afterwards what was promised is done."""
        number = seen["mediation_no"]
        if talk.court is not None and seen["confirmation"] is None:
            self._applied.add(number)
            await _do(api, seen, "apply-confirmation", court=talk.court, parties=_parties(seen))
            return True
        if seen["confirmation"] in {"applied", "accepted"}:
            if number not in self._applied:
                # An earlier run's court is gone: what it decided comes on paper.
                await _do(api, seen, "record-outside", system="court", ask="confirmation", confirmed=True)
            return number not in self._applied
        for item in seen["agreement"]["items"]:
            if item["status"] == "open":
                await _do(api, seen, "check-fulfilment", item["item_no"], item_no=item["item_no"], kept=True)
        return True


async def _consent(api: PublicApi, seen: Shown) -> None:
    for party_no in _parties(seen):
        if party_no not in seen["tracks"][0]["consents"]:
            await _do(api, seen, "consent", party_no, party_no=party_no, agreed=True)


async def _take_up(api: PublicApi, seen: Shown) -> None:
    if seen["tracks"][0]["applied_at"] is None:
        await _do(api, seen, "apply", party_no=_parties(seen)[0])
    await _do(api, seen, "take-up")


async def _sign(api: PublicApi, seen: Shown) -> None:
    """Every mark that the channel asks for; on screen, which these matters allow."""
    there = {(mark["by"], mark["party_no"]) for mark in seen["agreement"]["marks"]}
    for by in seen["agreement"]["needs"]:
        for party_no in _parties(seen) if by == "parties" else (None,):
            if (by, party_no) not in there:
                await _do(api, seen, "sign", f"{by}{party_no}", by=by, party_no=party_no, means="electronic")


async def _do(api: PublicApi, seen: Shown, command: str, detail: str = "", /, **body: Any) -> None:
    key = f"{seen['mediation_no']}/{seen['seq']}/{command}{detail}"
    await api.post(f"/mediations/{seen['mediation_no']}/{command}", body, key=key)


def _parties(seen: Shown) -> list[str]:
    return [party["party_no"] for party in seen["parties"]]
