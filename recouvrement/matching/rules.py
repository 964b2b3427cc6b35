"""The thresholds of matching: one frozen object that a policy file can set; defaults chosen by cross-validation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchingRules:
    """Limits and thresholds; cents for money, days for time, hundredths of a factor of ten for evidence."""

    automatic_score: int = 120
    margin_score: int = 150
    payer_score: int = 60
    reference_score: int = 150
    doubt_payer_score: int = 120
    doubt_reference_score: int = 120
    doubted_debtors: int = 5
    proposal_score: int = -300
    proposals_kept: int = 5
    rounding_cents: int = 50
    bank_fee_cents: int = 3000
    bank_fee_bp: int = 500
    overpayment_cents: int = 20000
    usual_discounts_bp: tuple[int, ...] = (50, 100, 150, 200, 250, 300)
    grants_usual_discounts: bool = False
    discount_days_from_issue: int = 60
    issue_tolerance_days: int = 0
    duplicate_days: int = 45
    reversal_days: int = 400
    return_fee_cents: int = 3000
    memory_days: int = 2000
    subset_items: int = 24
    name_candidates: int = 12
