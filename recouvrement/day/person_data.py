"""The rights of a person over their data: a copy of all of it, and erasure once retention is over and nothing holds it."""

import io
import json
import mimetypes
import zipfile
from datetime import date, datetime
from typing import Any

from recouvrement.day.acts_base import Done, Refusal, perform, refuse_when
from recouvrement.day.house import House
from recouvrement.day.person_files import remove_copies, remove_dossiers
from recouvrement.domain.case_states import OVER
from recouvrement.domain.contact_states import PENDING
from recouvrement.domain.months import add_years
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.case_moves import case_events, state_of
from recouvrement.ledger.cases import cases_of
from recouvrement.ledger.erasure import erase, erased_by, forget_free_pages
from recouvrement.ledger.facts import KINDS, find_debtor, open_facts
from recouvrement.ledger.item_details import applied_to, item_details
from recouvrement.ledger.person import Rows, bytes_about, kept_bytes, rows_about
from recouvrement.policy.law_courts import load_retention

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
HOLD_NOTHING = frozenset({"call"})


def export_person(house: House, code: str) -> bytes | None:
    """A ZIP of all that is held about a debtor (GDPR art. 15): `donnees.json` by table, and the bytes; None when unknown."""
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), code)
        if debtor_id is None:
            return None
        found = rows_about(connection, debtor_id)
        files = {}
        for name in sorted(set().union(*bytes_about(found).values())):
            if kept := kept_bytes(connection, name):
                files[f"fichiers/{name}{mimetypes.guess_extension(kept[1]) or '.bin'}"] = kept[0]
    told = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True, default=_plain).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"donnees.json": told, **files}.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), data)
    return out.getvalue()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def erase_person(house: House, code: str, *, reason: str, on: date, operator: str) -> Done:
    """Erase what retention no longer covers of a debtor's data; chains and anchors still verify.

    Refused while something is owed, a case or a fact runs, a message waits, or every period still runs (the code says
    until when). Messages and addresses may go years before invoices and names (`data/law/retention.toml`). Refused as
    `already_erased` when nothing is left to go. Files that are copies of what goes, and dossiers, go from `inbox` and `out`.
    """
    if not reason.strip():
        return Done(refused="reason_missing")
    gone_bytes: set[str] = set()

    def write(act: Act) -> str:
        debtor_id = find_debtor(act.connection, house.creditor(), code)
        if debtor_id is None:
            raise Refusal("unknown_debtor")
        found = rows_about(act.connection, debtor_id)
        _held(act, debtor_id, found, on)
        ended = retention_ends(house, found)
        over = [scope for scope, until in ended.items() if until < on]
        refuse_when(not over, f"retention_until_{min(ended.values()).isoformat()}")
        gone = {row["scope"] for row in found.get("erasure", [])}
        refuse_when(set(over) <= gone, "already_erased")
        made = erase(act, found, debtor_id, scopes=over, reason=reason, on=on)
        gone_bytes.update(erased_by(act.connection, act.id))
        return made

    with house.ledger.reading() as connection:
        known = find_debtor(connection, house.creditor(), code)
        cases = [row.code for row in cases_of(connection, known)] if known else []
    done = perform(house, "erase_person", operator, write)
    if not done.refused:
        forget_free_pages(house.ledger)
        remove_dossiers(house, cases)
        remove_copies(house, frozenset(gone_bytes))
    return done


def _held(act: Act, debtor_id: str, found: Rows, on: date) -> None:
    """Refusal when something still needs the person's data."""
    as_of = AsOf.whenever(act.id)
    ids = [row["id"] for row in found.get("open_item", [])]
    details, applied = item_details(act.connection, ids, as_of), applied_to(act.connection, ids, as_of)
    left = [d.amount_cents - sum(a.amount_cents for a in applied[i]) for i, d in details.items()]
    refuse_when(any(left), "something_is_open")
    events = case_events(act.connection, as_of)
    running = [row.code for row in cases_of(act.connection, debtor_id) if state_of(events.get(row.id, [])) not in OVER]
    refuse_when(running, "a_case_runs")
    for kind in sorted(set(KINDS) - HOLD_NOTHING):
        until = [getattr(row, "until_on", None) or date.max for row in open_facts(act.connection, kind, debtor_id)]
        refuse_when(any(day >= on for day in until), f"a_{kind}_holds_it")
    refuse_when(any(row["state"] in PENDING for row in found.get("contact", [])), "a_message_waits")


def retention_ends(house: House, found: Rows) -> dict[str, date]:
    """The last day of retention by scope.

    Messages: from the last thing that happened. Accounts: from the end of the calendar year of the last invoice or
    payment, since accounts are kept for whole years (C. com. L123-22).
    """
    periods = load_retention(house.settings.data / "law")
    money = [*_days(found, "allocation", "effective_on"), *_days(found, "invoice_version", "issue_on")]
    touched = [
        *money, *_days(found, "contact", "business_day"), *_days(found, "call", "effective_on"),
        *_days(found, "case_event", "effective_on"), *_days(found, "reply", "effective_on"),
    ]  # fmt: skip
    last, booked = max(touched, default=date.min), max(money, default=date.min)
    closed = date(booked.year, 12, 31)
    return {
        "contacts": add_years(last, periods["contacts"].value),
        "accounts": add_years(max(closed, last), periods["accounts"].value),
    }


def _days(found: Rows, table: str, column: str) -> list[date]:
    rows: list[dict[str, Any]] = found.get(table, [])
    return [row[column] for row in rows]
