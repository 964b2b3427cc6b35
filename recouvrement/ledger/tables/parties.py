"""Creditors and debtors: an identity row each, and versions that correct it."""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CODE,
    CURRENCY,
    ULID,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

creditor = Table("creditor", metadata, identity(), act_column(), Column("code", CODE, nullable=False, unique=True))

creditor_version = Table(
    "creditor_version",
    metadata,
    identity(),
    reference("creditor_id", "creditor"),
    act_column(),
    effective_column(),
    Column("name", String(200), nullable=False),
    Column("legal_form", String(60)),
    Column("capital", String(60)),
    Column("siren", String(9)),
    Column("vat_number", String(20)),
    Column("registry", String(100)),
    Column("quality", String(40)),
    Column("representative", String(120)),
    Column("address", Text, nullable=False),  # lines
    Column("country", String(2), nullable=False),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("contact_name", String(120)),
    Column("iban", String(34)),
    Column("bic", String(11)),
    Column("currency", CURRENCY, nullable=False),
    Column("region", CODE, nullable=False),
)

debtor = Table(
    "debtor",
    metadata,
    identity(),
    act_column(),
    reference("creditor_id", "creditor"),
    Column("code", CODE, nullable=False),
    UniqueConstraint("creditor_id", "code"),
)

debtor_version = Table(
    "debtor_version",
    metadata,
    identity(),
    reference("debtor_id", "debtor", index=False),
    act_column(),
    effective_column(),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("legal_form", String(60)),
    Column("siren", String(9)),
    Column("siret", String(14)),
    Column("vat_number", String(20)),
    Column("registry", String(100)),
    Column("representative", String(120)),
    Column("quality", String(40)),
    Column("email", String(254)),
    Column("phone", String(40)),
    Column("address", Text, nullable=False),  # lines
    Column("country", String(2), nullable=False),
    Column("region", CODE, nullable=False),
    Column("language", String(2), nullable=False),
    Column("policy", CODE),
    Column("pays_by_direct_debit", Integer, nullable=False, default=0),
    Column("content_hash", String(64), nullable=False),
    Column("source", ULID),  # file_intake
    UniqueConstraint("debtor_id", "act_id"),
)

# payer IBANs and aliases: from the customer file, or learned from a match that a person confirmed
payer_identity = Table(
    "payer_identity",
    metadata,
    identity(),
    reference("debtor_id", "debtor"),
    act_column(),
    effective_column(),
    Column("kind", String(10), nullable=False),  # iban | alias
    Column("value", String(200), nullable=False),
    Column("origin", CODE, nullable=False),  # file | confirmed_match | operator
    UniqueConstraint("debtor_id", "kind", "value"),
)
