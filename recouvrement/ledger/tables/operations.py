"""What reports compare with: limits granted to debtors, and debtors drawn for a hold-out comparison of two policies."""

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

from recouvrement.ledger.tables.base import (
    CENTS,
    CODE,
    CURRENCY,
    SHA,
    act_column,
    effective_column,
    identity,
    metadata,
    reference,
)

# the newest row per debtor and kind holds; an amount of 0 says that nothing is granted or insured any more
credit_limit = Table(
    "credit_limit",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("debtor_id", "debtor", index=False),
    Column("kind", CODE, nullable=False),  # credit | insured
    Column("amount_cents", CENTS, nullable=False),
    Column("currency", CURRENCY, nullable=False),
    Index("ix_credit_limit_debtor_id", "debtor_id", "kind"),
)

# a comparison of the policy in force with a candidate; it ends by a `fact_event` of kind `hold_out`
hold_out = Table(
    "hold_out",
    metadata,
    identity(),
    act_column(),
    effective_column(),  # its first day
    Column("code", CODE, nullable=False, unique=True),
    Column("candidate", CODE, nullable=False),  # the name of a policy file
    Column("candidate_sha256", SHA, nullable=False),
    Column("share_percent", Integer, nullable=False),
    Column("seed", String(64), nullable=False),
)

hold_out_member = Table(
    "hold_out_member",
    metadata,
    identity(),
    act_column(),
    effective_column(),
    reference("hold_out_id", "hold_out", index=False),
    reference("debtor_id", "debtor"),
    Column("arm", CODE, nullable=False),  # current | candidate
    UniqueConstraint("hold_out_id", "debtor_id"),
)
