"""The steps of the day as tasks: each calls one part of `recouvrement.day` and says in counts what it did."""

from recouvrement.day.calls import write_call_list
from recouvrement.day.cases import propose_cases, seal_dossier
from recouvrement.day.contacts import plan
from recouvrement.day.intake import take_inbox
from recouvrement.day.order import before_deciding
from recouvrement.ledger.runs import complete_run
from tasks.guard import broke, house_task
from tasks.hand import ACTOR, DayInHand

Counts = dict[str, object]


@house_task("intake")
def take_files_in(day: DayInHand) -> Counts:
    """Take in what lies in the drop folder: customers, invoices, bank statements; bad files are set aside."""
    day.files = take_inbox(day.house, actor=ACTOR)
    refused = sum(result.verdict == "rejected" for result in day.files)
    if refused:
        day.troubles.append("files_set_aside")
    return {"files": len(day.files), "set_aside": refused, "rows": sum(r.written for r in day.files)}


@house_task("matching")
def match_money(day: DayInHand) -> Counts:
    """Apply bank lines to invoices, and end the waits that have run out (live runs only)."""
    day.run = before_deciding(day.house, day.run, day.report, actor=ACTOR)
    if day.report.control["faults"]:
        day.troubles.append("control_sheet")
    return day.report.matched.as_json()


@house_task("contacts")
def plan_contacts(day: DayInHand) -> Counts:
    """Write the day's messages into the outbox, each frozen under its key; a rehearsal writes nothing."""
    report = day.report
    if day.is_live:
        report.planned = plan(
            day.house, day.acting, on=day.on, run_id=day.run.id, known_to=day.run.known_to, actor=ACTOR
        )
        write_call_list(day.house, on=day.on)
        if report.planned.set_aside:
            day.troubles.append("messages_set_aside")
    return {"decided": report.tallies.contacts, **report.planned.as_json()}


@house_task("cases")
def open_cases(day: DayInHand) -> Counts:
    """Open a case with its dossier for debts at the end of the ladder; nothing is handed over by itself."""
    report = day.report
    if day.is_live:
        report.cases = propose_cases(day.house, day.acting, on=day.on, actor=ACTOR)
        for case_id in report.cases:
            _seal(day, case_id)
    with day.house.ledger.act("complete_run", ACTOR) as act:
        complete_run(act, day.run.id, report.as_json())
    return {"cases": len(report.cases), "dossiers": len(report.dossiers)}


def _seal(day: DayInHand, case_id: str) -> None:
    """One dossier that cannot be made stops neither the others nor the day; its case stands and waits."""
    try:
        day.report.dossiers.append(seal_dossier(day.house, case_id, on=day.on, actor=ACTOR))
    except Exception as error:  # noqa: BLE001 (law 8: set aside with its reference, the rest goes on)
        day.troubles.append(f"dossier_not_made:{broke('cases', error).reference}")
