"""Positions to decisions: read in ranges of debtors, decided by the pure rule, kept as canonical lines and Parquet."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from recouvrement.cycles import without_cycles
from recouvrement.day.choosing import rules_digest, with_policy
from recouvrement.day.house import House
from recouvrement.day.limitation import with_time_bar
from recouvrement.domain.escalation import Decision, ItemDecision, decide
from recouvrement.domain.position import DebtorPosition
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.asides import standing_asides
from recouvrement.ledger.choosing import read_choices
from recouvrement.ledger.positions import Range, debtor_ranges, read_positions

Row = tuple[str, str, str, str, str, str, str | None, str | None, int, str, int, str | None, str]
Kind = tuple[str, str, str, str]  # action, reason, bucket, stage
COLUMNS = (
    "item",
    "debtor",
    "bucket",
    "stage",
    "action",
    "reason",
    "step",
    "channel",
    "open_cents",
    "currency",
    "days_late",
    "next_on",
    "policy",
)
SCHEMA = pa.schema([(name, pa.int64() if name in {"open_cents", "days_late"} else pa.string()) for name in COLUMNS])


@dataclass(slots=True)
class Tallies:
    """What a run decided, in counts and cents: by action and reason, and open cents by bucket and stage."""

    items: int = 0
    contacts: int = 0
    actions: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    buckets: dict[str, list[int]] = field(default_factory=dict)  # bucket: [items, cents] in the house's currency
    stages: dict[str, list[int]] = field(default_factory=dict)

    def add(self, d: ItemDecision) -> None:
        """Count one decision."""
        self.add_alike((d.action, d.reason, d.bucket, d.stage), 1, d.open_cents)

    def add_alike(self, kind: Kind, items: int, cents: int) -> None:
        """Count items that had the same action, reason, bucket and stage."""
        action, reason, bucket, stage = kind
        self.items += items
        self.actions[action] = self.actions.get(action, 0) + items
        self.reasons[reason] = self.reasons.get(reason, 0) + items
        for table, key in ((self.buckets, bucket), (self.stages, stage)):
            row = table.setdefault(key, [0, 0])
            row[0] += items
            row[1] += cents

    def merge(self, other: "Tallies") -> None:
        """Add another shard's counts."""
        self.items += other.items
        self.contacts += other.contacts
        for mine, theirs in ((self.actions, other.actions), (self.reasons, other.reasons)):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        for table, added in ((self.buckets, other.buckets), (self.stages, other.stages)):
            for key, (items, cents) in added.items():
                row = table.setdefault(key, [0, 0])
                row[0] += items
                row[1] += cents


@dataclass(frozen=True, slots=True)
class Shard:
    """The decisions of one range: canonical lines, Parquet bytes, and those that call for a contact or a case."""

    rows: int
    lines: bytes
    parquet: bytes
    tallies: Tallies
    acting: tuple[tuple[DebtorPosition, Decision], ...]


def ranges(house: House, creditor_id: str, known_to: int) -> list[Range]:
    """Cut the debtors into ranges of about `decision_batch` items."""
    with house.ledger.reading() as connection:
        return debtor_ranges(connection, creditor_id, known_to, house.settings.decision_batch)


def decide_range(house: House, creditor_id: str, part: Range, *, on: date, known_to: int) -> Shard:
    """Decide for every debtor of a range; reads only, so shards may run anywhere and in any order."""
    with without_cycles():  # what the shard does not keep is gone before the collector wakes
        return _shard(decided(house, creditor_id, part, on=on, known_to=known_to))


def _shard(all_decided: Iterator[tuple[DebtorPosition, Decision]]) -> Shard:
    rows: list[Row] = []
    acting = []
    kinds: dict[Kind, list[int]] = {}
    for position, decision in all_decided:
        for item, d in zip(position.items, decision.items, strict=True):
            alike = kinds.setdefault((d.action, d.reason, d.bucket, d.stage), [0, 0])
            alike[0] += 1
            alike[1] += d.open_cents
            rows.append(_row(d, decision.debtor_id, (item.ladder or decision.policy).name))
        if decision.contact or decision.hand_off:
            acting.append((position, decision))
    tallies = Tallies(contacts=sum(decision.contact is not None for _, decision in acting))
    for kind, (items, cents) in kinds.items():
        tallies.add_alike(kind, items, cents)
    return Shard(len(rows), b"".join(map(_line, rows)), _parquet(rows), tallies, tuple(acting))


def decided(
    house: House, creditor_id: str, part: Range, *, on: date, known_to: int
) -> Iterator[tuple[DebtorPosition, Decision]]:
    """Positions of a range with their decisions, in order of debtor id."""
    rates_known, as_of = house.rates_known(on), AsOf(on, known_to)
    with house.ledger.reading() as connection:
        choices = read_choices(connection, part.first, part.last, house.policies.rules, as_of)
        aside = standing_asides(connection, part.first, part.last, rules_digest(house), as_of)
        for position in read_positions(connection, creditor_id, part, house.policy, as_of):
            whole, policy = with_policy(with_time_bar(position, house.law.limitation, on=on), house.policies, choices)
            if not rates_known or whole.id in aside:
                whole = replace(whole, rates_known=rates_known, data_to_correct=whole.id in aside)
            yield whole, decide(whole, policy, on=on)


def _row(d: ItemDecision, debtor_id: str, policy: str) -> Row:
    next_on = d.next_on.isoformat() if d.next_on else None
    return (
        d.item_id,
        debtor_id,
        d.bucket,
        d.stage,
        d.action,
        d.reason,
        d.step,
        d.channel,
        d.open_cents,
        d.currency,
        d.days_late,
        next_on,
        policy,
    )


def _line(row: Row) -> bytes:
    item, debtor, bucket, stage, action, reason, step, channel, cents, currency, late, next_on, policy = row
    cells = (item, debtor, bucket, stage, action, reason, step or "", channel or "", str(cents), currency, str(late))
    return "\t".join((*cells, next_on or "", f"{policy}\n")).encode()


def _parquet(rows: list[Row]) -> bytes:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    table = pa.Table.from_arrays(
        [pa.array(c, type=f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()
