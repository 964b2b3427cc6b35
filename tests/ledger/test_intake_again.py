"""Every file twice, and overlapping periods: nothing changes. What a person must know is listed, and a corrected file clears it."""

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.cli.progress import progress_bar
from recouvrement.day.house import House
from recouvrement.day.intake import take_files
from recouvrement.day.intake_taking import How
from recouvrement.day.showing import balances
from recouvrement.ledger.files import open_problems
from recouvrement.ledger.tables import bank, contacts, metadata
from tests.intake import samples
from tests.ledger.test_taking_files_in import HEAD, MONDAY, ONE

LEDGER_OF_FILES = {"act", "file_intake", "problem", "problem_event", "journal", "chain_head", "statement"}


def counts(house: House) -> dict[str, int]:
    """Rows by table, save those that say that a file came."""
    with house.ledger.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
            if table.name not in LEDGER_OF_FILES
        }


def written(folder: Path, suffix: bytes = b"") -> list[Path]:
    """Every fixture of the readers as a file."""
    folder.mkdir(exist_ok=True)
    for name, data in samples.every_format().items():
        (folder / name).write_bytes(data + suffix)
    return sorted(folder.iterdir())


def test_every_format_twice_changes_nothing(house: House, tmp_path: Path) -> None:
    first = take_files(house, written(tmp_path / "one"), actor="test")
    before = counts(house)

    again = take_files(house, sorted((tmp_path / "one").iterdir()), actor="test")
    renamed = [path.rename(path.with_name(f"x-{path.name}")) for path in sorted((tmp_path / "one").iterdir())]
    moved = take_files(house, renamed, actor="test")

    assert sum(r.written for r in first) > 0
    assert [r.written for r in (*again, *moved)] == [0] * len(first) * 2
    assert counts(house) == before


def test_other_bytes_of_the_same_content_change_no_fact(make_house, tmp_path: Path) -> None:
    house = make_house()
    take_files(house, written(tmp_path / "one"), actor="test")
    before = counts(house)
    text = [p for p in written(tmp_path / "two", b"\n") if p.suffix not in {".pdf", ".xlsx", ".ods"}]

    again = take_files(house, text, actor="test")

    assert {r.file: r.written for r in again} == {path.name: 0 for path in text}
    assert counts(house) == before


def test_overlapping_periods_add_only_the_new_days(house: House, tmp_path: Path) -> None:
    path, later = tmp_path / "march-1.xml", tmp_path / "march-2.txt"
    path.write_bytes(samples.camt053(samples.MOVES[:3]))
    later.write_bytes(samples.cfonb120(samples.MOVES, opening=100_000))

    take_files(house, [path], actor="test")
    added = take_files(house, [later], actor="test")[0]

    assert added.detail == {"bank_lines_new": 2, "bank_lines_same": 3}


def test_the_realistic_files_twice_change_nothing(make_house, shared: Path) -> None:
    house, folder = make_house(), shared / "receivables" / "realistic"
    files = [folder / "customers.csv", folder / "invoices.csv", *sorted((folder / "statements").iterdir())]
    take_files(house, files, actor="test")
    before = counts(house)

    again = take_files(house, files, actor="test")

    assert {r.written for r in again} == {0}
    assert counts(house) == before


def test_a_large_file_taken_in_pieces_is_whole_or_absent(make_house, take, monkeypatch) -> None:
    house = make_house()
    monkeypatch.setattr("recouvrement.day.intake.BATCH", 3)
    monkeypatch.setattr("recouvrement.day.intake_opened.HELD_BYTES", 10)
    monkeypatch.setattr("recouvrement.day.intake_taking.LINES_AT_ONCE", 2)
    rows = "".join(f"F-{n},invoice,C{n % 3},2026-01-05,2026-02-04,{n}.00,EUR\n" for n in range(1, 11))

    whole = take(house, "invoices.csv", HEAD + rows)
    cut = take(house, "statement.txt", samples.cfonb120().decode("ascii")[:-130])

    assert (whole.detail["invoices_new"], sum(row["total_cents"] for row in balances(house, on=MONDAY))) == (10, 5_500)
    assert cut.verdict == "rejected"
    with house.ledger.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(bank.bank_line)) == 0


def test_a_customer_and_a_number_met_in_two_pieces_of_a_file(house: House, take, monkeypatch) -> None:
    monkeypatch.setattr("recouvrement.day.intake.BATCH", 1)
    text = ONE + "F-1,credit_note,C1,2026-01-06,2026-02-04,-5.00,EUR\nF-2,invoice,C1,2026-01-06,2026-02-04,5.00,EUR\n"

    result = take(house, "invoices.csv", text)

    assert result.detail["invoices_new"] == 2
    assert any("other_kind" in told for told in result.reasons)


def test_a_number_longer_than_any_is_set_aside_and_the_rest_goes_in(house: House, take) -> None:
    result = take(house, "invoices.csv", ONE + f"{'9' * 80},invoice,C1,2026-01-06,2026-02-04,5.00,EUR\n")

    assert (result.verdict, result.written) == ("warning", 1)
    assert "too_long" in result.reasons[0]


def test_a_bad_line_of_a_complete_list_hides_only_its_own_invoice(house: House, take) -> None:
    three = HEAD + "".join(f"F-{n},invoice,C1,2026-01-05,2026-02-04,10.00,EUR\n" for n in (1, 2, 3))
    take(house, "open-items-1.csv", three)

    result = take(
        house,
        "open-items-2.csv",
        three.replace("F-1,invoice,C1,2026-01-05,2026-02-04,10.00", "F-1,invoice,C1,2026-01-05,2026-02-04,abc").replace(
            "F-3,", "F-4,"
        ),
    )

    assert result.detail["cleared_in_accounts"] == 1  # F-3 is gone; F-1 stands in a line that could not be read


OPEN = "invoice_number,customer_id,issue_date,due_date,amount,open_amount\n"


def test_what_was_paid_before_we_knew_of_the_invoice_is_not_asked_for(house: House, take) -> None:
    result = take(house, "encours.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,40.00\n")
    again = take(house, "encours-2.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,40.00\n\n")

    assert result.verdict == "read"
    assert balances(house, on=MONDAY)[0]["total_cents"] == 4_000
    assert again.written == 0


def test_what_the_accounts_were_paid_since_is_held_until_the_bank_explains_it(house: House, take) -> None:
    take(house, "encours.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,100.00\n")

    held = take(house, "encours-2.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,40.00\n")
    again = take(house, "encours-3.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,40.00\n\n")
    back = take(house, "encours-4.csv", OPEN + "F-1,C1,2026-01-05,2026-02-04,100.00,100.00\n\n")

    assert [r.detail.get("held_in_accounts") for r in (held, again)] == [1, None]
    assert back.detail["explained_in_accounts"] == 1


def test_one_letter_of_the_past_carries_several_invoices(house: House, take) -> None:
    take(house, "invoices.csv", ONE + "F-2,invoice,C1,2026-01-05,2026-02-04,5.00,EUR\n")
    history = "invoice_number,step,date,channel\nF-1,friendly_reminder,2026-02-10,email\nF-2,friendly_reminder,2026-02-10,email\n"

    first, again = take(house, "history.csv", history), take(house, "history-2.csv", history + "\n")

    with house.ledger.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(contacts.contact_item)) == first.detail["steps"] == 2
        assert connection.scalar(select(func.count()).select_from(contacts.contact)) == 1
    assert again.written == 0


@pytest.fixture
def firm(make_house, monkeypatch) -> House:
    house = make_house()
    monkeypatch.setenv("RECOUVREMENT_HOME", str(house.settings.home))
    return house


def said(*command: str) -> list[dict[str, object]]:
    found = CliRunner().invoke(app, [*command, "--json"])
    return [json.loads(line) for line in found.stdout.splitlines()]


def test_problems_say_all_that_a_person_needs_and_a_corrected_file_clears_them(firm: House, take) -> None:
    take(firm, "invoices.csv", HEAD + "F-2,invoice,C1,2026-01-05,2026-02-04,abc,EUR\n")
    found = said("problems")
    take(firm, "invoices.csv", ONE)

    assert {k: found[0][k] for k in ("file", "line", "element", "field", "value_class", "reason")} == {
        "file": "invoices.csv", "line": 2, "element": "row", "field": "gross", "value_class": "amount", "reason": "invalid_amount",
    }  # fmt: skip
    assert found[0]["message"]
    assert found[0]["remedy"]
    assert said("problems") == []


def test_an_invoice_in_a_refused_file_is_shown(firm: House, take) -> None:
    take(firm, "facture.xml", samples.cii().decode().replace("<ram:GrandTotalAmount>", "<ram:GrandTotalAmount>9"))

    assert [row["reason"] for row in said("problems")][-1] == "quarantined"
    assert balances(firm, on=MONDAY) == []


def test_the_account_of_a_bank_table_can_be_said(firm: House, tmp_path: Path) -> None:
    table = tmp_path / "releve.csv"
    table.write_text("Date;Libellé;Débit;Crédit\n10/02/2026;VIR ROY;;100,00\n")

    held = said("import", str(table), "--on", "2026-03-02")[0]
    taken = said("import", str(table), "--account", samples.IBAN, "--on", "2026-03-02")[0]

    assert (held["verdict"], taken["written"]) == ("rejected", 1)
    with firm.ledger.reading() as connection:
        assert connection.scalars(select(bank.bank_account.c.number)).all() == [samples.IBAN]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_only() -> None:
    terminal = Terminal()

    with progress_bar(shown=True, stream=terminal) as draw:
        assert draw is not None
        draw("invoices.csv", 0.5)
    with progress_bar(shown=True, stream=io.StringIO()) as nobody:
        assert nobody is None
    with progress_bar(shown=False, stream=terminal) as quiet:
        assert quiet is None

    assert "invoices.csv [###############...............]  50%" in terminal.getvalue()


def test_an_import_tells_how_far_it_is(make_house, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("recouvrement.day.intake.BATCH", 2)
    monkeypatch.setattr("recouvrement.day.intake_opened.HELD_BYTES", 10)
    path = tmp_path / "invoices.csv"
    path.write_text(HEAD + "".join(f"F-{n},invoice,C1,2026-01-05,2026-02-04,1.00,EUR\n" for n in range(5)))
    heard: list[tuple[str, float]] = []

    take_files(make_house(), [path], actor="test", how=How(progress=lambda name, part: heard.append((name, part))))

    assert [name for name, _ in heard] == ["invoices.csv"] * 3
    assert heard[-1][1] == 1.0


def test_problems_of_the_ledger_name_their_file(house: House, take) -> None:
    take(house, "invoices.csv", ONE)
    take(house, "tomorrow.csv", ONE.replace(",C1,", ",C2,"))

    with house.ledger.reading() as connection:
        assert [(p.file, p.line, p.reason) for p in open_problems(connection)] == [
            ("tomorrow.csv", 2, "other_customer")
        ]


def test_the_first_large_file_leaves_every_index_in_its_place(make_house, take, monkeypatch) -> None:
    house = make_house()
    monkeypatch.setattr("recouvrement.day.intake_opened.HELD_BYTES", 10)

    def indexes() -> set[tuple[str, str]]:
        with house.ledger.reading() as connection:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
            return {tuple(row) for row in connection.exec_driver_sql(query)}

    before = indexes()
    torn = take(house, "torn.csv", "invoice_number,kind,customer_id,issue_date,due_date,amount,currency\n")
    after_torn = indexes()
    whole = take(house, "invoices.csv", ONE)

    assert (torn.verdict, whole.written) == ("rejected", 1)
    assert before == after_torn == indexes()
