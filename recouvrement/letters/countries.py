"""The last line of an address abroad: the country, in capitals, in the language of the country of posting (UPU S42)."""

from functools import cache

from babel import Locale

from recouvrement.domain.places import FRENCH


@cache
def country_line(code: str) -> str | None:
    """The country's name as a French post office reads it; None within France and for a code that is none.

    >>> country_line("DE"), country_line("GB"), country_line("FR"), country_line("MQ"), country_line("??")
    ('ALLEMAGNE', 'ROYAUME-UNI', None, None, None)
    """
    if code in FRENCH:
        return None
    name = Locale("fr").territories.get(code)
    return None if name is None else str(name).upper()
