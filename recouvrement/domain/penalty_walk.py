"""The running sums of one penalty ledger, in whole numbers over one common denominator."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from recouvrement.domain.claim import Part, Payment
from recouvrement.domain.penalty_ledger import Imputation, Rounding, Segment
from recouvrement.domain.rate_schedule import Stretch
from recouvrement.domain.rates import UNITS_PER_PERCENT, MissingRate, Semester


class PenaltyWalk:
    """Walks forward through days; `pending` is exact interest, in cents times `denominator`, not yet rounded.

    Whole numbers instead of fractions keep the sums exact and ten times faster.
    """

    __slots__ = (
        "_position",
        "capitalised",
        "denominator",
        "divisor",
        "imputations",
        "indemnity",
        "missing",
        "order",
        "penalty",
        "pending",
        "principal",
        "provisional",
        "roundings",
        "segments",
        "stretches",
    )

    def __init__(self, principal: int, stretches: Sequence[Stretch], order: tuple[Part, ...], divisor: int) -> None:
        self.principal = principal
        self.penalty = 0
        self.indemnity = 0
        self.capitalised = 0
        self.pending = 0
        self.divisor = divisor
        self.denominator = divisor * 100 * UNITS_PER_PERCENT
        self.stretches = list(stretches)
        self.order = order
        self.provisional = False
        self.missing: MissingRate | None = None
        self.segments: list[Segment] = []
        self.imputations: list[Imputation] = []
        self.roundings: list[Rounding] = []
        self._position = 0

    @property
    def due(self) -> int:
        """All that is due now, whole cents."""
        return self.principal + self.penalty + self.indemnity

    def accrue(self, last: int) -> None:
        """Count interest up to a day included (ordinal); stops at the first day that needs an unknown rate."""
        base = self.principal + self.capitalised
        while self._position < len(self.stretches):
            stretch = self.stretches[self._position]
            if stretch.first > last:
                return
            end = min(stretch.last, last)
            if base > 0:
                if stretch.missing is not None:
                    self.missing = replace(stretch.missing, semester=Semester.of(date.fromordinal(stretch.first)))
                    return
                self._add_segment(stretch, end, base)
            if end < stretch.last:
                self.stretches[self._position] = stretch._replace(first=end + 1)
                return
            self._position += 1

    def _add_segment(self, stretch: Stretch, end: int, base: int) -> None:
        days = end - stretch.first + 1
        self.pending += base * days * stretch.units
        self.provisional = self.provisional or stretch.provisional
        self.segments.append(
            Segment(
                date.fromordinal(stretch.first),
                date.fromordinal(end),
                days,
                stretch.units,
                base,
                stretch.article,
                stretch.provisional,
                self.divisor,
            )
        )

    def round_off(self, on: int, *, capitalised: bool) -> None:
        """Turn pending interest into whole cents, half-up; a capitalisation makes all unpaid interest bear interest."""
        if self.pending or capitalised:
            whole = (2 * self.pending + self.denominator) // (2 * self.denominator)
            exact = Fraction(self.pending, self.denominator)
            self.roundings.append(Rounding(date.fromordinal(on), exact, whole, capitalised))
            self.penalty += whole
            self.pending = 0
        if capitalised:
            self.capitalised = self.penalty

    def deposit(self, payment: Payment) -> None:
        """A payment up to the due date: nothing but principal is owed yet."""
        self.principal -= payment.cents
        self.imputations.append(Imputation(payment.on, payment.cents, 0, payment.cents, 0, payment.reference))

    def impute(self, payment: Payment) -> None:
        """Apply a payment to the parts in the agreed order; the caller has checked that it is not above what is due."""
        left = payment.cents
        share = dict.fromkeys(Part, 0)
        for part in self.order:
            owed = {Part.PENALTY: self.penalty, Part.PRINCIPAL: self.principal, Part.INDEMNITY: self.indemnity}[part]
            share[part] = min(left, owed)
            left -= share[part]
        self.penalty -= share[Part.PENALTY]
        # Interest that does not yet bear interest is paid first, so what was capitalised goes last.
        self.capitalised = min(self.capitalised, self.penalty)
        self.principal -= share[Part.PRINCIPAL]
        self.indemnity -= share[Part.INDEMNITY]
        self.imputations.append(
            Imputation(
                payment.on,
                payment.cents,
                share[Part.PENALTY],
                share[Part.PRINCIPAL],
                share[Part.INDEMNITY],
                payment.reference,
            )
        )
