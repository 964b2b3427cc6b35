"""Evidence as tasks: the nightly anchor sheet with its witnesses, the check of everything, dossiers on demand."""

from datetime import date

from recouvrement.day import case_report
from recouvrement.day.anchoring import Anchored, anchor_day
from recouvrement.day.cases import cases_by_debtor, seal_dossier
from recouvrement.day.evidence import verify_evidence
from recouvrement.day.house import open_house
from recouvrement.day.reporting import MOST_ROWS
from recouvrement.day.witnessing import Witnessed, witness_day
from recouvrement.ledger.erasure import is_erased
from recouvrement.ledger.facts import find_debtor
from recouvrement.settings import Settings
from tasks.guard import broke, house_task
from tasks.hand import ACTOR, DayInHand
from tasks.opening import house_on
from tasks.showing import show_table


@house_task("anchor", retries=2)
def anchor_the_day(on: date) -> Anchored:
    """Write the day's anchor sheet, once; repeating it finds the same sheet."""
    house = house_on(on)
    return anchor_day(house, on=on, actor=ACTOR)


@house_task("witness")
def witness_the_day(on: date) -> Witnessed:
    """Ask for the time-stamp of the day's sheet and mail it to the witness, where settings name them; codes come back."""
    house = house_on(on)
    return witness_day(house, on=on, actor=ACTOR)


@house_task("check-evidence", retries=2)
def check_the_evidence() -> dict[str, object]:
    """Check every chain, sheet and stored byte of the ledger; counts and faults by identifier."""
    return verify_evidence(open_house(Settings())).as_json()


@house_task("show-cases", retries=2)
def show_the_cases(day: DayInHand) -> dict[str, object]:
    """Write the artifacts of papers and cases: what lacks and who brings it, what is proposed for hand-off and how it stands."""
    papers = case_report.missing_rows(day.house, day.run)
    rows = []
    for case in case_report.cases_going(day.house, day.run)[:MOST_ROWS]:
        try:
            rows.append(case_report.proposal_row(day.house, day.run, case))
        except Exception as error:  # noqa: BLE001 (law 8: one case that cannot be told hides no other)
            day.troubles.append(f"case_not_told:{broke('show-cases', error).reference}")
    show_table("missing-papers", papers, f"Papers that lack, who must bring them and by when, {day.on}")
    show_table("case-proposals", rows, f"Cases to decide on or in progress, with their possible routes, {day.on}")
    return {"papers": len(papers), "cases": len(rows)}


@house_task("dossier")
def seal_the_dossier(debtor: str, on: date, operator: str) -> dict[str, object]:
    """Make the next version of the dossier of a debtor's newest case; a refusal is a code."""
    house = house_on(on)
    with house.ledger.reading() as connection:
        debtor_id = find_debtor(connection, house.creditor(), debtor)
        gone = debtor_id is not None and is_erased(connection, debtor_id)
    if debtor_id is None or gone:
        return {"refused": "person_erased" if gone else "unknown_debtor"}
    cases = cases_by_debtor(house).get(debtor_id)
    if not cases:
        return {"refused": "no_case"}
    made = seal_dossier(house, cases[-1].id, on=on, actor=operator)
    return {"refused": "", "case": made.case_code, "version": made.version, "manifest": made.manifest_sha256}
