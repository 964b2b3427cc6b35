"""Who may do what: operator codes and their roles, from the settings."""

from recouvrement.settings import Settings

ROLES = frozenset({"record", "approve", "write_off", "route", "creditor_iban", "go_live", "erase"})


class NotAllowed(Exception):
    """The operator is unknown or lacks the role; nothing was done."""


def operators(settings: Settings) -> dict[str, frozenset[str]]:
    """Codes and roles; with no list configured one operator, `owner`, has every role.

    >>> sorted(operators(Settings(operators="cm:record+approve,pd:record"))["cm"])
    ['approve', 'record']
    """
    if not settings.operators:
        return {"owner": ROLES}
    pairs = (entry.partition(":") for entry in settings.operators.split(",") if entry.strip())
    return {code.strip(): frozenset(roles.split("+")) & ROLES for code, _, roles in pairs}


def unknown_roles(settings: Settings) -> list[str]:
    """Words of the list that are no role, such as one mistyped: they give no right.

    >>> unknown_roles(Settings(operators="cm:record+aprove"))
    ['aprove']
    """
    words = [word for entry in settings.operators.split(",") for word in entry.partition(":")[2].split("+")]
    return sorted({word.strip() for word in words} - ROLES - {""})


def checked_operator(settings: Settings, code: str, *, role: str) -> str:
    """Return the code when that operator has the role; raise NotAllowed otherwise."""
    known = operators(settings)
    if code not in known:
        raise NotAllowed("unknown operator code: name yours with --operator, as RECOUVREMENT_OPERATORS lists it")
    if role not in known[code]:
        raise NotAllowed(f"operator {code} lacks the role {role}")
    return code
