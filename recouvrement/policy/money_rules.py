"""The tables `[write_off]` and `[matching]` of a policy, and its limit for differences with the accounts, as written."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from recouvrement.domain.money import cents
from recouvrement.domain.money_rules import WRITE_OFF_REASONS, MoneyRules

LOWEST_SCORE = 100  # ten to one: below it, what is automatic would rather be a guess
BY_MATCHING = ("rounding", "bank_fee")  # what a receipt may come short by without anybody's word
CODE = re.compile(r"[a-z][a-z_]{1,40}")


def _amount(text: str) -> str:
    if not re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text):
        raise ValueError("write an amount like 50.00")
    return text


AmountText = Annotated[str, AfterValidator(_amount)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WriteOffText(_Strict):
    """The `[write_off]` table: what may be let go, by whom, and why."""

    limit: AmountText = "5.00"
    reasons: tuple[str, ...] = WRITE_OFF_REASONS
    automatic: dict[str, AmountText] = {"rounding": "0.50", "bank_fee": "30.00"}

    @model_validator(mode="after")
    def _known(self) -> "WriteOffText":
        faults = [f"{reason}: not a reason code" for reason in self.reasons if not CODE.fullmatch(reason)]
        faults += [f"automatic.{r}: only {', '.join(BY_MATCHING)}" for r in self.automatic if r not in BY_MATCHING]
        faults += [f"automatic.{r}: not among the reasons" for r in self.automatic if r not in self.reasons]
        if faults:
            raise ValueError("; ".join(faults))
        return self


class MatchingText(_Strict):
    """The `[matching]` table: how sure a match must be to need nobody."""

    automatic_score: int = Field(default=120, ge=LOWEST_SCORE, le=1000)
    grants_usual_discounts: bool = True


def money_rules(account_difference_limit: str, write_off: WriteOffText, matching: MatchingText) -> MoneyRules:
    """The rules as the house reads them."""
    return MoneyRules(
        account_difference_cents=cents(account_difference_limit),
        write_off_cents=cents(write_off.limit),
        write_off_reasons=write_off.reasons,
        automatic_cents={reason: cents(amount) for reason, amount in write_off.automatic.items()},
        automatic_score=matching.automatic_score,
        grants_usual_discounts=matching.grants_usual_discounts,
    )
