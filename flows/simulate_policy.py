"""A candidate policy beside the one in force, on past days."""

from typing import Annotated, Literal

from prefect import State
from prefect.artifacts import create_progress_artifact
from pydantic import Field

from flows.choices import FlowSettings
from flows.opening import opened
from flows.parameters import Day, day_of, matching
from flows.verdicts import done, house_flow, refused
from recouvrement.clock import today_in_paris
from recouvrement.day.backfill import not_past
from tasks.reports import Candidate, is_usable, play_candidate

POLICY = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$"
PolicyName = Annotated[str, Field(json_schema_extra={"pattern": POLICY})]
OptionalPolicy = Annotated[str, Field(json_schema_extra={"pattern": f"^$|^\\*$|{POLICY}"})]


@house_flow("simulate-policy")
def simulate_policy(
    candidate: PolicyName, start: Day, end: Day, instead_of: OptionalPolicy = "", language: Literal["", "fr", "en"] = ""
) -> State:
    """Replay a candidate policy beside the one in force over past days: contacts, cost, work, who is escalated otherwise.

    It supposes that debtors behave as they did and promises no effect. The page and the list of differences to sign off
    stand under `out/reports` of the home and name debtors; the artifact `simulation` holds counts. Nothing is sent.

    Args:
        candidate: The name of a policy, in `policies` of the home or among the house's own.
        start: The first day.
        end: The last day, today at the latest.
        instead_of: The policy that it stands in for: the default one when empty, every one with `*`.
        language: French or English; the operator's language when empty.
    """
    first, last = day_of(start), day_of(end)
    house = opened(last)
    if reason := not_past(house, first, last, today=today_in_paris()):
        return refused(reason)
    if not is_usable(house, matching(POLICY, candidate, "candidate")):
        return refused("policy_not_usable")
    if instead_of not in {"", "*", *house.policies.by_name}:
        return refused("unknown_policy")
    bar = create_progress_artifact(progress=0.0, key="simulation-progress", description=f"Days {first} to {last}")
    asked = Candidate(candidate, first, last, instead_of)
    counts, file = play_candidate(house, asked, language or FlowSettings().operator_language, bar)
    told = f"{counts['days']} days, {counts['contacts_current']} contacts in force, {counts['contacts_candidate']} by the candidate"
    return done(
        f"{told}; {counts['differences']} debtors treated otherwise, listed in out/reports/{file}. Nothing was sent."
    )
