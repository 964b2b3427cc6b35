"""The base of enumerations that are looked up millions of times a run."""

from enum import StrEnum


class Code(StrEnum):
    """A string enumeration that hashes like its text: Enum's own hash is a Python call on every look-up."""

    __hash__ = str.__hash__
