"""What one sees of a batch until it has ended."""

import asyncio
import os
from datetime import UTC, datetime

import pytest
from sqlalchemy.engine import make_url

from cli.batch_progress import follow
from infra.database import database
from infra.embedded.data_directory import RunningInstance
from infra.embedded.ports import any_free_port
from infra.tables import BatchCase, BatchRow
from tests.installation import Installation

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def up(place: Installation) -> RunningInstance:
    """As another process would have published it."""
    return RunningInstance(pid=os.getppid(), database_url=place.database_url)


async def batch(place: Installation, *, ended: bool, reached: int = 0, left: int = 0) -> BatchRow:
    row = BatchRow(
        batch_id="b1",
        kind="adopt_policy",
        change={},
        requested_by="tester",
        requested_at=NOW,
        total=3,
        reached=reached,
        left=left,
        ended_at=NOW if ended else None,
    )
    async with place.sessions.begin() as session:
        session.add(row)
    return row


async def test_cases_that_refused_are_listed_with_the_rule(
    empty: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    driver = empty.driver()
    case_no = await driver.register()
    row = await batch(empty, ended=True, reached=2)
    async with empty.sessions.begin() as session:
        session.add(BatchCase(batch_id=row.batch_id, case_no=case_no, outcome="preset_unknown"))
    assert await follow(empty.sessions, up(empty), row) == 1
    said = capsys.readouterr()
    assert said.out == "完成 2 件，被拒 1 件 · 2 done, 1 refused\n"
    assert said.err == f"{case_no}: preset_unknown\n"


async def test_it_is_watched_until_it_has_ended(empty: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    row = await batch(empty, ended=False, reached=1, left=2)
    watching = asyncio.create_task(follow(empty.sessions, up(empty), row))
    async with empty.sessions.begin() as session:
        present = await session.get_one(BatchRow, row.batch_id)
        present.reached, present.left, present.ended_at = 3, 0, NOW
    assert await watching == 0
    assert capsys.readouterr().out == "完成 3 件，被拒 0 件 · 3 done, 0 refused\n"


async def test_cases_that_went_before_it_came_to_them_are_told_apart(
    empty: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    row = await batch(empty, ended=True, reached=1)
    assert await follow(empty.sessions, up(empty), row) == 0
    assert capsys.readouterr().out == "完成 1 件，被拒 0 件，已无需更新 2 件 · 1 done, 0 refused, 2 gone\n"


async def test_a_database_that_is_away_ends_the_watching_and_not_the_batch(
    empty: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    row = await batch(empty, ended=False, left=3)
    nowhere = make_url(empty.database_url).set(host="127.0.0.1", port=any_free_port(), query={})
    async with database(nowhere.render_as_string(hide_password=False), pool_size=1) as away:
        assert await follow(away, up(empty), row) == 0
    assert "the rest is done while up runs" in capsys.readouterr().err


async def test_without_a_worker_it_says_when_the_batch_goes_on(
    empty: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    row = await batch(empty, ended=False, left=3)
    alone = RunningInstance(pid=os.getpid(), database_url=empty.database_url)
    assert await follow(empty.sessions, alone, row) == 0
    assert "3 cases wait for the next up" in capsys.readouterr().out
