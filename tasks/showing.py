"""The day as artifacts: what the operator reads in the UI. Firms may be named there, natural persons never (law 10)."""

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.settings import get_current_settings

from recouvrement.channels.account import LOOPBACK
from recouvrement.day import reporting
from recouvrement.day.control import control
from recouvrement.day.control_shown import control_rows
from recouvrement.day.reporting import Row, Shown
from recouvrement.day.waiting import waiting_table
from recouvrement.day.waiting_told import aside_rows, reply_rows
from recouvrement.ledger.outbox import counts_by_state
from recouvrement.reports.summary import markdown
from recouvrement.settings import Settings
from tasks.guard import house_task
from tasks.hand import DayInHand


def firms_may_be_named() -> bool:
    """Whether artifacts may name firms: the setting says `full`, and the server answers on this machine only."""
    api = get_current_settings().api.url
    return Settings().artifact_detail == "full" and (api is None or on_this_machine_only(api))


def on_this_machine_only(url: str) -> bool:
    """Whether an address is this machine's loopback and its port is closed on the machine's other addresses.

    >>> on_this_machine_only("http://prefect.example:4200/api")
    False
    """
    found = urlsplit(url)
    if found.hostname not in LOOPBACK:
        return False
    return not any(_answers(host, found.port or 80) for host in _own_addresses())


def _own_addresses() -> set[str]:
    """Addresses of this machine other than loopback; asking for a route sends nothing."""
    found = set()
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((target, 9))
                found.add(str(probe.getsockname()[0]))
        except OSError:
            continue
    return {host for host in found if not ipaddress.ip_address(host).is_loopback}


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True


@house_task("report", retries=2)
def show_the_day(day: DayInHand, language: str) -> dict[str, object]:
    """Write the artifacts of the day: summary, aged balance, contacts, held debtors, credits, cases, file problems."""
    house, run = day.house, day.run
    shown = Shown(language, firms_may_be_named())
    frame = reporting.decisions_of(house, run.id)
    with house.ledger.reading() as connection:
        day.sending = counts_by_state(connection, day=day.on)
    summary = reporting.summary_of(house, run, day.report.as_json(), frame, files=len(day.files))
    create_markdown_artifact(markdown(summary, language), key="day-summary", description=f"Summary of {day.on}")
    tables = reporting.tables_of(house, run, frame, shown)
    for key, rows, told in (
        ("aged-balance", tables.aged, "Open amounts by debtor and lateness"),
        ("contacts", tables.contacts, "Messages of the day, with their reasons"),
        ("waiting-for-you", tables.waiting, "Messages that wait for a person, with the ids that forms ask for"),
        ("what-waits", waiting_table(house, day.on, shown), "All that waits for a person, overdue first"),
        ("replies-to-read", reply_rows(house, day.on), "Messages to read, with what their words suggest"),
        ("to-correct", aside_rows(house, day.on), "Messages that could not be written: data to correct"),
        ("held-debtors", tables.held, "Debtors who are not chased, and why"),
        ("unmatched-credits", tables.credits, "Receipts not attributed, with proposals"),
        ("cases", tables.cases, "Cases and where they stand"),
        ("file-problems", tables.problems, "What is wrong in files"),
        ("control-sheet", control_rows(control(house, on=day.on), shown), "Does everything add up"),
    ):
        show_table(key, rows, f"{told}, {day.on}")
    return {"artifacts": 12, "firms_named": shown.firms_named}


def show_table(key: str, rows: Sequence[Row], description: str) -> None:
    """A table artifact; an empty one says so in words, since the UI shows nothing for it."""
    if not re.fullmatch(r"[a-z0-9-]+", key):
        raise ValueError("a key is lowercase letters, digits and dashes")
    if rows:
        create_table_artifact(list(rows), key=key, description=description)
    else:
        create_markdown_artifact("Nothing to show.", key=key, description=description)
