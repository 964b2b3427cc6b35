"""What is known of a case, by the names that `data/law/routes.toml` uses; None is what nobody recorded."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from recouvrement.domain.case_answers import YES_OR_NO
from recouvrement.domain.facts import Fact
from recouvrement.domain.limitation import LimitationSheet
from recouvrement.domain.months import add_months
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.routes import facts_of_kind
from recouvrement.domain.states import location
from recouvrement.dossier.types import Amounts

# commercial by their form, whatever they do (C. com. L210-1)
COMMERCIAL_FORMS = frozenset({"SARL", "EURL", "SAS", "SASU", "SA", "SNC", "SCA", "SCS"})


def route_facts(
    *,
    creditor: Any,
    debtor: Any,
    amounts: Amounts,
    answers: Mapping[str, str],
    contested: bool,
    evidence_complete: bool,
    limitation: LimitationSheet | None,
    on: date,
    insolvency_open: bool | None,
    title: bool,
    worth: bool,
) -> dict[str, Fact | None]:
    """The facts of one case: those of the ledger, and what a person answered, which wins over what a form suggests."""
    kind = DebtorKind(debtor.kind)
    known: dict[str, Fact | None] = {
        **facts_of_kind(kind),
        "amount_cents": amounts.principal + amounts.penalties + amounts.interest,
        "claim_is_invoiced": True,
        "contested": contested,
        "creditor_is_trader": is_trader(creditor.legal_form, creditor.quality),
        "debtor_location": location(debtor.country),
        "enforceable_title": title,
        "evidence_complete": evidence_complete,
        "insolvency_open": insolvency_open,
        "limitation_months_left": None if limitation is None else months_left(limitation.prudent_end, on),
        "local_authority": None if kind is DebtorKind.PUBLIC else False,
        "worth_pursuing": worth,
    }
    said = is_trader(debtor.legal_form, debtor.quality)
    if known["debtor_is_trader"] is None and said is not None:
        known["debtor_is_trader"] = said
    return known | {fact: answers[fact] == "yes" for fact in YES_OR_NO & set(answers)}


def is_trader(legal_form: str | None, quality: str | None) -> bool | None:
    """Whether someone is a trader by form or recorded quality (C. com. L121-1, L210-1), or None when nothing says.

    >>> is_trader("SARL", None), is_trader("SCI", "non commerçant"), is_trader(None, None)
    (True, False, None)
    """
    said = (quality or "").strip().casefold()
    if said:
        return said.startswith("commer")
    return True if (legal_form or "").strip().upper().replace(".", "") in COMMERCIAL_FORMS else None


def months_left(end: date, on: date) -> int:
    """Whole months from a day until another; 0 once it has passed.

    >>> months_left(date(2027, 2, 28), date(2026, 11, 29)), months_left(date(2026, 1, 1), date(2026, 2, 1))
    (3, 0)
    """
    months = max((end.year - on.year) * 12 + end.month - on.month, 0)
    return max(months - (add_months(on, months) > end), 0)
