"""Telephone numbers: the form that gateways want, and whether text messages reach them."""

import re

FRENCH_PLACES = {
    "GP": "590",
    "MQ": "596",
    "GF": "594",
    "RE": "262",
    "YT": "262",
}  # their own codes, written as in France


def mobile_number(text: str, country: str = "FR") -> str | None:
    """A mobile number in E.164 form, or None when it is no number, or in France one that takes no text messages.

    A number without its country's code is read in the debtor's country, and only there where that is sure: France and
    its overseas departments. French mobiles begin with 06 or 07 (national numbering plan, Arcep decision 2018-0881).

    >>> mobile_number("06 12 34 56 78"), mobile_number("0033 (0)7 12 34 56 78"), mobile_number("+41 79 123 45 67")
    ('+33612345678', '+33712345678', '+41791234567')
    >>> mobile_number("02 40 00 00 00"), mobile_number("079 123 45 67", "CH"), mobile_number("poste 12")
    (None, None, None)
    """
    digits = re.sub(r"\(0\)|[\s.()/-]", "", text)
    digits = re.sub(r"^00", "+", digits)
    if re.fullmatch(r"0[67]\d{8}", digits) and (country == "FR" or country in FRENCH_PLACES):
        return f"+{FRENCH_PLACES.get(country, '33')}{digits[1:]}"
    if not re.fullmatch(r"\+[1-9]\d{7,14}", digits):
        return None
    return None if digits.startswith("+33") and not re.fullmatch(r"\+33[67]\d{8}", digits) else digits
