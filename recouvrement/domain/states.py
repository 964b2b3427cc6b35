"""States of the Union, by their ISO 3166 codes, for routes that depend on where a debtor is."""

UNION = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905 (read as a list)
)
FRANCE = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "MF", "BL", "PM"})


def location(country: str) -> str:
    """Where a debtor is, as `data/law/routes.toml` says it: france, eu, denmark or outside_eu (Reg. 1896/2006 art. 2).

    >>> [location(code) for code in ("FR", "RE", "DE", "DK", "CH")]
    ['france', 'france', 'eu', 'denmark', 'outside_eu']
    """
    if country in FRANCE:
        return "france"
    if country == "DK":
        return "denmark"
    return "eu" if country in UNION else "outside_eu"
