"""Alembic's entry: the URL comes from whoever upgrades, the version stands in a table of our own name."""

from alembic import context

from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.tables import metadata

VERSION_TABLE = "recouvrement_version"  # Prefect uses alembic_version, and resets every table it finds


def run() -> None:
    engine = open_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect().execution_options(writing=True) as connection:
        context.configure(
            connection=connection, target_metadata=metadata, version_table=VERSION_TABLE, render_as_batch=True
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
