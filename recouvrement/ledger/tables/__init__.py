"""All tables of the ledger; `metadata` is what the migrations build."""

from recouvrement.ledger.tables import (
    accounts,
    acts,
    agreed,
    bank,
    cases,
    choosing,
    contacts,
    control,
    evidence,
    facts,
    invoices,
    journal,
    operations,
    parties,
    replies,
    runs,
)
from recouvrement.ledger.tables.base import metadata

__all__ = [
    "accounts",
    "acts",
    "agreed",
    "bank",
    "cases",
    "choosing",
    "contacts",
    "control",
    "evidence",
    "facts",
    "invoices",
    "journal",
    "metadata",
    "operations",
    "parties",
    "replies",
    "runs",
]
