"""What people do in the demo, by the same doors as in the house: the call sheet, the posting slip, acts, approvals."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from recouvrement.channels.call_list import COLUMNS as CALL_COLUMNS
from recouvrement.channels.deposit_slip import read_slip
from recouvrement.channels.post import COLUMNS as SLIP_COLUMNS
from recouvrement.channels.post import SLIP, Batch, read_batch
from recouvrement.channels.sheets import written
from recouvrement.day.acts import attach_document, end_fact, record_dispute, record_postal_proof, record_promise
from recouvrement.day.calls import take_call_list
from recouvrement.day.house import House
from recouvrement.demo.home import SAMPLE
from recouvrement.demo.story import Acknowledgement, Approvals, Call, Dispute, HumanAct, Posted, Settled
from recouvrement.domain.completeness import EvidenceKind
from recouvrement.domain.money import printed
from recouvrement.ledger import approvals

CLERK, MANAGER = "owner", "owner"


class StoryFault(Exception):
    """The house refused what the story says a person did: the demo stops there and says so."""


def act_all(house: House, on: date, acts: Iterable[HumanAct], call_sheet: Path | None) -> list[str]:
    """Do everything that people do on a day; return a French sentence for each."""
    told = []
    calls = [act for act in acts if isinstance(act, Call)]
    if calls:
        told += _calls(house, on, calls, call_sheet)
    for act in acts:
        match act:
            case Dispute():
                _done(
                    record_dispute(
                        house, act.invoice, category=act.category, wait_until=act.wait_until, on=on, operator=CLERK
                    ).refused
                )
                told.append(
                    f"{act.invoice} est contestée (qualité) ; à revoir au plus tard le {act.wait_until:%d/%m/%Y}."
                )
            case Settled():
                told.append(_settled(house, on, act))
            case Approvals():
                told += _approvals(house, on)
            case Posted():
                told.append(_posted(house, on, act))
            case Acknowledgement():
                told.append(_acknowledged(house, on, act))
            case Call():
                pass
    return told


def _done(refused: str | None) -> None:
    if refused:
        raise StoryFault(refused)


def _calls(house: House, on: date, calls: list[Call], sheet: Path | None) -> list[str]:
    """Fill the call sheet as a clerk would, and take it in."""
    if sheet is None:
        raise StoryFault("no call list on a day of calls")
    rows = _rows(sheet)
    answers = {call.debtor: call for call in calls}
    told = []
    for row in rows:
        call = answers.pop(row["debiteur"].split(" ", 1)[0], None)
        if call is None:
            continue
        promise = f"{call.promised_for:%d/%m/%Y}" if call.promised_for else ""
        row |= {
            "resultat": call.outcome.value,
            "date_appel": f"{on:%d/%m/%Y}",
            "date_promise": promise,
            "operateur": CLERK,
        }
        told.append(
            f"Appel à {row['debiteur'].split(' ', 1)[1]} : {call.outcome.value}{f' pour le {promise}' if promise else ''}."
        )
    sheet.write_bytes(written(CALL_COLUMNS, [[row[c] for c in CALL_COLUMNS] for row in rows]))
    back = take_call_list(house, sheet, listed=on, on=on)
    if back.refused or answers:
        raise StoryFault(f"calls refused: {back.refused}, not on the list: {sorted(answers)}")
    return told


def _rows(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig")), delimiter=";"))


def _settled(house: House, on: date, act: Settled) -> str:
    _done(
        end_fact(house, "dispute", act.invoice, event="settled", reason="credit_note", on=on, operator=MANAGER).refused
    )
    _done(record_promise(house, act.invoice, cents=act.cents, due_on=act.promised_for, on=on, operator=MANAGER).refused)
    return f"{act.invoice} : contestation réglée par un avoir ; {printed(act.cents)} promis pour le {act.promised_for:%d/%m/%Y}."


def _approvals(house: House, on: date) -> list[str]:
    told = []
    with house.ledger.act("approve", MANAGER) as act:
        for row in approvals.waiting(act.connection):
            _done(approvals.approve(act, row.id, on=on, days=house.policy.approval_days))
            told.append("Mise en demeure relue et approuvée : ces octets-là, ces montants-là, et rien d'autre.")
    if not told:
        raise StoryFault("no formal notice waits for approval")
    return told


def _posted(house: House, on: date, act: Posted) -> str:
    """Fill the posting slip of the batch that holds the debtor's letter, take it in, record what it proves."""
    for slip in sorted((house.settings.home / "out" / "post").glob(f"*/{SLIP}")):
        batch = read_batch(slip.parent)
        if any(entry.registered for entry in batch.entries):
            return _slip(house, on, act, slip, batch)
    raise StoryFault("no batch of registered letters")


def _slip(house: House, on: date, act: Posted, slip: Path, batch: Batch) -> str:
    rows = _rows(slip)
    filled = {
        "numero_recommande": act.number, "date_depot": f"{act.deposited_on:%d/%m/%Y}", "resultat": act.outcome,
        "date_resultat": f"{act.outcome_on:%d/%m/%Y}",
    }  # fmt: skip
    slip.write_bytes(written(SLIP_COLUMNS, [[(row | filled)[c] for c in SLIP_COLUMNS] for row in rows]))
    back = read_slip(slip.read_bytes(), batch, {}, on)
    if back.refused or not back.taken:
        raise StoryFault(f"posting slip refused: {back.refused}")
    for one in back.taken:
        _done(
            record_postal_proof(
                house, one.key, kind="deposited", on=one.deposited_on, operator=CLERK, registered_number=one.number
            ).refused
        )
        if one.outcome and one.outcome_on:
            _done(
                record_postal_proof(house, one.key, kind=one.outcome.value, on=one.outcome_on, operator=CLERK).refused
            )
    return (
        f"Bordereau de dépôt rempli et relu : recommandé n° {act.number} déposé le {act.deposited_on:%d/%m/%Y}, "
        f"{act.outcome} le {act.outcome_on:%d/%m/%Y}."
    )


def _acknowledged(house: House, on: date, act: Acknowledgement) -> str:
    paper = SAMPLE / on.isoformat() / "papiers" / act.paper
    kind = EvidenceKind.DELIVERY_PROOF.value
    _done(
        attach_document(
            house, act.debtor, paper, kind=kind, title="Avis de réception signé", on=on, operator=CLERK
        ).refused
    )
    return "L'avis de réception signé est versé au dossier."
