"""A database that an earlier version filled is brought to the present shape with what its cases carry."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.database import database, engine
from infra.embedded.errors import NewerDataError
from infra.migrate import migrate, migrations
from infra.tables import Base, Case, Intake, Task
from tests.activities.story import BEGIN, Story
from tests.driving import HOUSING
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState


@pytest.mark.filterwarnings("ignore:Expression #1")
async def test_the_migrations_make_the_tables_that_the_code_knows(empty: Installation) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    made = engine(empty.database_url, pool_size=1)
    async with made.connect() as connection:
        assert await connection.run_sync(differences) == []
    await made.dispose()


async def test_cases_from_before_get_their_versions_and_say_whether_their_due_is_provisional(
    clone: Callable[[], Awaitable[str]],
) -> None:
    url = await clone()
    made = engine(url, pool_size=1, longest_statement=None)
    async with made.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(lambda sync: command.upgrade(migrations(sync), "0001"))
        for number, clock in (("1", "citizen"), ("2", "T1/sign"), ("3", None)):
            await _insert(connection, _with_a_provisional(clock, f"9901022026030200{number.zfill(2)}"))
    await made.dispose()
    await migrate(url)
    async with database(url, pool_size=1) as sessions, sessions() as session:
        cases = [await session.get_one(Case, f"9901022026030200{n}") for n in ("01", "02", "03")]
        tasks = [await session.get_one(Task, f"{case.case_no}-T1") for case in cases]
    assert {(case.calendar_version, case.policy_name, case.policy_version) for case in cases} == {(1, "test", 1)}
    assert [case.due_provisional for case in cases] == [False, True, False]
    assert [task.due_provisional for task in tasks] == [False, True, False]


async def test_from_now_on_a_tip_off_on_record_is_kept_from_those_it_is_about(
    clone: Callable[[], Awaitable[str]],
) -> None:
    url = await clone()
    made = engine(url, pool_size=1, longest_statement=None)
    told = [{"type": "unit", "id": "housing"}, {"type": "staff", "id": "u-1"}, {"type": "person", "id": "x"}]
    numbers = {kind: f"9901022026030200{n}" for n, kind in enumerate(("tip_off", "help"), start=11)}
    async with made.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
        await connection.run_sync(lambda sync: command.upgrade(migrations(sync), "0001"))
        user = "INSERT INTO users (user_id, name, role, unit_id) VALUES ('u-1', '', 'handler', 'transport')"
        await connection.execute(text(user))
        for kind, case_no in numbers.items():
            await _insert(connection, _with_a_provisional(None, case_no), kind=kind, details={"subjects": told})
    await made.dispose()
    await migrate(url)
    async with database(url, pool_size=1) as sessions, sessions() as session:
        about = {kind: (await session.get_one(Case, case_no)).concerned for kind, case_no in numbers.items()}
    assert about == {"tip_off": ["housing", "transport", "u-1"], "help": []}


def _with_a_provisional(clock_id: str | None, case_no: str) -> CaseState:
    """A whistled case; its earliest open clock is the one to sign."""
    story = Story(case_no)
    hour = timedelta(hours=1)
    story.does(c.Accept, after=hour).does(c.Whistle, after=2 * hour, lead=HOUSING, reason=TextId("t"))
    clocks = {
        known: clock.model_copy(update={"provisional": known == clock_id})
        for known, clock in story.state.clocks.items()
    }
    return story.state.model_copy(update={"clocks": clocks})


async def _insert(
    connection: AsyncConnection, state: CaseState, *, kind: str = "help", details: dict[str, Any] | None = None
) -> None:
    """The rows of a case, in the columns that the first version had."""
    due_at = min(clock.due_at for clock in state.clocks.values() if clock.is_open)
    known = {"case_no": state.case_no, "tracking_code": state.case_no, "source": "test"}
    intake = uuid4()
    words = {"title": "", "description": "", "kind": kind, "urgency": "ordinary"}
    shown = {"level": "township", "status": "dispatched", "registered_at": BEGIN, "due_at": due_at, "seq": state.seq}
    task = {"task_no": f"{state.case_no}-T1", "case_no": state.case_no, "unit_id": "housing", "role": "lead"}
    snapshot = state.model_dump(mode="json")
    for row in (
        insert(Intake).values(id=intake, pin_hash="", actor={}, received_at=BEGIN, details=details or {}, **known),
        insert(Case).values(intake_id=intake, snapshot=snapshot, **known, **words, **shown),
        insert(Task).values(status="dispatched", dispatched_at=BEGIN, due_at=due_at, **task),
    ):
        await connection.execute(row)


async def test_data_of_a_newer_version_is_refused_in_one_line(empty: Installation) -> None:
    made = engine(empty.database_url, pool_size=1)
    async with made.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await made.dispose()
    with pytest.raises(NewerDataError, match="of a newer version"):
        await migrate(empty.database_url)
