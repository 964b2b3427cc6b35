"""Where the open items of a day stand, gathered debtor by debtor from their decisions, for the weekly report."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from recouvrement.day.limitation import NEAR
from recouvrement.domain.escalation import Decision
from recouvrement.domain.position import DebtorPosition, ItemPosition
from recouvrement.reports.forecast import Owed


@dataclass(slots=True)
class Standing:
    """What the decisions of a day say of the open items, gathered debtor by debtor, in one currency."""

    currency: str
    on: date
    owed: list[Owed] = field(default_factory=list)
    disputed: list[int] = field(default_factory=list)
    promised: list[int] = field(default_factory=list)
    stages: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    barred: dict[tuple[str, date], int] = field(default_factory=dict)
    exposure: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def add(self, position: DebtorPosition, decision: Decision) -> None:
        """Take in one debtor."""
        for item, told in zip(position.items, decision.items, strict=True):
            self.reasons[told.reason.value] += 1
            if item.currency != self.currency:
                self.others[item.currency] += item.open_cents
                continue
            self.exposure[position.id] += item.open_cents
            self.stages.setdefault(told.stage.value, []).append((position.id, item.open_cents))
            if item.open_cents > 0:
                self._owed(position.id, item)

    def _owed(self, debtor_id: str, item: ItemPosition) -> None:
        if item.disputed_cents:
            self.disputed.append(item.disputed_cents)
        promised = item.promised_until if item.promised_until and item.promised_until >= self.on else None
        if promised:
            self.promised.append(item.open_cents)
        left = item.open_cents - item.disputed_cents
        if left > 0 and not item.insolvent:
            self.owed.append(Owed(debtor_id, item.due_on, left, promised))
        if item.barred_on and item.barred_on - timedelta(days=1) <= self.on + NEAR:
            key = (debtor_id, item.barred_on - timedelta(days=1))
            self.barred[key] = self.barred.get(key, 0) + item.open_cents
