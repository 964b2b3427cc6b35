"""An outside witness for each anchor sheet: a token of a time-stamping authority, and one mail a day to a person."""

from asyncio import run
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime

from recouvrement.channels.account import LOOPBACK, Outgoing
from recouvrement.channels.outcomes import Accepted, Outcome, Unknown
from recouvrement.channels.smtp import send_one
from recouvrement.clock import PARIS
from recouvrement.day.house import House
from recouvrement.day.mail_accounts import account_of
from recouvrement.domain.journal import digest, sheet_name
from recouvrement.dossier.timestamp import NoToken, ask
from recouvrement.ledger.anchors import add_token, anchor_rows, claim_mail, settle_mail
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.content import fetch, keep
from recouvrement.ledger.parties import creditor_row

TEXT = """Bonjour,

Voici l'empreinte et la feuille d'ancrage du {day:%d/%m/%Y} du journal de recouvrement de {firm}. Conservez ce message tel quel :
il permet de constater plus tard que rien de ce qui précède n'a été réécrit.

Fichier joint : {name}
SHA-256 : {sha256}

La feuille ne contient que des empreintes salées : elle ne révèle ni nom ni montant.
"""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What stands outside for a day's sheet: codes `none`, `kept`, or why not."""

    token: str
    mail: str


def witness_day(house: House, *, on: date, actor: str) -> Witnessed:
    """Ask the authority for the token of a day's sheet and mail the sheet to the witness, each at most once.

    A token that could not be had is asked for again by the next run of that day; a mail of unknown fate is not.
    """
    with house.ledger.reading() as connection:
        row = next((r for r in anchor_rows(connection) if r.on == on), None)
        if row is None:
            return Witnessed("no_sheet", "no_sheet")
        sheet = fetch(connection, row.sheet_sha256)
    return Witnessed(_token(house, on, sheet, row.token_sha256, actor), _mail(house, on, sheet, actor))


def _token(house: House, on: date, sheet: bytes, known: str | None, actor: str) -> str:
    if known:
        return "kept"
    if not house.settings.tsa_url:
        return "none"
    answer = ask(house.settings.tsa_url, sheet)
    if isinstance(answer, NoToken):
        return answer.code
    with house.ledger.act("time_stamp", actor) as act:
        add_token(act, on, keep(act, answer, "application/timestamp-reply"))
    folder = house.settings.home / "out" / "anchors"
    (folder / f"{sheet_name(on)}.tsr").write_bytes(answer)
    return "kept"


def _mail(house: House, on: date, sheet: bytes, actor: str) -> str:
    """Mail a sheet: the row that says so is committed before anything leaves, so that two runs never both send."""
    to = house.settings.redirect_all_to or house.settings.witness_email
    if not to:
        return "none"
    if house.simulated and house.settings.smtp_host not in LOOPBACK:
        return "simulated_clock"
    with house.ledger.act("witness_mail", actor) as act:
        state = claim_mail(act, on)
    if state:
        return state
    outcome = _sent(house, on, sheet, to)
    with house.ledger.act("witness_mail", actor) as act:
        return settle_mail(act, on, _state_of(outcome), str(outcome)[:64])


def _state_of(outcome: Outcome) -> str:
    if isinstance(outcome, Accepted):
        return "sent"
    return "unknown" if isinstance(outcome, Unknown) else "failed"


def _sent(house: House, on: date, sheet: bytes, to: str) -> Outcome:
    with house.ledger.reading() as connection:
        creditor = creditor_row(connection, house.creditor(), AsOf.whenever(house.ledger.known_to()))
    message = _message(house, on, sheet, creditor.name, str(creditor.email), to)
    job = Outgoing(f"anchor-{on}", str(creditor.email), to, message, lambda: True)
    return run(send_one(account_of(house), job))


def _message(house: House, on: date, sheet: bytes, firm: str, sender: str, to: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = f"Feuille d'ancrage du {on:%d/%m/%Y}"
    message["Date"] = format_datetime(house.ledger.now().astimezone(PARIS))
    message["Message-ID"] = f"<ancre.{on.isoformat()}.{digest(sheet)[:16]}@{house.settings.message_domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        TEXT.format(day=on, firm=firm, name=sheet_name(on), sha256=digest(sheet)), cte="quoted-printable"
    )
    message.add_attachment(sheet, maintype="text", subtype="plain", filename=sheet_name(on))
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
