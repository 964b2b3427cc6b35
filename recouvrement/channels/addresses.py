"""E-mail addresses before they come near a connection: what may stand in an envelope, and where a trial redirects."""

from dataclasses import dataclass
from typing import Final

from email_validator import EmailNotValidError, validate_email

MAX_LENGTH: Final = 254  # RFC 5321 §4.5.3.1.3: a path of 256 with its angle brackets


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A validated address as it goes on the wire; `needs_smtputf8` when its local part is not ASCII."""

    wire: str
    needs_smtputf8: bool = False

    def __repr__(self) -> str:
        return "Mailbox(…)"


def mailbox(address: str) -> Mailbox | None:
    """The address as it may be written in MAIL or RCPT, or None: no display name, no route, no list, no control.

    Syntax only, no DNS. An internationalised domain becomes its ASCII form. `.test` passes, as reserved for tests
    (RFC 6761); `localhost` and names without a dot do not.

    >>> mailbox("compta@société.example").wire
    'compta@xn--socit-esab.example'
    >>> hostile = ("a@b.fr>" + chr(13) + chr(10) + "DATA", "a@b.fr, c@d.fr", "Ann <a@b.fr>", "a@b.fr NOTIFY=NEVER", "")
    >>> [mailbox(text) for text in hostile]
    [None, None, None, None, None]
    """
    if len(address) > MAX_LENGTH or not address.isprintable():
        return None
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    if checked.ascii_email is not None:
        return Mailbox(checked.ascii_email)
    return Mailbox(f"{checked.local_part}@{checked.ascii_domain}", needs_smtputf8=True)


def envelope_recipient(to: str, redirect: str | None) -> str:
    """Where the envelope goes: the redirect of a trial when there is one, else `to`; the message keeps its own To.

    A blank redirect is refused rather than read as "no redirect": a setting lost in a file must not reach debtors.

    >>> envelope_recipient("client@example.fr", "essai@example.fr"), envelope_recipient("client@example.fr", None)
    ('essai@example.fr', 'client@example.fr')
    >>> envelope_recipient("client@example.fr", " ")
    Traceback (most recent call last):
    ValueError: the redirect of every message is not an e-mail address
    """
    if redirect is None:
        return to
    if mailbox(redirect) is None:
        raise ValueError("the redirect of every message is not an e-mail address")
    return redirect
