"""Notes, papers and postal proofs as tasks; the words and the files stay in the house."""

from datetime import date
from typing import Any

from recouvrement.day.acts import attach_document, record_postal_proof
from recouvrement.day.acts_base import Done
from recouvrement.day.acts_notes import paper_named, take_notes
from recouvrement.day.house import House, open_house
from recouvrement.settings import Settings
from tasks.forms import act_task
from tasks.guard import house_task


def _attach(house: House, subject: str, *, file: str, **given: Any) -> Done:
    path = paper_named(house, file)
    if path is None:
        return Done(refused="no_such_file")
    return attach_document(house, subject, path, title="", **given)


attach = act_task("attach", _attach)
proof = act_task("proof", record_postal_proof)


@house_task("take-notes")
def take(day: date, operator: str) -> list[tuple[str, str]]:
    """Every text of `inbox/notes` as a note, in the order of their names: (id, code of refusal); names stay here."""
    house = open_house(Settings()).on_day(day)
    return [(note.done.id, note.done.refused) for note in take_notes(house, operator=operator)]
