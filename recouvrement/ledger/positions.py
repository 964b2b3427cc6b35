"""Positions of debtors, read in batches: a handful of queries per batch, never one per invoice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from recouvrement.domain.ladder import Channel
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.places import FRENCH
from recouvrement.domain.policy import Policy
from recouvrement.domain.position import DebtorPosition, ItemPosition
from recouvrement.domain.telephones import mobile_number
from recouvrement.ledger.accounts import differing
from recouvrement.ledger.applied import applied
from recouvrement.ledger.as_of import AsOf, newest, seen
from recouvrement.ledger.choosing import read_causes
from recouvrement.ledger.control_feed import feeds
from recouvrement.ledger.obstacles import Obstacles, read_obstacles
from recouvrement.ledger.set_apart import Apart
from recouvrement.ledger.steps import Taken, read_taken
from recouvrement.ledger.tables.bank import allocation
from recouvrement.ledger.tables.invoices import invoice_version, item_version, open_item
from recouvrement.ledger.tables.parties import creditor_version, debtor, debtor_version
from recouvrement.policy.calendars import holidays_abroad

NO_DAYS: frozenset[date] = frozenset()
POST = frozenset({Channel.LETTER, Channel.REGISTERED_LETTER})


@dataclass(frozen=True, slots=True)
class Range:
    """Debtors of one creditor from one id to another, both included."""

    first: str
    last: str


def debtor_ranges(connection: Connection, creditor_id: str, known_to: int, batch: int) -> list[Range]:
    """Cut a creditor's debtors, in order of id, into ranges of about `batch` items."""
    rows = connection.execute(
        select(debtor.c.id, func.count(open_item.c.id))
        .outerjoin(open_item, open_item.c.debtor_id == debtor.c.id)
        .where(debtor.c.creditor_id == creditor_id, debtor.c.act_id <= known_to)
        .group_by(debtor.c.id)
        .order_by(debtor.c.id)
    ).all()
    ranges: list[Range] = []
    first, load = None, 0
    for n, (debtor_id, count) in enumerate(rows):
        first, load = first or debtor_id, load + count + 1
        if load >= batch or n == len(rows) - 1:
            ranges.append(Range(first, debtor_id))
            first, load = None, 0
    return ranges


def read_positions(
    connection: Connection, creditor_id: str, part: Range, policy: Policy, as_of: AsOf
) -> Iterator[DebtorPosition]:
    """Yield the position of every debtor of a range that has an open item on that day, in order of id.

    Items come by due date then id. Linear in the rows of the range.
    """
    items = _open_items(connection, part, as_of)
    taken = read_taken(connection, part.first, part.last, as_of)
    obstacles = read_obstacles(connection, part.first, part.last, policy, as_of)
    credit = _customer_credits(connection, part, as_of)
    feed = feed_read_to(connection, creditor_id, as_of)
    limit, within = policy.money.account_difference_cents, (part.first, part.last)
    causes = read_causes(connection, part.first, part.last, policy.cause_days, as_of)
    differ = differing(connection, creditor_id, as_of, limit_cents=limit, within=within)
    for row in connection.execute(_debtors(part, as_of)).all():
        rows = items.get(row.debtor_id)
        if rows:
            yield _position(
                row, rows, taken, obstacles, credit.get(row.debtor_id, ()), feed, differs=row.debtor_id in differ,
                cause=causes.get(row.debtor_id), closed=_holidays(row.country, as_of.on),
            )  # fmt: skip


def _debtors(part: Range, as_of: AsOf) -> Any:
    v = debtor_version
    columns = (
        v.c.debtor_id,
        v.c.name,
        v.c.kind,
        v.c.email,
        v.c.phone,
        v.c.address,
        v.c.country,
        v.c.region,
        v.c.language,
        v.c.pays_by_direct_debit,
        v.c.country,
        v.c.policy,
    )
    return (
        select(*columns)
        .where(newest(v, "debtor_id", as_of), v.c.debtor_id.between(part.first, part.last))
        .order_by(v.c.debtor_id)
    )


def _open_items(connection: Connection, part: Range, as_of: AsOf) -> dict[str, list[Any]]:
    """Rows (id, debtor, invoice, due, amount, currency, open) of items with something open, by debtor."""
    sums = applied(as_of, allocation.c.debtor_id.between(part.first, part.last))
    v = item_version
    left = sums.left(v.c.amount_cents)
    query = (
        select(
            open_item.c.id,
            open_item.c.debtor_id,
            open_item.c.invoice_id,
            v.c.due_on,
            v.c.amount_cents,
            v.c.currency,
            left,
        )
        .join(v, v.c.open_item_id == open_item.c.id)
        .where(open_item.c.debtor_id.between(part.first, part.last), newest(v, "open_item_id", as_of), left != 0)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(sums.beside_items(query)).all():
        found[row[1]].append(row)
    return found


def _customer_credits(connection: Connection, part: Range, as_of: AsOf) -> dict[str, tuple[tuple[str, int], ...]]:
    a = allocation
    query = (
        select(a.c.debtor_id, a.c.currency, func.sum(a.c.amount_cents))
        .where(seen(a, as_of), a.c.kind == "customer_credit", a.c.debtor_id.between(part.first, part.last))
        .group_by(a.c.debtor_id, a.c.currency)
        .order_by(a.c.debtor_id, a.c.currency)
    )
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for debtor_id, currency, cents in connection.execute(query):
        if cents:
            found[debtor_id] = (*found.get(debtor_id, ()), (currency, int(cents)))
    return found


def feed_read_to(connection: Connection, creditor_id: str, as_of: AsOf) -> date | None:
    """The day up to which the receiving account was read with nothing missing (the oldest of all accounts when none is the
    creditor's IBAN): a gap between two statements counts as an old feed.
    """
    found = [(feed.number, feed.fresh_to) for feed in feeds(connection, creditor_id, as_of) if feed.fresh_to]
    ours = connection.scalar(
        select(creditor_version.c.iban).where(
            newest(creditor_version, "creditor_id", as_of), creditor_version.c.creditor_id == creditor_id
        )
    )
    mine = [to_on for number, to_on in found if number == ours] or [to_on for _, to_on in found]
    return min(mine) if mine else None


def _position(
    row: Any,
    rows: list[Any],
    taken: Taken,
    obstacles: Obstacles,
    credit: tuple[tuple[str, int], ...],
    feed: date | None,
    *,
    differs: bool,
    cause: str | None,
    closed: frozenset[date],
) -> DebtorPosition:
    rows.sort(key=lambda r: (r[3], r[0]))
    kind = DebtorKind(row.kind)
    debtor_id = row.debtor_id
    apart = obstacles.apart.spread(debtor_id, rows)
    items = tuple(_item(r, taken, obstacles, apart.get(r[0])) for r in rows)
    return DebtorPosition(
        id=debtor_id,
        kind=kind,
        items=items,
        channels=_channels(row, obstacles.bad_addresses.get(debtor_id, frozenset())),
        language=row.language,
        region=row.region,
        feed_to=feed,
        credit_cents=credit,
        doubts=obstacles.doubts.get(debtor_id, ()),
        hold=obstacles.holds.get(debtor_id),
        protected=obstacles.protected.get(debtor_id),
        pays_by_direct_debit=bool(row.pays_by_direct_debit),
        reply_unread=debtor_id in taken.unread,
        accounts_differ=differs,
        last_contact_on=taken.last_contact.get(debtor_id),
        contacted_on=tuple(taken.lately[debtor_id].values()) if debtor_id in taken.lately else (),
        cause=cause,
        closed=closed,
        named_policy=row.policy,
    )


def _holidays(country: str, on: date) -> frozenset[date]:
    """The holidays of a debtor abroad, beside those of France: the firm that must answer is closed on these too."""
    # the holidays of a part of France are those of its region
    return NO_DAYS if country in FRENCH else holidays_abroad(country, on.year)


def _channels(row: Any, bad: frozenset[str]) -> frozenset[Channel]:
    found = set()
    if row.email and row.email not in bad:
        found.add(Channel.EMAIL)
    if row.phone:
        found.add(Channel.CALL)
        number = mobile_number(row.phone, row.country)
        if number is not None and number not in bad:
            found.add(Channel.SMS)
    if row.address.strip() and not _came_back(f"{row.name}\n{row.address}", bad):
        found |= POST
    return frozenset(found)


def _came_back(address: str, bad: frozenset[str]) -> bool:
    """Whether a postal address is among those that came back: as it was printed, which may add the country."""
    return any(one == address[:254] or one.startswith(f"{address}\n") for one in bad)


def _item(r: Any, taken: Taken, obstacles: Obstacles, apart: Apart | None) -> ItemPosition:
    item_id, debtor_id, invoice_id, due_on, amount, currency, left = r
    if debtor_id not in obstacles.marked:
        if item_id not in taken.marked:
            return ItemPosition(item_id, due_on, amount, int(left), currency)
        steps, notice = taken.of(item_id, 1), taken.notices.get((item_id, 1))
        return ItemPosition(item_id, due_on, amount, int(left), currency, taken=steps, notice=notice)
    o = obstacles.of_item(item_id, debtor_id, invoice_id, int(left), apart)
    return ItemPosition(
        item_id, due_on, amount, int(left), currency,
        taken=taken.of(item_id, o.cycle), waived=o.waived, cycle=o.cycle, disputed_cents=o.disputed_cents, promised_until=o.promised_until,
        on_plan=o.on_plan, hold=o.hold, cleared_in_accounts=o.cleared, not_received=o.not_received, handed_over=o.handed_over,
        assigned=o.assigned, notice=taken.notices.get((item_id, o.cycle)), documents=o.documents, insolvent=o.insolvent,
        under_way_cents=o.under_way_cents, broken_on=o.broken_on,
    )  # fmt: skip


def deliveries(connection: Connection, invoice_ids: list[str], as_of: AsOf) -> dict[str, Any]:
    """The version of each invoice that held: issue, delivery and receipt days, references."""
    found: dict[str, Any] = {}
    for start in range(0, len(invoice_ids), 500):
        query = select(invoice_version).where(
            newest(invoice_version, "invoice_id", as_of),
            invoice_version.c.invoice_id.in_(invoice_ids[start : start + 500]),
        )
        found |= {row.invoice_id: row for row in connection.execute(query)}
    return found
