"""What a person makes of what came back, as tasks."""

from datetime import date

from recouvrement.channels.postal import PostalDownError
from recouvrement.day import addresses, answers
from recouvrement.day.acts_base import Done
from recouvrement.day.house import House
from recouvrement.day.other_channels import gather_proofs
from recouvrement.day.postal_inbox import proofs_folder
from tasks.acting import act_task
from tasks.guard import house_task
from tasks.opening import house_on


def _corrected(house: House, debtor: str, note: str, *, on: date, operator: str) -> Done:
    """The address stands in a note: it is no parameter of a form."""
    new = addresses.read_note(house, note)
    return (
        Done(refused=new)
        if isinstance(new, str)
        else addresses.correct_address(house, debtor, new, on=on, operator=operator)
    )


mark_read = act_task("mark read", answers.mark_read)
attach_reply = act_task("attach reply", answers.attach_reply)
correct_address = act_task("correct address", _corrected)
address_works = act_task("address works", addresses.address_works)


@house_task("postal proofs")
def import_proofs(file: str, *, on: date, operator: str) -> dict[str, int] | str:
    """Take one file of the folder `inbox/proofs`, or all with `all`; counts, or the code of a refusal."""
    house = house_on(on)
    path = None if file == "all" else proofs_folder(house) / file
    if path is not None and not path.is_file():
        return "no_such_file"
    try:
        found = gather_proofs(house, path, on=on, operator=operator)
    except PostalDownError:
        return "service_down"
    counts = {f"recorded: {kind}": count for kind, count in sorted(found.recorded.items())}
    counts |= {"known before": found.known, "scans attached": found.scans, "letters not spoken of": found.pending}
    for _, _, reason in found.refused:
        counts[f"refused: {reason}"] = counts.get(f"refused: {reason}", 0) + 1
    return counts
