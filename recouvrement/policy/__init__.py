"""Policies and law as validated, frozen data."""
