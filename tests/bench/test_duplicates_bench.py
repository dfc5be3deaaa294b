"""Looking for likely duplicates among 20,000 open cases, beside a page of the plain list, in one run."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text, true

from infra.chinese_text import grams
from infra.database import Sessions, database
from infra.directory_tables import Region
from infra.duplicates import likely_duplicates
from infra.tables import Case, CaseWords, Intake
from tests.alike_reports import alike_reports

_CASES, _AT_ONCE, _TIMES, _PREPARING = 20_000, 1_000, 100, 20
_NOW = datetime(2026, 7, 31, tzinfo=UTC)


@pytest.fixture
async def city(clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Sessions]:
    """A city with a month's cases, their words shuffled out of invented reports."""
    random = Random(17)  # noqa: S311 - the same cases every time
    phrases = [part for report in alike_reports() for part in report.account.description.split("，")]
    async with database(await clone(), pool_size=1) as made:
        async with made.begin() as session:
            codes = list(await session.scalars(select(Region.code).order_by(Region.code)))
        for first in range(0, _CASES, _AT_ONCE):
            rows = [_row(random, phrases, codes, n) for n in range(first, first + _AT_ONCE)]
            async with made.begin() as session:
                await session.execute(insert(Intake), [intake for intake, _, _ in rows])
                await session.execute(insert(Case), [case for _, case, _ in rows])
                await session.execute(insert(CaseWords), [words for _, _, words in rows])
        async with made.begin() as session:
            await session.execute(text("ANALYZE"))
        yield made


def _row(
    random: Random, phrases: list[str], codes: list[str], n: int
) -> tuple[dict[str, object], dict[str, object], dict[str, object]]:
    case_no, intake_id = f"990102202607{n:011}", uuid4()
    title, description = random.choice(phrases), "，".join(random.choices(phrases, k=random.randint(2, 20)))
    at = _NOW - timedelta(minutes=random.randint(0, 30 * 24 * 60))
    intake = {
        "id": intake_id,
        "case_no": case_no,
        "source": "bench",
        "tracking_code": case_no,
        "pin_hash": "",
        "actor": {},
        "received_at": at,
        "details": {},
    }
    case = {
        "case_no": case_no,
        "intake_id": intake_id,
        "tracking_code": case_no,
        "title": title,
        "description": description,
        "location": {"lat": random.uniform(30.9, 31.5), "lng": random.uniform(121.1, 121.8)},
        "kind": "help",
        "source": "bench",
        "urgency": "ordinary",
        "region_code": random.choice(codes),
        "level": "village",
        "status": "dispatched",
        "registered_at": at,
    }
    return intake, case, {"case_no": case_no, "grams": grams(f"{title}\n{description}")}


async def _milliseconds(cases: list[Case], work: Callable[[Case], Awaitable[object]]) -> float:
    """The median for one case, once the statements are prepared."""
    took = []
    for case in cases:
        began = time.perf_counter()
        await work(case)
        took.append(time.perf_counter() - began)
    return median(took[_PREPARING:]) * 1e3


@pytest.mark.bench
async def test_a_look_for_duplicates_beside_a_page_of_the_list(city: Sessions) -> None:
    async with city() as session:
        cases = list(await session.scalars(select(Case).order_by(Case.case_no).limit(_TIMES)))

        async def page(case: Case) -> object:
            of_the_township = Case.region_code.startswith((case.region_code or "")[:9])
            newest = select(Case).where(of_the_township).order_by(Case.registered_at.desc()).limit(50)
            return (await session.scalars(newest)).all()

        async def duplicates(case: Case) -> object:
            return await likely_duplicates(session, case, true())

        plain, ours = await _milliseconds(cases, page), await _milliseconds(cases, duplicates)
        print(  # noqa: T201 - the figures are what it is for
            f"\n{_CASES} open cases; a page of the list of a township {plain:.1f} ms, "
            f"likely duplicates {ours:.1f} ms, ratio {ours / plain:.1f}"
        )
