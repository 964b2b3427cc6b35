"""Matching through the ledger: properties over small made-up histories, seen by the control sheet."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from recouvrement.day import reviewing
from recouvrement.day.control import control
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.ledger.money_in import newest_opinions
from recouvrement.ledger.tables.bank import allocation, bank_line
from recouvrement.ledger.tables.invoices import invoice, open_item
from tests.ledger.bank_files import HEAD

FIRST, LAST = date(2026, 2, 2), date(2026, 2, 27)
OURS = "FR7630006000011234567890189"
NAMES = ("MENUISERIE ROY", "HOTEL GRAND LARGE", "GARAGE DU PONT")
AMOUNTS = (12_000, 24_000, 36_050, 48_000)

Bill = tuple[int, int]  # customer, place of its amount
Paid = tuple[int, int, bool, bool, int]  # day, invoice paid, says its number, says its name, cents too little

bills = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=2, max_size=5)
payments = st.lists(
    st.tuples(st.integers(0, 18), st.integers(0, 4), st.booleans(), st.booleans(), st.sampled_from([0, 0, 0, 30, 2_000])),
    min_size=1, max_size=5,
)  # fmt: skip
few = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
_numbers = itertools.count(1)
Made = Callable[[list[Bill], list[Paid]], tuple[House, list[date]]]


@pytest.fixture
def made(make_house, tmp_path: Path) -> Made:
    """Make a firm of three customers with some invoices and bank lines; the days on which something was booked."""

    def make(some: list[Bill], lines: list[Paid]) -> tuple[House, list[date]]:
        n = next(_numbers)
        house = make_house(name=f"home{n}", on=FIRST)
        customers = "customer_id,name,kind\n" + "".join(f"C{i},{name},business\n" for i, name in enumerate(NAMES))
        bodies = [
            f"FA-2026-{i + 1:04d},invoice,C{customer},2026-01-{5 + i:02d},2026-02-{5 + i:02d},{AMOUNTS[a] / 100:.2f},EUR\n"
            for i, (customer, a) in enumerate(some)
        ]
        rows, days = [], []
        for k, (day, of, numbered, named, short) in enumerate(lines):
            i = of % len(some)
            customer, a = some[i]
            on = FIRST + timedelta(days=day)
            label = f"VIR FA-2026-{i + 1:04d}" if numbered else "VIREMENT RECU"
            name = NAMES[customer] if named else ""
            rows.append(f"L{k},{OURS},{on},{on},{(AMOUNTS[a] - short) / 100:.2f},EUR,{label},,{name},,\n")
            days.append(on)
        folder = tmp_path / f"files{n}"
        folder.mkdir()
        files = {
            "customers.csv": customers,
            "invoices.csv": "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n" + "".join(bodies),
            "bank.csv": HEAD + "".join(rows),
        }
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
        take_files(house, [folder / file for file in files], actor="test")
        return house, sorted(set(days))

    return make


State = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


def state(house: House) -> State:
    """What stands applied, by line's identity and invoice number, and what is thought of each line: no ids."""
    a, b = allocation, bank_line
    with house.ledger.reading() as connection:
        standing = connection.execute(
            select(b.c.effective_on, b.c.amount_cents, b.c.rank, invoice.c.number, a.c.kind, func.sum(a.c.amount_cents))
            .join(a, a.c.bank_line_id == b.c.id)
            .outerjoin(open_item, open_item.c.id == a.c.open_item_id)
            .outerjoin(invoice, invoice.c.id == open_item.c.invoice_id)
            .group_by(b.c.effective_on, b.c.amount_cents, b.c.rank, invoice.c.number, a.c.kind)
        ).all()
        lines = {row.id: (row.effective_on, row.amount_cents, row.rank) for row in connection.execute(select(b))}
        said = [(lines[i], o.verdict) for i, o in newest_opinions(connection, house.creditor()).items()]
    return sorted(tuple(map(str, row)) for row in standing if row[5]), sorted((str(i), v) for i, v in said)


@few
@given(bills, payments)
def test_history_in_one_go_is_history_day_by_day(made: Made, some: list[Bill], lines: list[Paid]) -> None:
    at_once, days = made(some, lines)
    match(at_once, on=LAST)
    by_day, _ = made(some, lines)
    for day in [*days, LAST]:
        match(by_day.on_day(day), on=day)

    assert state(by_day) == state(at_once)


@few
@given(bills, payments)
def test_every_cent_is_accounted_for_and_matching_again_changes_nothing(
    made: Made, some: list[Bill], lines: list[Paid]
) -> None:
    house, _ = made(some, lines)
    match(house, on=LAST)
    before = state(house)
    (receipts,) = control(house, on=LAST).receipts

    assert receipts.left_cents == 0
    assert receipts.received_cents == sum(AMOUNTS[some[of % len(some)][1]] - short for _, of, _, _, short in lines)
    assert match(house, on=LAST).allocated_cents == 0
    assert state(house) == before


@few
@given(bills, payments, st.data())
def test_undone_then_redone_is_as_it_was_and_no_run_touches_what_a_person_said(
    made: Made, some: list[Bill], lines: list[Paid], data: st.DataObject
) -> None:
    house, _ = made(some, lines)
    match(house, on=LAST)
    standing, _ = state(house)
    applied = sorted(line for line, verdict in verdicts(house).items() if verdict == "automatic")
    if not applied:
        return
    line = data.draw(st.sampled_from(applied))

    for _ in range(2):
        assert not reviewing.unmatch_payment(house, line, on=LAST, operator="owner").refused
        assert control(house, on=LAST).receipts[0].left_cents == 0
        assert not reviewing.confirm_proposal(house, line, 1, on=LAST, operator="owner").refused
        assert state(house)[0] == standing

    match(house, on=LAST)
    assert (state(house)[0], verdicts(house)[line]) == (standing, "confirmed")
    reviewing.unmatch_payment(house, line, on=LAST, operator="owner")
    match(house, on=LAST)
    assert verdicts(house)[line] == "unmatched", "the machine leaves it alone"


def verdicts(house: House) -> dict[str, str]:
    """The newest verdict on each line."""
    with house.ledger.reading() as connection:
        return {line: str(opinion.verdict) for line, opinion in newest_opinions(connection, house.creditor()).items()}


def test_a_line_that_an_older_one_contests_waits_for_a_person_however_long(made: Made) -> None:
    """The first receipt says nothing and suits two customers; the second, clear one may repeat it: age settles neither."""
    house, _ = made([(0, 0), (1, 0)], [(0, 0, False, False, 0), (2, 0, True, True, 0)])
    for on in (LAST, FIRST + timedelta(days=401), FIRST + timedelta(days=700)):
        match(house.on_day(on), on=on)
        assert set(verdicts(house).values()) == {"proposed"}, on
