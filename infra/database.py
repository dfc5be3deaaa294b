"""Connections to PostgreSQL. Whoever opens a session at the edge commits it, once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_connection
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]

_LONGEST_STATEMENT = 30.0
_LONGEST_WAIT_FOR_A_CONNECTION = 5.0
_AWAY_STATES = ("08", "53", "57P")
"""Classes of SQLSTATE: no connection, no resources, shutting down or starting."""


def engine(url: str, *, pool_size: int = 10, longest_statement: float | None = _LONGEST_STATEMENT) -> AsyncEngine:
    """An engine that never puts parameters into logs or errors, and notices a restarted server by itself.

    A statement may take `longest_statement` seconds (None: as long as it needs); then it fails as a `TimeoutError`.
    """
    made = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_LONGEST_WAIT_FOR_A_CONNECTION,
        hide_parameters=True,
        connect_args={"command_timeout": longest_statement},
    )
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


def database_is_away(error: Exception) -> bool:
    """Whether the error means that PostgreSQL does not serve now; anything else is a fault of whoever asked."""
    # While it starts or stops, PostgreSQL's own refusal comes through as it is or wrapped, told by its SQLSTATE alone.
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    lost = getattr(error, "connection_invalidated", False) or state.startswith(_AWAY_STATES)
    return lost or isinstance(error, OSError | OperationalError | InterfaceError | PoolExhausted)
