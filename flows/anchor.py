"""The nightly anchor sheet and the check of the evidence: what makes yesterday hard to rewrite, and shows that it was not."""

from prefect import State
from prefect.artifacts import create_markdown_artifact
from prefect.states import Failed

from flows.opening import opened
from flows.parameters import OptionalDay, day_of
from flows.verdicts import done, house_flow, refused
from tasks.evidence import anchor_the_day, check_the_evidence, witness_the_day

COUNTS = {
    "chains": "journals", "lines": "lines of journals", "sheets": "anchor sheets", "tokens": "time-stamps",
    "tokens_checked": "time-stamps checked", "contents": "stored contents", "erased": "contents erased by law",
    "anchored_until": "anchored until",
}  # fmt: skip
FINE = frozenset({"none", "kept", "sent", "simulated_clock"})


@house_flow("anchor-evidence")
def anchor_evidence(on: OptionalDay = "") -> State:
    """Put the heads of the journals that moved on one sheet, linked to the sheet before; once a day. Then check everything.

    Keep the sheet somewhere else (a lawyer, an accountant, a time-stamping authority): with it nobody can rewrite what
    happened before, not even us. The file is `out/anchors/ancre-<day>.txt`; the settings name a witness and an authority.

    Args:
        on: The day of the sheet, like 2026-11-20; today in Paris when left empty. Sheets only go forward.
    """
    day = day_of(on)
    opened(day)
    made = anchor_the_day(day)
    if made.refused:
        return refused(made.refused)
    outside = witness_the_day(day)
    told = f"# Anchor sheet of {day}\n\n{made.chains} journals stand on it.\n\nSHA-256 `{made.sha256}`"
    told += f"\n\nTime-stamp: {outside.token}. Mail to the witness: {outside.mail}."
    create_markdown_artifact(told, key="anchor-sheet", description=f"Anchor sheet of {day}")
    check = check_the_evidence()
    create_markdown_artifact(_told(check), key="evidence-check", description=f"Evidence checked on {day}")
    if not check["ok"]:
        return Failed(
            name="EvidenceBroken", message=f"{check['fault_count']} faults in the evidence: see the artifact."
        )
    again = "" if made.made else " (made before)"
    troubles = [f"outside_{code}" for code in (outside.token, outside.mail) if code not in FINE]
    return done(f"{made.chains} journals anchored, sheet {made.sha256[:16]}{again}.", troubles=troubles)


def _told(check: dict[str, object]) -> str:
    """The check as a page: counts, faults by identifier, and what it cannot promise."""
    faults, open_ends = check["faults"], check["cannot_promise"]
    assert isinstance(faults, list)
    assert isinstance(open_ends, list)
    head = "# Evidence: intact" if check["ok"] else f"# Evidence: {check['fault_count']} faults"
    rows = "\n".join(f"| {told} | {check[name]} |" for name, told in COUNTS.items())
    lines = [head, f"| Checked | Count |\n| --- | --- |\n{rows}", *(f"- {fault}" for fault in faults)]
    return "\n\n".join([*lines, *(f"This check cannot promise {text}." for text in open_ends)])
