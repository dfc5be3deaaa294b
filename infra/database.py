"""Connections to PostgreSQL. Whoever opens a session at the edge commits it, once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


def engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine that never puts parameters into logs or errors, and notices a restarted server by itself."""
    made = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=10, hide_parameters=True)
    event.listen(made.sync_engine, "checkout", _refuse_a_closed_connection)
    return made


def _refuse_a_closed_connection(connection: AsyncAdapt_asyncpg_connection, *_: object) -> None:
    """Has the pool replace a connection that the server closed. The driver knows without asking, unlike a ping."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@asynccontextmanager
async def database(url: str, *, pool_size: int = 10) -> AsyncIterator[Sessions]:
    """Sessions on the database at `url`; all connections are closed at the end."""
    made = engine(url, pool_size=pool_size)
    try:
        yield async_sessionmaker(made, expire_on_commit=False)
    finally:
        await made.dispose()
