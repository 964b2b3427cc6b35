"""A policy file (TOML) into the frozen value that the rules read, validated as a whole."""

import tomllib
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from recouvrement.domain.ladder import Channel, Stage
from recouvrement.domain.money import cents
from recouvrement.domain.policy import Policy, Step

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STAGES = (Stage.PREVENTION, Stage.AMICABLE, Stage.FIRM, Stage.FORMAL_NOTICE, Stage.HAND_OFF)


class PolicyRefused(Exception):
    """A policy that cannot be used; the text says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepText(_Strict):
    """A `[[step]]` table as written."""

    code: str = Field(pattern=r"^[a-z][a-z_]{1,40}$")
    stage: Stage
    offset: int
    gap: int = Field(default=3, ge=0)
    channels: tuple[Channel, ...]
    all_channels: bool = False
    template: str = ""
    until_due: bool = False
    minimum: str = "0"
    needs_approval: bool = False
    needs_known_kind: bool = False
    claims_penalties: bool = False
    documents: tuple[str, ...] = ()
    days_to_pay: int = Field(default=0, ge=0)
    days_to_pay_consumer: int = Field(default=0, ge=0)
    alone: bool = False

    def built(self) -> Step:
        """The step as the rules read it."""
        named = self.model_dump(exclude={"minimum", "template"})
        return Step(**named, template=self.template or self.code, minimum_cents=cents(self.minimum))


class BucketsText(_Strict):
    """The `[buckets]` table."""

    due_soon: int = 7
    edges: tuple[int, ...] = (30, 60, 90, 180)

    @field_validator("edges")
    @classmethod
    def _rising(cls, edges: tuple[int, ...]) -> tuple[int, ...]:
        if not edges or any(a >= b for a, b in pairwise((0, *edges))):
            raise ValueError("bucket edges rise from above 0")
        return edges


class PolicyText(_Strict):
    """The whole file as written."""

    name: str
    contact_gap: int = Field(default=5, ge=1)
    feed_max_age: int = Field(default=2, ge=0)
    doubt_overdue_days: int = Field(default=10, ge=1)
    approval_days: int = Field(default=5, ge=1)
    call_days: int = Field(default=5, ge=1)
    promise_grace: int = Field(default=3, ge=0)
    transit_days: int = Field(default=3, ge=0)
    hand_off_wait: int = Field(default=3, ge=0)
    sending_weekdays: tuple[str, ...] = WEEKDAYS[:5]
    after_principal_paid: str = Field(default="keep", pattern="^(waive|keep|claim)$")
    buckets: BucketsText = BucketsText()
    minimum: dict[str, str] = {}
    step: tuple[StepText, ...]

    @model_validator(mode="after")
    def _whole(self) -> "PolicyText":
        faults = list(_faults(self.step))
        unknown = [day for day in self.sending_weekdays if day not in WEEKDAYS]
        if unknown:
            faults.append(f"sending_weekdays: unknown {', '.join(unknown)}; use {', '.join(WEEKDAYS)}")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _faults(steps: tuple[StepText, ...]) -> list[str]:
    found = [] if steps else ["a policy needs at least one step"]
    if len({step.code for step in steps}) != len(steps):
        found.append("two steps have the same code")
    for before, after in pairwise(steps):
        if after.offset <= before.offset:
            found.append(f"{after.code}: its offset must be greater than that of {before.code}")
        if STAGES.index(after.stage) < STAGES.index(before.stage):
            found.append(f"{after.code}: its stage is lower than that of {before.code}")
    for step in steps:
        if step.stage not in STAGES:
            found.append(f"{step.code}: stage {step.stage} is not one of a ladder")
        if step.stage is not Stage.HAND_OFF and not step.channels:
            found.append(f"{step.code}: no channel")
        if step.until_due and step.offset > 0:
            found.append(f"{step.code}: until_due with an offset after the due date")
        if step.stage is Stage.PREVENTION and step.offset > 0:
            found.append(f"{step.code}: prevention comes before the due date (offset {step.offset})")
    return found


def load_policy(file: Path) -> Policy:
    """Read and validate a policy; raise PolicyRefused with every fault found."""
    text = file.read_bytes()
    try:
        written = PolicyText.model_validate(tomllib.loads(text.decode()))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'policy'}: {e['msg']}" for e in error.errors())
        raise PolicyRefused(f"{file.name}: {faults}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyRefused(f"{file.name}: {error}") from error
    plain = written.model_dump(exclude={"step", "minimum", "buckets", "sending_weekdays"})
    return Policy(
        **plain,
        sha256=sha256(text).hexdigest(),
        steps=tuple(step.built() for step in written.step),
        minimum_cents={code: cents(amount) for code, amount in written.minimum.items()},
        due_soon=written.buckets.due_soon,
        edges=written.buckets.edges,
        sending_weekdays=tuple(WEEKDAYS.index(day) for day in written.sending_weekdays),
    )
