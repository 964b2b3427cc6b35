"""Messages that debtors and their servers send back to one of ours, given as its bytes."""

import itertools
from email import message_from_bytes

_numbers = itertools.count(1)


def message_id(letter: bytes) -> str:
    """The Message-ID of one of our messages."""
    return str(message_from_bytes(letter)["Message-ID"])


def reply_to(letter: bytes, words: str, *, sender: str = "compta@client.example", more: str = "") -> bytes:
    """What a person answers, quoting nothing."""
    ours = message_from_bytes(letter)
    number = next(_numbers)
    head = (
        f"From: Quelqu'un <{sender}>\r\nTo: {ours['From']}\r\nSubject: Re: votre message\r\n"
        f"Message-ID: <reponse-{number}@client.example>\r\nIn-Reply-To: {ours['Message-ID']}\r\n{more}"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    return (head + words + "\r\n").encode()


def absence_of(letter: bytes) -> bytes:
    """What a machine answers for a person on leave."""
    return reply_to(letter, "Je suis absent jusqu'au 15.", more="Auto-Submitted: auto-replied\r\n")


def bounce_of(letter: bytes, status: str, *, action: str = "failed", quotes: bool = True) -> bytes:
    """A delivery report as RFC 3464 has it, with the headers of the message unless told otherwise."""
    ours = message_from_bytes(letter)
    returned = (
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours['Message-ID']}\r\n" if quotes else ""
    )
    text = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: {ours['From']}\r\n"
        f"Message-ID: <dsn-{next(_numbers)}@relay.example>\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ours['To'].rsplit(' ')[-1].strip('<>')}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"{returned}\r\n--b--\r\n"
    )
    return text.encode()


def bounce_in_free_words(letter: bytes) -> bytes:
    """A report that no reader understands: it came back, for how long nobody knows."""
    return (
        "Return-Path: <>\r\nFrom: postmaster@relay.example\r\nSubject: Message non remis\r\n"
        f"Message-ID: <dsn-{next(_numbers)}@relay.example>\r\n\r\nVotre message n'a pas pu être remis.\r\n"
        f"Message-ID: {message_id(letter)}\r\n"
    ).encode()
