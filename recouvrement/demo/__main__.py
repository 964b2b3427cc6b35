"""`python -m recouvrement.demo`: play the story, show what came of it, and exit 0 only when every expectation holds."""

import argparse
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from recouvrement.channels.catcher import Catcher
from recouvrement.demo.expectations import DEBTORS, judged
from recouvrement.demo.home import HOME, SAMPLE, NotOurs, fresh_home, settings_of
from recouvrement.demo.people import StoryFault
from recouvrement.demo.places import places
from recouvrement.demo.play import Played, opened, play
from recouvrement.demo.report import write_report
from recouvrement.demo.story import DAYS


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the demo in its folder; 0 when the story held, 1 when it did not, 2 when it could not be played here."""
    parser = argparse.ArgumentParser(prog="python -m recouvrement.demo", description="Play ten days of a made-up firm.")
    parser.add_argument("--home", type=Path, default=HOME, help="its folder, emptied first (default: var/demo)")
    try:
        home = fresh_home(parser.parse_args(arguments).home)
    except NotOurs as refusal:
        print(f"demo: {refusal}", file=sys.stderr)
        return 2
    with Catcher(home / "mail") as catcher:
        firm = tomllib.loads((SAMPLE / "story" / "firm.toml").read_text(encoding="utf-8"))
        house = opened(settings_of(home, catcher.port), firm)
        print(f"{firm['name']} : dix jours, du {DAYS[0].on:%d/%m/%Y} au {DAYS[-1].on:%d/%m/%Y}. Tout est inventé.")
        try:
            return _ended(play(house, print))
        except StoryFault as fault:
            print(f"demo: the story broke: {fault}", file=sys.stderr)
            return 1


def _ended(played: Played) -> int:
    report = write_report(played, DEBTORS)
    found = judged(played)
    print("\nCe que l'histoire devait montrer")
    for one in found:
        print(f"  [{'oui' if one.holds else 'NON'}] {one.what} : {one.shown}")
    print("\nOù regarder")
    for line in places(played, report):
        print(f"  {line}")
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
