"""A story: a dated text played against a real ledger on SQLite."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from recouvrement.channels.catcher import Catcher
from recouvrement.day.house import House, open_house
from recouvrement.policy.ladder import load_policy
from recouvrement.settings import PROJECT
from tests.scenarios.player import Player


class Story:
    """Plays texts, each in a new house: `story.check(text)`; `policy=(old, new)` replaces words of the standard policy first."""

    def __init__(self, make_house: Callable[..., House], mail: Catcher, folder: Path) -> None:
        self._make, self._mail, self._folder = make_house, mail, folder

    def check(self, text: str, *, policy: tuple[str, ...] = (), **settings: object) -> Player:
        """Play a text, check its arrows, and give the player for more."""
        player = Player(self._make(on=date(2026, 1, 1), smtp_port=self._mail.port, **settings), self._mail)
        if policy:
            change_policy(player, self._folder, *policy)
        return player.check(text)


@pytest.fixture
def story(make_house: Callable[..., House], mail: Catcher, tmp_path: Path) -> Story:
    """Stories played against a real ledger."""
    return Story(make_house, mail, tmp_path)


def change_policy(player: Player, folder: Path, *words: str) -> None:
    """From here on the house follows the standard policy with some words replaced (old, new, old, new…)."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(PROJECT / "data", data, ignore=shutil.ignore_patterns("sample"))
    text = (PROJECT / "data" / "policies" / "standard.toml").read_text(encoding="utf-8")
    for old, new in zip(words[::2], words[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    (data / "policies" / "standard.toml").write_text(text, encoding="utf-8")
    load_policy(data / "policies" / "standard.toml")
    player.house = open_house(player.house.settings.model_copy(update={"data": data}))
