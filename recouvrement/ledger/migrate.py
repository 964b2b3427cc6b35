"""Bringing a database to the newest shape."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from recouvrement.settings import PROJECT

VERSION_TABLE = "recouvrement_version"


def configuration(url: str) -> Config:
    """Alembic's configuration for a database address, without a file."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Run every migration that the database has not seen; safe to repeat."""
    command.upgrade(configuration(url), "head")


def versions(engine: Engine) -> tuple[str | None, str | None]:
    """The version of the database and the newest one that exists."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        current = context.get_current_revision()
    return current, ScriptDirectory.from_config(configuration("sqlite://")).get_current_head()
