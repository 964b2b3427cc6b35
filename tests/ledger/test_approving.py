"""Approving and refusing: for the days of the contact's own policy, and a refusal leaves no trace, not even an act."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from recouvrement.day.approving import save_frozen, settle_all, settle_each, to_approve
from recouvrement.day.house import House, open_house
from recouvrement.domain.contact_states import ContactState
from recouvrement.domain.holidays_fr import add_working_days
from recouvrement.ledger.outbox import contact_row
from recouvrement.ledger.tables.acts import act as acts
from recouvrement.ledger.tables.contacts import approval
from tests.ledger.firm import MONDAY, customers, invoices
from tests.planted import planted

NOBODY = "0" * 26
WHO = {"on": MONDAY, "operator": "owner"}


@pytest.fixture
def firm(house: House, take, tmp_path: Path) -> House:
    """Two debtors, and a second policy whose approvals hold twelve working days."""
    take(house, "customers.csv", customers(2))
    take(house, "invoices.csv", invoices(2))
    data = tmp_path / "data"
    shutil.copytree(house.settings.data, data)
    text = (data / "policies" / "standard.toml").read_text("utf-8")
    patient = text.replace('name = "standard"', 'name = "patient"').replace("approval_days = 5 ", "approval_days = 12 ")
    (data / "policies" / "patient.toml").write_text(patient, "utf-8")
    return open_house(house.settings.model_copy(update={"data": data})).on_day(MONDAY)


def notice(firm: House, number: str, policy: str) -> str:
    return planted(
        firm, number, 10000, on=MONDAY, policy_sha256=firm.policies.by_name[policy].sha256,
        data=number.encode(), state=ContactState.PLANNED, needs_approval=True,
    )  # fmt: skip


def written(firm: House) -> int:
    with firm.ledger.reading() as connection:
        return int(connection.scalar(select(func.count()).select_from(acts)) or 0)


def held_until(firm: House, contact: str) -> date | None:
    with firm.ledger.reading() as connection:
        return connection.scalar(select(approval.c.expires_on).where(approval.c.contact_id == contact))


def state(firm: House, contact: str) -> str:
    with firm.ledger.reading() as connection:
        return str(contact_row(connection, contact).state)


def test_each_approval_holds_for_the_days_of_its_own_policy(firm: House) -> None:
    usual, patient = notice(firm, "FA-2026-0000", "standard"), notice(firm, "FA-2026-0001", "patient")

    assert settle_each(firm, [usual, patient], **WHO) == {usual: "", patient: ""}

    assert held_until(firm, usual) == add_working_days(MONDAY, 5)
    assert held_until(firm, patient) == add_working_days(MONDAY, 12)


@pytest.mark.parametrize("reason", [None, "wrong_amount"])
def test_what_does_not_wait_is_refused_without_a_trace(firm: House, reason: str | None) -> None:
    before = written(firm)

    assert settle_each(firm, [NOBODY], reason=reason, **WHO) == {NOBODY: "not_waiting"}
    assert written(firm) == before


def test_one_by_one_the_good_are_settled_and_all_or_none_nothing_is(firm: House) -> None:
    mine = notice(firm, "FA-2026-0000", "standard")
    before = written(firm)

    assert settle_all(firm, [mine, NOBODY], **WHO) == {mine: "", NOBODY: "not_waiting"}
    assert (state(firm, mine), written(firm)) == ("planned", before)

    assert settle_each(firm, [NOBODY, mine], **WHO) == {NOBODY: "not_waiting", mine: ""}
    assert (state(firm, mine), written(firm)) == ("ready", before + 1)


def test_what_waits_is_shown_with_its_debtor_its_amount_and_its_very_bytes(firm: House, tmp_path: Path) -> None:
    mine = notice(firm, "FA-2026-0000", "standard")

    [one] = to_approve(firm)
    [path] = save_frozen(firm, [one], tmp_path / "read")

    assert (one.row.id, one.debtor, one.cents, one.currency) == (mine, "C0", 10000, "EUR")
    assert (path.stem, path.read_bytes()) == (mine, b"FA-2026-0000")
