"""A rule that cannot answer says why and what to do, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a computation was not made: a code for machines, a sentence for the person, and what to do about it."""

    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"
