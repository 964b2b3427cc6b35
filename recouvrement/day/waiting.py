"""The list of what waits for people, as they read it: codes, days and sums; never words, never names (law 10)."""

from dataclasses import dataclass
from datetime import date

from recouvrement.day.house import House
from recouvrement.day.reporting import MOST_ROWS, Naming, Row, Shown
from recouvrement.day.waiting_told import case_limits, messages_aside
from recouvrement.domain.money import plain, printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.waiting_debtors import kinds_unknown, protected_debtors
from recouvrement.ledger.waiting_list import Asking, waits
from recouvrement.reports.words import word


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the list; `subject` is the debtor's code, or empty where the wait is about nobody."""

    kind: str
    id: str
    debtor_id: str
    subject: str
    owner: str
    due_on: date
    overdue: bool
    cents: int
    currency: str

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {
            "kind": self.kind, "id": self.id, "debtor": self.subject, "owner": self.owner, "due_on": self.due_on.isoformat(),
            "overdue": self.overdue, "amount": plain(self.cents) if self.cents else None, "currency": self.currency,
        }  # fmt: skip


def waiting(house: House, *, on: date) -> list[Waiting]:
    """What waits on a day: overdue waits head the list, the larger the money behind them the higher; then by day due."""
    as_of = AsOf(on, house.ledger.known_to())
    with house.ledger.reading() as connection:
        asking = Asking(connection, house.creditor(), house.policy, as_of)
        found = [
            *waits(asking), *protected_debtors(asking), *kinds_unknown(asking), *case_limits(house, asking),
            *messages_aside(house, asking),
        ]  # fmt: skip
        debtors = debtor_rows(connection, sorted({w.debtor_id for w in found if w.debtor_id}), as_of)
    rows = [
        Waiting(
            w.kind, w.id, w.debtor_id or "", debtors[w.debtor_id].code if w.debtor_id in debtors else "", w.owner, w.due_on,
            w.due_on < on, w.cents, w.currency,
        )
        for w in found
    ]  # fmt: skip
    return sorted(rows, key=lambda w: (not w.overdue, -w.cents if w.overdue else w.due_on.toordinal(), w.due_on, w.id))


WORDS = {
    "approval": ("accord à donner", "approval"), "sending_unknown": ("envoi incertain", "sending unknown"),
    "call": ("appel à passer", "call to make"), "reply": ("réponse à lire", "reply to read"), "dispute": ("litige", "dispute"),
    "credit_note": ("avoir attendu", "credit note awaited"), "receipt": ("règlement en cours", "receipt under way"),
    "receipt_in_doubt": ("encaissement non attribué", "receipt in doubt"), "file_to_correct": ("fichier à corriger", "file to correct"),
    "cleared_in_accounts": ("soldée en comptabilité", "cleared in accounts"), "case": ("dossier à orienter", "case"),
    "posting": ("dépôt à constater", "posting"), "proof_of_delivery": ("avis de réception attendu", "proof of delivery"),
    "iban_change": ("nouvel IBAN à confirmer", "new IBAN to confirm"),
    "protected_debtor": ("débiteur protégé, que faire", "protected debtor, what now"),
    "kind_unknown": ("nature du débiteur à dire", "kind of debtor to say"),
    "case_limit": ("délai d'un dossier", "limit of a case"), "message_aside": ("message à corriger", "message to correct"),
}  # fmt: skip


def waiting_table(house: House, on: date, shown: Shown) -> list[Row]:
    """The list as a table of text, overdue waits first; persons are codes."""
    found, language = waiting(house, on=on)[:MOST_ROWS], shown.language
    name = Naming(house, [w.debtor_id for w in found if w.debtor_id], AsOf(on, house.ledger.known_to()), shown)
    french = language == "fr"
    late = ("en retard", "overdue")[not french]
    return [
        {
            word("until", language): f"{w.due_on.isoformat()}{f' ({late})' if w.overdue else ''}", "Id": w.id,
            ("Attend", "Waits")[not french]: WORDS[w.kind][not french],
            word("debtor", language): name(w.debtor_id) if w.debtor_id else "",
            word("amount", language): printed(w.cents, w.currency, language) if w.cents else "",
            ("À qui", "Whose")[not french]: _whose(w.owner, french=french),
        }
        for w in found
    ]  # fmt: skip


def _whose(owner: str, *, french: bool) -> str:
    """An operator's code, or in words who may act: those of a role."""
    role = owner.removeprefix("role:")
    return owner if role == owner else f"{('qui a le rôle', 'whoever has the role')[not french]} {role}"
