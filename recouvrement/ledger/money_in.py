"""Bank lines to match and what they were applied to: reading for the matcher, writing its outcomes."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from recouvrement.ledger.applied import applied
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.book import Act
from recouvrement.ledger.tables.bank import allocation, bank_account, bank_line, line_doubt, line_opinion
from recouvrement.ledger.tables.invoices import invoice, invoice_version, item_version, open_item
from recouvrement.ledger.tables.parties import debtor, debtor_version, payer_identity

FINAL = ("automatic", "confirmed", "not_a_customer", "reversal", "unmatched")


@dataclass(frozen=True, slots=True)
class NewAllocation:
    """Part of one source applied to one item, or to the debtor's credit (no item); minor units of `currency`."""

    debtor_id: str
    open_item_id: str | None
    kind: str
    amount_cents: int
    currency: str
    effective_on: date
    value_on: date
    method: str
    score: int
    author: str
    bank_line_id: str | None = None
    receipt_id: str | None = None
    credit_item_id: str | None = None
    reason: str | None = None
    undoes: str | None = None


def write_allocations(act: Act, rows: Iterable[NewAllocation]) -> list[str]:
    """Append allocations; return their ids in order."""
    rows = list(rows)
    ids = act.new_ids(len(rows)) if rows else []
    fields = NewAllocation.__slots__
    values = [
        {"id": i, "act_id": act.id, **{f: getattr(row, f) for f in fields}} for i, row in zip(ids, rows, strict=True)
    ]
    if values:
        act.connection.execute(insert(allocation), values)
    return ids


def undo_line(act: Act, line_id: str, *, on: date, reason: str) -> list[Any]:
    """Undo every standing allocation of a bank line by negative rows; return the rows undone."""
    a = allocation
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    query = select(a).where(a.c.bank_line_id == line_id, a.c.undoes.is_(None), a.c.id.not_in(undone)).order_by(a.c.id)
    rows = act.connection.execute(query).all()
    write_allocations(
        act,
        [
            NewAllocation(
                r.debtor_id, r.open_item_id, r.kind, -r.amount_cents, r.currency, max(on, r.effective_on), on, "undo", 0, act.actor,
                bank_line_id=r.bank_line_id, credit_item_id=r.credit_item_id, reason=reason, undoes=r.id,
            )
            for r in rows
        ],
    )  # fmt: skip
    return list(rows)


@dataclass(frozen=True, slots=True)
class NewOpinion:
    """What matching thinks of a line on a day; `doubts` are (debtor, reason)."""

    bank_line_id: str
    effective_on: date
    verdict: str
    score: int
    method: str
    reasons: Sequence[str]
    proposals: Sequence[object]
    doubts: Sequence[tuple[str, str]]
    author: str


def write_opinions(act: Act, opinions: Iterable[NewOpinion]) -> None:
    """Append opinions on lines; the newest per line holds."""
    rows: list[dict[str, Any]] = []
    doubts: list[dict[str, Any]] = []
    for o in opinions:
        opinion_id = act.new_id()
        rows.append(
            {
                "id": opinion_id,
                "act_id": act.id,
                "effective_on": o.effective_on,
                "bank_line_id": o.bank_line_id,
                "verdict": o.verdict,
                "score": o.score,
                "method": o.method,
                "reasons": json.dumps(list(o.reasons)),
                "proposals": json.dumps(list(o.proposals)),
                "author": o.author,
            }
        )
        doubts += [
            {
                "id": act.new_id(),
                "act_id": act.id,
                "opinion_id": opinion_id,
                "bank_line_id": o.bank_line_id,
                "debtor_id": d,
                "reason": r,
            }
            for d, r in o.doubts
        ]
    if rows:
        act.connection.execute(insert(line_opinion), rows)
    if doubts:
        act.connection.execute(insert(line_doubt), doubts)


def newest_opinions(connection: Connection, creditor_id: str) -> dict[str, Any]:
    """The newest opinion per line of a creditor's accounts."""
    query = (
        select(line_opinion)
        .join(bank_line, bank_line.c.id == line_opinion.c.bank_line_id)
        .join(bank_account, bank_account.c.id == bank_line.c.account_id)
        .where(bank_account.c.creditor_id == creditor_id)
        .order_by(line_opinion.c.act_id, line_opinion.c.id)
    )
    return {row.bank_line_id: row for row in connection.execute(query)}


def newest_doubts(connection: Connection, opinions: dict[str, Any]) -> dict[str, frozenset[str]]:
    """The debtors that the newest opinion on each line holds in doubt, by line."""
    lines = {row.id: line for line, row in opinions.items()}
    found: dict[str, set[str]] = {}
    for opinion_id, debtor_id in connection.execute(select(line_doubt.c.opinion_id, line_doubt.c.debtor_id)):
        if opinion_id in lines:
            found.setdefault(lines[opinion_id], set()).add(debtor_id)
    return {line: frozenset(debtors) for line, debtors in found.items()}


def lines_to_match(connection: Connection, creditor_id: str, *, upto: date) -> list[Any]:
    """Lines booked up to a day on which the newest opinion is not final, in order of booking, with their account."""
    final = {line for line, row in newest_opinions(connection, creditor_id).items() if row.verdict in FINAL}
    query = (
        select(bank_line, bank_account.c.number.label("account"))
        .join(bank_account, bank_account.c.id == bank_line.c.account_id)
        .where(bank_account.c.creditor_id == creditor_id, bank_line.c.effective_on <= upto)
        .order_by(bank_line.c.effective_on, bank_line.c.account_id, bank_line.c.amount_cents, bank_line.c.rank)
    )
    return [row for row in connection.execute(query) if row.id not in final]


def open_lines(connection: Connection, creditor_id: str, *, upto: date) -> list[Any]:
    """Lines that wait for a person: no final verdict, or a match that a person undid."""
    said = newest_opinions(connection, creditor_id)
    undone = {line for line, row in said.items() if row.verdict == "unmatched"}
    waiting = lines_to_match(connection, creditor_id, upto=upto)
    again = [
        row
        for line in sorted(undone)
        if (row := bank_line_row(connection, line)) is not None and row.effective_on <= upto
    ]
    return [*waiting, *again]


def bank_line_row(connection: Connection, line_id: str) -> Any:
    """One bank line with its account, or None."""
    query = select(bank_line, bank_account.c.number.label("account")).join(
        bank_account, bank_account.c.id == bank_line.c.account_id
    )
    return connection.execute(query.where(bank_line.c.id == line_id)).one_or_none()


def items_for_matching(connection: Connection, creditor_id: str, as_of: AsOf, *, settled_days: int = 200) -> list[Any]:
    """Items open on a day, and those settled lately (for their numbers): with number, days, amounts, references."""
    sums, v, iv = applied(as_of), item_version, invoice_version
    left = sums.left(v.c.amount_cents)
    since = as_of.on - timedelta(days=settled_days)
    query = (
        select(
            open_item.c.id, open_item.c.debtor_id, invoice.c.number, invoice.c.kind, iv.c.issue_on, v.c.due_on, v.c.amount_cents,
            v.c.currency, iv.c.customer_reference, iv.c.discount_bp, iv.c.discount_until, left,
        )
        .join(v, v.c.open_item_id == open_item.c.id)
        .join(invoice, invoice.c.id == open_item.c.invoice_id)
        .join(iv, iv.c.invoice_id == invoice.c.id)
        .where(open_item.c.creditor_id == creditor_id, newest(v, "open_item_id", as_of), newest(iv, "invoice_id", as_of))
        .where(or_(left != 0, sums.to.c.last >= since, sums.of.c.last >= since))
        .order_by(open_item.c.id)
    )  # fmt: skip
    return list(connection.execute(sums.beside_items(query)))


def payers(connection: Connection, creditor_id: str, as_of: AsOf) -> tuple[list[Any], list[Any]]:
    """Debtors with name and numbers, and their IBANs and aliases known by then."""
    v = debtor_version
    query = select(v.c.debtor_id, v.c.name, v.c.siren, v.c.vat_number).join(debtor, debtor.c.id == v.c.debtor_id)
    rows = connection.execute(
        query.where(debtor.c.creditor_id == creditor_id, newest(v, "debtor_id", as_of)).order_by(v.c.debtor_id)
    ).all()
    p = payer_identity
    known = select(p.c.debtor_id, p.c.kind, p.c.value).join(debtor, debtor.c.id == p.c.debtor_id)
    identities = connection.execute(
        known.where(debtor.c.creditor_id == creditor_id, seen(p, as_of)).order_by(p.c.debtor_id, p.c.id)
    ).all()
    return list(rows), list(identities)


def past_allocations(connection: Connection, creditor_id: str, as_of: AsOf, *, since: date) -> list[Any]:
    """Standing allocations of bank lines booked since a day: line, debtor, item, cents, kind, author."""
    a, b = allocation, bank_line
    undone = select(a.c.undoes).where(a.c.undoes.is_not(None))
    query = (
        select(
            b,
            bank_account.c.number.label("account"),
            a.c.debtor_id,
            a.c.open_item_id,
            a.c.amount_cents.label("applied_cents"),
            a.c.kind,
            a.c.author,
            a.c.credit_item_id,
        )
        .join(a, a.c.bank_line_id == b.c.id)
        .join(bank_account, bank_account.c.id == b.c.account_id)
        .where(
            bank_account.c.creditor_id == creditor_id,
            b.c.effective_on >= since,
            seen(a, as_of),
            a.c.undoes.is_(None),
            a.c.id.not_in(undone),
        )
        .order_by(b.c.effective_on, b.c.id, a.c.id)
    )
    return list(connection.execute(query))
