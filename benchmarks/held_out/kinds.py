"""What one made-up ledger is like: how it sells, how it numbers, how its customers write and how its bank prints."""

from dataclasses import dataclass

NUMBERS = {
    "year-rank": "FA-{y}-{n:04d}",
    "slash": "{y}/{n:04d}",
    "six-digits": "{n6:06d}",
    "letters-inside": "F{yy}{month}{n:03d}B",
    "customer-prefix": "{code}-{own:03d}",
    "short": "{n}",
    "month-rank": "{y}{m:02d}{of_month:03d}",
    "shared-sequence": "{step:05d}",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One way of business; shares are of the lines that pay, unless said otherwise."""

    name: str
    customers: int = 80
    invoices: int = 700
    prices: tuple[int, ...] = ()  # cents of a price list; none: any amount
    monthly_fee: bool = False  # each customer is sold the same thing every month
    numbered: float = 0.55
    named: float = 0.88
    own_reference: float = 0.16
    several: float = 0.10
    twins: float = 0.10  # of the customers: one whose name resembles another's
    narrow: float = 0.30  # of the lines: nothing but a label of 31 characters
    third: float = 0.04
    strange: float = 0.09
    older: float = 0.01  # pays an invoice that the ledger does not hold
    languages: tuple[str, ...] = ("fr",)


LIST = (4_900, 9_900, 14_900, 19_800, 29_900, 49_900, 99_800, 120_000)
KINDS = (
    Kind("realistic", languages=("fr", "fr", "fr", "en", "de")),
    Kind("subscriptions", prices=LIST, several=0.08),
    Kind("monthly fee", prices=(3_600, 6_000, 9_600, 12_000, 24_000), monthly_fee=True, invoices=913, customers=83),
    Kind("hard", numbered=0.25, named=0.75, narrow=0.75, third=0.08, strange=0.14, twins=0.2),
    Kind("fec", numbered=0.05, named=0.95, own_reference=0.05, several=0.40, narrow=0.8, customers=45),
    Kind("homonyms", twins=0.6, numbered=0.4),
    Kind("abroad", languages=("en", "de", "es", "it", "nl"), named=0.9),
)
