"""From when to when a claim bears interest, and at which rates."""

from dataclasses import dataclass
from datetime import date, timedelta

from recouvrement.domain.claim import Claim, FixedRate, PenaltyTerms, Title
from recouvrement.domain.months import add_months
from recouvrement.domain.parties import DebtorKind
from recouvrement.domain.penalty_law import PenaltyLaw
from recouvrement.domain.penalty_ledger import Caveat
from recouvrement.domain.rate_schedule import RateSource, Regime, Stretch, semesters_under_floor, stretches
from recouvrement.domain.rates import Semester


@dataclass(frozen=True, slots=True)
class InterestPlan:
    """The stretches of interest (ordinals), with what a reader must know about them."""

    stretches: list[Stretch]
    caveats: tuple[Caveat, ...]
    under_floor: tuple[Semester, ...] = ()


NO_INTEREST = InterestPlan([], ())


def interest_plan(claim: Claim, until: date, law: PenaltyLaw, terms: PenaltyTerms) -> InterestPlan:
    """The days and rates of interest of a claim up to `until` included.

    Interest stops the day before an opening judgment (C. com. L622-28: the day itself is not settled, so not counted).
    """
    first = _first_day(claim)
    if not terms.claim_penalties:
        return InterestPlan([], (Caveat.WAIVED,))
    if first is None:
        return InterestPlan([], (Caveat.CONSUMER_WITHOUT_NOTICE,))
    last = until
    caveats: tuple[Caveat, ...] = ()
    if claim.insolvency is not None and claim.insolvency <= until:
        last, caveats = claim.insolvency - timedelta(days=1), (Caveat.STOPPED_BY_INSOLVENCY,)
    if last < first:
        return InterestPlan([], caveats)
    if claim.title is not None:
        return _title_plan(claim.title, first, last, law, terms, caveats)
    source = _source(claim, first, terms)
    under, unknown = _floor(law, source, first, last)
    caveats += ((Caveat.CONTRACT_RATE_UNDER_FLOOR,) if under else ()) + ((Caveat.FLOOR_NOT_KNOWN,) if unknown else ())
    return InterestPlan(stretches(law, source, first.toordinal(), last.toordinal()), caveats, under)


def _first_day(claim: Claim) -> date | None:
    """The first day of interest, or None for a consumer who got no notice (C. civ. 1231-6, 1344-1)."""
    if claim.title is not None and claim.title.interest_from is not None:
        return claim.title.interest_from
    start = claim.due
    if claim.kind is DebtorKind.CONSUMER:
        asked = claim.notice_received or (claim.title.enforceable_on if claim.title else None)
        if asked is None:
            return None
        start = max(start, asked)
    return start + timedelta(days=1)


def _source(claim: Claim, first: date, terms: PenaltyTerms) -> RateSource:
    carried = terms.provisional_rates
    if claim.kind is DebtorKind.PUBLIC:
        # R2192-31: the rate of the semester in which interest began, for the whole delay.
        return RateSource(Regime.PUBLIC, frozen_at=Semester.of(first), provisional=carried)
    if claim.kind is DebtorKind.CONSUMER:
        return RateSource(Regime.CONSUMER, category=terms.category, provisional=carried)
    if terms.rate is None:
        return RateSource(Regime.PROFESSIONAL, provisional=carried)
    if isinstance(terms.rate, FixedRate):
        return RateSource(Regime.CONTRACT_FIXED, units=terms.rate.units, provisional=carried)
    return RateSource(Regime.CONTRACT_TIMES_LEGAL, hundredths=terms.rate.hundredths, provisional=carried)


def _floor(
    law: PenaltyLaw, source: RateSource, first: date, last: date
) -> tuple[tuple[Semester, ...], tuple[Semester, ...]]:
    if source.regime in {Regime.CONTRACT_FIXED, Regime.CONTRACT_TIMES_LEGAL}:
        return semesters_under_floor(law, source, first, last)
    return (), ()


def _title_plan(
    title: Title, first: date, last: date, law: PenaltyLaw, terms: PenaltyTerms, caveats: tuple[Caveat, ...]
) -> InterestPlan:
    """Interest of a title; the legal rate is raised two months after it became enforceable (CMF L313-3)."""
    caveats = (*caveats, Caveat.TITLE_REPLACES_PENALTIES)
    if title.rate is not None:
        fixed = RateSource(Regime.TITLE_FIXED, units=title.rate.units)
        return InterestPlan(stretches(law, fixed, first.toordinal(), last.toordinal()), caveats)
    plain_rate = RateSource(Regime.TITLE_LEGAL, category=terms.category, provisional=terms.provisional_rates)
    raised = RateSource(Regime.TITLE_LEGAL_RAISED, category=terms.category, provisional=terms.provisional_rates)
    rise = _first_raised_day(title, law).toordinal()
    before = stretches(law, plain_rate, first.toordinal(), min(last.toordinal(), rise - 1))
    after = stretches(law, raised, max(first.toordinal(), rise), last.toordinal())
    return InterestPlan(before + after, caveats)


def _first_raised_day(title: Title, law: PenaltyLaw) -> date:
    delay = law.in_force("title_surcharge_delay", title.enforceable_on)
    months = delay.value if delay is not None else 2
    return add_months(title.enforceable_on, months) + timedelta(days=1)
