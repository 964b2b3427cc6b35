"""The proposal to hand a case off: sums apart, age, cause, what stands against it, papers, limits, and the possible routes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from recouvrement.day.case_amounts import CaseClaim, claim_of_case
from recouvrement.day.completeness import checklists_of
from recouvrement.day.house import House
from recouvrement.day.limitation import NATURES
from recouvrement.day.route_facts import route_facts
from recouvrement.domain.case_clocks import Clock, clocks
from recouvrement.domain.case_states import CaseState
from recouvrement.domain.causes import Cause
from recouvrement.domain.completeness import Checklist, score_of_case
from recouvrement.domain.facts import Fact
from recouvrement.domain.limitation import ClaimNature, LimitationFacts, LimitationSheet, limitation_sheet
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.routes import RouteOption, RouteOptions, other_routes, route_options
from recouvrement.domain.time_limits import TimeLimit, time_limit
from recouvrement.dossier.types import Amounts
from recouvrement.ledger.as_of import AsOf
from recouvrement.ledger.calls import calls_noted
from recouvrement.ledger.case_moves import case_events, facts_of_case, moves_of, route_of, state_of
from recouvrement.ledger.choosing import read_causes
from recouvrement.ledger.facts import facts_of, open_facts
from recouvrement.ledger.papers import checked_lately
from recouvrement.ledger.parties import creditor_row, debtor_rows
from recouvrement.policy.law_courts import court_of, load_courts

AT_ANY_TIME = 36_500  # days: for a hand-off no cause is too old to be told
SAID = frozenset({"promised", "paid_already", "disputed", "asks_document", "cash_trouble", "refuses"})
TITLED = frozenset({CaseState.ENFORCEABLE, CaseState.ENFORCEMENT})
CONTESTS = frozenset({"disputed", *(cause.value for cause in Cause if cause.is_a_dispute)})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person looks at before choosing a route; days are dates, the score is per mille, amounts minor units."""

    case: Any
    state: str
    route: str
    debtor: Any
    kind: DebtorKind
    claim: CaseClaim
    checklists: tuple[Checklist, ...]
    cause: str
    contested: bool
    insolvency: Any
    declaration_on: date | None
    limitation: LimitationSheet | None
    insurer_on: date | None
    court: str
    answers: Mapping[str, str]
    facts: Mapping[str, Fact | None]
    options: RouteOptions
    others: tuple[RouteOption, ...]
    clocks: tuple[Clock, ...]

    @property
    def amounts(self) -> Amounts:
        """The sums, each part apart."""
        return self.claim.amounts

    @property
    def score(self) -> int:
        """The evidence of the weakest invoice, per mille."""
        return score_of_case(self.checklists)

    @property
    def oldest_due(self) -> date:
        """The first due day of what is still owed."""
        dues = [item.due_on for item in self.claim.items if item.principal > 0]
        return min(dues or [item.due_on for item in self.claim.items])


def propose(house: House, connection: Connection, case: Any, as_of: AsOf) -> Proposal:
    """The proposal of one case, as known then; nothing is guessed: an unknown fact leaves its condition unknown."""
    debtor = debtor_rows(connection, [case.debtor_id], as_of)[case.debtor_id]
    creditor = creditor_row(connection, case.creditor_id, as_of)
    kind = DebtorKind(debtor.kind)
    claim = claim_of_case(house, connection, case, kind, as_of)
    invoices = sorted({(d.invoice_id, d.number, d.debtor_id) for d in claim.details.values()})
    lists = tuple(checklists_of(house, connection, invoices, as_of).values())
    answers = facts_of_case(connection, case.id, as_of)
    limitation = _limitation(house, claim, kind)
    disputes = [d for d in open_facts(connection, "dispute", case.debtor_id, as_of) if d.open_item_id in claim.details]
    cause = _cause(connection, case.debtor_id, disputes, as_of)
    contested = bool(disputes) or cause in CONTESTS
    insolvency = next(iter(reversed(open_facts(connection, "insolvency", case.debtor_id, as_of))), None)
    events = case_events(connection, as_of, case.id)[case.id]
    facts = route_facts(
        creditor=creditor, debtor=debtor, amounts=claim.amounts, answers=answers, contested=contested,
        evidence_complete=not any(one.missing for one in lists), limitation=limitation, on=as_of.on,
        insolvency_open=True if insolvency else (False if checked_lately(connection, case.debtor_id, as_of) else None),
        title=state_of(events) in TITLED or bool(open_facts(connection, "title", case.debtor_id, as_of)),
        worth=claim.amounts.principal >= _cost_threshold(house),
    )  # fmt: skip
    bodacc = insolvency.published_on if insolvency else None
    options = route_options(facts, house.law.routes, as_of.on)
    return Proposal(
        case=case,
        state=state_of(events).value,
        route=route_of(events),
        debtor=debtor,
        kind=kind,
        claim=claim,
        checklists=lists,
        cause=cause,
        contested=contested,
        insolvency=insolvency,
        declaration_on=_declaration(house, bodacc),
        limitation=limitation,
        insurer_on=_insurer_day(house, claim),
        court=answers.get("court")
        or court_of(debtor.registry or "", kind, load_courts(house.settings.data / "law"), as_of.on),
        answers=answers,
        facts=facts,
        options=options,
        others=other_routes(facts, house.law.routes, as_of.on, options),
        clocks=tuple(clocks(route_of(events), moves_of(events), house.law.time_limits, bodacc_on=bodacc)),
    )


def _limitation(house: House, claim: CaseClaim, kind: DebtorKind) -> LimitationSheet | None:
    """The limitation of the item that is barred first, from completion, invoice and due day (C. civ. 2224, C. com. L110-4)."""
    nature = NATURES.get(kind, ClaimNature.COMMERCIAL)
    sheets = [
        limitation_sheet(
            LimitationFacts(nature, completed=d.delivery_on, invoiced=d.issue_on, due=d.due_on), house.law.limitation
        )
        for d in claim.details.values()
    ]
    known = [sheet for sheet in sheets if isinstance(sheet, LimitationSheet)]
    return min(known, key=lambda sheet: sheet.prudent_end, default=None)


def _cause(connection: Connection, debtor_id: str, disputes: list[Any], as_of: AsOf) -> str:
    """Why it is not paid, as last heard: the dispute's category, else the cause told, else what the newest call came to."""
    if disputes:
        return str(disputes[-1].category)
    told = read_causes(connection, debtor_id, debtor_id, AT_ANY_TIME, as_of).get(debtor_id, Cause.UNKNOWN.value)
    if told != Cause.UNKNOWN:
        return told
    settled = max((d.effective_on for d in facts_of(connection, "dispute", debtor_id, as_of)), default=date.min)
    calls = sorted(calls_noted(connection, debtor_id, as_of).values(), key=lambda call: call.effective_on)
    said = [call.outcome for call in calls if call.outcome in SAID and call.effective_on > settled]
    return str(said[-1]) if said else ""


def _declaration(house: House, bodacc: date | None) -> date | None:
    """The last day to declare the claim, two months from BODACC (C. com. L622-24, R622-24)."""
    found = time_limit(house.law.time_limits, "declaration_of_claim", bodacc) if bodacc else None
    return found.keep if isinstance(found, TimeLimit) else None


def _insurer_day(house: House, claim: CaseClaim) -> date | None:
    """The day by which the insurance policy wants the oldest unpaid item declared, when a policy is set."""
    days = house.settings.insurer_days_to_declare
    dues = [item.due_on for item in claim.items if item.principal > 0]
    return min(dues) + timedelta(days=days) if days and dues else None


def _cost_threshold(house: House) -> int:
    """Under this principal the routes of a court are not worth their costs: the minimum of the policy's hand-off."""
    return max((step.minimum_cents for step in house.policy.steps if step.stage == "hand_off"), default=0)
