"""Properties of matching over made-up ledgers: no line is spent twice, order is nothing, history is history, undo undoes."""

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recouvrement.matching.book import Book
from recouvrement.matching.day import match_day
from recouvrement.matching.types import Credit, OpenItem, Payer, Verdict
from tests.matching.scene import STRANGERS, credit, item, payer

START = date(2026, 1, 5)
NAMES = STRANGERS[:6]
PRICES = [12_000, 24_000, 24_000, 49_990, 75_310, 101_017]


@st.composite
def ledgers(draw: st.DrawFn) -> tuple[list[Payer], list[OpenItem], list[Credit]]:
    """A few customers, their invoices over a month, and lines that pay some of them well or badly."""
    payers = [payer(f"C{n}", name) for n, name in enumerate(NAMES)]
    items: list[OpenItem] = []
    for n in range(draw(st.integers(3, 14))):
        debtor = draw(st.integers(0, len(NAMES) - 1))
        cents = draw(st.sampled_from([*PRICES, -1_200])) + draw(st.sampled_from([0, 0, 7, 130]))
        items.append(item(f"F26-{1000 + n}", f"C{debtor}", cents, START + timedelta(days=draw(st.integers(0, 25)))))
    lines: list[Credit] = []
    for n in range(draw(st.integers(1, 12))):
        paid = draw(st.lists(st.sampled_from(items), min_size=1, max_size=2, unique=True))
        cents = abs(sum(i.amount_cents for i in paid)) + draw(st.sampled_from([0, 0, 0, -1, -1_750, 10_000, -6_000]))
        name = NAMES[int(paid[0].debtor_id[1:])] if draw(st.booleans()) else ""
        text = draw(
            st.sampled_from(["", "REGLEMENT", " ".join(i.invoice_number for i in paid), paid[0].invoice_number + "..."])
        )
        sign = draw(st.sampled_from([1, 1, 1, 1, -1]))
        label = "VIR SEPA RECU" if sign > 0 else f"REJET VIR {name} {text}"
        day = START + timedelta(days=draw(st.integers(5, 45)))
        lines.append(credit(f"L{n:02d}", sign * max(cents, 1), text, name, day, label=label))
    return payers, items, lines


def loaded(payers: list[Payer], items: list[OpenItem]) -> Book:
    book = Book()
    for one in payers:
        book.add_payer(one)
    for entry in items:
        book.add_item(entry)
    return book


def by_day(lines: list[Credit]) -> dict[date, list[Credit]]:
    days: dict[date, list[Credit]] = defaultdict(list)
    for line in lines:
        days[line.booking_on].append(line)
    return dict(sorted(days.items()))


def day_by_day(payers, items, lines, *, rebuilt: bool, backwards: bool = False):
    """All outcomes that were applied, in order; the book is kept, or rebuilt every day from what a ledger stores."""
    book, waiting, applied = loaded(payers, items), {}, []
    for on, news in by_day(lines).items():
        if rebuilt:
            opens = [
                OpenItem(
                    **{f: getattr(i, f) for f in i.__slots__} | {"open_cents": book.open_cents.get(i.id, i.open_cents)}
                )
                for i in items
            ]
            fresh = loaded(payers, opens)
            for payment in book.past.values():
                fresh.add_past(payment)
            book = fresh
        asked = [*waiting.values(), *news]
        outcomes = match_day(book, asked[::-1] if backwards else asked, on)
        undone = {o.undoes for o in outcomes if o.verdict is Verdict.REVERSAL}
        by_id = {c.id: c for c in asked}
        waiting = {
            o.line_id: by_id[o.line_id]
            for o in outcomes
            if o.verdict in {Verdict.PROPOSED, Verdict.UNKNOWN} and o.line_id not in undone
        }
        applied += [o for o in outcomes if o.verdict in {Verdict.AUTOMATIC, Verdict.REVERSAL}]
    return book.state(), [(o.line_id, o.allocations, o.undoes) for o in applied]


FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@FEW
@given(ledgers())
def test_allocations_never_exceed_the_line_nor_the_item(ledger):
    payers, items, lines = ledger
    book = loaded(payers, items)
    by_id = {c.id: c for c in lines}
    for on, news in by_day(lines).items():
        before = dict(book.open_cents)
        for outcome in match_day(book, news, on):
            line = by_id[outcome.line_id]
            if outcome.verdict is Verdict.AUTOMATIC:
                assert sum(a.cents for a in outcome.allocations) + outcome.customer_credit_cents == line.amount_cents
                assert {book.items[a.item_id].debtor_id for a in outcome.allocations} == {outcome.debtor_id}
            for proposal in outcome.proposals:
                assert sum(a.cents for a in proposal.allocations) + proposal.customer_credit_cents <= line.amount_cents
        for number, cents in book.open_cents.items():
            whole = next(i.amount_cents for i in items if i.id == number)
            assert (0 <= cents <= whole) if whole > 0 else (whole <= cents <= 0)
            assert before.get(number) is None or isinstance(cents, int)


@FEW
@given(ledgers())
def test_the_order_of_lines_within_a_day_changes_nothing(ledger):
    assert day_by_day(*ledger, rebuilt=False) == day_by_day(*ledger, rebuilt=False, backwards=True)


@FEW
@given(ledgers())
def test_history_in_one_go_equals_day_by_day_from_a_ledger(ledger):
    assert day_by_day(*ledger, rebuilt=False) == day_by_day(*ledger, rebuilt=True)


@FEW
@given(ledgers())
def test_a_line_handed_in_once_is_retried_as_if_it_were_handed_in_every_day(ledger):
    payers, items, lines = ledger
    once, daily = loaded(payers, items), loaded(payers, items)
    for on, news in by_day(lines).items():
        match_day(once, news, on)
        match_day(daily, [*daily.receipts.values(), *news], on)
        assert once.state() == daily.state()
        assert {i: once.looked[i] for i in once.receipts} == {i: daily.looked[i] for i in daily.receipts}


@FEW
@given(ledgers())
def test_undo_then_redo_is_the_identity(ledger):
    payers, items, lines = ledger
    book = loaded(payers, items)
    for on, news in by_day(lines).items():
        match_day(book, news, on)
    after = book.state()
    for line_id in sorted(book.past):
        payment = book.undo(line_id)
        assert payment is not None
        book.apply(payment)
        assert book.state() == after
    for line_id in sorted(book.past):
        book.undo(line_id)
    assert dict(book.state()[0]) == {i.id: i.open_cents for i in items if i.id in book.items}


@FEW
@given(ledgers())
def test_amount_alone_is_never_automatic(ledger):
    payers, items, lines = ledger
    silent = [
        Credit(**{f: getattr(c, f) for f in c.__slots__} | {"remittance": "", "counterparty_name": ""}) for c in lines
    ]
    book = loaded(payers, items)
    for on, news in by_day(silent).items():
        assert all(o.verdict is not Verdict.AUTOMATIC for o in match_day(book, news, on))


class _WithoutMemory(Book):
    """A book that keeps no outcome: every line is explained anew whenever anything changed."""

    def _changed(self, *keys):
        self.moved |= set(self.looked)
        for line_id in list(self.looked):
            self.forget(line_id)


@settings(FEW, max_examples=30)
@given(ledgers())
def test_a_line_in_wait_is_answered_as_if_it_were_read_anew(ledger):
    payers, items, lines = ledger
    kept, forgetful = loaded(payers, items), _WithoutMemory()
    for one in payers:
        forgetful.add_payer(one)
    for entry in items:
        forgetful.add_item(entry)
    seen: list[Credit] = []
    for on, news in by_day(lines).items():
        seen += news
        forgetful.looked.clear()
        assert match_day(kept, seen, on) == match_day(forgetful, seen, on)
