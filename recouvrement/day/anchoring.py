"""The nightly anchor: the heads of the chains that moved, blinded, on a sheet that links to yesterday's."""

import json
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from recouvrement.day.house import House
from recouvrement.domain.journal import anchor_sheet, blinded_head, digest, sheet_name
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.dossier.types import Anchor, AnchorSalt
from recouvrement.ledger import journal
from recouvrement.ledger.anchors import Head, anchor_rows, moved_heads, newest_act, record_anchor
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.content import fetch, keep, kept_by


@dataclass(frozen=True, slots=True)
class Anchored:
    """A day's sheet: how many chains stand on it, its SHA-256, and whether it was made now; or why it was refused."""

    on: date
    chains: int
    sha256: str
    made: bool
    refused: str = ""


def anchor_day(house: House, *, on: date, actor: str) -> Anchored:
    """Make the sheet of a day, once; the second time it is found again, and written again if its file was lost.

    Refused as `a_later_sheet_exists` when a later day is anchored already: sheets only go forward.
    """
    with house.ledger.act("anchor", actor) as act:
        before = anchor_rows(act.connection)
        if before and before[-1].on > on:
            known = next((row for row in before if row.on == on), None)
            if known is None:
                return Anchored(on, 0, "", made=False, refused="a_later_sheet_exists")
            return _found(house, act.connection, on, known.sheet_sha256)
        if before and before[-1].on == on:
            return _found(house, act.connection, on, before[-1].sheet_sha256)
        previous = fetch(act.connection, before[-1].sheet_sha256) if before else None
        heads = moved_heads(act.connection, since_act=before[-1].act_id if before else 0)
        sheet = _record(act, on, heads, previous)
    _write(house, on, sheet)
    return Anchored(on, len(heads), digest(sheet), made=True)


def _record(act: Act, on: date, heads: list[Head], previous: bytes | None) -> bytes:
    salts = {head.chain: [head.seq, secrets.token_hex(32)] for head in heads}
    sheet = anchor_sheet(previous, [blinded_head(str(salts[h.chain][1]), h.sha256) for h in heads])
    kept = json.dumps(salts, sort_keys=True).encode()
    names = keep(act, sheet, "text/plain"), keep(act, kept, "application/json")
    # the cut is before this act: the line that tells of the sheet stands on the next one
    record_anchor(act, on, sheet=names[0], salts=names[1], upto_act=newest_act(act.connection, before=act.id))
    facts = {"on": on.isoformat(), "sheet": names[0], "chains": len(heads)}
    journal.append(act, HOUSE, JournalEvent.ANCHORED, facts)
    return sheet


def _found(house: House, connection: Connection, on: date, name: str) -> Anchored:
    sheet = fetch(connection, name)
    _write(house, on, sheet)
    return Anchored(on, len(sheet.splitlines()) - 1, name, made=False)


def _write(house: House, on: date, sheet: bytes) -> None:
    """The sheet as a file, for a witness outside: by mail, on paper, or to a time-stamping authority."""
    folder = house.settings.home / "out" / "anchors"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sheet_name(on)).write_bytes(sheet)


def anchors_of(connection: Connection, chain: str, as_of: AsOf) -> tuple[tuple[Anchor, ...], tuple[AnchorSalt, ...]]:
    """The sheets known then, from the first on which the chain stands, their tokens, and the salts that show it on them."""
    sheets: list[Anchor] = []
    salts: list[AnchorSalt] = []
    for row in anchor_rows(connection, upto=as_of.on):
        if kept_by(connection, row.sheet_sha256) > as_of.known_to:
            continue
        mine = json.loads(fetch(connection, row.salts_sha256)).get(chain)
        if mine is not None:
            salts.append(AnchorSalt(row.on, int(mine[0]), str(mine[1])))
        if salts:
            stamped = row.token_sha256 and kept_by(connection, row.token_sha256) <= as_of.known_to
            token = fetch(connection, row.token_sha256) if stamped else None
            sheets.append(Anchor(row.on, fetch(connection, row.sheet_sha256), token))
    return tuple(sheets), tuple(salts)
