"""The blocks that a text places: invoices, credits, totals, penalties in detail, how to pay, signature."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from recouvrement.domain.money import rounded_half_up
from recouvrement.letters.blocks import Block, Column, Facts, Lines, Table
from recouvrement.letters.iban import normal_iban, printed_iban
from recouvrement.letters.message import Message
from recouvrement.letters.types import Line, MessageCode
from recouvrement.letters.words import Words
from recouvrement.typesetting import presentable

Cells = Callable[[Line], str]


def blocks_of(name: str, message: Message, words: Words) -> Iterator[Block]:
    """Yield the block of that name, or nothing when the message has nothing to put in it."""
    block = BUILDERS[name](message, words)
    if block is not None:
        yield _presentable(block)


def _presentable(block: Block) -> Block:
    if isinstance(block, Table):
        rows = tuple(tuple(presentable(cell) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    if isinstance(block, Facts):
        return replace(block, pairs=tuple((presentable(label), presentable(value)) for label, value in block.pairs))
    if isinstance(block, Lines):
        return replace(block, lines=tuple(presentable(line) for line in block.lines))
    return block


def bank_reference(message: Message) -> str:
    """What the debtor writes on the transfer: the thread's code, and the invoice when there is one."""
    if message.bank_reference:
        return message.bank_reference
    return f"{message.reference} {message.lines[0].invoice_number}" if len(message.lines) == 1 else message.reference


def _demanded(message: Message, words: Words) -> Table | None:
    if not message.lines:
        return None
    return _lines_table("lines", message.lines, message, words)


def _information(message: Message, words: Words) -> Table | None:
    if not message.information:
        return None
    return _lines_table("information", message.information, message, words)


def _lines_table(name: str, lines: tuple[Line, ...], message: Message, words: Words) -> Table:
    columns = list(_columns(lines, message, words))
    rows = tuple(tuple(cell(line) for _, cell in columns) for line in lines)
    total: tuple[str, ...] = ()
    if len(lines) > 1:
        open_total = words.amount(sum(line.open_cents for line in lines), message.currency)
        keys = [column.title for column, _ in columns]
        place = keys.index(words.label("columns.open"))
        total = tuple(
            words.label("tables.total") if rank == 0 else open_total if rank == place else ""
            for rank in range(len(columns))
        )
    title = words.label("columns.invoice" if name == "lines" and len(lines) == 1 else f"tables.{name}")
    return Table(name, title, tuple(column for column, _ in columns), rows, total)


def _columns(lines: tuple[Line, ...], message: Message, words: Words) -> Iterator[tuple[Column, Cells]]:
    def titled(key: str, align: str = "right") -> Column:
        return Column(words.label(f"columns.{key}"), "left" if align == "left" else "right")

    yield titled("invoice", "left"), lambda line: line.invoice_number
    yield titled("issued", "left"), lambda line: words.short_day(line.issue_on)
    yield titled("due", "left"), lambda line: words.short_day(line.due_on)
    if len({line.step for line in lines}) > 1:
        yield titled("step", "left"), lambda line: words.label(f"steps.{line.step}")
    if any(_is_late(line, message) for line in lines):
        yield titled("late"), lambda line: _late(line, message, words)
    yield titled("amount"), lambda line: words.amount(line.amount_cents, message.currency)
    if any(line.paid_cents for line in lines):
        yield titled("paid"), lambda line: words.amount(line.paid_cents, message.currency)
    yield titled("open"), lambda line: words.amount(line.open_cents, message.currency)


def _late(line: Line, message: Message, words: Words) -> str:
    return words.label("tables.days_late", days=line.days_late(message.on)) if _is_late(line, message) else "–"


def _is_late(line: Line, message: Message) -> bool:
    return line.open_cents > 0 and line.days_late(message.on) > 0


def _credits(message: Message, words: Words) -> Table | None:
    if not message.credits:
        return None
    columns = (
        Column(words.label("tables.credit")),
        Column(words.label("columns.issued")),
        Column(words.label("columns.amount"), "right"),
    )
    rows = tuple(
        (
            words.label(
                "tables.credit_note" if credit.is_credit_note else "tables.unapplied", label=credit.label
            ).strip(),
            words.short_day(credit.on),
            words.amount(-credit.amount_cents, message.currency),
        )
        for credit in message.credits
    )
    return Table("credits", words.label("tables.credits"), columns, rows)


def _totals(message: Message, words: Words) -> Facts | None:
    totals, currency = message.totals, message.currency
    if not (message.credits or totals.penalties_cents or totals.indemnity_cents):
        return None
    credited = sum(credit.amount_cents for credit in message.credits)
    pairs = [(words.label("totals.principal"), words.amount(totals.principal_cents + credited, currency))]
    if credited:
        pairs.append((words.label("totals.credits"), words.amount(-credited, currency)))
    if totals.penalties_cents:
        label = words.label("totals.penalties", day=words.day(message.on))
        pairs.append((label, words.amount(totals.penalties_cents, currency)))
    if totals.indemnity_cents:
        count = sum(line.indemnity_cents > 0 for line in message.lines)
        pairs.append((words.label("totals.indemnity", count=count), words.amount(totals.indemnity_cents, currency)))
    alone = message.code is MessageCode.STATEMENT and message.accompanies is None
    last = "totals.balance" if alone else "totals.total"
    pairs.append((words.label(last), words.amount(totals.total_cents, currency)))
    return Facts("totals", words.label("totals.title"), tuple(pairs), stress_last=True)


def _penalties(message: Message, words: Words) -> Table | None:
    if not message.segments:
        return None
    left, right = ("invoice", "from", "to"), ("days", "base", "rate", "penalty")
    columns = tuple(Column(words.label(f"columns.{key}"), "left" if key in left else "right") for key in left + right)
    rows: tuple[tuple[str, ...], ...] = tuple(
        (
            segment.invoice_number,
            words.short_day(segment.first_day),
            words.short_day(segment.last_day),
            str(segment.days),
            words.amount(segment.base_cents, message.currency),
            words.rate(segment.rate_percent) + _provisional(segment.is_provisional, words),
            words.amount(rounded_half_up(segment.exact_cents), message.currency),
        )
        for segment in message.segments
    )
    notes = [words.label("tables.penalties_note")]
    if settled := sum(line.penalty_settled_cents for line in message.lines):
        covered = words.label("tables.settled")
        rows = (*rows, (covered, *[""] * 5, words.amount(-settled, message.currency)))
        notes.append(words.label("tables.settled_note"))
    if waived := sum(line.penalty_waived_cents for line in message.lines):
        rows = (*rows, (words.label("tables.waived"), *[""] * 5, words.amount(-waived, message.currency)))
    total = (words.label("tables.total"), *[""] * 5, words.amount(message.totals.penalties_cents, message.currency))
    if message.is_provisional:
        notes.append(words.label("tables.provisional_note"))
    title = words.label("tables.penalties", day=words.day(message.on))
    return Table("penalties", title, columns, rows, total, tuple(notes))


def _provisional(is_provisional: bool, words: Words) -> str:  # noqa: FBT001 - one cell
    return f" {words.label('tables.provisional')}" if is_provisional else ""


def _payment(message: Message, words: Words) -> Facts | None:
    account, total = message.sender.account, message.totals.total_cents
    if total <= 0:
        return None
    pairs = [
        (words.label("payment.holder"), account.holder),
        (words.label("payment.iban"), printed_iban(normal_iban(account.iban) or account.iban)),
    ]
    if account.bic:
        pairs.append((words.label("payment.bic"), account.bic))
    pairs.append((words.label("payment.amount"), words.amount(total, message.currency)))
    pairs.append((words.label("payment.reference"), bank_reference(message)))
    if message.payment_link:
        pairs.append((words.label("payment.link"), message.payment_link))
    return Facts("payment", words.label("payment.title"), tuple(pairs))


def _signature(message: Message, words: Words) -> Lines:
    del words
    contact = message.sender.contact
    return Lines("signature", tuple(filter(None, (contact.name, contact.role, message.sender.name))))


BUILDERS: dict[str, Callable[[Message, Words], Block | None]] = {
    "lines": _demanded,
    "information": _information,
    "credits": _credits,
    "totals": _totals,
    "penalties": _penalties,
    "payment": _payment,
    "signature": _signature,
}
