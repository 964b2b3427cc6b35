"""Who owes: kinds of debtor and what each kind changes."""

from enum import StrEnum


class DebtorKind(StrEnum):
    """What the debtor is in law; decides penalties, indemnity, courts and personal-data rules."""

    BUSINESS = "business"
    SOLE_TRADER = "sole_trader"
    ARTISAN = "artisan"
    NON_TRADER = "non_trader"
    PUBLIC = "public"
    CONSUMER = "consumer"
    UNKNOWN = "unknown"

    @property
    def is_professional(self) -> bool:
        """Owes professional penalties and 40 € per invoice (C. com. L441-10 II).

        >>> DebtorKind.ARTISAN.is_professional, DebtorKind.CONSUMER.is_professional, DebtorKind.UNKNOWN.is_professional
        (True, False, False)
        """
        return self not in {DebtorKind.CONSUMER, DebtorKind.UNKNOWN}

    @property
    def is_natural_person(self) -> bool:
        """Counts as a natural person for personal data; what is unknown counts as one.

        >>> [k.value for k in DebtorKind if not k.is_natural_person]
        ['business', 'non_trader', 'public']
        """
        return self in {DebtorKind.SOLE_TRADER, DebtorKind.ARTISAN, DebtorKind.CONSUMER, DebtorKind.UNKNOWN}


def proposed_kind(siren: str | None) -> DebtorKind | None:
    """The kind that a SIREN suggests to a person, or None: numbers beginning with 1 or 2 are public bodies (INSEE).

    >>> proposed_kind("213105554"), proposed_kind("732829320"), proposed_kind(None)
    (<DebtorKind.PUBLIC: 'public'>, None, None)
    """
    return DebtorKind.PUBLIC if siren and siren[0] in "12" else None
