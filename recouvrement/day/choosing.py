"""The policy of each debtor and invoice, as decided by names and rules; what a person says of policies and causes."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

from recouvrement.day.acts_base import Done, debtor_named, noted, perform, refuse_when, subject_named
from recouvrement.day.house import House
from recouvrement.domain.causes import cause_of
from recouvrement.domain.policy import Policy
from recouvrement.domain.policy_choice import Traits, chosen
from recouvrement.domain.position import DebtorPosition, ItemPosition
from recouvrement.ledger.book import Act
from recouvrement.ledger.choosing import Choices, choose_policy, tell_cause
from recouvrement.policy.policies import Policies

ABSENT = ""


def with_policy(position: DebtorPosition, policies: Policies, choices: Choices) -> tuple[DebtorPosition, Policy]:
    """The position with the ladders of its invoices, and the debtor's policy.

    A name comes before the rules, an invoice's before its debtor's. A name that no policy has stops the ladder there.
    """
    name = choices.debtors.get(position.id, ABSENT)
    name = position.named_policy if name in {ABSENT, None} else name
    if name is None and not policies.rules:
        policy: Policy | None = policies.default
    else:
        policy = policies.by_name.get(name or chosen(policies.rules, _traits(position, choices), policies.default.name))
    if policy is not None and not choices.items:
        return position, policy
    held = policy or policies.default
    own = choices.items
    items = tuple(_with_ladder(i, own.get(i.id), policies, lost=policy is None) for i in position.items)
    return replace(position, items=items), held


def _with_ladder(item: ItemPosition, name: str | None, policies: Policies, *, lost: bool) -> ItemPosition:
    if name is None:
        return replace(item, policy_missing=True) if lost else item
    ladder = policies.by_name.get(name)
    return replace(item, policy_missing=True) if ladder is None else replace(item, ladder=ladder)


def _traits(position: DebtorPosition, choices: Choices) -> Traits:
    owed: dict[str, int] = {}
    for item in position.items:
        if item.open_cents > 0:
            owed[item.currency] = owed.get(item.currency, 0) + item.open_cents
    return Traits(
        position.kind,
        owed,
        choices.invoices.get(position.id, 0),
        choices.paid_late.get(position.id, 0),
        position.id in choices.committed,
    )


def rules_digest(house: House) -> str:
    """The name of all that a message is written with: policies, rules of choice, texts. When it changes, one tries again."""
    digest = sha256(house.policies.manifest)
    for file in sorted(house.settings.templates.glob("*/*")):
        if file.suffix in {".j2", ".toml", ".typ"}:
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def use_policy(house: House, subject: str, name: str | None, *, on: date, operator: str, reason: str) -> Done:
    """Give a debtor (code) or an invoice (number) a policy by name; None lets the rules choose again."""

    def write(act: Act) -> str:
        refuse_when(name is not None and name not in house.policies.by_name, "unknown_policy")
        debtor_id, items = subject_named(act, house, subject)
        choose_policy(act, debtor_id, items[0].invoice_id if items else None, name, on=on, reason=reason)
        return debtor_id

    return perform(house, "choose_policy", operator, write)


def record_cause(
    house: House, debtor: str, code: str, *, on: date, operator: str, source: str = "form", note_id: str | None = None
) -> Done:
    """Say why a debtor (code) has not paid; `answered` ends a request, `unknown` whatever was said before."""
    cause = cause_of(code)
    if cause is None:
        return Done(refused="unknown_cause")

    def write(act: Act) -> str:
        debtor_id = debtor_named(act, house, debtor)
        tell_cause(act, debtor_id, cause, on=on, source=source, note_id=noted(act, note_id))
        return debtor_id

    return perform(house, "tell_cause", operator, write)
