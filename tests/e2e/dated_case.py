"""A case at a date of its own: its people, its process and the interface that shows it share one clock."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from api.app import create_app
from infra.settings import Settings
from infra.tables import Case
from tests.api.calling import SECRET, Caller, Callers
from tests.driving import until
from tests.installation import Installation
from workflows.contracts.state import CaseState
from workflows.rules.calendar import LOCAL
from workflows.rules.ladder import next_moment

_AFTER = timedelta(seconds=2)
"""The process is so far ahead of the interface that what a request was received at never lies in its future."""


def moment(text: str | None) -> datetime | None:
    """A time that the interface shows, by the wall clock in Asia/Shanghai."""
    return datetime.fromisoformat(text).astimezone(LOCAL) if text is not None else None


class DatedCase:
    """The hands that move the case; `callers` reach it over HTTP, at `now` until that is moved on."""

    def __init__(self, place: Installation, begins: datetime) -> None:
        self.now = begins
        self._place = place
        self._ahead = begins - datetime.now(UTC)
        self._starts = place.starts(time_shift=self._ahead)
        settings = Settings(database_url=SecretStr(place.database_url), token_secret=SecretStr(SECRET))
        self.app = create_app(
            settings,
            place.sessions,
            place.gateway(self._starts),
            place.mediations(),
            temporal_answers=place.client.service_client.check_health,
            now=lambda: self.now,
        )
        self.callers = Callers(self.app)
        self.case_no = self.tracking_code = self.pin = ""

    @property
    def dispatcher(self) -> Caller:
        """The centre's."""
        return self.callers.dispatcher

    @property
    def requester(self) -> Caller:
        """With her PIN."""
        return self.callers.nobody(Tracking_Pin=self.pin)

    @property
    def task_no(self) -> str:
        """The lead unit's."""
        return f"{self.case_no}-T1"

    async def report(self, **fields: Any) -> Any:
        """Takes the report in and starts its process; the snapshot."""
        registered = await self.dispatcher.report(**fields)
        self.case_no, self.tracking_code, self.pin = (registered[key] for key in ("case_no", "tracking_code", "pin"))
        await self._starts.start(self.case_no)
        await self.rests()
        return await self.shown()

    async def takes_up(self, case_no: str) -> "DatedCase":
        """A case that this one left behind: its process is started, and shares this one's present time."""
        other = DatedCase(self._place, self.now)
        other.case_no = case_no
        await other._starts.start(case_no)
        await other.rests()
        return other

    async def whistled(self, unit: str = "housing", *, preset: str | None = None) -> Any:
        """Taken on and dispatched to the unit at once; the snapshot."""
        await self.does("accept")
        return await self.does("whistle", lead_unit=unit, preset=preset, reason="请办理")

    async def signed(self, unit: str = "housing") -> Any:
        """As `whistled`, and the unit has seen it; so few clocks are left to run out. The snapshot."""
        await self.whistled(unit)
        return await self.step("sign", unit=unit)

    async def does(self, command: str, **body: Any) -> Any:
        """A command of the dispatcher; the snapshot after it."""
        return await self.dispatcher.post(f"/cases/{self.case_no}/{command}", body)

    async def step(self, command: str, body: Any = None, *, unit: str = "housing", task: int = 1) -> Any:
        """A step of the unit that has that task; the snapshot after it."""
        return await self.callers.handler(unit).post(f"/tasks/{self.case_no}-T{task}/{command}", body)

    async def refused(self, command: str, **body: Any) -> str:
        """The code with which a command of the dispatcher is turned down."""
        refusal = await self.dispatcher.post(f"/cases/{self.case_no}/{command}", body, 409)
        return str(refusal["code"])

    async def skip_to(self, later: datetime) -> None:
        """Nobody does anything until then."""
        ahead = later + _AFTER - (datetime.now(UTC) + self._ahead)
        skipper = TimeSkipper(self._place.client)
        assert all(await asyncio.gather(*(skipper.fast_forward(one, ahead) for one in self._processes())))
        self._ahead += ahead
        self.now = later
        await until(self._has_run_out, f"what is due by {later} has run out")
        await self.rests()

    def _processes(self) -> Sequence[WorkflowHandle[object, object]]:
        """Those that share the present time."""
        return [self._place.handle(self.case_no)]

    async def rests(self) -> None:
        """Waits until all that the process has decided is on record."""
        await self._place.at_rest(self.case_no)

    async def _has_run_out(self) -> bool:
        # Timers wake some time after the moment that was skipped to.
        async with self._place.sessions() as session:
            case = await session.get_one(Case, self.case_no)
        following = next_moment(CaseState.model_validate(case.snapshot), self.now)
        return following is None or following > self.now

    async def shown(self, **query: str) -> Any:
        """The snapshot."""
        return await self.dispatcher.get(f"/cases/{self.case_no}", **query)

    async def clock(self, clock_id: str) -> Any:
        """One of the clocks in the snapshot."""
        return clock_of(await self.shown(), clock_id)

    async def days(self, clock_id: str) -> dict[str, list[date]]:
        """The dates behind a clock that its limit explains, by what became of them."""
        strip = await self.dispatcher.get(f"/cases/{self.case_no}/days", clock=clock_id)
        assert strip["explained"], strip
        assert strip["days"][-1]["date"] == strip["clock"]["due_date"]
        dates: dict[str, list[date]] = {"counted": [], "skipped": [], "paused": [], "rolled": []}
        for day in strip["days"]:
            dates[day["verdict"]].append(date.fromisoformat(day["date"]))
        return dates

    async def said(self, kind: str) -> list[dict[str, Any]]:
        """The events of that kind on the timeline."""
        items = (await self.dispatcher.get(f"/cases/{self.case_no}/timeline", limit=200))["items"]
        return [item for item in items if item["kind"] == kind]

    async def tracked(self) -> Any:
        """What the requester reads under her tracking code and PIN."""
        (own,) = (await self.requester.get(f"/track/{self.tracking_code}"))["cases"]
        return own


def clock_of(shown: Any, clock_id: str) -> Any:
    """One of the clocks in a snapshot."""
    (found,) = [clock for clock in shown["clocks"] if clock["id"] == clock_id]
    return found
