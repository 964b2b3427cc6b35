"""The demo, judged by what it leaves: the ledger, the mailbox, the letters, the dossier. Printed text proves nothing."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from recouvrement.channels.post import SLIP, read_batch
from recouvrement.day.house import House, init, open_house
from recouvrement.day.order import Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.day.showing import balances, explain
from recouvrement.demo.expectations import DEBTORS
from recouvrement.demo.facts import Left, contacts_left, mailbox, promises_ended, words_of
from recouvrement.demo.home import MARKER, NotOurs, fresh_home, settings_of
from recouvrement.demo.story import DAYS
from recouvrement.domain.money import printed
from recouvrement.dossier.verify import verify_zip

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Demo:
    """A played demo: its folder, what it printed, its ledger."""

    home: Path
    code: int
    said: str
    house: House

    def left(self, debtor: str) -> list[Left]:
        return contacts_left(self.house, [debtor])

    def mails(self, address: str = "") -> list[EmailMessage]:
        return [mail for mail in mailbox(self.house) if address in str(mail["To"])]

    def why(self, number: str, on: date) -> tuple[str, str]:
        found = explain(self.house, number, on=on)[0]
        return found["action"], found["reason"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`python -m recouvrement.demo`, as `make demo` calls it, in an environment that would lead it astray."""
    home = tmp_path_factory.mktemp("played") / "demo"
    astray = {
        "RECOUVREMENT_DATABASE_URL": "postgresql://nobody@192.0.2.1/real",
        "RECOUVREMENT_SMTP_HOST": "192.0.2.1",
        "RECOUVREMENT_HOME": str(home.parent / "elsewhere"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "recouvrement.demo", "--home", str(home)],
        cwd=REPOSITORY, env=os.environ | astray, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    house = open_house(settings_of(home, smtp_port=1))
    yield Demo(home, done.returncode, done.stdout + done.stderr, house)
    house.ledger.engine.dispose()


def test_it_ends_well_and_touches_nothing_else(demo: Demo) -> None:
    assert demo.code == 0, demo.said[-3000:]
    assert "NON" not in demo.said
    assert sorted(path.name for path in demo.home.parent.iterdir()) == ["demo"]


def test_each_step_of_the_ladder_is_taken_in_order_with_its_gap(demo: Demo) -> None:
    steps = [(one.step, one.channel) for one in demo.left("ALPAGE")]
    assert steps == [
        ("courtesy", "email"), ("friendly_reminder", "email"), ("call", "call"), ("firm_reminder", "email"),
        ("last_reminder", "email"), ("mise_en_demeure", "registered_letter"),
    ]  # fmt: skip
    due = date(2026, 9, 7)
    assert [(one.on - due).days for one in demo.left("ALPAGE")] == [-7, 3, 10, 15, 30, 45]
    assert demo.why("FA-2026-0401", date(2026, 11, 6)) == ("leave", "handed_over")


def test_who_pays_on_the_due_date_hears_of_it_only_before(demo: Demo) -> None:
    about = [one for one in demo.left("CORVIN") if any(item.number == "FA-2026-0404" for item in one.items)]
    assert [(one.step, one.on) for one in about] == [("courtesy", date(2026, 8, 31))]


def test_a_payment_between_two_dates_stops_the_next_message_and_the_ledger_says_why(demo: Demo) -> None:
    found = explain(demo.house, "FA-2026-0403", on=date(2026, 9, 17))[0]
    assert found["reason"] == "nothing_open"
    assert [(row["on"], row["cents"], row["method"]) for row in found["applied"]] == [
        ("2026-09-15", 219_600, "reference")
    ]
    assert not [one for one in demo.left("BREVENT") if date(2026, 9, 10) < one.on <= date(2026, 10, 14)]


def test_a_receipt_that_may_be_theirs_holds_everything_but_a_question(demo: Demo) -> None:
    assert demo.why("FA-2026-0413", date(2026, 9, 22)) == ("hold", "money_in_doubt")
    assert [one.step for one in demo.left("NAVARRE") if one.on > date(2026, 9, 18)] == ["receipt_in_doubt"]
    (question,) = [mail for mail in demo.mails("navarre") if "est-il de vous" in words_of(mail)]
    assert "2 000,00 €" in words_of(question)
    assert "18 septembre 2026" in words_of(question)


def test_what_is_disputed_waits_and_what_remains_is_paid(demo: Demo) -> None:
    for on in (date(2026, 9, 22), date(2026, 9, 29), date(2026, 10, 7)):
        assert demo.why("FA-2026-0405", on) == ("hold", "disputed")
    assert not [one for one in demo.left("DURET") if date(2026, 9, 17) < one.on < date(2026, 11, 6)]
    assert not [
        row
        for row in balances(demo.house, on=date(2026, 10, 22))
        if row["debtor"] == "DURET" and row["total_cents"] != 42_000
    ]


def test_a_promise_kept_is_not_thrown_back_and_a_broken_one_is_quoted(demo: Demo) -> None:
    assert promises_ended(demo.house, "EPINETTE") == ["kept"]
    assert promises_ended(demo.house, "FARIO") == ["broken"]
    assert not any("vous nous avez annoncé" in words_of(mail) for mail in demo.mails("epinette"))
    quoted = [mail for mail in demo.mails("fario") if "3 312,00 € pour le 28 septembre 2026" in words_of(mail)]
    assert [mail["Date"].datetime.date() for mail in quoted] == [date(2026, 10, 7), date(2026, 10, 22)]


def test_a_customer_in_credit_is_left_alone_and_then_asked_for_the_difference(demo: Demo) -> None:
    assert demo.why("FA-2026-0418", date(2026, 10, 7))[1] == "credit_covers"
    (asked,) = [one for one in demo.left("MELEZE") if one.step != "courtesy"]
    assert asked.on == date(2026, 11, 6)
    assert "1 078,00 €" in words_of(demo.mails("meleze")[-1])  # 540.00 + 1,150.00 - 612.00


def test_what_is_not_known_is_asked_for(demo: Demo) -> None:
    assert demo.why("FA-2026-0410", date(2026, 9, 22)) == ("ask", "kind_unknown")
    assert demo.why("FA-2026-0412", date(2026, 9, 10)) == ("ask", "no_address")
    assert demo.why("FA-2026-0407", date(2026, 11, 6)) == ("ask", "evidence_missing")
    assert demo.left("LORIOT") == []
    known_from = min(one.on for one in demo.left("JASMIN") if one.step == "firm_reminder")
    assert known_from == date(2026, 10, 14)  # the day the customer file said what Jasmin is


def test_no_email_means_letters_and_a_call_in_writing_is_no_call_sheet(demo: Demo) -> None:
    assert {one.channel for one in demo.left("KERMOR")} == {"letter"}
    printed_letters = "".join(
        page.extract_text() for path in (demo.home / "out" / "post").glob("*/0*.pdf") for page in PdfReader(path).pages
    )
    assert "KERMOR-PLAGE" in printed_letters
    assert "Ce qu’il ne faut pas dire" not in printed_letters


def test_languages_and_kinds_are_respected(demo: Demo) -> None:
    assert all("Dear Sir or Madam" in words_of(mail) for mail in demo.mails("ironbridge"))
    consumer = [words_of(mail) for mail in demo.mails("varin")]
    assert len(consumer) == 4
    assert not [
        words
        for words in consumer
        if re.search(r"L\. ?441|indemnité forfaitaire|pénalités de retard", words, re.IGNORECASE)
    ]
    assert "390,00 €" in consumer[-1]  # 690.00 less 300.00 received


def test_no_message_asks_for_money_that_came_in(demo: Demo) -> None:
    carried = [(one, item) for one in contacts_left(demo.house, DEBTORS) for item in one.items]
    assert len(carried) > 50
    assert [item.number for _, item in carried if item.cents != item.open_then or item.cents <= 0] == []


def test_every_email_names_its_invoices_with_their_open_amounts(demo: Demo) -> None:
    by_id = {str(mail["Message-ID"]): words_of(mail) for mail in demo.mails()}
    sent = [one for one in contacts_left(demo.house, DEBTORS) if one.channel == "email"]
    assert sorted(by_id) == sorted(one.message_id for one in sent)
    for one in sent:
        words = by_id[one.message_id]
        language = "en" if one.debtor == "IRONBRIDGE" else "fr"
        for item in one.items:
            amount = printed(item.cents, "EUR", language).replace("\u202f", " ").replace("\u00a0", " ")
            assert item.number in words
            assert amount in words


def test_attached_invoices_are_the_bytes_that_were_given(demo: Demo) -> None:
    papers = {path.name: path.read_bytes() for path in (REPOSITORY / "data" / "sample").glob("*/papiers/*.pdf")}
    files = [part for mail in demo.mails() for part in mail.iter_attachments()]
    attached = [part for part in files if not str(part.get_filename()).startswith("releve-de-compte-")]
    assert attached
    assert all(part.get_content() == papers[str(part.get_filename())] for part in attached)


def test_running_any_date_again_sends_nothing(demo: Demo) -> None:
    messages, rows = len(demo.mails()), contacts_left(demo.house, DEBTORS)
    letters = sorted(path.name for path in (demo.home / "out" / "post").iterdir())
    for day in DAYS:
        again = demo.house.on_day(day.on)
        run_day(again, on=day.on, mode=Mode.LIVE, actor="test")
        drain(again, on=day.on, pace=False)  # a message would fail loudly: nothing listens on that port any more
    assert len(demo.mails()) == messages
    assert contacts_left(demo.house, DEBTORS) == rows
    assert sorted(path.name for path in (demo.home / "out" / "post").iterdir()) == letters


def test_the_notice_was_approved_posted_and_delivered_before_the_case(demo: Demo) -> None:
    (folder,) = [path for path in (demo.home / "out" / "post").iterdir() if path.name.startswith("2026-10-22-r-")]
    assert "1A00000004017" in (folder / SLIP).read_text(encoding="utf-8-sig")
    (entry,) = read_batch(folder).entries
    with demo.house.ledger.reading() as connection:
        proofs = connection.execute(text('SELECT kind, "on" FROM postal_proof ORDER BY "on"')).all()
        approved = (
            connection.execute(text("SELECT bytes_sha256 FROM approval WHERE verdict = 'approved'")).scalars().all()
        )
        frozen = connection.execute(
            text("SELECT frozen_sha256 FROM contact WHERE id = :id"), {"id": entry.key}
        ).scalar()
    assert [(kind, str(on)) for kind, on in proofs] == [("deposited", "2026-10-23"), ("delivered", "2026-10-26")]
    assert approved == [frozen] == [entry.sha256]


def test_the_dossier_is_accepted_by_sha256sum_and_figures_re_add(demo: Demo, tmp_path: Path) -> None:
    (path,) = (demo.home / "out" / "dossiers").glob("*.zip")
    assert verify_zip(path).ok
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    for line in (tmp_path / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    words = " ".join(page.extract_text() for page in PdfReader(tmp_path / "01-decompte.pdf").pages)
    plain = words.replace("\u202f", " ").replace("\u00a0", " ")
    principal = 486_000 + 127_800
    penalties = sum(
        (cents * 124 * 60 * 2 + 365_000) // (365_000 * 2) for cents in (486_000, 127_800)
    )  # 12.40 %, 60 days
    for cents in (principal, penalties, principal + penalties + 8_000):
        assert printed(cents).replace("\u202f", " ").replace("\u00a0", " ") in plain
    assert "Ce qu" not in (tmp_path / "journal.txt").read_text()
    assert not [p for p in (tmp_path / "pieces").glob("*.txt") if "ne faut pas dire" in p.read_text()]


@pytest.mark.skipif(not (shutil.which("sha256sum") and shutil.which("openssl")), reason="verify.sh needs both")
def test_the_dossier_in_an_empty_folder_proves_its_journal_with_the_sheet_of_the_evening_before(
    demo: Demo, tmp_path: Path
) -> None:
    """What a bailiff does: unpack, run verify.sh with the witness's sheet; then somebody rewrites a line."""
    (path,) = (demo.home / "out" / "dossiers").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    sheet = sorted((demo.home / "out" / "anchors").glob("*.txt"))[-2]
    command = ["bash", "verify.sh", str(sheet)]

    whole = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert whole.returncode == 0, whole.stdout
    assert f"inchangées depuis la feuille témoin ancres/{sheet.name}" in whole.stdout

    journal = tmp_path / "journal.txt"
    journal.write_text(journal.read_text().replace("2026-09-22", "2026-09-21", 1))
    spoilt = subprocess.run(command, cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
    assert spoilt.returncode != 0


def test_the_report_re_adds(demo: Demo) -> None:
    page = (demo.home / "out" / "report.html").read_text(encoding="utf-8")
    total = sum(row["total_cents"] for row in balances(demo.house, on=DAYS[-1].on))
    assert printed(total) in page
    assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg", "", page)  # nothing is fetched to read it


def test_a_folder_that_is_not_the_demo_s_is_never_emptied(tmp_path: Path) -> None:
    (tmp_path / "comptes.xlsx").write_bytes(b"precious")
    with pytest.raises(NotOurs):
        fresh_home(tmp_path)
    assert (tmp_path / "comptes.xlsx").read_bytes() == b"precious"
    link = tmp_path.with_name(tmp_path.name + "-link")
    link.symlink_to(tmp_path)
    with pytest.raises(NotOurs):
        fresh_home(link)


def test_a_firm_s_ledger_in_the_demo_s_folder_is_never_emptied(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "demo")
    init(settings_of(home, smtp_port=1), creditor={"name": "Une vraie firme"}).ledger.engine.dispose()
    with pytest.raises(NotOurs):
        fresh_home(home)
    assert (home / "recouvrement.db").is_file()


def test_its_own_folder_is_emptied_and_marked_again(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "demo")
    (home / "old.db").write_bytes(b"x")
    (home / "out").mkdir()
    assert [path.name for path in fresh_home(home).iterdir()] == [MARKER]
