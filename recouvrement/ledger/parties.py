"""Creditors and debtors: recording them from files, and reading them as of a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, String, delete, insert, select

from recouvrement.domain.holidays_fr import region_of_postcode
from recouvrement.domain.places import METROPOLE, place_of
from recouvrement.domain.records import CustomerRecord
from recouvrement.ledger.as_of import EVERYTHING, AsOf, newest
from recouvrement.ledger.book import Act
from recouvrement.ledger.bulk import insert_rows, rising_ids, stored_day
from recouvrement.ledger.tables.parties import creditor, creditor_version, debtor, debtor_version, payer_identity

SINCE_EVER = date(1970, 1, 1)
CHUNK = 500
VERSION = (
    "id", "debtor_id", "act_id", "effective_on", "name", "kind", "legal_form", "siren", "siret", "vat_number", "registry",
    "representative", "email", "phone", "address", "country", "region", "language", "policy", "content_hash", "source",
    "pays_by_direct_debit",
)  # fmt: skip
WIDTHS: dict[str, int] = {
    name: kind.length for name in VERSION if isinstance(kind := debtor_version.c[name].type, String) and kind.length
}
DEFAULTS = {"kind": "unknown", "address": "", "country": "FR", "region": "metropole", "language": "fr"}


@dataclass(slots=True)
class Tally:
    """What taking records in did: how many were new, corrected, already known; and the debtors touched."""

    new: int = 0
    corrected: int = 0
    same: int = 0
    debtors: set[str] = field(default_factory=set)


def record_creditor(act: Act, code: str, **fields: object) -> str:
    """Record a creditor, or a new version of it; return its id."""
    found = act.connection.scalar(select(creditor.c.id).where(creditor.c.code == code))
    creditor_id = str(found or act.new_id())
    if found is None:
        act.connection.execute(insert(creditor).values(id=creditor_id, act_id=act.id, code=code))
    row = {"address": "", "country": "FR", "currency": "EUR", "region": "metropole", **fields}
    effective = SINCE_EVER if found is None else act.day
    act.connection.execute(
        insert(creditor_version).values(
            id=act.new_id(), creditor_id=creditor_id, act_id=act.id, effective_on=effective, **row
        )
    )
    return creditor_id


def creditor_row(connection: Connection, creditor_id: str, as_of: AsOf) -> Any:
    """The version of a creditor that held."""
    v = creditor_version
    query = select(v, creditor.c.code).join(creditor, creditor.c.id == v.c.creditor_id)
    return connection.execute(query.where(v.c.creditor_id == creditor_id, newest(v, "creditor_id", as_of))).one()


def creditors(connection: Connection) -> dict[str, str]:
    """Every creditor: code to id."""
    return {
        row.code: row.id for row in connection.execute(select(creditor.c.code, creditor.c.id).order_by(creditor.c.code))
    }


def debtor_ids(connection: Connection, creditor_id: str, codes: Sequence[str]) -> dict[str, str]:
    """The ids of the debtors that exist among `codes`."""
    found: dict[str, str] = {}
    for start in range(0, len(codes), CHUNK):
        some = codes[start : start + CHUNK]
        query = select(debtor.c.code, debtor.c.id).where(debtor.c.creditor_id == creditor_id, debtor.c.code.in_(some))
        found |= {code: debtor_id for code, debtor_id in connection.execute(query)}
    return found


def debtor_rows(connection: Connection, ids: Sequence[str], as_of: AsOf) -> dict[str, Any]:
    """The versions of some debtors that held, with their code."""
    v = debtor_version
    found: dict[str, Any] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(v, debtor.c.code).join(debtor, debtor.c.id == v.c.debtor_id)
        query = query.where(newest(v, "debtor_id", as_of), v.c.debtor_id.in_(ids[start : start + CHUNK]))
        found |= {row.debtor_id: row for row in connection.execute(query)}
    return found


def debtors_place(connection: Connection, debtor_id: str, as_of: AsOf) -> str:
    """Where a debtor is, as a code of `place_of`: its hours of sending are those of its place."""
    v = debtor_version
    query = select(v.c.country, v.c.region).where(newest(v, "debtor_id", as_of), v.c.debtor_id == debtor_id)
    found = connection.execute(query).first()
    return METROPOLE if found is None else place_of(*found)


def take_customers(
    act: Act, creditor_id: str, records: Iterable[CustomerRecord], source: str | None = None, *, only_new: bool = False
) -> Tally:
    """Record customers: unknown ones are opened, changed ones get a new version, the same ones change nothing.

    What a record does not state keeps its value: a file without e-mails does not erase them. `only_new` leaves known
    customers alone (an e-invoice names its buyer, it does not correct the customer file).
    """
    tally = Tally()
    records = list(records)
    known = debtor_ids(act.connection, creditor_id, [r.code for r in records])
    held = debtor_rows(act.connection, list(known.values()), AsOf.whenever(act.id))
    ids = rising_ids(act)
    opened: list[tuple[object, ...]] = []
    versions: dict[str, dict[str, Any]] = {}
    identities: list[tuple[str, str, str]] = []
    for record in records:
        debtor_id = known.get(record.code)
        if debtor_id is None:
            debtor_id = known[record.code] = next(ids)
            opened.append((debtor_id, act.id, creditor_id, record.code))
            tally.new += 1
        elif only_new:
            tally.same += 1
            continue
        identities += [(debtor_id, "iban", i) for i in record.ibans] + [(debtor_id, "alias", a) for a in record.aliases]
        before = versions.get(debtor_id) or (held[debtor_id]._mapping if debtor_id in held else {})  # noqa: SLF001 SQLAlchemy's own name
        fields = _fields(record, before)
        digest = sha256(repr(sorted(fields.items())).encode()).hexdigest()
        if before and before["content_hash"] == digest:
            tally.same += 1
            continue
        tally.corrected += debtor_id in held
        tally.debtors.add(debtor_id)
        effective = act.day if debtor_id in held else SINCE_EVER
        head = {"id": next(ids), "debtor_id": debtor_id, "act_id": act.id, "effective_on": effective}
        versions[debtor_id] = {**head, **fields, "content_hash": digest, "source": source}
        versions[debtor_id]["pays_by_direct_debit"] = before["pays_by_direct_debit"] if before else 0
    _write(act, opened, versions, held)
    learn(act, identities, "file")
    return tally


def _fields(r: CustomerRecord, before: Mapping[str, Any]) -> dict[str, object]:
    """The columns of a version: what the record states, else what was known, else the default."""
    town = " ".join(part for part in (r.postcode, r.city) if part)
    lines = [*r.address_lines, *([town] if town and town not in r.address_lines else [])]
    french = r.postcode and (r.country or "FR") == "FR"
    region = r.region or (region_of_postcode(r.postcode).value if french and r.postcode else None)
    stated = {
        "name": r.name,
        "kind": r.kind,
        "legal_form": r.legal_form,
        "siren": r.siren,
        "siret": r.siret,
        "registry": r.registry,
        "representative": r.representative,
        "vat_number": r.vat_number,
        "email": r.email,
        "phone": r.phone,
        "address": "\n".join(lines) or None,
        "country": r.country,
        "region": region,
        "language": r.language,
        "policy": r.policy,
    }
    return {
        name: (value.replace("\0", "")[: WIDTHS.get(name)] if value else before.get(name) or DEFAULTS.get(name))
        for name, value in stated.items()
    }


def _write(
    act: Act, opened: list[tuple[object, ...]], versions: dict[str, dict[str, Any]], held: Mapping[str, Any]
) -> None:
    """Write what is new; a version that this very act wrote (the same customer, earlier in the file) gives way."""
    v, day = debtor_version, stored_day(act.connection)
    insert_rows(act.connection, debtor, ("id", "act_id", "creditor_id", "code"), opened)
    again = [d for d in versions if d in held and held[d].act_id == act.id]
    for start in range(0, len(again), CHUNK):
        some = again[start : start + CHUNK]
        act.connection.execute(delete(v).where(v.c.act_id == act.id, v.c.debtor_id.in_(some)))
    for row in versions.values():
        of_this_act = row["debtor_id"] in held and held[row["debtor_id"]].act_id == act.id
        row["effective_on"] = day(held[row["debtor_id"]].effective_on if of_this_act else row["effective_on"])
    rows = [tuple(row[name] for name in VERSION) for row in versions.values()]
    insert_rows(act.connection, v, VERSION, rows)


def learn(act: Act, identities: list[tuple[str, str, str]], origin: str) -> None:
    """Remember payer IBANs and aliases (debtor, kind, value) that are not known yet."""
    wanted = dict.fromkeys(identities)
    ids = sorted({debtor_id for debtor_id, _, _ in wanted})
    p = payer_identity
    for start in range(0, len(ids), CHUNK):
        query = select(p.c.debtor_id, p.c.kind, p.c.value).where(p.c.debtor_id.in_(ids[start : start + CHUNK]))
        for debtor_id, kind, value in act.connection.execute(query):
            wanted.pop((debtor_id, kind, value), None)
    rows = [
        {
            "id": act.new_id(),
            "debtor_id": d,
            "act_id": act.id,
            "effective_on": SINCE_EVER if origin == "file" else act.day,
            "kind": k,
            "value": v,
            "origin": origin,
        }
        for d, k, v in wanted
    ]
    if rows:
        act.connection.execute(insert(p), rows)


def debtor_sirens(connection: Connection, creditor_id: str) -> list[str]:
    """The SIRENs of a creditor's debtors as last known, in order, each once."""
    v = debtor_version
    query = select(v.c.siren).join(debtor, debtor.c.id == v.c.debtor_id).distinct().order_by(v.c.siren)
    query = query.where(debtor.c.creditor_id == creditor_id, v.c.siren.is_not(None))
    found = connection.scalars(query.where(newest(v, "debtor_id", EVERYTHING)))
    return [siren for siren in found if siren]
