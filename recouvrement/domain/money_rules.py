"""What a policy says of money: differences it bears, small sums it lets go, how sure a match must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WRITE_OFF_REASONS = ("bank_fee", "rounding", "discount_granted", "commercial_gesture", "uncollectable", "time_barred")


@dataclass(frozen=True, slots=True)
class MoneyRules:
    """Limits in minor units of the item's currency.

    `account_difference_cents` is the difference with the accounts above which a customer gets no formal notice.
    `write_off_cents` is what an operator may write off of one invoice without the role `write_off`; `automatic_cents`
    what matching may write off by itself beside a receipt, by reason (nothing where a reason is absent).
    `automatic_score` (hundredths of a factor of ten) is the evidence above which a match needs nobody;
    `grants_usual_discounts` lets it grant an early-payment discount that the invoice does not state.
    """

    account_difference_cents: int = 5_000
    write_off_cents: int = 500
    write_off_reasons: tuple[str, ...] = WRITE_OFF_REASONS
    automatic_cents: Mapping[str, int] = field(default_factory=lambda: {"rounding": 50, "bank_fee": 3_000})
    automatic_score: int = 120
    grants_usual_discounts: bool = True
