"""Is there enough on paper for what comes next? The checklist of each invoice, who must bring what, by when, and waivers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.acts_base import Done, perform, refuse_when
from recouvrement.day.decisions import decided, ranges
from recouvrement.day.house import House
from recouvrement.domain.completeness import (
    BRINGERS,
    Checklist,
    EvidenceKind,
    InvoiceEvidence,
    Requirement,
    Standing,
    checklist,
)
from recouvrement.domain.ladder import Stage
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.policy import Step
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.book import Act
from recouvrement.ledger.facts import find_debtor, find_items
from recouvrement.ledger.item_details import item_details
from recouvrement.ledger.papers import documents_held, mark_document, marks_of, sent_kinds, waive, waivers
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.ledger.replies import unread_debtors

AHEAD = timedelta(days=21)  # papers take time to find: they are asked for before the step that demands them
DEMANDING = frozenset({Stage.FORMAL_NOTICE, Stage.HAND_OFF})


@dataclass(frozen=True, slots=True)
class MissingPaper:
    """One line that lacks for one invoice: who brings it, the step that waits for it, by when, and the money behind."""

    debtor: str
    invoice: str
    requirement: str
    bringer: str
    step: str
    due_on: date
    overdue: bool
    open_cents: int
    currency: str

    def as_json(self) -> dict[str, object]:
        """The object that commands print."""
        return {name: getattr(self, name) for name in self.__slots__}


def checklists_of(
    house: House, connection: Connection, invoices: Sequence[tuple[str, str, str]], as_of: AsOf
) -> dict[str, Checklist]:
    """The checklist of each invoice, given as (invoice id, number, debtor id); by invoice id."""
    debtor_ids = sorted({debtor_id for _, _, debtor_id in invoices})
    debtors = debtor_rows(connection, debtor_ids, as_of)
    held = documents_held(connection, debtor_ids, as_of)
    marks = marks_of(connection, [d.id for d in held], as_of)
    sent = sent_kinds(connection, [invoice_id for invoice_id, _, _ in invoices], as_of)
    waived = waivers(connection, debtor_ids, as_of)
    lacking = _creditor_mentions(creditor_row(connection, house.creditor(), as_of))
    unread = unread_debtors(connection, debtor_ids[0], debtor_ids[-1], as_of) if debtor_ids else set()
    by_debtor: dict[str, list[Any]] = {}
    for d in held:
        by_debtor.setdefault(d.debtor_id, []).append(d)
    found = {}
    for invoice_id, number, debtor_id in invoices:
        papers = [d for d in by_debtor.get(debtor_id, []) if d.invoice_id in {None, invoice_id}]
        found[invoice_id] = checklist(
            InvoiceEvidence(
                invoice=number,
                debtor_kind=DebtorKind(debtors[debtor_id].kind),
                documents=_kinds(d.kind for d in papers) | _kinds(sent[invoice_id]) | {EvidenceKind.STATEMENT},
                signed=_kinds(d.kind for d in papers if any(m.mark == "signed" for m in marks[d.id])),
                mentions_missing=_mentions(papers, marks, lacking, debtors[debtor_id]),
                unread_replies=int(debtor_id in unread),
                waived=_waived(waived, debtor_id, invoice_id),
            )
        )
    return found


def _kinds(names: Iterable[str]) -> frozenset[EvidenceKind]:
    """Kinds that the checklist knows; what else was attached proves something else."""
    return frozenset(EvidenceKind(name) for name in names if name in set(EvidenceKind))


def _creditor_mentions(creditor: Any) -> tuple[str, ...]:
    """Mandatory mentions that cannot be on our invoices because we do not know them ourselves (C. com. L441-9, R123-237)."""
    wanted = {
        "seller_siren": creditor.siren,
        "seller_vat_number": creditor.vat_number,
        "seller_address": creditor.address,
    }
    return tuple(name for name, value in wanted.items() if not value)


def _mentions(papers: list[Any], marks: dict[str, list[Any]], lacking: tuple[str, ...], debtor: Any) -> tuple[str, ...]:
    """Mentions that a person found missing on the invoice, and those that the ledger shows could not be there."""
    noted = [m.detail for d in papers if d.kind == "invoice" for m in marks[d.id] if m.mark == "mention_missing"]
    address = () if debtor.address else ("buyer_address",)
    return tuple(dict.fromkeys((*noted, *lacking, *address)))


def _waived(
    waived: dict[tuple[str, str | None], dict[str, str]], debtor_id: str, invoice_id: str
) -> dict[Requirement, str]:
    both = waived.get((debtor_id, None), {}) | waived.get((debtor_id, invoice_id), {})
    return {Requirement(name): reason for name, reason in both.items()}


Waiting = dict[str, tuple[str, date, int, str]]  # item -> step that waits, its day, open cents, currency


def missing_papers(house: House, *, on: date, debtor: str = "") -> list[MissingPaper]:
    """What lacks for the steps that demand papers and are due within three weeks, and for cases; overdue first."""
    creditor_id, known_to = house.creditor(), house.ledger.known_to()
    wanted: Waiting = {}
    for part in ranges(house, creditor_id, known_to):
        for _, decision in decided(house, creditor_id, part, on=on, known_to=known_to):
            for d in decision.items:
                if waits := _waits(house, d.step, d.stage, d.next_on, on):
                    wanted[d.item_id] = (*waits, d.open_cents, d.currency)
    return _missing(house, wanted, AsOf(on, known_to), debtor)


def missing_of_run(house: House, rows: Iterable[Any], as_of: AsOf) -> list[MissingPaper]:
    """The same from the kept decisions of a run: rows with item, step, stage, next_on (ISO or None), open_cents, currency."""
    wanted: Waiting = {}
    for d in rows:
        step, day = (str(d.step) if isinstance(d.step, str) else None), d.next_on
        next_on = date.fromisoformat(day) if isinstance(day, str) and day else None
        if waits := _waits(house, step, str(d.stage), next_on, as_of.on):
            wanted[str(d.item)] = (*waits, int(d.open_cents), str(d.currency))
    return _missing(house, wanted, as_of, "")


def _waits(house: House, code: str | None, stage: str, next_on: date | None, on: date) -> tuple[str, date] | None:
    """The step that waits for papers, or `case`, and its day; None when nothing of an item demands any soon."""
    if stage == Stage.HANDED_OVER:
        return "case", on
    day = next_on or on
    demanding = code is not None and any(step.stage in DEMANDING for step in _steps(house, code))
    return (code, day) if code is not None and demanding and day <= on + AHEAD else None


def _missing(house: House, wanted: Waiting, as_of: AsOf, only: str) -> list[MissingPaper]:
    with house.ledger.reading() as connection:
        details = item_details(connection, sorted(wanted), as_of)
        invoices = sorted({(d.invoice_id, d.number, d.debtor_id) for d in details.values()})
        lists = checklists_of(house, connection, invoices, as_of)
        codes = {i: row.code for i, row in debtor_rows(connection, sorted({d for _, _, d in invoices}), as_of).items()}
    found = [
        MissingPaper(
            codes[d.debtor_id], d.number, line.requirement.value, BRINGERS[line.requirement].value, wanted[item][0],
            wanted[item][1], wanted[item][1] < as_of.on, *wanted[item][2:],
        )
        for item, d in details.items()
        if not only or codes[d.debtor_id] == only
        for line in lists[d.invoice_id].lines
        if line.standing is Standing.MISSING and line.requirement.value in _demanded(house, wanted[item][0])
    ]  # fmt: skip
    return sorted(set(found), key=lambda m: (not m.overdue, -m.open_cents, m.invoice, m.requirement))


def _steps(house: House, code: str) -> list[Step]:
    """The steps of that code in every policy of the house: a debtor's own policy may demand more than the firm's."""
    policies = (house.policy, *house.policies.by_name.values())
    return [step for policy in policies for step in policy.steps if code in {step.code, "case"}]


def _demanded(house: House, code: str) -> frozenset[str]:
    """What policies demand for a step; for a case, all that they demand anywhere."""
    return frozenset(name for step in _steps(house, code) for name in step.documents)


def waive_evidence(
    house: House, subject: str, requirement: str, *, reason: str, on: date, operator: str, withdraw: bool = False
) -> Done:
    """Go without a line of the checklist for an invoice or for all of a debtor's; journalled with the reason, never silent."""
    if requirement not in set(Requirement):
        return Done(refused="unknown_requirement")
    if not reason.strip():
        return Done(refused="reason_missing")

    def write(act: Act) -> str:
        items = find_items(act.connection, house.creditor(), subject)
        debtor_id = items[0].debtor_id if items else find_debtor(act.connection, house.creditor(), subject)
        refuse_when(debtor_id is None, "unknown_debtor_or_invoice")
        invoice_id = items[0].invoice_id if items else None
        standing = waivers(act.connection, [str(debtor_id)], AsOf(on, act.id)).get((str(debtor_id), invoice_id), {})
        refuse_when(withdraw and requirement not in standing, "nothing_to_end")
        return waive(act, str(debtor_id), invoice_id, requirement, reason=reason, on=on, withdrawn=withdraw)

    return perform(house, "waive_evidence", operator, write)


def note_on_document(house: House, document_id: str, mark: str, *, detail: str, on: date, operator: str) -> Done:
    """Say that the debtor signed or accepted a document (`signed`), or which mention lacks on it (`mention_missing`)."""
    if mark not in {"signed", "mention_missing"}:
        return Done(refused="unknown_mark")
    if mark == "mention_missing" and not detail:
        return Done(refused="detail_missing")

    def write(act: Act) -> str:
        made = mark_document(act, document_id, mark, detail=detail, on=on)
        refuse_when(not made, "unknown_document")
        return made

    return perform(house, "mark_document", operator, write)
