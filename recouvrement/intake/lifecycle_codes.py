"""The life-cycle status of an e-invoice as files write it: a number, or a French word."""

from recouvrement.domain.lifecycle import NAMES
from recouvrement.intake.mapping import plain_heading

BY_NAME = {plain_heading(name): code for code, name in NAMES.items()} | {
    "irrecevable": "501",
    "litige": "207",
    "encaissee": "212",
}


def code_of(text: str) -> str | None:
    """The three digits for a status written as number or French word, or None.

    >>> code_of("212"), code_of("fr:207"), code_of("refusée"), code_of("999")
    ('212', '207', '210', None)
    """
    stated = text.strip().rpartition(":")[2]
    return stated if stated in NAMES else BY_NAME.get(plain_heading(text))
