"""Cases: debts at the end of the ladder, their states and the exhibits of each dossier version."""

from sqlalchemy import Column, Date, Integer, String, Table, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    SHA,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

case = Table(
    "case",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("creditor_id", "creditor"),
    reference("debtor_id", "debtor"),
    Column("code", CODE, nullable=False, unique=True),
)

case_item = Table(
    "case_item",
    metadata,
    identity(),
    act_column(),
    reference("case_id", "case"),
    reference("open_item_id", "open_item"),
    Column("open_cents", CENTS, nullable=False),
    UniqueConstraint("case_id", "open_item_id"),
)

case_event = Table(
    "case_event",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("case_id", "case"),
    Column("state", CODE, nullable=False),
    Column("route", CODE),
    Column("reason", CODE),
    Column("actor", CODE, nullable=False),
)

dossier = Table(
    "dossier",
    metadata,
    identity(),
    act_column(),
    reference("case_id", "case"),
    Column("version", Integer, nullable=False),
    Column("cut_on", Date, nullable=False),
    Column("journal_seq", Integer, nullable=False),
    Column("sha256", SHA, nullable=False),
    Column("manifest_sha256", SHA, nullable=False),
    UniqueConstraint("case_id", "version"),
)

exhibit = Table(
    "exhibit",
    metadata,
    identity(),
    act_column(),
    reference("case_id", "case"),
    Column("number", Integer, nullable=False),
    Column("first_version", Integer, nullable=False),
    Column("kind", CODE, nullable=False),
    Column("title", String(200), nullable=False),
    Column("on", Date),
    Column("file_name", String(200), nullable=False),
    Column("sha256", SHA, nullable=False),
    UniqueConstraint("case_id", "number"),
    UniqueConstraint("case_id", "sha256", "kind"),
)
