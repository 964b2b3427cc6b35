"""Which policy a debtor has: what a person or its file says, else the first rule that fits, else the firm's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recouvrement.domain.parties import DebtorKind


@dataclass(frozen=True, slots=True)
class Traits:
    """What a choice looks at: kind, what is owed by currency, invoices ever, those paid late, a promise or plan of late."""

    kind: DebtorKind
    owed: Mapping[str, int]
    invoices: int = 0
    paid_late: int = 0
    committed: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """A policy and its conditions: all those stated must hold. `below` and `above` compare what is owed, by currency."""

    policy: str
    kinds: frozenset[DebtorKind] = frozenset()
    most_invoices: int | None = None
    least_paid_late: int | None = None
    committed: bool | None = None
    below: Mapping[str, int] = field(default_factory=dict)
    above: Mapping[str, int] = field(default_factory=dict)

    def fits(self, traits: Traits) -> bool:
        """Say whether every condition holds; an amount in a currency that the rule does not name never fits.

        >>> rule = ChoiceRule("small_amounts", below={"EUR": 150_00})
        >>> [rule.fits(Traits(DebtorKind.BUSINESS, owed)) for owed in ({"EUR": 149_99}, {"EUR": 150_00}, {"USD": 10_00}, {})]
        [True, False, False, False]
        """
        if self.kinds and traits.kind not in self.kinds:
            return False
        if self.most_invoices is not None and traits.invoices > self.most_invoices:
            return False
        if self.least_paid_late is not None and traits.paid_late < self.least_paid_late:
            return False
        if self.committed is not None and traits.committed is not self.committed:
            return False
        if self.below and not (
            traits.owed and all(c in self.below and n < self.below[c] for c, n in traits.owed.items())
        ):
            return False
        return not self.above or any(c in self.above and n >= self.above[c] for c, n in traits.owed.items())


def chosen(rules: tuple[ChoiceRule, ...], traits: Traits, default: str) -> str:
    """The policy of the first rule that fits, else the firm's own.

    >>> rules = (ChoiceRule("consumer", frozenset({DebtorKind.CONSUMER})), ChoiceRule("serial_late", least_paid_late=3))
    >>> chosen(rules, Traits(DebtorKind.CONSUMER, {}, paid_late=5), "standard")
    'consumer'
    >>> chosen(rules, Traits(DebtorKind.BUSINESS, {}, paid_late=5), "standard")
    'serial_late'
    """
    return next((rule.policy for rule in rules if rule.fits(traits)), default)
