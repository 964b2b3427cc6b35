"""Why a debtor has not paid, as far as it is known: it chooses words and the next step."""

from recouvrement.domain.codes import Code


class Cause(Code):
    """What a call, a reply or a form told about the cause; `answered` ends a request that was met."""

    OVERSIGHT = "oversight"
    CASH_TROUBLE = "cash_trouble"
    DISPUTE_QUALITY = "dispute_quality"
    DISPUTE_QUANTITY = "dispute_quantity"
    DISPUTE_PRICE = "dispute_price"
    DISPUTE_DELIVERY = "dispute_delivery"
    ADMINISTRATIVE = "administrative"
    BAD_FAITH = "bad_faith"
    UNKNOWN = "unknown"
    ANSWERED = "answered"

    @property
    def is_a_dispute(self) -> bool:
        """Whether a dispute is to be recorded before anything else goes out.

        >>> [cause.value for cause in Cause if cause.is_a_dispute][:2]
        ['dispute_quality', 'dispute_quantity']
        """
        return self.value.startswith("dispute_")


# what calls noted before these codes were fixed, or a person in a hurry, may have written
WORDS = {"cash": Cause.CASH_TROUBLE, "dispute": Cause.DISPUTE_QUALITY, "quality": Cause.DISPUTE_QUALITY,
         "quantity": Cause.DISPUTE_QUANTITY, "price": Cause.DISPUTE_PRICE, "delivery": Cause.DISPUTE_DELIVERY}  # fmt: skip


def cause_of(text: str | None) -> Cause | None:
    """The cause that a code names, or None.

    >>> cause_of("cash"), cause_of("bad_faith"), cause_of("weather")
    (<Cause.CASH_TROUBLE: 'cash_trouble'>, <Cause.BAD_FAITH: 'bad_faith'>, None)
    """
    word = (text or "").strip().lower()
    return WORDS.get(word) or next((cause for cause in Cause if cause.value == word), None)
