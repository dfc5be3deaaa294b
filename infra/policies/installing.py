"""Policies in the database: every version that was ever applied, the newest of a name being the one for new cases."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.directory_tables import CityRow, Matter
from infra.policies.city_words import CityWords
from infra.policies.written import PolicyFile
from infra.tables import AuditEntry, PolicyRow

_ONE_AT_A_TIME = 7_274_112
"""Number of the advisory lock that gives two people who apply at once a version each."""


async def apply_policy(session: AsyncSession, policy: PolicyFile, now: datetime, *, by: str | None) -> tuple[int, bool]:
    """Installs the policy as a new version, unless it is what the newest one says; its version, and whether it is new.

    Running cases keep the version they have. `by` is None where the city itself brings the policy.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    of_that_name = select(PolicyRow).where(PolicyRow.name == policy.name)
    newest = await session.scalar(of_that_name.order_by(PolicyRow.version.desc()).limit(1))
    version = newest.version if newest else 0
    data = policy.model_dump(mode="json") | {"version": version}
    if newest is not None and newest.data == data:
        return version, False
    version += 1
    row = {"name": policy.name, "version": version, "data": data | {"version": version}}
    session.add(PolicyRow(**row, applied_at=now, applied_by=by))
    if by is not None:
        detail = {"policy": policy.name, "version": version}
        session.add(AuditEntry(at=now, actor=by, action="apply_policy", outcome="done", detail=detail))
    await session.flush()
    return version, True


async def words_of_the_city(session: AsyncSession) -> CityWords:
    """The classes and ratings of the city that is loaded."""
    classes = tuple(await session.scalars(select(Matter.path).order_by(Matter.path)))
    ratings = await session.scalar(select(CityRow.data["rating_scale"]))
    return CityWords(classes, frozenset(ratings or ()))
