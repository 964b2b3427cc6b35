"""One `Ntry` of a CAMT message into a bank line, with the transactions that it groups."""

from dataclasses import dataclass
from datetime import date

from recouvrement.intake import identifiers, values
from recouvrement.intake.bank_rows import Ranks
from recouvrement.intake.reasons import Reason
from recouvrement.intake.records import BankDetail, BankLineRecord
from recouvrement.intake.refusals import FileRefusedError
from recouvrement.intake.safe_xml import Element, all_at, text_at

SIGNS = {"CRDT": 1, "DBIT": -1}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its account, currency, ordinal in the statement, and the day of the message."""

    account: str
    currency: str
    ordinal: int
    made_on: str = ""


def line(entry: Element, place: Place, ranks: Ranks) -> BankLineRecord:
    """The bank line of a booked entry; FileRefusedError when its amount, sign or day cannot be read."""
    account, ordinal = place.account, place.ordinal
    cents = signed_amount(entry, ordinal)
    booking_on = _day(entry, ordinal, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    if booking_on is None and place.made_on:
        booking_on = _stated_day(place.made_on, ordinal)
    if booking_on is None:
        raise FileRefusedError(Reason.MISSING_VALUE, "an entry has no booking day", line=ordinal, element="Ntry")
    reversal = text_at(entry, "RvslInd") in {"true", "1"}
    transactions = all_at(entry, "NtryDtls/TxDtls")
    details = tuple(_detail(one, cents, reversal, len(transactions)) for one in transactions)
    single = details[0] if len(details) == 1 else BankDetail(cents)
    amount = entry.find("{*}Amt")
    return BankLineRecord(
        account=account,
        booking_on=booking_on,
        value_on=_day(entry, ordinal, "ValDt/Dt", "ValDt/DtTm"),
        amount_cents=cents,
        currency=(amount.get("Ccy") if amount is not None else None) or place.currency,
        label=_label(entry, transactions),
        remittance=single.remittance,
        counterparty_name=single.counterparty_name,
        counterparty_iban=single.counterparty_iban,
        end_to_end_id=single.end_to_end_id,
        structured_reference=single.structured_reference,
        bank_reference=text_at(entry, "AcctSvcrRef", "NtryRef") or _service_reference(transactions),
        transaction_code=_code(entry),
        reversal=reversal or bool(single.return_reason),
        return_reason=single.return_reason,
        details=details if len(details) > 1 else (),
        rank=ranks.next(account, booking_on, cents),
        line=ordinal,
    )


def signed_amount(entry: Element, ordinal: int) -> int:
    """Hundredths, negative for DBIT; FileRefusedError when amount or mark cannot be read."""
    mark = text_at(entry, "CdtDbtInd")
    try:
        return SIGNS[mark] * values.amount(text_at(entry, "Amt"), ".")
    except (KeyError, ValueError):
        message = "an entry has no readable amount or credit/debit mark"
        raise FileRefusedError(Reason.INVALID_AMOUNT, message, line=ordinal, element="Ntry") from None


def _day(entry: Element, ordinal: int, *paths: str) -> date | None:
    text = text_at(entry, *paths)
    return _stated_day(text, ordinal) if text else None


def _stated_day(text: str, ordinal: int) -> date:
    try:
        return values.day(text[:10])
    except ValueError:
        raise FileRefusedError(
            Reason.INVALID_DATE, "an entry has an impossible day", line=ordinal, element="Ntry"
        ) from None


def _detail(one: Element, entry_cents: int, reversal: bool, count: int) -> BankDetail:  # noqa: FBT001
    side = "Dbtr" if (entry_cents > 0) != reversal else "Cdtr"
    remittance = " ".join(text.strip() for el in all_at(one, "RmtInf/Ustrd") if (text := el.text) and text.strip())
    iban = text_at(one, f"RltdPties/{side}Acct/Id/IBAN")
    structured = text_at(one, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef")
    return BankDetail(
        amount_cents=entry_cents if count == 1 else _part(one, entry_cents),
        remittance=remittance,
        counterparty_name=_party(one, side),
        counterparty_iban=(identifiers.iban(iban) or "") if iban else "",
        end_to_end_id=text_at(one, "Refs/EndToEndId"),
        structured_reference=structured,
        mandate_id=text_at(one, "Refs/MndtId"),
        return_reason=text_at(one, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd"),
        documents=tuple(el.text.strip() for el in all_at(one, "RmtInf/Strd/RfrdDocInf/Nb") if el.text),
    )


def _party(one: Element, side: str) -> str:
    names = (f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
    ultimate = (f"RltdPties/Ultmt{side}/Nm", f"RltdPties/Ultmt{side}/Pty/Nm")
    return text_at(one, *names, *ultimate)


def _part(one: Element, entry_cents: int) -> int:
    text = text_at(one, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    mark = text_at(one, "CdtDbtInd")
    try:
        cents = abs(values.amount(text, ".")) if text else 0
    except ValueError:
        return 0
    return SIGNS[mark] * cents if mark in SIGNS else (cents if entry_cents > 0 else -cents)


def _label(entry: Element, transactions: list[Element]) -> str:
    label = text_at(entry, "AddtlNtryInf")
    if not label and len(transactions) == 1:
        label = text_at(transactions[0], "AddtlTxInf")
    return label


def _service_reference(transactions: list[Element]) -> str:
    return text_at(transactions[0], "Refs/AcctSvcrRef") if len(transactions) == 1 else ""


def _code(entry: Element) -> str:
    parts = [text_at(entry, f"BkTxCd/Domn/{steps}") for steps in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "-".join(filter(None, parts)) or text_at(entry, "BkTxCd/Prtry/Cd")
