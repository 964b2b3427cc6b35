"""Public holidays abroad, from the `holidays` package; the calendar of France is the house's own (domain/holidays_fr)."""

from datetime import date
from functools import cache


@cache
def holidays_abroad(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (ISO 3166, two letters) in a year and the next; none when the country is unknown.

    >>> date(2026, 10, 3) in holidays_abroad("DE", 2026), date(2026, 7, 14) in holidays_abroad("DE", 2026)
    (True, False)
    >>> holidays_abroad("??", 2026)
    frozenset()
    """
    import holidays  # half a second that a firm without customers abroad never spends

    try:
        return frozenset(holidays.country_holidays(country, years=(year, year + 1)))
    except NotImplementedError:
        return frozenset()
