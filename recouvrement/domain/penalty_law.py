"""The figures of law that penalties need, by day."""

from dataclasses import dataclass, field
from datetime import date

from recouvrement.domain.provenance import Parameter, in_force
from recouvrement.domain.rates import RateTable

# Every figure that the computation asks for, with the unit it must have.
PENALTY_KEYS = {
    "b2b_margin": "rate",
    "public_margin": "rate",
    "contract_floor": "times",
    "contract_rate": "times",
    "consumer_interest": "times",
    "title_interest": "times",
    "title_surcharge": "rate",
    "title_surcharge_delay": "months",
    "indemnite_forfaitaire": "cents",
    "indemnite_forfaitaire_public": "cents",
    "divisor": "days",
}


@dataclass(frozen=True, slots=True, eq=False)
class PenaltyLaw:
    """Rates and dated parameters; compared and cached by identity. Built by `recouvrement.policy.law`."""

    rates: RateTable
    parameters: tuple[Parameter, ...]
    _by_key: dict[str, tuple[Parameter, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grouped = {key: tuple(p for p in self.parameters if p.key == key) for key in PENALTY_KEYS}
        object.__setattr__(self, "_by_key", grouped)

    def in_force(self, key: str, on: date) -> Parameter | None:
        """The version of a figure that holds on a day, or None before the rule existed."""
        return in_force(self._by_key[key], on)
