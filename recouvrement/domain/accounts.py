"""One bank account under its two names: the IBAN, and the national number that older formats carry."""


def same_account(one: str, other: str) -> bool:
    """Say whether two account numbers name the same French account.

    A French IBAN holds bank (5), branch (5), account (11) and key (2) after its first four characters; a file may give
    the whole, without the key, or the account alone.

    >>> iban = "FR7699999000010000000000115"
    >>> same_account(iban, "00000000001"), same_account("999990000100000000001", iban), same_account(iban, "00000000002")
    (True, True, False)
    """
    one, other = one.replace(" ", "").upper(), other.replace(" ", "").upper()
    if one == other:
        return True
    national = [number[4:25] for number in (one, other) if number.startswith("FR") and len(number) == 27]
    plain = [number for number in (one, other) if not (number.startswith("FR") and len(number) == 27)]
    if len(national) != 1 or len(plain) != 1:
        return False
    return plain[0] in {national[0], national[0][10:], national[0][5:]}
