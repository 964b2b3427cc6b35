"""One `Ntry` of a CAMT message into a bank line, with the transactions that it groups."""

from dataclasses import dataclass
from datetime import date

from recouvrement.domain.records import BankDetail, BankLineRecord
from recouvrement.intake import identifiers, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.safe_xml import Element

SIGNS = {"CRDT": 1, "DBIT": -1}
Leaves = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its account, currency, ordinal in the statement, and the day of the message."""

    account: str
    currency: str
    ordinal: int
    made_on: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry taken apart once: texts by path on local names, and those of each transaction."""

    leaves: Leaves
    transactions: list[Leaves]
    currency: str


def taken_apart(entry: Element) -> Entry:
    """Walk the entry once; looking paths up one by one would cost four times as much."""
    leaves: Leaves = {}
    transactions: list[Leaves] = []
    _walk(entry, "", leaves, transactions)
    amount = entry.find("{*}Amt")
    return Entry(leaves, transactions, (amount.get("Ccy") or "") if amount is not None else "")


def _walk(element: Element, prefix: str, leaves: Leaves, transactions: list[Leaves]) -> None:
    for child in element:
        name = prefix + child.tag.rpartition("}")[2]
        if name == "NtryDtls/TxDtls":
            one: Leaves = {}
            _walk(child, "", one, transactions)
            transactions.append(one)
        elif len(child):
            _walk(child, name + "/", leaves, transactions)
        elif (text := child.text) and (text := text.strip()):
            leaves.setdefault(name, []).append(text)


def first(leaves: Leaves, *paths: str) -> str:
    """The first text at the first of these paths that has one, or ''."""
    for path in paths:
        if path in leaves:
            return leaves[path][0]
    return ""


def line(entry: Entry, place: Place, ranks: Ranks) -> BankLineRecord:
    """The bank line of a booked entry; FileRefusedError when its amount, sign or day cannot be read."""
    leaves, account, ordinal = entry.leaves, place.account, place.ordinal
    cents = signed_amount(leaves, ordinal)
    booking_on = _booking_day(leaves, place)
    reversal = first(leaves, "RvslInd") in {"true", "1"}
    details = tuple(_detail(one, cents, len(entry.transactions), reversal=reversal) for one in entry.transactions)
    single = details[0] if len(details) == 1 else BankDetail(cents)
    return BankLineRecord(
        account=account,
        booking_on=booking_on,
        value_on=_day(leaves, ordinal, "ValDt/Dt", "ValDt/DtTm"),
        amount_cents=cents,
        currency=_currency(entry, place),
        label=_label(entry),
        remittance=single.remittance,
        counterparty_name=single.counterparty_name,
        counterparty_iban=single.counterparty_iban,
        end_to_end_id=single.end_to_end_id,
        structured_reference=single.structured_reference,
        bank_reference=first(leaves, "AcctSvcrRef", "NtryRef") or _service_reference(entry),
        transaction_code=_code(leaves),
        reversal=reversal or bool(single.return_reason),
        return_reason=single.return_reason,
        details=details if len(details) > 1 else (),
        rank=ranks.next(account, booking_on, cents),
        line=ordinal,
    )


def _currency(entry: Entry, place: Place) -> str:
    if entry.currency and entry.currency != place.currency:
        message = "an entry is in another currency than its account"
        raise FileRefusedError(Reason.INVALID_CURRENCY, message, line=place.ordinal, element="Ntry")
    return place.currency


def signed_amount(leaves: Leaves, ordinal: int) -> int:
    """Hundredths, negative for DBIT; FileRefusedError when amount or mark cannot be read."""
    try:
        return SIGNS[first(leaves, "CdtDbtInd")] * values.amount(first(leaves, "Amt"), ".")
    except (KeyError, ValueError):
        message = "an entry has no readable amount or credit/debit mark"
        raise FileRefusedError(Reason.INVALID_AMOUNT, message, line=ordinal, element="Ntry") from None


def _booking_day(leaves: Leaves, place: Place) -> date:
    found = _day(leaves, place.ordinal, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    if found is None and place.made_on:
        found = _stated_day(place.made_on, place.ordinal)
    if found is None:
        message = "an entry has no booking day"
        raise FileRefusedError(Reason.MISSING_VALUE, message, line=place.ordinal, element="Ntry")
    return found


def _day(leaves: Leaves, ordinal: int, *paths: str) -> date | None:
    text = first(leaves, *paths)
    return _stated_day(text, ordinal) if text else None


def _stated_day(text: str, ordinal: int) -> date:
    try:
        return values.day(text[:10])
    except ValueError:
        message = "an entry has an impossible day"
        raise FileRefusedError(Reason.INVALID_DATE, message, line=ordinal, element="Ntry") from None


def _detail(one: Leaves, entry_cents: int, count: int, *, reversal: bool) -> BankDetail:
    side = "Dbtr" if (entry_cents > 0) != reversal else "Cdtr"
    iban = first(one, f"RltdPties/{side}Acct/Id/IBAN")
    return BankDetail(
        amount_cents=entry_cents if count == 1 else _part(one, entry_cents),
        remittance=" ".join(one.get("RmtInf/Ustrd", ())),
        counterparty_name=_party(one, side),
        counterparty_iban=(identifiers.iban(iban) or "") if iban else "",
        end_to_end_id=first(one, "Refs/EndToEndId"),
        structured_reference=first(one, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef"),
        mandate_id=first(one, "Refs/MndtId"),
        return_reason=first(one, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd"),
        documents=tuple(one.get("RmtInf/Strd/RfrdDocInf/Nb", ())),
    )


def _party(one: Leaves, side: str) -> str:
    named = (f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    ultimate = (f"RltdPties/Ultmt{side}/Nm", f"RltdPties/Ultmt{side}/Pty/Nm")
    return first(one, *named, *ultimate)


def _part(one: Leaves, entry_cents: int) -> int:
    text = first(one, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    mark = first(one, "CdtDbtInd")
    try:
        cents = abs(values.amount(text, ".")) if text else 0
    except ValueError:
        return 0
    return SIGNS[mark] * cents if mark in SIGNS else (cents if entry_cents > 0 else -cents)


def _label(entry: Entry) -> str:
    label = " ".join(entry.leaves.get("AddtlNtryInf", ()))
    if not label and len(entry.transactions) == 1:
        label = first(entry.transactions[0], "AddtlTxInf")
    return label


def _service_reference(entry: Entry) -> str:
    return first(entry.transactions[0], "Refs/AcctSvcrRef") if len(entry.transactions) == 1 else ""


def _code(leaves: Leaves) -> str:
    parts = [first(leaves, f"BkTxCd/Domn/{steps}") for steps in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "-".join(filter(None, parts)) or first(leaves, "BkTxCd/Prtry/Cd")
