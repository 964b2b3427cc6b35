"""Money: integer minor units with a currency, or exact fractions inside a computation; never a float."""

from decimal import Decimal
from fractions import Fraction

NO_BREAK_SPACE = "\u00a0"


def rounded_half_up(amount: Fraction) -> int:
    """Round an exact number of cents to whole cents, halves away from zero (the accountants' rule).

    >>> rounded_half_up(Fraction(5, 2)), rounded_half_up(Fraction(-5, 2)), rounded_half_up(Fraction(892800, 73))
    (3, -3, 12230)
    """
    doubled = abs(amount) * 2
    whole = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return whole if amount >= 0 else -whole


def cents(amount: Decimal | str) -> int:
    """Turn an exact decimal amount into minor units; raise ValueError when it has more than two decimals.

    >>> cents("1234.56"), cents(Decimal("-3")), cents("0.10")
    (123456, -300, 10)
    >>> cents("1.005")
    Traceback (most recent call last):
    ...
    ValueError: more than two decimals
    """
    scaled = Decimal(amount) * 100
    whole = int(scaled)
    if whole != scaled:
        raise ValueError("more than two decimals")
    return whole


def plain(amount: int) -> str:
    """Minor units as a decimal with a point, for machines.

    >>> plain(123456), plain(-5)
    ('1234.56', '-0.05')
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"


SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}


def printed(amount: int, currency: str = "EUR", language: str = "fr") -> str:
    """Minor units as a person reads them; spaces are U+00A0, the only one that Liberation Sans draws.

    >>> printed(123456).replace(NO_BREAK_SPACE, "_"), printed(123456, language="en"), printed(-5).replace(NO_BREAK_SPACE, "_")
    ('1_234,56_€', '€1,234.56', '-0,05_€')
    """
    sign = "-" if amount < 0 else ""
    symbol = SYMBOLS.get(currency, currency)
    whole, rest = divmod(abs(amount), 100)
    if language == "en":
        return f"{sign}{symbol}{'' if len(symbol) == 1 else ' '}{whole:,}.{rest:02d}"
    thousands = f"{whole:,}".replace(",", NO_BREAK_SPACE)
    return f"{sign}{thousands},{rest:02d}{NO_BREAK_SPACE}{symbol}"
