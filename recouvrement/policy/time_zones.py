"""Time zones by country: the IANA table `zone.tab` of the pinned `tzdata` package, the capital's zone first."""

from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = "Europe/Paris"

# zone.tab (release 2026f) lists the zones of a country from one end to the other; where the first is not the capital's
CAPITALS: Final = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "FM": "Pacific/Pohnpei",
    "PS": "Asia/Hebron",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
NOT_LISTED: Final = {"XK": ("Europe/Belgrade",)}  # in use in Europe, and no code of ISO 3166


@cache
def zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country (ISO 3166, two letters), the capital's first; Paris when the country is unknown.

    >>> [zone.key for zone in zones_of("RE")], [zone.key for zone in zones_of("??")], zones_of("RU")[0].key
    (['Indian/Reunion'], ['Europe/Paris'], 'Europe/Moscow')
    >>> zones_of("US")[0].key, len(zones_of("US")) > 20
    ('America/New_York', True)
    """
    names = _table().get(country) or NOT_LISTED.get(country, (PARIS,))
    return tuple(ZoneInfo(name) for name in sorted(names, key=lambda name: name != CAPITALS.get(country, names[0])))


@cache
def _table() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = (files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _, name = line.split("\t")[:3]
            found.setdefault(country, []).append(name)
    return found
