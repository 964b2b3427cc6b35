"""A candidate policy beside the one in force, on the firm's own history: nothing is planned, nothing leaves."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from recouvrement.day.backfill import past_working_days
from recouvrement.day.decisions import decided, ranges
from recouvrement.day.house import House
from recouvrement.day.simulated import Before, Side
from recouvrement.day.weekly import full_names
from recouvrement.domain.money import cents
from recouvrement.domain.policy import Policy
from recouvrement.domain.position import Notice
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.parties import debtor_rows
from recouvrement.ledger.report_facts import contacts_gone
from recouvrement.policy.ladder import PolicyRefused, load_policy
from recouvrement.reports.page import html_of
from recouvrement.reports.simulated import Costs, Simulation, csv_of, simulation_report
from recouvrement.reports.simulation_words import say

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}(\.toml)?")
EVERYBODY = "*"
COSTS = "simulation_costs.toml"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a simulation on this machine."""

    page: Path
    differences: Path


def candidate_policy(house: House, name: str) -> Policy:
    """The policy of that name, in the home's `policies` or among the house's own; PolicyRefused says what is wrong."""
    if not NAME.fullmatch(name):
        raise PolicyRefused("a policy is named by letters, digits, dashes and underscores")
    stem = name.removesuffix(".toml")
    folders = (house.settings.home / "policies", house.settings.data / "policies")
    file = next((folder / f"{stem}.toml" for folder in folders if (folder / f"{stem}.toml").is_file()), None)
    if file is None:
        raise PolicyRefused(f"no policy {stem} in the home's `policies`, nor among the house's own")
    return load_policy(file)


def costs_of(house: House) -> Costs:
    """What contacts cost: the home's own figures, or those that came with the project."""
    own = house.settings.home / COSTS
    told = tomllib.loads((own if own.is_file() else house.settings.data / COSTS).read_text(encoding="utf-8"))
    paid = {channel: cents(str(amount)) for channel, amount in told.get("contact", {}).items()}
    minutes = {channel: int(count) for channel, count in told.get("minutes", {}).items()}
    return Costs(paid, minutes, str(told.get("currency", "EUR")))


def simulate(
    house: House, candidate: Policy, start: date, end: date, *, instead_of: str = "", progress: Progress | None = None
) -> Simulation:
    """Play the policies in force and the candidate over the working days of a range.

    The candidate stands in for one policy (the house's default unless named; `*`: for every one); debtors under
    others keep theirs on both sides, an invoice's own ladder too. Facts are those known now, each on its day.
    """
    instead_of = instead_of or house.policy.name
    before, known_to = _before(house, start), house.ledger.known_to()
    ours = Side(before, lambda _: None)
    theirs = Side(before, lambda own: candidate if instead_of in {EVERYBODY, own.name} else None)
    days, creditor_id = past_working_days(house, start, end), house.creditor()
    parts = ranges(house, creditor_id, known_to)
    for number, day in enumerate(days, start=1):
        for part in parts:
            for position, decision in decided(house, creditor_id, part, on=day, known_to=known_to):
                ours.play(position, decision.policy, on=day)
                theirs.play(position, decision.policy, on=day)
        if progress is not None:
            progress(number, len(days))
    with house.ledger.reading() as connection:
        sent = Counter((row.step, row.channel) for row in contacts_gone(connection, creditor_id, start, end))
    return Simulation(
        candidate.name, candidate.sha256, instead_of, start, end, len(days), sent, ours.played, theirs.played, costs_of(house)
    )  # fmt: skip


def _before(house: House, start: date) -> Before:
    """Where every debtor stood on the eve of the first day."""
    eve, known_to, creditor_id = start - timedelta(days=1), house.ledger.known_to(), house.creditor()
    last: dict[str, date] = {}
    notices: dict[str, Notice] = {}
    handed: set[str] = set()
    for part in ranges(house, creditor_id, known_to):
        for position, _ in decided(house, creditor_id, part, on=eve, known_to=known_to):
            if position.last_contact_on is not None:
                last[position.id] = position.last_contact_on
            notices |= {item.id: item.notice for item in position.items if item.notice is not None}
            handed |= {item.id for item in position.items if item.handed_over}
    return Before(start, last, notices, frozenset(handed))


def write_simulation(house: House, found: Simulation, *, language: str) -> Written:
    """Write the page and the differences to sign off under the home's `out/reports`; both name debtors."""
    folder = house.settings.home / "out" / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    ids = [d.debtor for d in found.differences()]
    name = full_names(house, ids, found.end)
    page = html_of(simulation_report(found, name, language), language=language, nothing=say("nothing", language))
    with house.ledger.reading() as connection:
        rows = debtor_rows(connection, ids, AsOf(found.end, house.ledger.known_to()))
    table = csv_of(found.differences(), lambda d: (rows[d].code, rows[d].name) if d in rows else (d, ""), language)
    stem = f"simulation-{found.candidate}-{found.start.isoformat()}-{found.end.isoformat()}"
    written = Written(folder / f"{stem}.html", folder / f"{stem}.csv")
    for path, text in ((written.page, page), (written.differences, "\ufeff" + table)):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
    return written
