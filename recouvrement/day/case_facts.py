"""What the debtor said or what was agreed, as lines of the chronology: disputes, promises, plans, insolvency, and their ends."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from recouvrement.domain.money import printed
from recouvrement.dossier.proposal_words import CAUSES, INSOLVENCY
from recouvrement.dossier.types import EventRow
from recouvrement.dossier.wording import day
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.facts import events_of_facts, facts_of

NAMES = {"dispute": "Contestation", "promise": "Promesse de paiement", "plan": "Échéancier"}
ENDS = {
    "accepted": "admise",
    "accelerated": "rompu, solde exigible",
    "broken": "non tenu",
    "kept": "tenu",
    "partly_accepted": "admise en partie",
    "rejected": "rejetée",
    "settled": "réglée",
    "withdrawn": "retirée",
}


def facts_told_of(
    connection: Connection, debtor_id: str, numbers: Mapping[str, str], as_of: AsOf
) -> Iterator[EventRow]:
    """Facts about the debtor or about items (id and printed number given), and how each ended, if it did."""
    for kind, name in NAMES.items():
        rows = [f for f in facts_of(connection, kind, debtor_id, as_of) if _concerns(f, numbers)]
        about = {f.id: _detail(kind, f, numbers) for f in rows}
        yield from (EventRow(f.effective_on, name, about[f.id]) for f in rows)
        for e in events_of_facts(connection, list(about), as_of):
            yield EventRow(e.effective_on, f"{name} : {ENDS.get(e.event, 'fin')}", about[e.fact_id])
    for f in facts_of(connection, "insolvency", debtor_id, as_of):
        published = f"BODACC du {day(f.published_on)}" if f.published_on else ""
        yield EventRow(f.judgment_on, f"Jugement d'ouverture : {INSOLVENCY.get(f.kind, f.kind)}", published)


def _concerns(fact: Any, numbers: Mapping[str, str]) -> bool:
    item = getattr(fact, "open_item_id", None)
    return item is None or item in numbers


def _detail(kind: str, fact: Any, numbers: Mapping[str, str]) -> str:
    item = getattr(fact, "open_item_id", None)
    told = [f"facture {numbers[item]}"] if item else []
    if kind == "dispute":
        told += [CAUSES.get(fact.category, fact.category)]
        told += [printed(fact.disputed_cents)] if fact.disputed_cents else []
    if kind == "promise":
        told += [_promised(fact.amount_cents, fact.currency, fact.due_on)]
    return ", ".join(told)


def _promised(cents: int, currency: str, due_on: date) -> str:
    return f"{printed(cents, currency)} pour le {day(due_on)}"
