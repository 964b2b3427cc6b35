"""What the policy says of money is what matching and persons may do; a policy that says nonsense is refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from recouvrement.day.house import House
from recouvrement.day.matching import match
from recouvrement.day.reviewing import confirm_proposal, unmatch_payment
from recouvrement.day.showing import balances
from recouvrement.domain.money_rules import MoneyRules
from recouvrement.ledger.money_in import newest_opinions
from recouvrement.policy.ladder import PolicyRefused, load_policy
from recouvrement.settings import PROJECT
from tests.ledger.bank_files import HEAD

MONDAY = date(2026, 3, 2)
CUSTOMERS = "customer_id,name,kind\nC1,Menuiserie Roy,business\n"
INVOICES = "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\nFA-2026-0001,invoice,C1,2026-01-05,2026-02-04,500.00,EUR\n"
FEE_TAKEN_OFF = "L1,FR7630006000011234567890189,2026-02-26,2026-02-26,488.00,EUR,VIR,FA-2026-0001,MENUISERIE ROY,,\n"


@pytest.fixture
def firm(make_house, take) -> House:
    """A receipt that is twelve euros short, of the bank's fee."""
    house = make_house(operators="cm:record,pd:record+write_off")
    take(house, "customers.csv", CUSTOMERS)
    take(house, "invoices.csv", INVOICES)
    take(house, "bank.csv", HEAD + FEE_TAKEN_OFF)
    return house


def owed(house: House) -> int:
    return sum(row["total_cents"] for row in balances(house, on=MONDAY))


def with_rules(house: House, **rules: object) -> House:
    policy = replace(house.policy, money=MoneyRules(**rules))  # type: ignore[arg-type]
    return replace(house, policies=replace(house.policies, default=policy))


def test_a_bank_fee_within_the_policy_is_let_go_beside_the_receipt(firm: House) -> None:
    match(firm, on=MONDAY)

    assert owed(firm) == 0


def test_where_the_policy_names_no_fee_the_rest_stays_open(firm: House) -> None:
    match(with_rules(firm, automatic_cents={}), on=MONDAY)

    assert owed(firm) in {1_200, 50_000}, "a part payment, or a person's word; never a fee let go"


def test_where_more_evidence_is_wanted_than_there_is_a_person_decides(firm: House) -> None:
    assert match(with_rules(firm, automatic_score=1000), on=MONDAY).verdicts == {"proposed": 1}


def test_a_person_lets_a_fee_above_the_limit_go_only_with_the_role(firm: House) -> None:
    match(firm, on=MONDAY)
    with firm.ledger.reading() as connection:
        (line,) = newest_opinions(connection, firm.creditor())
    unmatch_payment(firm, line, on=MONDAY, operator="cm")

    assert confirm_proposal(firm, line, 1, on=MONDAY, operator="cm").refused == "above_the_limit"
    assert owed(firm) == 50_000
    assert not confirm_proposal(firm, line, 1, on=MONDAY, operator="pd").refused
    assert owed(firm) == 0


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ('[write_off]\nlimit = "-5"\n', "write_off.limit"),
        ("[matching]\nautomatic_score = 20\n", "matching.automatic_score"),
        ('[write_off]\nreasons = ["Because I say so"]\n', "not a reason code"),
        ('[write_off.automatic]\ncommercial_gesture = "5.00"\n', "only rounding, bank_fee"),
        ("[matching]\nguess = true\n", "matching.guess"),
    ],
)
def test_a_policy_that_says_nonsense_of_money_is_refused(tmp_path: Path, written: str, fault: str) -> None:
    (tmp_path / "standard.toml").write_bytes((PROJECT / "data" / "policies" / "standard.toml").read_bytes())
    (tmp_path / "odd.toml").write_text(f'extends = "standard"\nname = "odd"\n{written}', encoding="utf-8")

    with pytest.raises(PolicyRefused, match=fault):
        load_policy(tmp_path / "odd.toml")


def test_what_the_shipped_policy_says_is_what_holds_where_a_policy_says_nothing() -> None:
    assert load_policy(PROJECT / "data" / "policies" / "standard.toml").money == MoneyRules()
