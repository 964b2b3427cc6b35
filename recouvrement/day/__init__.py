"""The order of the day, as plain functions over injected parts; flows wrap each step in a task."""
