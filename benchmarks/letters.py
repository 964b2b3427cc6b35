"""Letters and e-mails per second of one core: compose, set, build MIME. CPU time is the figure to trust.

    python benchmarks/letters.py [COUNT]

Each letter is another one (reference, number, amounts), so that no cache answers for the press.
"""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from recouvrement.letters import Correspondent, Message, MessageCode, build_email, compose, render_pdf, specimen
from recouvrement.letters.types import totals_of
from recouvrement.typesetting import Attachment

MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def another(base: Message, rank: int) -> Message:
    lines = tuple(
        replace(line, invoice_number=f"F{rank}-{place}", amount_cents=line.amount_cents + rank, penalty_cents=None)
        for place, line in enumerate(base.lines)
    )
    return replace(
        base, reference=f"D-{rank:06d}", lines=lines, segments=(), totals=totals_of(lines, base.credits), terms=None
    )


def measured(title: str, count: int, work: Callable[[int], object]) -> None:
    work(count + 1)
    wall, cpu = time.perf_counter(), time.process_time()
    for rank in range(count):
        work(rank)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{title:<44} {1000 * cpu / count:7.2f} ms CPU  {count / cpu:8.1f}/s of CPU  {count / wall:8.1f}/s wall"
        f"  peak {memory:.0f} MB"
    )


def main(count: int) -> None:
    reminder = specimen(MessageCode.FIRM_REMINDER)
    courtesy = specimen(MessageCode.COURTESY, rich=False)
    notice = specimen(MessageCode.MISE_EN_DEMEURE)
    who = Correspondent("compta@atelier-nord.example", "Atelier Nord Menuiserie")
    pdf = Attachment("lettre.pdf", render_pdf(reminder, MOMENT), "application/pdf", "lettre")

    def mail(rank: int, attachments: tuple[Attachment, ...] = ()) -> bytes:
        message = another(reminder, rank)
        identifier = f"<{rank}@atelier-nord.example>"
        composed = compose(message)
        return build_email(
            message, composed, message_id=identifier, moment=MOMENT, from_=who, to=who, attachments=attachments
        )

    measured("compose (text and HTML)", 10 * count, lambda rank: compose(another(reminder, rank)))
    measured("letter, one page, one invoice", count, lambda rank: render_pdf(another(courtesy, rank), MOMENT))
    measured("letter, two pages, three invoices", count, lambda rank: render_pdf(another(reminder, rank), MOMENT))
    dated = [replace(notice, reference=f"D-{rank:06d}") for rank in range(count + 2)]
    measured("formal notice, two pages, penalties", count, lambda rank: render_pdf(dated[rank], MOMENT))
    three = (lambda rank: another(courtesy, rank), lambda rank: another(reminder, rank), lambda rank: dated[rank])
    measured("a day's mix: a third of each", 3 * count, lambda rank: render_pdf(three[rank % 3](rank // 3), MOMENT))
    measured("e-mail, compose and MIME", count, mail)
    measured(f"e-mail with a {len(pdf.content) // 1000} kB letter", count, lambda rank: mail(rank, (pdf,)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
