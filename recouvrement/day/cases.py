"""Hand-off: debts at the end of the ladder become cases, each with a dossier that can be checked without us."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from recouvrement.clock import PARIS
from recouvrement.day.case_file import case_file
from recouvrement.day.house import House
from recouvrement.day.proposal_told import proposal_lines, situation_of
from recouvrement.domain.escalation import Decision
from recouvrement.domain.position import DebtorPosition
from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.proposal import proposal_document
from recouvrement.dossier.routes import DRAFTS, RouteDocument, route_document
from recouvrement.dossier.types import CaseFile, Dossier
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.cases import cases_of, next_dossier_version, open_case, record_dossier
from recouvrement.ledger.content import keep
from recouvrement.ledger.dossiers import dossier_numbers, keep_numbers
from recouvrement.ledger.journal import chain_lines
from recouvrement.ledger.parties import debtor_rows


@dataclass(frozen=True, slots=True)
class Sealed:
    """A dossier that was made: its case, version, and the file it was written to."""

    case_code: str
    version: int
    path: str
    manifest_sha256: str
    debtor_id: str


def propose_cases(house: House, acting: list[tuple[DebtorPosition, Decision]], *, on: date, actor: str) -> list[str]:
    """Open a case for each debtor whose own notices have expired; nothing leaves by itself."""
    wanted = [(position, decision) for position, decision in acting if decision.hand_off]
    if not wanted:
        return []
    opened = []
    with house.ledger.act("propose_cases", actor) as act:
        codes = debtor_rows(act.connection, [position.id for position, _ in wanted], AsOf(on, act.id))
        for position, decision in wanted:
            cents = {item.id: item.open_cents for item in position.items}
            items = [(item, cents[item]) for item in decision.hand_off]
            opened.append(
                open_case(
                    act,
                    creditor_id=house.creditor(),
                    debtor_id=position.id,
                    debtor_code=codes[position.id].code,
                    items=items,
                    on=on,
                )
            )
    return opened


def seal_dossier(house: House, case_id: str, *, on: date, actor: str) -> Sealed:
    """Build the next version of a case's dossier, keep its bytes and write it to `out/dossiers`.

    Its content is cut before its own journal line. Raises IncoherentCaseError when figures do not re-add.
    """
    known_to = house.ledger.known_to()
    with house.ledger.reading() as connection:
        row = next(c for c in cases_of(connection) if c.id == case_id)
        version = next_dossier_version(connection, case_id)
        moment = datetime.combine(on, time(9, 0), PARIS).astimezone(UTC)
        papers = case_file(
            house,
            connection,
            row,
            version=version,
            on=on,
            moment=moment,
            as_of=AsOf(on, known_to),
            previous=dossier_numbers(connection, case_id),
        )
        cut = len(chain_lines(connection, row.debtor_id))
    case = papers.file
    dossier = build_dossier(case)
    folder = house.settings.home / "out" / "dossiers"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row.code}-v{version}.zip"
    path.write_bytes(dossier.zip_bytes)
    (folder / f"{row.code}-v{version}-accompagnement.pdf").write_bytes(dossier.covering_letter)
    proposal = proposal_document(case, proposal_lines(papers.proposal, on), situation_of(papers.proposal))
    (folder / f"{row.code}-v{version}-proposition.pdf").write_bytes(proposal)
    _drafts(case, dossier, papers.proposal.route, folder / f"{row.code}-v{version}")
    _record(house, row, dossier, version, on, cut, actor)
    return Sealed(row.code, version, str(path), dossier.manifest_sha256, row.debtor_id)


def _drafts(case: CaseFile, dossier: Dossier, route: str, stem: Path) -> None:
    """The drafts of the chosen route, and the insurer's where a deadline is set, beside the ZIP: a person signs them."""
    wanted = [*DRAFTS.get(route, ()), *([RouteDocument.CREDIT_INSURER] if "insurer" in case.facts else [])]
    for kind in dict.fromkeys(wanted):
        stem.with_name(f"{stem.name}-{kind.value}.pdf").write_bytes(route_document(case, dossier.numbering, kind))


def _record(house: House, row: Any, dossier: Dossier, version: int, on: date, cut: int, actor: str) -> None:
    with house.ledger.act("seal_dossier", actor) as act:
        sha256 = keep(act, dossier.zip_bytes, "application/zip")
        keep_numbers(
            act,
            row.id,
            version,
            [(n.number, n.first_version, n.kind.value, n.title, n.on, n.sha256) for n in dossier.numbering],
        )
        record_dossier(
            act,
            row.id,
            row.debtor_id,
            version=version,
            cut_on=on,
            journal_seq=cut,
            sha256=sha256,
            manifest_sha256=dossier.manifest_sha256,
        )


def cases_by_debtor(house: House) -> dict[str, list[Any]]:
    """Every case, by debtor."""
    found: dict[str, list[Any]] = defaultdict(list)
    with house.ledger.reading() as connection:
        for row in cases_of(connection):
            found[row.debtor_id].append(row)
    return found
