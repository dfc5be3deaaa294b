"""Versions of policies in the database."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import select

from infra.cities.load import YUNJIANG
from infra.cities.reader import read_words
from infra.policies.installing import apply_policy, words_of_the_city
from infra.policies.reading import read_policy
from infra.policies.written import PolicyFile
from infra.tables import AuditEntry, PolicyRow
from tests.installation import Installation

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def titled(title: str) -> PolicyFile:
    return read_policy(YUNJIANG / "policies" / "city.yaml").model_copy(update={"title": title})


async def applied(place: Installation, policy: PolicyFile, by: str | None = "tester") -> tuple[int, bool]:
    async with place.sessions.begin() as session:
        return await apply_policy(session, policy, NOW, by=by)


async def test_a_changed_policy_is_a_new_version_and_on_record(empty: Installation) -> None:
    assert await applied(empty, titled("新时限")) == (2, True)
    async with empty.sessions() as session:
        row = await session.get_one(PolicyRow, ("yunjiang", 2))
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (row.data["title"], row.data["version"], row.applied_by) == ("新时限", 2, "tester")
    assert (entry.action, entry.actor, entry.detail) == (
        "apply_policy",
        "tester",
        {"policy": "yunjiang", "version": 2},
    )


async def test_what_the_newest_version_says_already_changes_nothing(empty: Installation) -> None:
    policy = read_policy(YUNJIANG / "policies" / "city.yaml")
    assert await applied(empty, policy) == (1, False)
    async with empty.sessions() as session:
        assert (await session.scalars(select(AuditEntry))).all() == []


async def test_going_back_to_an_older_text_is_a_version_too(empty: Installation) -> None:
    await applied(empty, titled("新时限"))
    policy = read_policy(YUNJIANG / "policies" / "city.yaml")
    assert await applied(empty, policy) == (3, True)


async def test_two_who_apply_at_once_get_a_version_each(empty: Installation) -> None:
    both = await asyncio.gather(applied(empty, titled("甲")), applied(empty, titled("乙")))
    assert sorted(both) == [(2, True), (3, True)]


async def test_a_policy_can_be_checked_against_the_city_that_is_loaded(empty: Installation) -> None:
    async with empty.sessions() as session:
        loaded = await words_of_the_city(session)
    written = read_words(YUNJIANG)
    assert (set(loaded.classes), loaded.ratings) == (set(written.classes), written.ratings)
