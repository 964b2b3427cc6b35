"""Playing the story: each day its files arrive, the house works, people act, and the day is run again for nothing."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from recouvrement.channels.maildir import messages
from recouvrement.day.anchoring import anchor_day
from recouvrement.day.calls import calls_to_make, write_call_list
from recouvrement.day.house import House, init
from recouvrement.day.intake import FileResult, take_inbox
from recouvrement.day.order import DayReport, Mode, run_day
from recouvrement.day.sending import drain
from recouvrement.demo.home import SAMPLE
from recouvrement.demo.people import act_all
from recouvrement.demo.story import DAYS, Day
from recouvrement.demo.telling import Seen, closed_since, lines_of, seen_on
from recouvrement.settings import Settings

Say = Callable[[str], None]
ACTOR = "owner"


@dataclass(slots=True)
class Played:
    """What is remembered of a played story: decisions of each day, and what left on it the first and the second time."""

    house: House
    decided: dict[date, list[Seen]] = field(default_factory=dict)
    left: dict[date, int] = field(default_factory=dict)
    left_again: dict[date, int] = field(default_factory=dict)
    dossiers: list[Path] = field(default_factory=list)
    files_refused: list[str] = field(default_factory=list)


def opened(settings: Settings, firm: dict[str, Any]) -> House:
    """A new ledger with a simulated clock and the demo's mark."""
    fields = {**firm, "address": str(firm["address"]).strip()}
    return init(settings, creditor=fields, simulated_clock_=True, demo=True, on=DAYS[0].on)


def play(house: House, say: Say, days: tuple[Day, ...] = DAYS) -> Played:
    """Play every day of the story and remember what happened."""
    played = Played(house)
    for number, day in enumerate(days, 1):
        say(f"\n{day.on:%d/%m/%Y} · {day.title}  [{number}/{len(days)}]")
        _play_day(house.on_day(day.on), day, played, say)
    return played


def _play_day(house: House, day: Day, played: Played, say: Say) -> None:
    before = sent_so_far(house)
    _drop(house, day.on)
    _tell_files(take_inbox(house, actor=ACTOR), played, say)
    report = run_day(house, on=day.on, mode=Mode.LIVE, actor=ACTOR)
    drain(house, on=day.on, pace=False)
    earlier = played.decided.get(max(played.decided, default=day.on), [])
    seen = played.decided[day.on] = seen_on(house, day.on, report.known_to)
    for line in [*closed_since(house, earlier, seen, day.on), *lines_of(seen)]:
        say(line)
    sheet = write_call_list(house, on=day.on)
    if sheet is not None:
        say(f"  À appeler : {len(calls_to_make(house, on=day.on))} ({sheet.name})")
    for sentence in act_all(house, day.on, day.acts, sheet):
        say(f"  [personne] {sentence}")
    if day.acts:
        drain(house, on=day.on, pace=False)
    for sealed in report.dossiers:
        played.dossiers.append(Path(sealed.path))
        say(f"  Dossier {sealed.case_code}, version {sealed.version}, scellé : {sealed.path}")
    played.left[day.on] = sent_so_far(house) - before
    _again(house, day, played)
    anchor_day(house, on=day.on, actor=ACTOR)
    _tell_end(report, played, day.on, say)


def _drop(house: House, on: date) -> None:
    """The day's files fall into the inbox; the papers of a manifest lie in a folder beside it."""
    shutil.copytree(SAMPLE / on.isoformat(), house.inbox, dirs_exist_ok=True)


def _tell_files(results: list[FileResult], played: Played, say: Say) -> None:
    say("  Fichiers : " + ", ".join(f"{r.file} ({r.records})" for r in results))
    for result in results:
        if result.verdict != "read":
            say(f"    {result.file} : {' ; '.join(result.reasons)}")
        if result.verdict == "rejected":
            played.files_refused.append(result.file)


def _again(house: House, day: Day, played: Played) -> None:
    """Run the same day a second time: nothing may leave."""
    before = sent_so_far(house)
    run_day(house, on=day.on, mode=Mode.LIVE, actor=ACTOR)
    drain(house, on=day.on, pace=False)
    played.left_again[day.on] = sent_so_far(house) - before


def _tell_end(report: DayReport, played: Played, on: date, say: Say) -> None:
    again = played.left_again[on]
    second = "rejouée : rien de plus" if again == 0 else f"REJOUÉE : {again} DE PLUS"
    say(
        f"  Messages partis : {played.left[on]} ({second}) ; {report.tallies.items} décisions, empreinte {report.digest[:12]}"
    )


def sent_so_far(house: House) -> int:
    """E-mails caught and letters printed until now."""
    letters = sum(1 for _ in (house.settings.home / "out" / "post").glob("*/[0-9][0-9][0-9]_*.pdf"))
    return sum(1 for _ in messages(mail_folder(house))) + letters


def mail_folder(house: House) -> Path:
    """The Maildir of the embedded catcher."""
    return house.settings.home / "mail"
