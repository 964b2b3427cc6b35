"""The first axis: how late an item is, in buckets whose edges the policy sets."""

from datetime import date
from functools import lru_cache

NOT_DUE = "not_due"
DUE_SOON = "due_soon"
STANDARD_EDGES = (30, 60, 90, 180)


def days_late(due_on: date, *, on: date) -> int:
    """Days since the due date: 0 on the day itself, negative before.

    >>> days_late(date(2026, 1, 31), on=date(2026, 2, 1)), days_late(date(2026, 1, 31), on=date(2026, 1, 30))
    (1, -1)
    """
    return (on - due_on).days


@lru_cache(maxsize=10_000)
def bucket(late: int, *, soon: int = 7, edges: tuple[int, ...] = STANDARD_EDGES) -> str:
    """Name the lateness bucket of an item `late` days after its due date (negative before it).

    >>> [bucket(n) for n in (-30, -7, 0, 1, 30, 31, 90, 91, 180, 181)]
    ['not_due', 'due_soon', 'due_soon', '1-30', '1-30', '31-60', '61-90', '91-180', '91-180', 'over_180']
    """
    if late <= 0:
        return DUE_SOON if late >= -soon else NOT_DUE
    low = 1
    for high in edges:
        if late <= high:
            return f"{low}-{high}"
        low = high + 1
    return f"over_{edges[-1]}"


def buckets(edges: tuple[int, ...] = STANDARD_EDGES) -> tuple[str, ...]:
    """All buckets in order.

    >>> buckets()
    ('not_due', 'due_soon', '1-30', '31-60', '61-90', '91-180', 'over_180')
    """
    return (NOT_DUE, DUE_SOON, *(bucket(high, edges=edges) for high in edges), f"over_{edges[-1]}")
