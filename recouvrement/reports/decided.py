"""Kept decisions as tables: aged balance, held debtors, counts by step; sums are whole minor units."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from recouvrement.domain.lateness import NOT_DUE

COLUMNS = [
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
    "next_on",
]
HELD = ("hold", "ask", "leave")


@dataclass(frozen=True, slots=True)
class Aged:
    """What a debtor owes in one currency, minor units by bucket."""

    debtor: str
    currency: str
    cents: dict[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Held:
    """Why items of a debtor are not chased: how many, how much in minor units, and the first day that may change it."""

    debtor: str
    reason: str
    currency: str
    items: int
    cents: int
    next_on: str


def decided(parts: Iterable[bytes]) -> pd.DataFrame:
    """The decisions of a run, from their Parquet parts in order; whole numbers stay whole."""
    frames = [pd.read_parquet(io.BytesIO(part), columns=COLUMNS) for part in parts]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="int64" if name == "open_cents" else "str") for name in COLUMNS})
    return pd.concat(frames, ignore_index=True)


def aged_balance(frame: pd.DataFrame, *, limit: int) -> tuple[list[Aged], list[Aged]]:
    """Totals by currency, and the debtors who owe most (at most `limit`), each by bucket.

    >>> aged_balance(decided([]), limit=5)
    ([], [])
    """
    totals = _pivot(frame, ["currency"], "")
    rows = _pivot(frame, ["debtor", "currency"], None)
    return totals, sorted(rows, key=lambda row: (-row.total, row.debtor))[:limit]


def _pivot(frame: pd.DataFrame, keys: list[str], debtor: str | None) -> list[Aged]:
    """Sums by bucket; open credit notes are taken off what is not due, as everywhere."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    frame = frame.assign(bucket=frame["bucket"].where(frame["open_cents"] >= 0, NOT_DUE))
    sums = frame.groupby([*keys, "bucket"], sort=True)["open_cents"].sum()
    for key, cents in sums.items():
        *head, bucket = key if isinstance(key, tuple) else (key,)
        owner = (debtor if debtor is not None else str(head[0]), str(head[-1]))
        found.setdefault(owner, {})[str(bucket)] = int(cents)
    return [Aged(who, currency, cells, sum(cells.values())) for (who, currency), cells in found.items()]


def held(frame: pd.DataFrame, *, limit: int) -> list[Held]:
    """Debtors held, asked about or left alone, by reason; most money first."""
    some = frame[frame["action"].isin(HELD) & (frame["open_cents"] > 0)]
    sums = some.groupby(["debtor", "reason", "currency"], sort=True).agg(
        items=("item", "size"), cents=("open_cents", "sum"), next_on=("next_on", "min")
    )
    rows = [
        Held(debtor, reason, currency, int(items), int(cents), next_on if isinstance(next_on, str) else "")
        for (debtor, reason, currency), items, cents, next_on in zip(
            sums.index, sums["items"], sums["cents"], sums["next_on"], strict=True
        )
    ]
    return sorted(rows, key=lambda row: (-row.cents, row.debtor, row.reason))[:limit]


def contacts_by_step(frame: pd.DataFrame, order: Sequence[str]) -> list[tuple[str, int, int]]:
    """Debtors and open cents per step of the messages due, in the order of the ladder; all currencies counted as they are."""
    due = frame[frame["action"].isin(["contact", "hand_off"])]
    groups = {str(step): group for step, group in due.groupby("step", sort=True)}
    known = [step for step in order if step in groups] + sorted(set(groups) - set(order))
    return [(s, int(groups[s]["debtor"].nunique()), int(groups[s]["open_cents"].sum())) for s in known]


def reasons_given(frame: pd.DataFrame) -> list[tuple[str, str, int]]:
    """How many items each action and reason got, most first within an action."""
    found: dict[tuple[str, str], int] = {}
    for action, reason in zip(frame["action"], frame["reason"], strict=True):
        found[str(action), str(reason)] = found.get((str(action), str(reason)), 0) + 1
    return sorted(((a, r, n) for (a, r), n in found.items()), key=lambda row: (row[0], -row[2], row[1]))
