"""Policies given by name, causes told, limits granted, hold-outs begun and ended, as tasks."""

from datetime import date

from recouvrement.day.acts_base import Done
from recouvrement.day.choosing import record_cause, use_policy
from recouvrement.day.hold_out import begin_hold_out, end_hold_out
from recouvrement.day.house import House
from recouvrement.day.limits import grant_limit
from recouvrement.ledger.hold_out import CANDIDATE, CURRENT
from tasks.acting import act_task


def _begin(house: House, code: str, candidate: str, *, share: int, seed: str, on: date, operator: str) -> Done:
    found = begin_hold_out(house, code, candidate, share_percent=share, seed=seed or code, on=on, operator=operator)
    if isinstance(found, str):
        return Done(refused=found)
    return Done(
        f"{code}: {found.drawn[CANDIDATE]} under the candidate, {found.drawn[CURRENT]} under the policy in force"
    )


def _end(house: House, code: str, *, on: date, operator: str) -> Done:
    found = end_hold_out(house, code, on=on, operator=operator)
    return Done(refused=found) if isinstance(found, str) else Done(f"{code}: {found} back to the rules")


cause = act_task("cause", record_cause)
policy = act_task("policy-use", use_policy)
limit = act_task("limit", grant_limit)
begin = act_task("hold-out-begin", _begin)
end = act_task("hold-out-end", _end)
