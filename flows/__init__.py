"""When, with what retries, and what the operator sees."""
