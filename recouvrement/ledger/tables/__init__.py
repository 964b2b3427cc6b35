"""All tables of the ledger; `metadata` is what the migrations build."""

from recouvrement.ledger.tables import acts, bank, cases, contacts, facts, invoices, journal, parties, runs
from recouvrement.ledger.tables.base import metadata

__all__ = ["acts", "bank", "cases", "contacts", "facts", "invoices", "journal", "metadata", "parties", "runs"]
