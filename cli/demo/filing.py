"""Reporting the demo's appeals, one after the other, and knowing them again."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cli.demo.errands import Note
from cli.simulator.public_api import PublicApi, Refused
from infra.intake import Report

_SECONDS_BETWEEN = 0.25


@dataclass(frozen=True)
class Filed:
    """An appeal with its receipt; `place` is its place in the run, from 0, which decides how its story goes."""

    place: int
    report: Report
    case_no: str
    tracking_code: str
    pin: str | None = field(repr=False)


class Filing:
    """Reports the appeals of one run; `run_id` keeps them apart from those of other runs."""

    def __init__(self, run_id: str, reports: Sequence[Report]) -> None:
        self.total = len(reports)
        self.refused = 0
        self._run_id = run_id
        self._reports = reports
        self._filed: dict[str, Filed] = {}

    def __iter__(self) -> Iterator[Filed]:
        return iter(list(self._filed.values()))

    @property
    def case_nos(self) -> list[str]:
        """The case numbers so far."""
        return list(self._filed)

    @property
    def is_complete(self) -> bool:
        """Whether every appeal was taken in or refused."""
        return len(self._filed) + self.refused == self.total

    def find(self, case_no: str) -> Filed | None:
        """The appeal behind a case number; None if it is none of this run's."""
        return self._filed.get(case_no)

    async def run(self, api: PublicApi, note: Note) -> None:
        """Reports all of them; `note` is told of each that is not taken in."""
        for place, report in enumerate(self._reports):
            external_id = f"{self._run_id}/{place + 1}"
            body = report.model_dump(mode="json", exclude_none=True) | {"external_id": external_id}
            try:
                receipt = await api.post("/cases", body, key=external_id)
            except Refused as refusal:
                self.refused += 1
                note(f"第 {place + 1} 件未能登记 · not taken in: {refusal}")
            else:
                case_no = receipt["case_no"]
                self._filed[case_no] = Filed(place, report, case_no, receipt["tracking_code"], receipt["pin"])
            await asyncio.sleep(_SECONDS_BETWEEN)
