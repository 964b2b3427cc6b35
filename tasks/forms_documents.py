"""Notes, papers and postal proofs as tasks; the words and the files stay in the house."""

from datetime import date

from recouvrement.day.acts import attach_document, record_postal_proof
from recouvrement.day.acts_base import Done
from recouvrement.day.acts_notes import paper_named, take_notes
from recouvrement.day.house import House
from tasks.acting import act_task
from tasks.guard import house_task
from tasks.opening import house_on


def _attach(house: House, subject: str, *, file: str, kind: str, on: date, operator: str) -> Done:
    """The paper lies in `inbox/notes` under that name."""
    path = paper_named(house, file)
    if path is None:
        return Done(refused="no_such_file")
    return attach_document(house, subject, path, title="", kind=kind, on=on, operator=operator)


attach = act_task("attach", _attach)
proof = act_task("proof", record_postal_proof)


@house_task("take-notes")
def take(*, on: date, operator: str) -> list[tuple[str, str]]:
    """Every text of `inbox/notes` as a note, in the order of their names: (id, code of refusal); names stay here."""
    return [(note.done.id, note.done.refused) for note in take_notes(house_on(on), operator=operator)]
