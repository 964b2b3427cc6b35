"""What Maileva's codes mean in the words of all postal services (registered_mail/v4, published OpenAPI)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from recouvrement.channels.postal import PostalStatus, StatusEvent

S = PostalStatus

SENDING: Final = {
    "DRAFT": S.PREPARED,
    "PENDING": S.SUBMITTED,
    "ACCEPTED": S.SUBMITTED,
    "PREPARING": S.SUBMITTED,
    "PROCESSED": S.SUBMITTED,
    "PROCESSED_WITH_ERRORS": S.ERROR,  # there is one recipient, so the error is its
    "BLOCKED": S.ERROR,  # waits for a financial authorisation: a person must see to it
    "REJECTED": S.ERROR,
    "CANCELED": S.ERROR,
}

UNDELIVERED: Final = {
    "N02": S.UNDELIVERABLE,  # not known at the address
    "N03": S.UNCLAIMED,
    "N05": S.REFUSED,
    "N07": S.UNDELIVERABLE,  # access or address at fault
}

ON_ITS_WAY: Final = S.DEPOSITED  # La Poste speaks of it, so it was deposited
DELIVERY: Final = {
    "LP01": S.SUBMITTED,  # taken over by the printer
    "LP02": S.SUBMITTED,  # printed
    "LP06": S.SUBMITTED,  # proof of content made
    "LP07": S.SUBMITTED,  # proof of content sent
    "LP08": S.AVAILABLE_AT_OFFICE,
    "LP09": S.PRESENTED,
    "LP10": S.PRESENTED,
    "LP15": S.DELIVERED,
    "LP16": S.DELIVERED,
    "LP17": S.RETURNED,
    "LP18": S.DELIVERED,  # the signed receipt is there
    "LP19": S.UNCLAIMED,
    "LP20": S.UNDELIVERABLE,
    "LP21": S.UNDELIVERABLE,
    "LP22": S.REFUSED,
    "LP24": S.RETURNED,
    "LP25": S.UNCLAIMED,
    "LP27": S.RETURNED,
    "LP28": S.DELIVERED,
    "LP29": S.DELIVERED,
}


def of_delivery(code: str) -> PostalStatus:
    """The status that a delivery code means; the many codes of transport, and unknown ones, mean "on its way".

    >>> of_delivery("LP15").value, of_delivery("LP04").value, of_delivery("LP99").value
    ('delivered', 'deposited', 'deposited')
    """
    return DELIVERY.get(code, ON_ITS_WAY)


def of_sending(code: str) -> PostalStatus:
    """The status that a sending's code means; an unknown one is an error, for a person must look.

    >>> of_sending("DRAFT").value, of_sending("PREPARING").value, of_sending("SOMETHING").value
    ('prepared', 'submitted', 'error')
    """
    return SENDING.get(code, PostalStatus.ERROR)


def events_of_sending(external_id: str, sending: dict[str, Any]) -> Iterator[StatusEvent]:
    """The dated statuses of a sending; without a date they prove nothing and are left out."""
    for status in sending.get("statuses") or []:
        code, at = str(status.get("code")), _moment(status.get("date"))
        if at is not None:
            yield StatusEvent(external_id, of_sending(code), code, at, None, _raw(status))


def events_of_recipient(external_id: str, recipient: dict[str, Any]) -> Iterator[StatusEvent]:
    """What La Poste did with the letter: deposit, each delivery status, and why it was not delivered."""
    number = recipient.get("registered_number")
    deposited = _moment(recipient.get("deposit_proof_date"))
    if deposited is not None:
        yield StatusEvent(external_id, PostalStatus.DEPOSITED, "DEPOSIT_PROOF", deposited, number)
    for status in recipient.get("delivery_statuses") or []:
        code, at = str(status.get("code")), _moment(status.get("date"))
        if at is not None:
            yield StatusEvent(external_id, of_delivery(code), code, at, number, _raw(status))
    reason, at = str(recipient.get("undelivered_mail_reason")), _moment(recipient.get("undelivered_mail_date"))
    if reason in UNDELIVERED and at is not None:
        yield StatusEvent(external_id, UNDELIVERED[reason], reason, at, number)


def _raw(status: dict[str, Any]) -> str:
    return json.dumps(status, ensure_ascii=False, sort_keys=True)


def _moment(text: object) -> datetime | None:
    """An aware moment as the service writes it (RFC 3339), or None."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
