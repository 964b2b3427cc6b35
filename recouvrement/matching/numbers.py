"""Which item a text names: an index of the numbers in the book and evidence for what a fragment may stand for."""

import re
from bisect import bisect_left
from collections import defaultdict

from recouvrement.matching.types import OpenItem

LOOKALIKES = str.maketrans("OIL", "011")


def folded(number: str) -> str:
    """A number without separators, look-alike letters as digits, upper case.

    >>> folded("fa-2O25/0012"), folded("2025-01-0009")
    ('FA20250012', '2025010009')
    """
    return re.sub(r"[^A-Z0-9]", "", number.upper()).translate(LOOKALIKES)


def digits_of(number: str) -> str:
    """The digits of a number after its leading letters.

    >>> digits_of("FA202500012"), digits_of("2025-01-0009"), digits_of("F25-0101")
    ('202500012', '2025010009', '250101')
    """
    bare = re.sub(r"[^A-Z0-9]", "", number.upper())
    return re.sub(r"\D", "", re.sub(r"^[A-Z]+", "", bare).translate(LOOKALIKES))


class NumberIndex:
    """Folded numbers, their digits, their tails and the customers' own references, each to item ids."""

    def __init__(self) -> None:
        self.key_of: dict[str, str] = {}
        self.digits: dict[str, str] = {}
        self.by_key: dict[str, list[str]] = defaultdict(list)
        self.by_digits: dict[str, list[str]] = defaultdict(list)
        self.by_tail: dict[str, list[str]] = defaultdict(list)
        self.by_reference: dict[str, list[str]] = defaultdict(list)
        self.lengths: dict[int, int] = defaultdict(int)
        self._sorted: list[str] = []
        self._stale = False

    def add(self, item: OpenItem) -> None:
        """Index the number and the customer's reference of one item."""
        key, digits = folded(item.invoice_number), digits_of(item.invoice_number)
        self.key_of[item.id], self.digits[item.id] = key, digits
        self.by_key[key].append(item.id)
        self.by_digits[digits].append(item.id)
        self.lengths[len(digits)] += 1
        for size in range(2, min(6, len(digits) - 1) + 1):
            self.by_tail[digits[-size:]].append(item.id)
        for word in item.customer_reference.split("|"):
            if len(folded(word)) >= 4:
                self.by_reference[folded(word)].append(item.id)
        self._stale = True

    def with_prefix(self, prefix: str) -> list[str]:
        """Items whose folded number begins with this, at most 400."""
        if self._stale:
            self._sorted = sorted(self.by_key)
            self._stale = False
        start = bisect_left(self._sorted, prefix)
        found: list[str] = []
        for key in self._sorted[start : start + 400]:
            if not key.startswith(prefix):
                break
            found.extend(self.by_key[key])
        return found

    def with_tail(self, digits: str) -> list[str]:
        """Items whose number ends with these digits; those that show them after a zero or a break come alone."""
        bare = digits.lstrip("0")
        found = self.by_tail.get(digits if len(digits) >= 2 else f"0{digits}", [])
        whole = [i for i in found if self.digits[i][: -len(bare)].endswith("0")] if bare else []
        return whole or found

    def near(self, digits: str) -> list[str]:
        """Items whose digits are one slip away: one digit changed, lost, added, or two neighbours exchanged."""
        found: list[str] = []
        for other in _slips(digits):
            found.extend(self.by_digits.get(other, ()))
        return found


def _slips(digits: str) -> set[str]:
    found = set()
    for i, digit in enumerate(digits):
        found.add(digits[:i] + digits[i + 1 :])
        for other in "0123456789":
            if other != digit:
                found.add(digits[:i] + other + digits[i + 1 :])
            found.add(digits[:i] + other + digits[i:])
        if i:
            found.add(digits[: i - 1] + digit + digits[i - 1] + digits[i + 1 :])
    found.update(digits + other for other in "0123456789")
    found.discard(digits)
    found.discard("")
    return found
