"""Each customer under its own policy, and what is known of why it does not pay, in whole days against a real ledger."""

import hashlib
import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from typer.testing import CliRunner

from recouvrement.cli import app
from recouvrement.day.choosing import record_cause, use_policy
from recouvrement.day.house import House
from recouvrement.ledger.content import fetch
from recouvrement.ledger.tables import metadata
from recouvrement.ledger.tables.choosing import set_aside
from recouvrement.ledger.tables.runs import run
from tests.scenarios.conftest import Story
from tests.scenarios.openings import ROY
from tests.scenarios.player import Player


def named(told: Player, subject: str, name: str | None) -> str:
    subject = told.codes.get(subject, subject)
    return use_policy(told.at, subject, name, on=told.today, operator="owner", reason="test").refused


def cause(told: Player, name: str, code: str) -> str:
    return record_cause(told.at, told.codes[name], code, on=told.today, operator="owner").refused


def runs(told: Player, first: str, last: str) -> None:
    """A run on every day of a range."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    for n in range((end - start).days + 1):
        told.check(f"{start + timedelta(days=n)}  run")


def policies_used(told: Player) -> list[str]:
    return [told.house.policies.of_sha256(row.policy_sha256).name for row in told.contacts()]


def test_a_kind_has_its_own_policy_and_the_contact_names_its_version(story: Story) -> None:
    told = story.check(
        """
        2026-01-05  customer Mme Garcon  kind consumer
        2026-01-05  customer Mairie de Bruz  kind public
        2026-01-05  invoice F-1  Mme Garcon  900.00  due 2026-02-04
        2026-01-05  invoice F-2  Mairie de Bruz  900.00  due 2026-02-04
        2026-02-09  run              -> friendly_reminder F-1; friendly_reminder F-2
    """
    )

    assert sorted(policies_used(told)) == ["consumer", "public_body"]
    assert all("40,00" not in text for text in told.mails())


def test_the_policies_of_a_run_are_kept_by_content(story: Story) -> None:
    told = story.check(ROY + "2026-02-09  run  -> friendly_reminder F-17")

    [row] = told.contacts()
    with told.house.ledger.reading() as connection:
        kept = fetch(connection, row.policy_sha256)
        manifest = fetch(connection, connection.execute(select(run.c.policy_sha256)).scalars().first() or "")
    assert hashlib.sha256(kept).hexdigest() == row.policy_sha256
    assert f"# standard {row.policy_sha256}".encode() in manifest
    assert all(f"# {name} ".encode() in manifest for name in told.house.policies.by_name)


def test_a_name_comes_before_the_rules_and_an_invoices_before_its_debtors(story: Story) -> None:
    told = story.check(
        """
        2026-01-05  invoice F-1  Menuiserie Roy  500.00  due 2026-02-04
        2026-01-05  invoice F-2  Menuiserie Roy  600.00  due 2026-02-04
    """
    )
    assert named(told, "Menuiserie Roy", "key_account") == ""
    assert named(told, "F-2", "serial_late") == ""
    assert named(told, "F-1", "nobody's") == "unknown_policy"
    assert named(told, "F-99", "standard") == "unknown_debtor_or_invoice"

    told.check(
        """
        2026-02-05  run              -> friendly_reminder F-2
        2026-02-12  run
    """
    )
    assert told.kept() == {"F-1": ("contact", "listed_with_higher_step"), "F-2": ("contact", "step_due")}
    assert policies_used(told) == ["serial_late", "serial_late"], "one contact carries both; the higher step names it"


def test_one_contact_a_debtor_whatever_the_ladders_of_its_invoices(story: Story) -> None:
    told = story.check(
        "\n".join(f"2026-01-05  invoice F-{n}  Menuiserie Roy  {n}00.00  due 2026-02-04" for n in range(1, 6))
    )
    for n, name in enumerate(["serial_late", "key_account", "first_time", "consumer", "small_amounts"], start=1):
        assert named(told, f"F-{n}", name) == ""
    runs(told, "2026-02-05", "2026-04-01")

    days = [row.business_day for row in told.contacts()]
    assert len(days) == len(set(days)) > 4
    # a call takes up to five working days to be made and is dated by its own day
    written = sorted(row.business_day for row in told.contacts() if row.channel != "call")
    assert all((b - a).days >= 5 for a, b in pairwise(written))


def test_a_policy_that_does_not_exist_stops_the_ladder_and_is_shown(story: Story) -> None:
    told = story.check(ROY)
    told.take(
        "customers.csv",
        f"customer_id,name,policy\n{told.codes['Menuiserie Roy']},Menuiserie Roy,platinum\n",
    )
    told.check("2026-02-09  run  -> nothing (policy_unknown)")
    named(told, "Menuiserie Roy", "standard")
    told.check("2026-02-10  run  -> friendly_reminder F-17")


def test_three_invoices_paid_late_make_a_serial_late_payer(story: Story) -> None:
    lines = []
    for n in range(1, 4):
        lines.append(f"2026-01-05  invoice F-{n}  Menuiserie Roy  100.00  due 2026-01-1{n}")
    lines += [f"2026-01-20  cash F-{n}  100.00" for n in range(1, 4)]
    told = story.check(
        "\n".join([*lines, "2026-01-22  run", "2026-01-22  invoice F-17  Menuiserie Roy  1200.00  due 2026-02-04"])
    )
    told.check(
        """
        2026-02-05  run              -> friendly_reminder F-17
        2026-02-12  run              -> firm_reminder F-17
    """
    )
    assert policies_used(told)[-2:] == ["serial_late", "serial_late"]


def test_a_request_is_answered_before_anything_is_asked(story: Story) -> None:
    told = story.check(ROY)
    assert cause(told, "Menuiserie Roy", "administrative") == ""
    told.check("2026-02-09  run  -> nothing (document_requested)")
    told.check("2026-06-09  run  -> nothing (document_requested)      # it never lapses into sending")
    assert cause(told, "Menuiserie Roy", "answered") == ""
    told.check("2026-06-10  run  -> friendly_reminder F-17")


def test_a_disagreement_spoken_of_holds_until_it_is_recorded(story: Story) -> None:
    told = story.check(ROY)
    assert cause(told, "Menuiserie Roy", "dispute_price") == ""
    assert cause(told, "Menuiserie Roy", "weather") == "unknown_cause"
    told.check(
        """
        2026-02-09  run              -> nothing (dispute_to_record)
        2026-02-09  dispute F-17  200.00
        2026-02-10  run              -> friendly_reminder F-17
    """
    )


def test_cash_trouble_chooses_words_and_lapses(story: Story) -> None:
    told = story.check(ROY + "2026-02-05  customer Menuiserie Roy")
    assert cause(told, "Menuiserie Roy", "cash_trouble") == ""
    told.check("2026-02-09  run  -> friendly_reminder F-17")
    assert "Proposez-nous un échéancier" in told.mails()[-1]
    assert "simple oubli" not in told.mails()[-1]

    runs(told, "2026-04-20", "2026-05-05")
    plans = ["Proposez-nous un échéancier" in text for text in told.mails()]
    assert plans.count(True) == 1 < len(plans), "what was said in February no longer counts"


def test_bad_faith_shortens_the_path_and_never_leaves_the_notice_out(story: Story) -> None:
    told = story.check(ROY + "2026-02-04  feed")
    assert cause(told, "Menuiserie Roy", "bad_faith") == ""
    told.check("2026-02-05  papers F-17")
    runs(told, "2026-02-05", "2026-03-12")

    steps = {row.step: row.business_day for row in told.contacts()}
    assert "last_reminder" not in steps
    assert (steps["mise_en_demeure"] - date(2026, 2, 4)).days < 45
    assert (steps["mise_en_demeure"] - steps["firm_reminder"]).days >= 10


def test_a_budget_of_contacts_holds_everything_but_a_notice(story: Story) -> None:
    told = story.check(
        ROY + "2026-02-06  run",
        policy=("contact_budget = 6", "contact_budget = 1", "sending_weekdays", "sending_weekdays"),
    )
    told.check(
        """
        2026-02-09  run              -> friendly_reminder F-17
        2026-02-19  run              -> nothing (contact_budget)
        2026-03-12  run              -> call by call F-17
    """
    )


def test_august_pause_loses_no_step(story: Story) -> None:
    told = story.check(
        "2026-06-05  invoice F-17  Menuiserie Roy  1200.00  due 2026-07-27\n2026-07-20  run  -> courtesy F-17",
        policy=("august_pause = false", "august_pause = true"),
    )
    told.check(
        """
        2026-07-30  run              -> friendly_reminder F-17
        2026-08-06  run              -> nothing (closed_day)
        2026-08-31  run              -> nothing (closed_day)
        2026-09-01  run              -> call by call F-17
        2026-09-08  run              -> nothing (awaiting_call)
    """
    )


def test_nothing_on_the_holidays_of_a_customer_abroad(story: Story) -> None:
    told = story.check("2025-09-01  invoice F-17  Tischlerei Kern  1200.00  due 2025-09-30")
    code = told.codes["Tischlerei Kern"]
    told.take("customers.csv", f"customer_id,name,country\n{code},Tischlerei Kern,DE\n")
    told.check(
        """
        2025-10-03  run              -> nothing (closed_day)      # the day of unity
        2025-10-06  run              -> friendly_reminder F-17
    """
    )


def test_a_message_that_cannot_be_written_is_said_once_and_leaves_when_the_data_change(story: Story) -> None:
    told = story.check("2026-01-05  customer Menuiserie Roy  email none  phone none\n" + ROY)
    code = told.codes["Menuiserie Roy"]
    told.take(
        "customers.csv", f"customer_id,name,address,postcode,city\n{code},Menuiserie Roy,木工所 一番地,35000,Rennes\n"
    )
    told.check("2026-02-09  run")
    first = told.reports[-1]
    assert len(first.planned.set_aside) == 1

    told.check("2026-02-10  run  -> nothing (data_to_correct)")
    told.check("2026-02-11  run  -> nothing (data_to_correct)")
    assert all(report.planned.set_aside == [] for report in told.reports[-2:])
    with told.house.ledger.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(set_aside)) == 1

    told.take(
        "customers.csv", f"customer_id,name,address,postcode,city\n{code},Menuiserie Roy,2 rue du Bois,35000,Rennes\n"
    )
    told.check("2026-02-12  run  -> friendly_reminder by letter F-17")


def test_a_notice_approved_too_late_is_frozen_anew_with_a_true_deadline(story: Story) -> None:
    told = story.check(
        """
        2026-01-05  invoice F-17  Menuiserie Roy  1200.00  due 2026-02-04
        2026-01-05  papers F-17
    """
    )
    runs(told, "2026-02-09", "2026-03-23")
    [first] = [row for row in told.contacts() if row.step == "mise_en_demeure"]
    assert (first.deadline_on - first.post_by).days == 11, "three days of transit and eight to pay"
    late = date.fromordinal(first.post_by.toordinal() + 1)

    told.check(f"{late}  approve F-17  -> posting_day_passed")
    while late.weekday() > 4:
        late = date.fromordinal(late.toordinal() + 1)
    told.check(f"{late}  run")

    [again] = [row for row in told.contacts() if row.step == "mise_en_demeure"]
    assert again.id != first.id
    assert again.deadline_on > first.deadline_on
    assert again.frozen_sha256 != first.frozen_sha256


def test_a_preview_writes_what_would_leave_and_leaves_no_trace(story: Story, tmp_path: Path, monkeypatch: Any) -> None:
    told = story.check(ROY + "2026-02-08  feed")
    for name in ("home", "data", "templates"):
        monkeypatch.setenv(f"RECOUVREMENT_{name.upper()}", str(getattr(told.house.settings, name)))
    monkeypatch.setenv("RECOUVREMENT_MESSAGE_DOMAIN", told.house.settings.message_domain)
    before = rows_of(told.house)
    out = tmp_path / "looked"
    command = [
        "preview",
        "friendly_reminder",
        "--debtor",
        told.codes["Menuiserie Roy"],
        "--on",
        "2026-02-09",
        "--out",
        str(out),
        "--json",
    ]

    result = CliRunner().invoke(app, command)

    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert {Path(f).suffix for f in said["files"]} == {".eml", ".txt", ".html", ".pdf"}
    text = next(p for p in out.iterdir() if p.suffix == ".txt").read_text(encoding="utf-8")
    assert rows_of(told.house) == before
    told.check("2026-02-09  run  -> friendly_reminder F-17")
    assert told.mails()[-1].split() == text.replace("\u00a0", " ").split(), "what was looked at is what left"
    refused = CliRunner().invoke(app, [*command[:1], "hand_off", *command[2:]])
    assert refused.exit_code != 0


def rows_of(house: House) -> dict[str, int]:
    with house.ledger.reading() as connection:
        return {
            t.name: int(connection.scalar(select(func.count()).select_from(t)) or 0) for t in metadata.sorted_tables
        }


def test_a_rehearsal_decides_what_a_live_run_decides_under_several_policies(
    story: Story,
) -> None:
    told = story.check(
        """
        2026-01-05  customer Mme Garcon  kind consumer
        2026-01-05  invoice F-1  Mme Garcon  900.00  due 2026-02-04
        2026-01-05  invoice F-2  Menuiserie Roy  900.00  due 2026-02-04
        2026-01-05  invoice F-3  Menuiserie Roy  300.00  due 2026-02-01
    """
    )
    named(told, "F-3", "serial_late")
    cause(told, "Mme Garcon", "cash_trouble")
    told.check("2026-02-09  rehearse")
    told.check("2026-02-09  run")
    assert told.reports[-1].digest == told.reports[-2].digest
