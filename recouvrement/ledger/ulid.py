"""Identifiers: ULIDs as text, rising within a process, never reused."""

import os
import secrets
import threading
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
LOW = len(PAIRS)
RANDOM_BITS = 80

_lock = threading.Lock()
_last = 0


def _forget() -> None:
    """Draw anew in a forked child: two children must not count on from the same number."""
    global _last, _lock
    _last, _lock = 0, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def _written(number: int) -> str:
    digits = []
    for _ in range(13):
        number, low = divmod(number, 1024)
        digits.append(PAIRS[low])
    return "".join(reversed(digits))


def ulids(moment: datetime, count: int) -> list[str]:
    """Make `count` identifiers of that moment, each greater than any made before in this process.

    >>> from datetime import UTC
    >>> a, b = ulids(datetime(2026, 1, 2, tzinfo=UTC), 2)
    >>> len(a), a < b, a < ulid(datetime(2026, 1, 2, tzinfo=UTC))
    (26, True, True)
    """
    global _last
    start = (int(moment.timestamp() * 1000) << RANDOM_BITS) | secrets.randbits(RANDOM_BITS - 1)
    with _lock:
        first = max(start, _last + 1)
        _last = first + count - 1
    if count < LOW:
        return [_written(n) for n in range(first, first + count)]
    found: list[str] = []
    for block in range(first // LOW, (first + count - 1) // LOW + 1):
        head, start = _written(block), block * LOW  # the last two characters run through every pair
        found += [head[2:] + PAIRS[n - start] for n in range(max(first, start), min(first + count, start + LOW))]
    return found


def ulid(moment: datetime) -> str:
    """Make one identifier of that moment."""
    return ulids(moment, 1)[0]
