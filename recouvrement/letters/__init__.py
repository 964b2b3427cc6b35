"""Texts per step and language, as e-mail and as PDF."""
