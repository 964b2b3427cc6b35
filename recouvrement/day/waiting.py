"""The list of what waits for people, as they read it: codes, days and sums; never words, never names (law 10)."""

from dataclasses import dataclass
from datetime import date

from recouvrement.day.house import House
from recouvrement.domain.money import plain, printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.waiting_list import Asking, waits


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the list; `subject` is the debtor's code, or empty where the wait is about nobody."""

    kind: str
    id: str
    debtor_id: str
    subject: str
    owner: str
    due_on: date
    overdue: bool
    cents: int
    currency: str

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {
            "kind": self.kind, "id": self.id, "debtor": self.subject, "owner": self.owner, "due_on": self.due_on.isoformat(),
            "overdue": self.overdue, "amount": plain(self.cents) if self.cents else None, "currency": self.currency,
        }  # fmt: skip


def waiting(house: House, *, on: date) -> list[Waiting]:
    """What waits on a day: overdue waits head the list, the larger the money behind them the higher; then by day due."""
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        found = waits(Asking(connection, house.creditor(), house.policy, as_of))
        debtors = debtor_rows(connection, sorted({w.debtor_id for w in found if w.debtor_id}), as_of)
    rows = [
        Waiting(
            w.kind, w.id, w.debtor_id or "", debtors[w.debtor_id].code if w.debtor_id in debtors else "", w.owner, w.due_on,
            w.due_on < on, w.cents, w.currency,
        )
        for w in found
    ]  # fmt: skip
    return sorted(rows, key=lambda w: (not w.overdue, -w.cents if w.overdue else w.due_on.toordinal(), w.due_on, w.id))


def sums_told(rows: list[Waiting]) -> str:
    """The money behind some waits, by currency, in words for a title.

    >>> sums_told([])
    '-'
    """
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.cents
    return ", ".join(printed(cents, currency, "en") for currency, cents in sorted(sums.items()) if cents) or "-"
