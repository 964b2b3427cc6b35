"""A message in one line, for a text message: who writes, what it is about, whom to call."""

from recouvrement.letters.compose import Composed
from recouvrement.letters.message import Message

PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "–": "-", "—": "-", "’": "'", "«": '"', "»": '"', "…": "."})


def one_line(message: Message, composed: Composed) -> str:
    """The stage of a message (its first line) between the creditor's name and the contact to reach.

    Typographic spaces, dashes and quotes become plain ones: one character outside the GSM alphabet halves what a text
    message holds (GSM 03.38).
    """
    contact = message.sender.contact
    reach = contact.phone or contact.email or ""
    told = f"{message.sender.name} - {composed.stage} - {message.reference} - {reach}"
    return " ".join(told.translate(PLAIN).split())
