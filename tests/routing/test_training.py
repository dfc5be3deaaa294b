"""Training on the city's own decided cases, in a database of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.database import database
from infra.routing.learnt import Target, learnt, read_model
from infra.routing.training import TooFewDecisionsError, decided_cases, train
from infra.routing_tables import RoutingModel
from infra.tables import Case, Task
from tests.routing.decided_cases import decided, enter

_NOW = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
async def session(clone: Callable[[], Awaitable[str]]) -> AsyncIterator[AsyncSession]:
    async with database(await clone(), pool_size=1) as sessions, sessions() as made:
        yield made


async def test_class_and_lead_unit_are_learnt_from_what_was_decided(session: AsyncSession) -> None:
    await enter(session, decided(20))
    figures = await train(session, _NOW)
    assert set(figures) == set(Target)
    assert all(told.decisions == 60 and told.classes == 3 and told.accuracy > 0.9 for told in figures.values())
    assert all(told.most_frequent < 0.5 for told in figures.values())
    unit = await learnt(session, Target.LEAD_UNIT)
    assert unit is not None
    assert unit.trained_at == _NOW
    assert read_model(unit).guesses("拖欠工资没有发", 1)[0].name == "human_resources"


async def test_a_new_training_takes_the_place_of_the_last(session: AsyncSession) -> None:
    await enter(session, decided(20))
    await train(session, _NOW)
    await enter(session, decided(2))
    await train(session, _NOW.replace(month=5))
    rows = (await session.scalars(select(RoutingModel))).all()
    assert {row.figures["decisions"] for row in rows} == {66}
    assert {row.trained_at.month for row in rows} == {5}


async def test_too_few_decisions_are_refused_and_what_was_learnt_stays(session: AsyncSession) -> None:
    await enter(session, decided(20))
    await train(session, _NOW)
    await session.execute(update(Case).where(Case.title == "学校补课").values(category=None))
    with pytest.raises(TooFewDecisionsError, match="40 decided cases with a class are too few"):
        await train(session, _NOW)
    assert len((await session.scalars(select(RoutingModel))).all()) == 3


async def test_one_class_alone_teaches_nothing(session: AsyncSession) -> None:
    await enter(session, decided(60)[:60])
    with pytest.raises(TooFewDecisionsError, match="60 decided cases, all of one class"):
        await train(session, _NOW)


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "tip_off"},
        {"category": None},
        {"category": "航天/火箭/其他"},
    ],
    ids=["its wording is sealed", "nobody gave it a class", "the city has that class no more"],
)
async def test_some_decided_cases_teach_nothing(session: AsyncSession, columns: dict[str, str | None]) -> None:
    await enter(session, decided(1), **columns)
    assert await decided_cases(session) == []


async def test_a_case_that_is_under_way_teaches_nothing_yet(session: AsyncSession) -> None:
    await enter(session, decided(1), status="in_progress")
    await session.execute(update(Task).where(Task.role == "lead").values(status="signed"))
    assert await decided_cases(session) == []


async def test_a_case_that_was_settled_without_a_unit_teaches_its_class(session: AsyncSession) -> None:
    await enter(session, decided(1)[:1])
    await session.execute(update(Task).where(Task.role == "lead").values(status="cancelled"))
    assert [(one.category, one.lead_unit) for one in await decided_cases(session)] == [
        ("城乡建设/住房保障与房地产/物业服务", None)
    ]
