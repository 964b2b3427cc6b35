"""A word to the operator by our own mail account, apart from the outbox: codes and counts, never a debtor's data."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from recouvrement.channels.account import Outgoing
from recouvrement.channels.outcomes import Accepted, Outcome
from recouvrement.channels.smtp import send_one
from recouvrement.day.house import House
from recouvrement.day.sending import account_of
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.parties import creditor_row
from recouvrement.ledger.ulid import ulid


def alert(house: House, subject: str, lines: Iterable[str], *, at: datetime) -> str:
    """Mail the operator (setting `operator_email`, or the creditor's own address); empty when it was accepted, else why not.

    Nothing is retried and nothing is kept: an alert that does not leave is told by the next one.
    """
    with house.ledger.reading() as connection:
        row = creditor_row(connection, house.creditor(), AsOf(at.date(), house.ledger.known_to()))
    to = house.settings.operator_email or str(row.email)
    message = EmailMessage(policy=SMTP)
    message["From"] = str(row.email)
    message["To"] = to
    message["Subject"] = f"[recouvrement] {subject}"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<alert.{ulid(at)}@{house.settings.message_domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic answer
    message.set_content("\n".join(lines) + "\n")
    return _told(asyncio.run(_sent(house, str(row.email), to, message)))


async def _sent(house: House, sender: str, to: str, message: EmailMessage) -> Outcome:
    job = Outgoing("alert", sender, to, message.as_bytes(), lambda: True)
    return await send_one(account_of(house), job)


def _told(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Accepted) else str(outcome)[:80]
