"""The ledger: tables, named queries, acts, journal, outbox."""
