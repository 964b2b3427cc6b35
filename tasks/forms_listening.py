"""What a person makes of what came back, as tasks: one act of the ledger, or a refusal with nothing written."""

from datetime import date

from recouvrement.channels.postal import PostalDownError
from recouvrement.day import addresses, answers
from recouvrement.day.house import open_house
from recouvrement.day.other_channels import gather_proofs
from recouvrement.day.postal_inbox import proofs_folder
from recouvrement.ledger.addresses import Medium
from recouvrement.settings import Settings
from tasks.forms import Outcome
from tasks.guard import house_task


@house_task("mark read")
def mark_read(reply: str, said: answers.Said, day: date, operator: str) -> Outcome:
    """Say what a message means, and record the fact."""
    done = answers.mark_read(open_house(Settings()).on_day(day), reply, said, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("attach reply")
def attach_reply(reply: str, debtor: str, day: date, operator: str) -> Outcome:
    """Say whose message it is."""
    done = answers.attach_reply(open_house(Settings()).on_day(day), reply, debtor, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("correct address")
def correct_address(debtor: str, note: str, day: date, operator: str) -> Outcome:
    """Record the address that a note holds."""
    house = open_house(Settings()).on_day(day)
    new = addresses.read_note(house, note)
    if isinstance(new, str):
        return Outcome(refused=new)
    done = addresses.correct_address(house, debtor, new, on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("address works")
def address_works(debtor: str, medium: str, day: date, operator: str) -> Outcome:
    """Vouch for an address that came back."""
    house = open_house(Settings()).on_day(day)
    done = addresses.address_works(house, debtor, Medium(medium), on=day, operator=operator)
    return Outcome(done.id, done.refused)


@house_task("postal proofs")
def import_proofs(file: str, day: date, operator: str) -> dict[str, int] | str:
    """Take one file of the folder `inbox/proofs`, or all with `all`; counts, or the code of a refusal."""
    house = open_house(Settings()).on_day(day)
    path = None if file == "all" else proofs_folder(house) / file
    if path is not None and not path.is_file():
        return "no_such_file"
    try:
        found = gather_proofs(house, path, on=day, operator=operator)
    except PostalDownError:
        return "service_down"
    counts = {f"recorded: {kind}": count for kind, count in sorted(found.recorded.items())}
    counts |= {"known before": found.known, "scans attached": found.scans, "letters not spoken of": found.pending}
    for _, _, reason in found.refused:
        counts[f"refused: {reason}"] = counts.get(f"refused: {reason}", 0) + 1
    return counts
