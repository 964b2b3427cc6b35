"""Which policy a customer or an invoice was given, why customers have not paid, messages that could not be written."""

from sqlalchemy import Column, Date, Table

from recouvrement.ledger.tables.base import CODE, SHA, act_column, effective_column, identity, metadata, reference

# invoice_id NULL = the debtor's; policy NULL = as the rules choose again; the newest row holds
policy_choice = Table(
    "policy_choice", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    reference("invoice_id", "invoice", nullable=True), Column("policy", CODE), Column("reason", CODE, nullable=False),
)  # fmt: skip

# what a call (call.cause too), a reply or a form told; the newest of a debtor holds
cause = Table(
    "cause", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("cause", CODE, nullable=False), Column("source", CODE, nullable=False),
    reference("contact_id", "contact", nullable=True),
)  # fmt: skip

# a message that could not be frozen; it holds as long as nothing new is known (rules: policy and texts of that day)
set_aside = Table(
    "set_aside", metadata, identity(), act_column(), effective_column(), reference("debtor_id", "debtor"),
    Column("step", CODE, nullable=False), Column("channel", CODE, nullable=False), Column("reason", CODE, nullable=False),
    Column("rules_sha256", SHA, nullable=False), Column("since_on", Date, nullable=False),
)  # fmt: skip
