"""What chooses a debtor's policy and holds its messages is read the same from both databases."""

from datetime import date

from sqlalchemy import select

from recouvrement.day.choosing import record_cause, rules_digest, use_policy, with_policy
from recouvrement.day.house import House
from recouvrement.domain.policy_choice import ChoiceRule
from recouvrement.domain.records import CustomerRecord
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.asides import asides_to_show, put_aside, standing_asides
from recouvrement.ledger.choosing import read_causes, read_choices
from recouvrement.ledger.parties import debtor_ids, take_customers
from recouvrement.ledger.tables.choosing import set_aside
from recouvrement.policy.policies import Policies

ON = date(2026, 11, 20)
ALL = ("", "~")
COUNTING = (ChoiceRule("first_time", most_invoices=1), ChoiceRule("serial_late", least_paid_late=1), ChoiceRule("key_account", committed=True))  # fmt: skip


def a_debtor(house: House) -> str:
    with house.ledger.act("test", "test") as act:
        take_customers(act, house.creditor(), [CustomerRecord(code="C1", name="Menuiserie Roy")])
        return debtor_ids(act.connection, house.creditor(), ["C1"])["C1"]


def test_causes_and_names_hold_from_their_day_and_the_newest_wins(house: House) -> None:
    debtor_id = a_debtor(house)
    for code in ("oversight", "bad_faith"):
        assert not record_cause(house, "C1", code, on=ON, operator="owner").refused
    assert not use_policy(house, "C1", "key_account", on=ON, operator="owner", reason="test").refused
    known_to = house.ledger.known_to()
    with house.ledger.reading() as connection:
        assert read_causes(connection, *ALL, 60, AsOf(ON, known_to)) == {debtor_id: "bad_faith"}
        assert read_causes(connection, *ALL, 60, AsOf(date(2026, 11, 19), known_to)) == {}
        assert read_causes(connection, *ALL, 60, AsOf(date(2027, 1, 20), known_to)) == {}, "it lapsed"
        assert read_causes(connection, *ALL, 60, AsOf(ON, known_to - 2)) == {debtor_id: "oversight"}, "as then known"
        choices = read_choices(connection, *ALL, COUNTING, AsOf(ON, known_to))
    assert choices.debtors == {debtor_id: "key_account"}
    assert (choices.invoices, choices.paid_late, choices.committed) == ({}, {}, set())


def test_a_message_is_set_aside_until_something_new_is_known(house: House) -> None:
    debtor_id, rules = a_debtor(house), rules_digest(house)

    def aside() -> bool:
        with house.ledger.act("plan_contacts", "test") as act:
            return put_aside(
                act, debtor_id, step="call", channel="letter", reason="address_missing", rules=rules, on=ON
            )

    def standing(digest: str = rules) -> set[str]:
        with house.ledger.reading() as connection:
            return set(standing_asides(connection, *ALL, digest, AsOf(ON, house.ledger.known_to())))

    assert aside() is True
    assert standing() == {debtor_id}
    assert standing("0" * 64) == set(), "other texts or policies: it is tried again"
    record_cause(house, "C1", "oversight", on=ON, operator="owner")
    assert standing() == set(), "something new is known of the debtor"
    assert aside() is False, "the same fault again is not news"
    assert standing() == {debtor_id}
    with house.ledger.reading() as connection:
        [(code, row)] = asides_to_show(connection, rules, AsOf(ON, house.ledger.known_to()))
        assert (code, row.since_on) == ("C1", ON)
        assert len(connection.execute(select(set_aside)).all()) == 2


def test_rules_are_not_asked_where_a_name_is_known(house: House) -> None:
    from recouvrement.domain.parties import DebtorKind
    from recouvrement.domain.position import DebtorPosition, ItemPosition
    from recouvrement.ledger.choosing import Choices

    policies: Policies = house.policies
    item = ItemPosition("i", ON, 100_00, 100_00)
    consumer = DebtorPosition("d", DebtorKind.CONSUMER, (item,))
    assert with_policy(consumer, policies, Choices())[1].name == "consumer"
    assert with_policy(consumer, policies, Choices(debtors={"d": "first_time"}))[1].name == "first_time"
    position, policy = with_policy(consumer, policies, Choices(items={"i": "serial_late"}))
    assert policy.name == "consumer"
    assert position.items[0].ladder is policies.by_name["serial_late"]
    position, policy = with_policy(consumer, policies, Choices(debtors={"d": "lost"}))
    assert (policy.name, position.items[0].policy_missing) == ("standard", True)
