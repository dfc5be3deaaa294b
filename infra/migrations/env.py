"""Runs migrations on the connection that `infra.migrate` hands over."""

from alembic import context

from infra import hook_tables, mediation_tables, routing_tables  # noqa: F401 - so that the metadata has their tables
from infra.sweeps import tables  # noqa: F401 - as above
from infra.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
