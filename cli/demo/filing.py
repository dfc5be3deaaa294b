"""The appeals of a run: where they come from, reporting them one after the other, and knowing them again."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cli.simulator.public_api import PublicApi, Refused
from infra.cities.load import YUNJIANG
from infra.intake import Report
from infra.report_csv import read_reports
from infra.tables import Case, Intake, Requester
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus

Note = Callable[[str], None]
"""Is told in one line what went wrong."""

ENDED = frozenset({*END_STATUSES, CaseStatus.ARCHIVED})
"""What the demo waits for."""

_RUN_PREFIX = "demo-"
_SAMPLE = YUNJIANG / "sample_appeals.csv"
_SOURCES = ("hotline_12345", "grid", "mini_program", "counter")
_SECONDS_BETWEEN = 0.25


def sample(count: int | None) -> list[Report]:
    """The first `count` of the bundled appeals, from the beginning again if there are not so many; default all."""
    known = [row for row in read_reports(_SAMPLE, "demo") if isinstance(row, Report)]
    chosen = islice(cycle(known), len(known) if count is None else count)
    return [
        report.model_copy(update={"source": source}) for report, source in zip(chosen, cycle(_SOURCES), strict=False)
    ]


@dataclass(frozen=True)
class Filed:
    """An appeal with its receipt; `place` is its place in the run, from 0, which decides how its story goes."""

    place: int
    report: Report
    case_no: str
    tracking_code: str
    pin: str | None = field(repr=False)


class Filing:
    """The appeals of one run; `run_id` keeps them apart from those of other runs."""

    def __init__(self, run_id: str, reports: Sequence[Report]) -> None:
        self.total = len(reports)
        self.refused = 0
        self.left_over = 0
        self._run_id = f"{_RUN_PREFIX}{run_id}"
        self._reports = reports
        self._filed: dict[str, Filed] = {}

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

    async def take_over(self, session: AsyncSession) -> None:
        """Adds what earlier runs left open, which would else be urged for ever: nobody but a demo sees to it."""
        found = await session.execute(
            select(Case, Requester.phone)
            .join(Intake)
            .outerjoin(Requester)
            .where(Intake.external_id.startswith(_RUN_PREFIX), Case.status.not_in(ENDED))
        )
        for place, (case, phone) in enumerate(found, start=self.total):
            report = Report(
                source=case.source,
                kind=CaseKind(case.kind),
                title=case.title,
                description=case.description,
                category=case.category,
                region_code=case.region_code,
                requester={"phone": phone},
            )
            self._filed[case.case_no] = Filed(place, report, case.case_no, case.tracking_code, None)
        self.left_over = len(self._filed)
        self.total += self.left_over

    async def run(self, api: PublicApi, note: Note) -> None:
        """Reports all appeals; `note` is told of each that is not taken in."""
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
