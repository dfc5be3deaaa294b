"""Bringing a database to the present shape."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from infra.database import engine
from infra.embedded.errors import NewerDataError

_ONE_AT_A_TIME = 7_274_110
"""Number of the advisory lock that keeps two migrations apart."""


def migrations(connection: Connection | None = None) -> Config:
    """Alembic's configuration: the scripts beside this file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def migrate(database_url: str) -> None:
    """Runs every migration that the database does not have yet; safe to run twice, or by two at once.

    Raises:
        NewerDataError: if a newer version of the software has brought the database further.
    """
    made = engine(database_url, pool_size=1, longest_statement=None)
    try:
        async with made.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
            await connection.run_sync(lambda sync: command.upgrade(migrations(sync), "head"))
    except CommandError:
        # Nothing else goes wrong with scripts of our own, and Alembic has no class for it.
        raise NewerDataError("the data is of a newer version of this software; use that version with it") from None
    finally:
        await made.dispose()


async def is_up_to_date(database_url: str) -> bool:
    """Whether the database has the newest migration."""
    newest = ScriptDirectory.from_config(migrations()).get_current_head()
    made = engine(database_url, pool_size=1, longest_statement=None)
    try:
        async with made.connect() as connection:
            present = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await made.dispose()
    return present == newest
