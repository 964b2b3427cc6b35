"""What every database of the house keeps to, whatever the code above it does."""

import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from recouvrement.day.doctor import Level, examine
from recouvrement.day.evidence import verify_evidence
from recouvrement.day.house import House
from recouvrement.ledger.content import BytesAltered, fetch, keep
from recouvrement.ledger.engine import SeveralMachinesOnSqlite, open_engine
from recouvrement.ledger.guards import NEVER_ALTERED, lost_guards
from recouvrement.ledger.marks import Mark, mark, marked
from recouvrement.ledger.tables import metadata
from recouvrement.ledger.ulid import ulids


def test_sqlite_keeps_its_four_rules(make_house) -> None:
    house = make_house()

    with house.ledger.reading() as connection:
        rules = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }

    assert rules == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}


def test_a_writer_begins_immediate(make_house) -> None:
    house = make_house()
    said: list[str] = []

    with house.ledger.act("first", "test") as act:
        other = house.ledger.engine.connect().execution_options(writing=True)
        other.connection.dbapi_connection.execute("PRAGMA busy_timeout=0")
        with pytest.raises(DBAPIError, match="locked"):
            other.begin()
        said.append(str(act.id))
        other.close()

    assert said


def test_several_machines_on_sqlite_are_refused() -> None:
    with pytest.raises(SeveralMachinesOnSqlite):
        open_engine("sqlite:///x.db", workers=2)


def test_the_migration_makes_the_tables_that_the_code_declares(house: House) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with house.ledger.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "recouvrement_version", "compare_type": False}
        )
        differences = compare_metadata(context, metadata)

    assert [d for d in differences if "recouvrement_version" not in str(d)] == []


def test_either_database_refuses_to_alter_history(house: House) -> None:
    for statement in ("UPDATE journal SET event = 'x'", "DELETE FROM journal", "UPDATE act SET actor = 'x'"):
        assert "append-only" in refusal(house, statement)


def test_either_database_guards_every_table_of_history(house: House) -> None:
    with house.ledger.reading() as connection:
        assert lost_guards(connection) == []


def test_postgresql_refuses_to_empty_history(make_house, fresh_postgresql: str) -> None:
    house = make_house(database_url=fresh_postgresql)
    for table in NEVER_ALTERED:
        assert "append-only" in refusal(house, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("verb", ["REPLACE INTO", "INSERT OR REPLACE INTO"])
def test_sqlite_refuses_to_replace_history(make_house, verb: str) -> None:
    house = make_house()
    assert "append-only" in refusal(house, f"{verb} journal SELECT chain, seq, act_id, at, 'x', line FROM journal")
    assert "append-only" in refusal(house, f"{verb} act SELECT id, at, 'x', kind FROM act")
    with sqlite3.connect(house.settings.home / "recouvrement.db") as stranger:
        for columns in ("chain, seq", "rowid, chain, seq"):
            forged = columns.replace("seq", "seq + 1000") if "rowid" in columns else columns
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                stranger.execute(
                    f"{verb} journal ({columns}, act_id, at, event, line) SELECT {forged}, act_id, at, 'x', line FROM journal"
                )


def test_a_guard_that_is_gone_or_hollow_is_told(house: House) -> None:
    sqlite = house.ledger.engine.dialect.name == "sqlite"
    names = ["act_never_delete", "journal_never_update"] if sqlite else ["act_append_only", "journal_append_only"]
    with house.ledger.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.exec_driver_sql(f"DROP TRIGGER {names[0]}" + ("" if sqlite else " ON act"))
        if sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER {names[1]}")
            connection.exec_driver_sql(f"CREATE TRIGGER {names[1]} BEFORE UPDATE ON journal BEGIN SELECT 1; END")
        else:
            connection.exec_driver_sql(f"ALTER TABLE journal DISABLE TRIGGER {names[1]}")

    faults = verify_evidence(house).faults
    looked = {finding.check: finding for finding in examine(house, house.ledger.now())}

    assert [fault.split(":")[0] for fault in faults] == [f"guard {name}" for name in names]
    assert looked["guards"].level is Level.BAD
    assert names[0] in looked["guards"].facts


def refusal(house: House, statement: str) -> str:
    """What the database says when it refuses a statement; empty when it did as it was told."""
    try:
        with house.ledger.engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(text(statement))
    except DBAPIError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("table", NEVER_ALTERED)
def test_history_is_never_altered(house: House, table: str) -> None:
    with house.ledger.act("probe", "test") as act:
        mark(act, Mark.PAUSED, "")
    if table not in {"act", "journal"}:
        with house.ledger.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))  # empty: the guard fires per row
        return
    with pytest.raises((IntegrityError, DBAPIError), match="append-only"), house.ledger.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {table}"))


def test_acts_are_numbered_one_after_the_other(house: House) -> None:
    before = house.ledger.known_to()
    for _ in range(3):
        with house.ledger.act("probe", "test") as act:
            number = act.id

    assert number == before + 3 == house.ledger.known_to()


def test_an_act_that_fails_leaves_no_trace(house: House) -> None:
    before = house.ledger.known_to()

    with pytest.raises(RuntimeError), house.ledger.act("probe", "test") as act:
        mark(act, Mark.PAUSED, "for ever")
        raise RuntimeError

    assert house.ledger.known_to() == before
    with house.ledger.reading() as connection:
        assert marked(connection, Mark.PAUSED) == ""


def test_a_moment_without_a_zone_is_refused(house: House) -> None:
    act_table = metadata.tables["act"]
    with pytest.raises(Exception, match="zone"), house.ledger.engine.begin() as connection:
        connection.execute(insert(act_table).values(id=99, at=datetime(2026, 1, 1), actor="x", kind="y"))  # noqa: DTZ001


def test_content_is_kept_once_and_checked_when_read(house: House) -> None:
    with house.ledger.act("keep", "test") as act:
        name = keep(act, b"one letter", "text/plain")
        assert keep(act, b"one letter", "text/plain") == name
    with house.ledger.reading() as connection:
        assert fetch(connection, name) == b"one letter"
    with house.ledger.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(metadata.tables["content"].update().values(bytes=b"another"))

    with house.ledger.reading() as connection, pytest.raises(BytesAltered):
        fetch(connection, name)


def test_identifiers_rise_and_are_never_the_same() -> None:
    made = ulids(datetime(2026, 3, 2, tzinfo=UTC), 5_000) + ulids(datetime(2026, 3, 1, tzinfo=UTC), 10)

    assert len(set(made)) == 5_010
    assert made == sorted(made)
    assert {len(one) for one in made} == {26}


def test_money_columns_are_whole_numbers() -> None:
    from sqlalchemy import Float, Numeric

    inexact = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, Float | Numeric)
    ]

    assert inexact == []


def test_every_fact_names_its_act() -> None:
    without = {t.name for t in metadata.tables.values() if "act_id" not in t.c}

    assert without == {"account_day", "act", "chain_head", "contact_item", "rate_token"}


def test_the_day_of_an_act_is_the_one_in_paris(make_house) -> None:
    from recouvrement.ledger.book import Act

    house = make_house()
    with house.ledger.reading() as connection:
        late = Act(connection, 1, datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "test")

    assert late.day.isoformat() == "2026-07-01"
