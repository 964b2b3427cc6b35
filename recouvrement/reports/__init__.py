"""Figures to read; they never decide."""
