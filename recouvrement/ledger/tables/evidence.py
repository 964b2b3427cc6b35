"""What persons say of cases and papers: waivers, marks on documents, facts of a case, the bailiff's money, erasures."""

from sqlalchemy import Column, Date, Integer, String, Table, Text, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    CURRENCY,
    SHA,
    ULID,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# invoice_id NULL = every invoice of the debtor; the newest row per line holds (given | withdrawn)
evidence_waiver = Table(
    "evidence_waiver", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("invoice_id", "invoice", nullable=True), Column("requirement", CODE, nullable=False),
    Column("standing", CODE, nullable=False), Column("reason", CODE, nullable=False), Column("operator", CODE, nullable=False),
)  # fmt: skip

# signed = the debtor signed or accepted it; mention_missing = a mandatory mention that is not on an invoice
document_mark = Table(
    "document_mark", metadata, identity(), act_column(), effective_column(), reference("document_id", "document"),
    Column("mark", CODE, nullable=False), Column("detail", CODE, nullable=False), Column("operator", CODE, nullable=False),
    UniqueConstraint("document_id", "mark", "detail"),
)  # fmt: skip

# an answer that a route asks for and no other table holds; the newest act per fact holds
case_fact = Table(
    "case_fact", metadata, identity(), act_column(), effective_column(), reference("case_id", "case"),
    Column("fact", CODE, nullable=False), Column("value", Text, nullable=False), Column("operator", CODE, nullable=False),
)  # fmt: skip

# what the debtor paid to whom holds the case, and what was kept of it before it was passed on
case_payment = Table(
    "case_payment", metadata, identity(), act_column(), effective_column(), reference("case_id", "case"),
    Column("collected_cents", CENTS, nullable=False), Column("fees_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False), reference("bank_line_id", "bank_line"), reference("receipt_id", "receipt", nullable=True),
    UniqueConstraint("bank_line_id"),
)  # fmt: skip

# a person's data erased: up to which scope, and why; the hashes of the bytes that went, so that their absence is no fault
erasure = Table(
    "erasure", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("scope", CODE, nullable=False), Column("reason", CODE, nullable=False), Column("operator", CODE, nullable=False),
)  # fmt: skip

erased_content = Table(
    "erased_content", metadata, Column("sha256", SHA, primary_key=True), act_column(),
    Column("erasure_id", ULID, nullable=False),
)  # fmt: skip

# one mail a day to the witness: written before it leaves, so that it never leaves twice
witness_mail = Table(
    "witness_mail", metadata, Column("on", Date, primary_key=True), act_column(), Column("state", CODE, nullable=False),
    Column("code", String(64), nullable=False), Column("attempts", Integer, nullable=False),
)  # fmt: skip
