"""Where the demo lives: one folder that is emptied first, and only when it is its own; settings that no environment sways."""

import shutil
from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from sqlalchemy.exc import DBAPIError

from recouvrement.ledger.engine import open_engine
from recouvrement.ledger.marks import Mark, marked
from recouvrement.settings import PROJECT, Settings

MARKER = ".demo-recouvrement"
HOME = PROJECT / "var" / "demo"
SAMPLE = PROJECT / "data" / "sample"


class NotOurs(Exception):
    """The folder holds something that the demo did not put there; nothing was touched."""


class DemoSettings(Settings):
    """Settings from the program alone: a database address or a mail server of the environment must not reach the demo."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what the program says and nothing else."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def fresh_home(folder: Path) -> Path:
    """Empty the demo's folder, or make it; NotOurs when it is not empty and does not bear the demo's mark."""
    home = folder.expanduser().absolute()
    if home.is_symlink() or (home.exists() and not home.is_dir()):
        raise NotOurs(f"{home} is not a plain folder")
    if home.exists() and any(home.iterdir()) and not (home / MARKER).is_file():
        raise NotOurs(f"{home} is not empty and was not made by the demo: move it away, or give another folder")
    if _holds_a_firm(home / "recouvrement.db"):
        raise NotOurs(f"{home} holds the ledger of a firm, not of the demo")
    if home.exists():
        for inside in home.iterdir():
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            elif inside.name != MARKER:
                inside.unlink()
    home.mkdir(parents=True, exist_ok=True)
    (home / MARKER).write_text(
        "Made by `make demo`, which empties this folder. Nothing here is real.\n", encoding="utf-8"
    )
    return home


def _holds_a_firm(file: Path) -> bool:
    """Whether somebody made a ledger of their own there; a damaged file is what a demo that was killed leaves."""
    if not file.is_file():
        return False
    engine = open_engine(f"sqlite:///{file}", workers=1)
    try:
        with engine.connect() as connection:
            return marked(connection, Mark.HOME) == "firm"
    except DBAPIError:
        return False
    finally:
        engine.dispose()


def settings_of(home: Path, smtp_port: int) -> Settings:
    """The demo's settings: its own SQLite ledger, mail to this machine only, the witness beside it."""
    return DemoSettings(
        home=home,
        witness=home / "witness",
        smtp_host="127.0.0.1",
        smtp_port=smtp_port,
        message_domain="valmorin.example",
    )
