"""Where a debtor is, as one code: a part of France by its own name, another country by its two letters."""

from typing import Final

from recouvrement.domain.holidays_fr import Region

# ISO 3166-1: the parts of France that have a code of their own
CODES: Final = {
    Region.GUADELOUPE: "GP",
    Region.MARTINIQUE: "MQ",
    Region.GUYANE: "GF",
    Region.REUNION: "RE",
    Region.MAYOTTE: "YT",
    Region.SAINT_BARTHELEMY: "BL",
    Region.SAINT_MARTIN: "MF",
    Region.SAINT_PIERRE_ET_MIQUELON: "PM",
    Region.NOUVELLE_CALEDONIE: "NC",
    Region.POLYNESIE_FRANCAISE: "PF",
    Region.WALLIS_ET_FUTUNA: "WF",
}
FRENCH: Final = frozenset({"FR", *CODES.values()})
METROPOLE: Final = Region.METROPOLE.value
_REGIONS: Final = {code: region.value for region, code in CODES.items()}


def place_of(country: str, region: str) -> str:
    """The place of a debtor from its country (ISO 3166, two letters) and its region of France, which its postcode gave.

    >>> place_of("FR", "reunion"), place_of("RE", "metropole"), place_of("FR", "alsace_moselle"), place_of("DE", "metropole")
    ('reunion', 'reunion', 'alsace_moselle', 'DE')
    """
    if country not in FRENCH:
        return country
    return _REGIONS.get(country, METROPOLE) if region == METROPOLE else region


def region_of_place(place: str) -> str:
    """The region whose holidays close a day for a debtor; abroad those of metropolitan France do, beside its own.

    >>> region_of_place("reunion"), region_of_place("US")
    ('reunion', 'metropole')
    """
    return place if place in set(Region) else METROPOLE


def country_of_place(place: str) -> str:
    """The ISO 3166 code whose clocks a place goes by.

    >>> country_of_place("reunion"), country_of_place("alsace_moselle"), country_of_place("US")
    ('RE', 'FR', 'US')
    """
    return CODES.get(Region(place), "FR") if place in set(Region) else place
