"""A FEC into the ledger: what accounts 411 leave open, what they lettered as settled history, and each customer's balance."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from recouvrement.domain.records import FecBalance, FecEntry, InvoiceRecord
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import insert_rows, rising_ids, stored_day
from recouvrement.ledger.invoices import InvoiceTally, take_invoices
from recouvrement.ledger.parties import debtor_ids
from recouvrement.ledger.settled import SettledTally, Stated, compare_open
from recouvrement.ledger.tables.accounts import account_balance
from recouvrement.ledger.tables.control import account_piece
from recouvrement.ledger.unapplied import take_unapplied

CHUNK = 5_000
RECEIVABLES = "411"
Group = tuple[str, str]  # customer and lettering, or customer and piece


@dataclass(slots=True)
class Books:
    """What a FEC said of accounts 411, gathered while it is read."""

    entries: list[FecEntry] = field(default_factory=list)
    open_pieces: list[InvoiceRecord] = field(default_factory=list)
    balances: list[FecBalance] = field(default_factory=list)

    def entry(self, entry: FecEntry) -> None:
        """Take a row."""
        self.entries.append(entry)

    @property
    def last_on(self) -> date | None:
        """The last day of the entries."""
        return max((entry.entry_on for entry in self.entries), default=None)


@dataclass(frozen=True, slots=True)
class Piece:
    """An invoice or credit note as the accounts have it; the day is that of the last settlement."""

    record: InvoiceRecord
    open_cents: int
    settled_on: date | None


@dataclass(slots=True)
class BooksTaken:
    """What taking a FEC did."""

    invoices: InvoiceTally = field(default_factory=InvoiceTally)
    settled: SettledTally = field(default_factory=SettledTally)
    balances: int = 0
    credits: int = 0
    debtors: set[str] = field(default_factory=set)


def take_books(act: Act, creditor_id: str, books: Books, *, file: str, source: str) -> BooksTaken:
    """Open the invoices of a FEC that are not known, settle what is lettered, keep balances; the same again changes nothing.

    A FEC has no due days: an unknown invoice falls due after the legal 30 days (C. com. L441-10 I); a known one keeps
    what better files said of it. What the accounts received and did not letter becomes the customer's credit, so that
    nobody is asked for money that came in.
    """
    taken, codes = BooksTaken(), dict[str, str]()
    found = pieces(books)
    for start in range(0, len(found), CHUNK):
        some = found[start : start + CHUNK]
        records = [piece.record for piece in some]
        tally = take_invoices(act, creditor_id, records, file=file, source=source, debtors=codes, only_new=True)
        _add(taken.invoices, tally)
        refused = {problem.subject for problem in tally.problems}
        # an open piece that the ledger thinks paid by the bank stays paid; a lettered one is paid whatever the bank said
        stated = {
            piece.record.number: Stated(piece.open_cents, piece.settled_on, history=True)
            for piece in some
            if piece.record.number not in refused and piece.open_cents != piece.record.gross_cents
        }
        done = compare_open(act, creditor_id, stated, method="lettering")
        taken.settled.settled += done.settled
        taken.settled.debtors |= done.debtors
    _balances(act, creditor_id, books, found, taken, source)
    taken.debtors |= taken.invoices.debtors | taken.settled.debtors
    return taken


def pieces(books: Books) -> list[Piece]:
    """Every invoice and credit note of the accounts: rows of one piece of one customer in the journals that bill."""
    billing = _billing_journals(books.entries)
    rows: dict[Group, list[FecEntry]] = defaultdict(list)
    for entry in books.entries:
        if entry.journal in billing and entry.piece:
            rows[entry.customer_code, entry.piece].append(entry)
    lettered = _lettered(books.entries, billing)
    found = [_piece(group, lettered) for group in rows.values() if sum(row.amount_cents for row in group)]
    known = {(piece.record.customer_code, piece.record.number) for piece in found}
    others = [
        r
        for r in books.open_pieces
        if (r.customer_code, r.number) not in known and (r.customer_code, r.number) not in rows
    ]
    return [*found, *(Piece(record, record.gross_cents, None) for record in others)]


def _billing_journals(entries: Sequence[FecEntry]) -> set[str]:
    """Journals whose rows of 411 are debits on the whole: sales and opening balances; those of the bank are credits."""
    totals: dict[str, int] = defaultdict(int)
    for entry in entries:
        totals[entry.journal] += entry.amount_cents
    return {journal for journal, cents in totals.items() if cents > 0}


@dataclass(slots=True)
class _Letter:
    """A group of rows lettered together: what of its bills is left, and the day of its last settlement."""

    left: int = 0
    last_on: date | None = None


def _lettered(entries: Sequence[FecEntry], billing: set[str]) -> dict[Group, _Letter]:
    groups: dict[Group, _Letter] = defaultdict(_Letter)
    for entry in entries:
        if not entry.lettering:
            continue
        group = groups[entry.customer_code, entry.lettering]
        group.left += entry.amount_cents
        if entry.journal not in billing:
            group.last_on = max(group.last_on or entry.entry_on, entry.entry_on)
    return groups


def _piece(rows: list[FecEntry], lettered: dict[Group, _Letter]) -> Piece:
    """Rows of one piece; of a letter that does not come to nothing, what is left falls on the pieces met last."""
    first, gross = rows[0], sum(row.amount_cents for row in rows)
    left, settled_on = 0, None
    for row in rows:
        group = lettered.get((row.customer_code, row.lettering)) if row.lettering else None
        if group is None:
            left += row.amount_cents
            continue
        part = max(0, min(group.left, row.amount_cents)) if row.amount_cents > 0 else 0
        group.left -= part
        left += part
        if group.last_on and (settled_on is None or group.last_on > settled_on):
            settled_on = group.last_on
    record = InvoiceRecord(
        number=first.piece, kind="invoice" if gross > 0 else "credit_note", customer_code=first.customer_code,
        customer_name=first.customer_name, issue_on=first.piece_on or first.entry_on, due_on=None, gross_cents=gross,
        currency=first.currency, open_cents=left, line=first.line,
    )  # fmt: skip
    within = max(0, min(left, gross)) if gross > 0 else min(0, max(left, gross))
    return Piece(record, within, settled_on)


def _add(total: InvoiceTally, part: InvoiceTally) -> None:
    total.new += part.new
    total.same += part.same
    total.debtors |= part.debtors
    total.problems += part.problems


def _balances(act: Act, creditor_id: str, books: Books, found: list[Piece], taken: BooksTaken, source: str) -> None:
    on = books.last_on
    if on is None:
        return
    ids = debtor_ids(act.connection, creditor_id, [balance.customer_code for balance in books.balances])
    opens: dict[str, int] = defaultdict(int)
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    for piece in found:
        opens[piece.record.customer_code] += piece.open_cents
        numbers[piece.record.customer_code][piece.record.number] = piece.open_cents
    standing, pieces_then = _standing(act, on), _standing_pieces(act, on)
    rows, day, new = [], stored_day(act.connection), rising_ids(act)
    open_pieces: list[tuple[object, ...]] = []
    wanted: dict[str, tuple[int, list[str]]] = {}
    for balance in books.balances:
        debtor_id = ids.get(balance.customer_code)
        if debtor_id is None:
            continue
        figures, mine = (balance.balance_cents, opens[balance.customer_code]), numbers[balance.customer_code]
        wanted[debtor_id] = balance.balance_cents, list(mine)
        left = {number: cents for number, cents in mine.items() if cents}
        then, known = standing.get(debtor_id, (0, None))
        if known == figures and pieces_then.get((debtor_id, then), {}) == left:
            continue
        rows.append((next(new), act.id, day(on), debtor_id, RECEIVABLES, *figures, "EUR", source))
        open_pieces += [(next(new), act.id, day(on), debtor_id, number[:100], cents) for number, cents in left.items()]
        taken.debtors.add(debtor_id)
    newest = act.connection.scalar(select(func.max(account_balance.c.effective_on)))
    insert_rows(act.connection, account_balance, BALANCE, rows)
    insert_rows(act.connection, account_piece, PIECE, open_pieces)
    taken.balances = len(rows)
    if newest is not None and newest > on:
        return  # an older FEC says nothing of what is held today
    credited = take_unapplied(act, creditor_id, wanted, on=on)
    taken.credits = len(credited)
    taken.debtors |= credited


BALANCE = ("id", "act_id", "effective_on", "debtor_id", "account", "balance_cents", "open_cents", "currency", "source")
PIECE = ("id", "act_id", "effective_on", "debtor_id", "number", "open_cents")


def _standing_pieces(act: Act, on: date) -> dict[tuple[str, int], dict[str, int]]:
    """The open pieces known for that day, by debtor and act."""
    p = account_piece.c
    query = select(p.debtor_id, p.act_id, p.number, p.open_cents).where(p.effective_on == on)
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for debtor_id, act_id, number, cents in act.connection.execute(query):
        found[debtor_id, act_id][number] = int(cents)
    return found


def _standing(act: Act, on: date) -> dict[str, tuple[int, tuple[int, int]]]:
    """The act and the figures known for that day, by debtor."""
    b = account_balance
    query = select(b.c.debtor_id, b.c.act_id, b.c.balance_cents, b.c.open_cents).where(b.c.effective_on == on)
    rows = act.connection.execute(query.order_by(b.c.act_id, b.c.id))
    return {row.debtor_id: (row.act_id, (row.balance_cents, row.open_cents)) for row in rows}
