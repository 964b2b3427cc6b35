"""The control sheet as rows of a report: codes, days and amounts; bank accounts by their last digits (law 10)."""

from collections.abc import Iterator

from recouvrement.day.control import ControlSheet
from recouvrement.day.reporting import Row, Shown, safe_code
from recouvrement.domain.money import printed
from recouvrement.ledger.control_feed import Feed
from recouvrement.ledger.control_lines import Receipts

MOST_CUSTOMERS = 100
WORDS = {
    "check": ("Contrôle", "Check"), "subject": ("Objet", "Subject"), "stated": ("Annoncé", "Stated"), "found": ("Trouvé", "Found"),
    "difference": ("Écart", "Difference"), "state": ("État", "State"), "bank": ("Compte bancaire", "Bank account"),
    "missing": ("Relevé manquant", "Statement missing"), "lines": ("Lignes du relevé", "Lines of a statement"),
    "receipts": ("Encaissements", "Receipts"), "accounts": ("Compte 411", "Account 411"), "agrees": ("juste", "agrees"),
    "open": ("à expliquer", "to explain"), "explained": ("expliqué", "explained"), "limit": ("sous la limite", "within the limit"),
    "unstated": ("solde non communiqué", "no balance stated"),
}  # fmt: skip


def control_rows(sheet: ControlSheet, shown: Shown) -> list[Row]:
    """A row per bank account and fault, per currency of receipts, and per customer whose accounts differ."""
    return [*_bank(sheet, shown), *(_receipts(r, shown) for r in sheet.receipts), *_customers(sheet, shown)]


def _word(code: str, shown: Shown) -> str:
    return WORDS[code][0 if shown.language == "fr" else 1]


def _row(
    shown: Shown, check: str, subject: str, cents: tuple[int | None, int | None, int], currency: str, state: str
) -> Row:
    def money(amount: int | None) -> str:
        return "" if amount is None else printed(amount, currency, shown.language)

    stated, found, difference = cents
    cells = (_word(check, shown), subject, money(stated), money(found), money(difference) if difference else "", state)
    return dict(
        zip(
            (_word(k, shown) for k in ("check", "subject", "stated", "found", "difference", "state")),
            cells,
            strict=True,
        )
    )


def _bank(sheet: ControlSheet, shown: Shown) -> Iterator[Row]:
    for feed in sheet.feeds:
        name = f"…{feed.number[-4:]} {feed.fresh_to or ''}".strip()
        if feed.opening_cents is None or feed.closing_cents is None:
            yield _row(shown, "bank", name, (None, None, 0), feed.currency, _word("unstated", shown))
            continue
        found = feed.opening_cents + feed.movement_cents
        state = _word("open" if feed.difference_cents and not feed.adds_up else "agrees", shown)
        yield _row(shown, "bank", name, (feed.closing_cents, found, feed.difference_cents), feed.currency, state)
        yield from _faults(feed, shown)


def _faults(feed: Feed, shown: Shown) -> Iterator[Row]:
    for fault in feed.faults:
        between = f"…{feed.number[-4:]} {fault.after_on} – {fault.to_on}"
        state = _word("explained", shown) + f" ({fault.explained})" if fault.explained else _word("open", shown)
        yield _row(shown, "missing" if fault.gap else "lines", between, (None, None, fault.cents), feed.currency, state)


def _receipts(r: Receipts, shown: Shown) -> Row:
    state = _word("open" if r.left_cents else "agrees", shown)
    return _row(
        shown,
        "receipts",
        r.currency,
        (r.received_cents, r.received_cents - r.left_cents, r.left_cents),
        r.currency,
        state,
    )


def _customers(sheet: ControlSheet, shown: Shown) -> Iterator[Row]:
    for d in sheet.differences[:MOST_CUSTOMERS]:
        b = d.balance
        state = _word("explained" if b.explained else "open" if d.above_limit else "limit", shown)
        cents = (b.accounts_cents, b.ledger_cents, b.difference_cents)
        yield _row(shown, "accounts", safe_code(b.code, b.debtor_id), cents, "EUR", state)
