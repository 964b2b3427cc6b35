"""Acts of a person about cases, papers and a person's data, as tasks."""

from datetime import date

from recouvrement.day import case_moves, completeness
from recouvrement.day.cases import seal_dossier
from recouvrement.day.person_data import erase_person
from tasks.acting import act_task
from tasks.guard import house_task
from tasks.opening import house_on

move_case = act_task("move-case", case_moves.move)
close_case = act_task("close-case", case_moves.close_case)
case_payment = act_task("case-payment", case_moves.case_payment)
case_fact = act_task("case-fact", case_moves.answer_fact)
waive_evidence = act_task("waive-evidence", completeness.waive_evidence)
erase = act_task("erase-person", erase_person)


@house_task("choose-route")
def choose_route(case: str, route: str, *, on: date, operator: str) -> dict[str, object]:
    """Choose a case's route, and make the next version of its dossier with the drafts of that route."""
    house = house_on(on)
    done = case_moves.choose_route(house, case, route, on=on, operator=operator)
    if done.refused:
        return {"refused": done.refused, "id": ""}
    made = seal_dossier(house, done.id, on=on, actor=operator)
    return {"refused": "", "id": done.id, "version": made.version, "manifest": made.manifest_sha256}
