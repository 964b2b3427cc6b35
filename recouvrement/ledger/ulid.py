"""Identifiers: ULIDs as text, rising within a process, never reused."""

import secrets
import threading
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
RANDOM_BITS = 80

_lock = threading.Lock()
_last = 0


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
    return [_written(n) for n in range(first, first + count)]


def ulid(moment: datetime) -> str:
    """Make one identifier of that moment."""
    return ulids(moment, 1)[0]
