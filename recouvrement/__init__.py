"""Debt recovery for firms that are owed money in France."""
