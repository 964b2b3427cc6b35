"""Small ledgers for the tests of matching."""

from datetime import date, timedelta

from recouvrement.matching.book import Book
from recouvrement.matching.day import match_day
from recouvrement.matching.rules import MatchingRules
from recouvrement.matching.types import Credit, OpenItem, Outcome, PastPayment, Payer

DAY = date(2026, 3, 2)
IBAN = "FR7699999750253621049899547"
STRANGERS = [
    "SARL DUPRE MACONNERIE", "SAS ATELIERS VERNIER", "GARAGE DU PONT NEUF", "BOULANGERIE LEMOINE SARL", "CABINET ROUSSET",
    "EURL TECHNI FROID OUEST", "PHARMACIE DES HALLES", "SCI LES TILLEULS", "SAS NOVALOG", "ETS CHARBONNIER",
    "MENUISERIE GALLOIS", "SASU BRIOCHIN", "SARL KERVELLA", "HOTEL BELLEVUE", "SAS OPTIVIA", "IMPRIMERIE DELORME",
    "SARL TERRASSEMENT COLIN", "SNC TABAC MARCEAU", "SAS AQUALIS", "SARL JOUBERT PAYSAGES",
]  # fmt: skip


def payer(code: str, name: str, **more: object) -> Payer:
    return Payer(code, name, **more)  # type: ignore[arg-type]


def item(number: str, debtor: str, cents: int, issue: date = date(2026, 1, 15), **more: object) -> OpenItem:
    fields: dict[str, object] = {"kind": "credit_note" if cents < 0 else "invoice"} | more
    opened = fields.pop("open_cents", cents)
    due = fields.pop("due_on", issue + timedelta(days=30))
    return OpenItem(number, number, debtor, issue, due, opened, cents, "EUR", **fields)  # type: ignore[arg-type]


def credit(line: str, cents: int, text: str = "", name: str = "", on: date = DAY, **more: str) -> Credit:
    fields = {"label": "VIR SEPA RECU", "counterparty_iban": "", "end_to_end_id": "NOTPROVIDED", "reference": ""} | more
    return Credit(
        line,
        "0",
        on,
        on,
        cents,
        "EUR",
        fields["label"],
        text,
        name,
        fields["counterparty_iban"],
        fields["end_to_end_id"],
        fields["reference"],
    )


def book_of(*items: OpenItem, payers: tuple[Payer, ...] = (), rules: MatchingRules | None = None) -> Book:
    """A book with these items, two customers named below, and twenty other customers with an invoice each."""
    book = Book(rules)
    book.add_payer(payer("C1", "SARL LOPEZ MECANIQUE", siren="732829320", ibans=(IBAN,)))
    book.add_payer(payer("C2", "ETS MOREAU PEINTURE"))
    for extra in payers:
        book.add_payer(extra)
    for rank, name in enumerate(STRANGERS):
        book.add_payer(payer(f"S{rank:02d}", name))
        book.add_item(item(f"2026-01-{8000 + rank}", f"S{rank:02d}", 71_113 + 9_377 * rank))
    for one in items:
        book.add_item(one)
    return book


def one(book: Book, line: Credit) -> Outcome:
    """The outcome of a single line."""
    [outcome] = match_day(book, [line])
    return outcome


def paid(outcome: Outcome) -> dict[str, int]:
    return {a.item_id: a.cents for a in outcome.allocations}


def past(line: Credit, debtor: str, *, confirmed: bool = False, **cents: int) -> PastPayment:
    from recouvrement.matching.types import PastAllocation

    found = tuple(PastAllocation(number.replace("_", "-"), amount) for number, amount in cents.items())
    return PastPayment(line, debtor, found, confirmed)
