"""Past days as tasks: a batch of days each, so that a year stays a few dozen task runs."""

from datetime import date

from prefect.artifacts import update_progress_artifact

from recouvrement.day.backfill import DayAgain, Knowledge, decide_again, missed_in, past_working_days
from recouvrement.day.house import House
from recouvrement.day.reporting import Naming, Row, Shown
from recouvrement.domain.money import printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.reports.words import word
from tasks.guard import house_task
from tasks.hand import ACTOR
from tasks.opening import house_on

MOST_BATCHES = 40
MOST_ROWS = 100


class Batch:
    """Some days for one task run; opaque, so that Prefect does not walk through it."""

    def __init__(self, days: list[date], knowledge: Knowledge) -> None:
        self.days, self.knowledge = days, knowledge


def batches_of(days: list[date], knowledge: Knowledge) -> list[Batch]:
    """Cut days, in order, into at most MOST_BATCHES batches, of a week at least.

    >>> [len(b.days) for b in batches_of([date(2026, 11, 20)] * 12, Knowledge.NOW)]
    [5, 5, 2]
    """
    size = max(5, -(-len(days) // MOST_BATCHES))
    return [Batch(days[start : start + size], knowledge) for start in range(0, len(days), size)]


def open_days(house: House, start: date, end: date, knowledge: Knowledge) -> list[Batch]:
    """The batches of the working days of a range."""
    return batches_of(past_working_days(house, start, end), knowledge)


@house_task("past-days", retries=2, run_name="past-days-{first}")
def decide_days_again(batch: Batch, first: str, closing: date) -> list[DayAgain]:  # noqa: ARG001 (it names the task run)
    """Decide the days of a batch again; those already done with the same knowledge are found, not done again."""
    house = house_on(closing)
    return [decide_again(house, day, batch.knowledge, actor=ACTOR) for day in batch.days]


def show_progress(artifact_id: object, done: int, all_: int) -> None:
    """Move the progress bar."""
    update_progress_artifact(artifact_id=artifact_id, progress=100.0 * done / max(1, all_))  # type: ignore[arg-type]


def day_rows(days: list[DayAgain], language: str) -> list[Row]:
    """One row a day: what was open, what was decided, what should have gone and did not."""
    return [
        {
            word("day", language): day.on.isoformat(), word("open_items", language): str(day.detail["decisions"]),
            word("messages_due", language): str(day.detail["contacts"]), word("missed", language): str(len(day.missed)),
            word("decisions_digest", language): str(day.detail["decisions_sha256"])[:16],
        }
        for day in days
    ]  # fmt: skip


def missed_rows(house: House, days: list[DayAgain], shown: Shown) -> list[Row]:
    """Messages that should have gone and did not, each once, with its first day and on how many days it was missed."""
    found = missed_in(days)[:MOST_ROWS]
    if not found:
        return []
    as_of = AsOf(max(day.on for day in days), house.ledger.known_to())
    name, language = Naming(house, [m.missed.debtor_id for m in found], as_of, shown), shown.language
    return [
        {
            word("debtor", language): name(m.missed.debtor_id), word("step", language): word(m.missed.step, language),
            word("channel", language): word(m.missed.channel, language), word("first_day", language): m.first_on.isoformat(),
            word("days_missed", language): str(m.days),
            word("amount", language): printed(m.missed.cents, m.missed.currency, language),
        }
        for m in found
    ]  # fmt: skip
