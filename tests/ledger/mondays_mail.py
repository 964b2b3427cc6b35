"""What Monday's run sends, as who receives it reads it."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from tests.ledger.firm import MONDAY, sending_to


def parsed(mail: Catcher) -> list[EmailMessage]:
    """The messages that arrived."""
    found = [message_from_bytes(octets, policy=policy.SMTP) for octets in mail.messages()]
    return [message for message in found if isinstance(message, EmailMessage)]


def the_one_email(house: House, folder: Path) -> EmailMessage:
    """The only message of Monday."""
    with Catcher(folder / "mail") as mail:
        there = sending_to(house, mail.port)
        run_day(there, on=MONDAY, mode=Mode.LIVE)
        drain(there, on=MONDAY, pace=False)
        (message,) = parsed(mail)
    return message


def body(message: EmailMessage, kind: str = "plain") -> str:
    """Its words, as text or as HTML."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def attached(message: EmailMessage) -> dict[str, bytes]:
    """What travels with it, by name."""
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}
