"""Alembic's entry: the URL comes from whoever upgrades, the version stands in a table of our own name."""

from alembic import context
from sqlalchemy import text

from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.tables import metadata

VERSION_TABLE = "recouvrement_version"  # Prefect uses alembic_version, and resets every table it finds
UPGRADE_LOCK = 7_305_003


def run() -> None:
    engine = open_engine(context.config.get_main_option("sqlalchemy.url") or "")
    with engine.connect().execution_options(writing=True) as connection:
        context.configure(
            connection=connection, target_metadata=metadata, version_table=VERSION_TABLE, render_as_batch=True
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":  # one migrates, the others wait; SQLite begins IMMEDIATE
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
            context.run_migrations()
    engine.dispose()


run()
