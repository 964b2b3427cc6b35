"""The time limits that the moves of a case make run: named limits of law, from the day of the move that starts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recouvrement.domain.case_states import OUT, OVER, CaseState
from recouvrement.domain.time_limits import LimitRule, Side, TimeLimit, time_limit

S = CaseState

ORDERS = frozenset({"injonction_de_payer_tc", "injonction_de_payer_tj"})
SMALL_CLAIMS = frozenset({"l125_1", "l125_1_until_2026"})

# (routes, state whose day starts them, limits)
STARTS: tuple[tuple[frozenset[str], CaseState, tuple[str, ...]], ...] = (
    (ORDERS, S.SENT, ("ip_court_fee",)),
    (ORDERS, S.ORDER_OBTAINED, ("ip_service",)),
    (ORDERS, S.SERVED, ("ip_opposition", "ip_no_opposition_notice")),
    (ORDERS, S.OPPOSED, ("ip_opposition_costs", "ip_lawyer")),
    (SMALL_CLAIMS, S.SENT, ("l125_reply",)),
    (frozenset({"l126_1"}), S.SERVED, ("l126_reply",)),
    (frozenset({"l126_1"}), S.ENFORCEABLE, ("l126_service",)),
    (frozenset({"european_order_for_payment"}), S.SERVED, ("european_opposition",)),
    (frozenset({"mandatement_d_office"}), S.ACKNOWLEDGED, ("public_mandate",)),
    (frozenset({"refere_provision_ta"}), S.ENFORCEABLE, ("public_judgment_payment",)),
)
COMMERCIAL_ONLY = frozenset({"ip_court_fee", "ip_opposition_costs"})
CIVIL_ONLY = frozenset({"ip_lawyer"})


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit that runs: its key and article, the day it started, the day to keep in the diary, and who is bound."""

    key: str
    article: str
    started_on: date
    keep_on: date
    must_act: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a case: the state reached and the day it took effect."""

    state: CaseState
    on: date


def clocks(
    route: str, moves: Sequence[Moved], law: Sequence[LimitRule], *, bodacc_on: date | None = None
) -> list[Clock]:
    """The limits that run for a case on its route, soonest first; none when the case is over.

    A limit runs from the day of the move that starts it until another move follows. From the publication in BODACC the
    declaration of the claim runs whatever the route (C. com. L622-24, R622-24), and the claim of goods under retention
    of title on its own (L624-9), each until the case was sent by that route.
    """
    if not moves or moves[-1].state in OVER:
        return []
    last = moves[-1]
    keys = [key for routes, state, keys in STARTS if state is last.state and route in routes for key in keys]
    found = [_clock(law, key, last.on) for key in keys if _concerns(key, route)]
    if bodacc_on is not None:
        found += [_clock(law, key, bodacc_on) for key in _from_bodacc(route, last.state)]
    return sorted((one for one in found if one is not None), key=lambda clock: (clock.keep_on, clock.key))


def _from_bodacc(route: str, state: CaseState) -> list[str]:
    declared, claimed = (route == by and state in OUT for by in ("declare_claim", "retention_of_title"))
    wants_goods = route == "retention_of_title" and not claimed
    return [*([] if declared else ["declaration_of_claim"]), *(["retention_of_title"] if wants_goods else [])]


def _concerns(key: str, route: str) -> bool:
    """Fees are consigned before the commercial court only (CPC 1425), a lawyer named before the civil one (CPC 1418)."""
    if key in COMMERCIAL_ONLY:
        return route == "injonction_de_payer_tc"
    return key not in CIVIL_ONLY or route == "injonction_de_payer_tj"


def _clock(law: Sequence[LimitRule], key: str, start: date) -> Clock | None:
    """The limit computed, or None when no version of it was in force on the day it would start."""
    found = time_limit(law, key, start)
    if not isinstance(found, TimeLimit):
        return None
    rule = found.rule
    return Clock(key, rule.length.provenance.article, start, found.keep, rule.side is Side.MUST_ACT)
