"""A candidate policy beside the one in force: same facts, its own past, nothing written, nothing promised."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.matching import match
from recouvrement.day.simulation import EVERYBODY, candidate_policy, simulate, write_simulation
from recouvrement.domain.money import plain
from recouvrement.policy.ladder import PolicyRefused
from recouvrement.reports.simulated import Simulation, csv_of
from tests.flows.conftest import count
from tests.flows.small_ledger import write

START, UNTIL, END = date(2026, 8, 3), date(2026, 9, 16), date(2026, 11, 20)
BRISK = """name = "brisk"
extends = "standard"
contact_gap = 4
without = ["call"]

[[step]]
code = "friendly_reminder"
offset = 1

[[step]]
code = "firm_reminder"
offset = 8
"""


def late_ledger(house: House) -> House:
    """Twelve firms with two late invoices each, one of them paid in September; bank statements every week."""
    invoices, bank = [], []
    customers = ["code;name;kind;email;phone;address;postcode;city;language"]
    for n in range(12):
        customers.append(f"K{n};Maison {n};business;k{n}@k.example;0240111111;1 rue {n};44000;Nantes;fr")
        invoices += [
            f"A-{n};K{n};2026-06-01;2026-07-{1 + n:02d};{100 + n},00;EUR",
            f"B-{n};K{n};2026-07-01;2026-08-{1 + n:02d};250,00;EUR",
        ]
    account = "FR7630006000011234567890189"
    day = date(2026, 6, 29)
    while day <= END:
        bank.append(f"{account};{day};{day};-1,00;EUR;FRAIS;;;F{day:%m%d}")
        day += timedelta(days=1)
    bank += [
        f"{account};2026-09-10;2026-09-10;{plain((100 + n) * 100).replace('.', ',')};EUR;VIREMENT A-{n};A-{n};Maison {n};P{n}"
        for n in range(6)
    ]
    head = "account;booking_date;value_date;amount;currency;label;remittance;counterparty;line_id"
    texts = {"customers.csv": customers, "invoices.csv": ["invoice_number;customer_code;issue_date;due_date;amount;currency", *invoices],
             "bank.csv": [head, *bank]}  # fmt: skip
    files = [write(house.settings.home / "made", name, "\n".join(lines) + "\n") for name, lines in texts.items()]
    assert {r.verdict for r in take_files(house, files, actor="test")} == {"read"}
    match(house, on=END)
    return house


@pytest.fixture
def played(make_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> House:
    """That ledger, with a candidate in its home."""
    house = late_ledger(make_house(on=END))
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    (house.settings.home / "policies").mkdir()
    base = house.settings.data / "policies" / "standard.toml"
    (house.settings.home / "policies" / "standard.toml").write_bytes(base.read_bytes())
    (house.settings.home / "policies" / "brisk.toml").write_text(BRISK, "utf-8")
    return house


def simulated(house: House, name: str, instead_of: str = "") -> Simulation:
    """The comparison over the whole range."""
    return simulate(house, candidate_policy(house, name), START, UNTIL, instead_of=instead_of)


def test_the_policy_in_force_differs_in_nothing_from_itself(played: House) -> None:
    found = simulated(played, "standard")
    assert found.days > 30
    assert found.ours.contacts == found.theirs.contacts
    assert sum(found.ours.contacts.values()) > 20
    assert found.differences() == []


def test_a_brisker_candidate_escalates_earlier_and_writes_nothing(played: House) -> None:
    acts, contacts = played.ledger.known_to(), count(played, "contact")
    found = simulated(played, "brisk")
    verdicts = Counter(d.verdict for d in found.differences())
    assert verdicts["earlier"] > 0
    assert verdicts["later"] == verdicts["only_current"] == 0
    assert (played.ledger.known_to(), count(played, "contact")) == (acts, contacts)


def test_what_it_did_feeds_its_own_later_decisions(played: House) -> None:
    """No item gets a step twice, though no contact stands in the ledger: 24 items, at most one of each step."""
    found = simulated(played, "brisk")
    steps = Counter(step for (step, _), n in found.theirs.contacts.items() for _ in range(n))
    assert max(steps.values()) <= 24
    assert found.theirs.by_debtor.total() == found.theirs.contacts.total()
    reached = found.theirs.reached.values()
    assert any("firm" in days for days in reached)
    assert all(days["amicable"] <= days["firm"] for days in reached if "firm" in days and "amicable" in days)


def test_the_candidate_stands_in_for_one_policy_only(played: House) -> None:
    candidate = candidate_policy(played, "brisk")
    for instead_of, differ in (("consumer", False), (EVERYBODY, True)):
        found = simulate(played, candidate, START, START + timedelta(days=14), instead_of=instead_of)
        assert bool(found.differences()) is differ


def test_the_list_to_sign_off_is_a_spreadsheet_without_formulas(played: House) -> None:
    found = simulated(played, "brisk")
    text = csv_of(found.differences(), lambda _: ("=cmd|' /C calc'!A0", '+33 & Fils; "SARL"'), "fr")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 1 + len(found.differences())
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    written = write_simulation(played, found, language="en")
    assert "taken as unchanged" in written.page.read_text("utf-8")
    assert "Maison" in written.differences.read_text("utf-8-sig")
    assert written.differences.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["../standard", "nothing_of_that_name", "/etc/passwd", "brisk.toml/../x", ""])
def test_only_a_policy_by_name_is_read(played: House, name: str) -> None:
    with pytest.raises(PolicyRefused):
        candidate_policy(played, name)


def test_from_the_command_line(played: House) -> None:
    run = CliRunner().invoke
    done = run(app, ["simulate-policy", "brisk", "2026-09-01", "2026-09-11", "--json", "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert '"assumed": "behaviour unchanged"' in done.output
    assert run(app, ["simulate-policy", "brisk", "2026-09-11", "2026-09-01"]).exit_code != 0
    again = run(app, ["backfill", "2026-11-16", "2026-11-18", "--knowledge", "now"])
    assert again.exit_code == 0, again.output
    assert "3 working days (3 decided now)" in again.output
    assert (
        "3 working days (0 decided now)"
        in run(app, ["backfill", "2026-11-16", "2026-11-18", "--knowledge", "now"]).output
    )
