"""A hold-out: drawn by chance alone, once and for all, on record; its effect told with how sure one may be."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.decisions import decided, ranges
from recouvrement.day.hold_out import begin_hold_out, end_hold_out, enrol_newcomers, measured
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.ledger import hold_out
from recouvrement.ledger.as_of import AsOf
from recouvrement.reports.hold_out import effect
from tests.flows.small_ledger import write

DAY = date(2026, 11, 20)


def firms(house: House, first: int, last: int) -> None:
    """Firms with one late invoice each, and a consumer, who is under another policy."""
    customers = ["code;name;kind;email", *(f"H{n};Firme {n};business;h{n}@h.example" for n in range(first, last))]
    customers.append("P1;Zoé Essai;consumer;zoe@p.example")
    rows = ["invoice_number;customer_code;issue_date;due_date;amount;currency"]
    rows += [f"H-{n};H{n};2026-09-01;2026-10-01;500,00;EUR" for n in range(first, last)]
    rows.append("P-1;P1;2026-09-01;2026-10-01;500,00;EUR")
    files = [
        write(house.settings.home / "made", f"{name}-{first}.csv", "\n".join(lines) + "\n")
        for name, lines in (("customers", customers), ("invoices", rows))
    ]
    take_files(house, files, actor="test")


@pytest.fixture
def drawn(make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> House:
    """Forty firms drawn to `serial_late` or left under the default policy."""
    house = make_house(on=DAY)
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    firms(house, 0, 40)
    found = begin_hold_out(house, "brisk-1", "serial_late", share_percent=50, seed="s1", on=DAY, operator="owner")
    assert not isinstance(found, str), found
    assert found.drawn["current"] + found.drawn["candidate"] == 40, "the consumer takes no part"
    assert min(found.drawn.values()) > 8
    return house


def policies(house: House, on: date = DAY) -> Counter[str]:
    """How many debtors stand under each policy."""
    creditor_id, known_to = house.creditor(), house.ledger.known_to()
    return Counter(
        decision.policy.name
        for part in ranges(house, creditor_id, known_to)
        for _, decision in decided(house, creditor_id, part, on=on, known_to=known_to)
    )


def test_decisions_follow_the_draw_and_the_draw_alone(drawn: House) -> None:
    with drawn.ledger.reading() as connection:
        one = hold_out.by_code(connection, "brisk-1")
        arms = hold_out.members(connection, one.id)
        as_of = AsOf(DAY, drawn.ledger.known_to())
        given = {debtor: hold_out.policy_of(connection, debtor, as_of) for debtor in arms}
        assert {hold_out.drawn_arm("s1", debtor, 50) == arm for debtor, (arm, _) in arms.items()} == {True}
    assert Counter(given.values())["serial_late"] == policies(drawn)["serial_late"] > 8
    assert policies(drawn, DAY - timedelta(days=1))["serial_late"] == 0, "it does not change the past"


def test_newcomers_are_drawn_once_and_only_while_it_runs(drawn: House) -> None:
    firms(drawn, 40, 50)
    assert enrol_newcomers(drawn, on=DAY, actor="test") == 10
    known = drawn.ledger.known_to()
    assert enrol_newcomers(drawn, on=DAY, actor="test") == 0
    assert drawn.ledger.known_to() == known, "nothing is written when nobody came"
    back = end_hold_out(drawn, "brisk-1", on=DAY, operator="owner")
    assert isinstance(back, int)
    assert back > 8
    assert policies(drawn)["serial_late"] == 0
    firms(drawn, 50, 52)
    assert enrol_newcomers(drawn, on=DAY, actor="test") == 0
    assert end_hold_out(drawn, "brisk-1", on=DAY, operator="owner") == "not_running"


@pytest.mark.parametrize(
    ("code", "candidate", "share", "why"),
    [
        ("brisk-1", "serial_late", 50, "code_taken"),
        ("other", "serial_late", 50, "one_at_a_time"),
        ("other", "nothing", 50, "unknown_policy"),
        ("other", "standard", 50, "candidate_is_in_force"),
        ("other", "serial_late", 100, "share_from_1_to_99"),
        ("../x", "serial_late", 50, "not_a_code"),
    ],
)
def test_a_refusal_writes_nothing(drawn: House, code: str, candidate: str, share: int, why: str) -> None:
    known = drawn.ledger.known_to()
    assert begin_hold_out(drawn, code, candidate, share_percent=share, seed="s", on=DAY, operator="owner") == why
    assert drawn.ledger.known_to() == known


@pytest.mark.parametrize("table", ["hold_out", "hold_out_member", "credit_limit"])
def test_what_was_drawn_is_never_altered(drawn: House, table: str) -> None:
    from recouvrement.day.limits import grant_limit

    grant_limit(drawn, "H1", kind="credit", cents=1, on=DAY, operator="owner")
    for statement in (f"UPDATE {table} SET effective_on = '2020-01-01'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), drawn.ledger.act("tamper", "test") as act:
            act.connection.execute(text(statement))


def test_days_to_pay_count_invoices_issued_since_and_old_enough(drawn: House) -> None:
    found = measured(drawn, "brisk-1", on=DAY + timedelta(days=120))
    assert found is not None
    assert found.warnings == ("nothing_to_compare",), "the invoices of September came before the draw"
    assert measured(drawn, "nothing", on=DAY) is None


def test_an_effect_is_found_when_there_is_one_and_not_when_there_is_none() -> None:
    chance = random.Random(3)

    def arm(mean: int) -> dict[str, list[int]]:
        return {
            str(n): [min(90, max(0, int(chance.gauss(mean, 12)))) for _ in range(chance.randrange(1, 6))]
            for n in range(80)
        }

    clear, none = effect(arm(45), arm(36), horizon=90), effect(arm(45), arm(45), horizon=90)
    assert clear.difference is not None
    assert clear.interval is not None
    assert clear.interval[0] <= clear.difference <= clear.interval[1] < 0
    assert clear.is_clear
    assert not none.is_clear


def test_a_small_sample_warns_and_the_interval_is_the_same_each_time() -> None:
    some = ({"a": [10, 20], "b": [30]}, {"c": [5], "d": [25]})
    one, two = (effect(*some, horizon=90) for _ in range(2))
    assert one == two
    assert one.warnings == ("small_sample",)
    assert one.difference == Fraction(15) - Fraction(20)
    assert effect({"a": [1]}, {"b": [2]}, horizon=90).interval is None


def test_from_the_command_line(drawn: House) -> None:
    run = CliRunner().invoke
    shown = run(app, ["hold-out", "show", "brisk-1", "--on", "2026-11-20", "--json"])
    assert shown.exit_code == 0, shown.output
    assert "bootstrap over debtors" in shown.output
    assert run(app, ["hold-out", "begin", "other", "serial_late", "--on", "2026-11-20"]).exit_code == 1
    assert run(app, ["hold-out", "end", "brisk-1", "--on", "2026-11-20"]).exit_code == 0
