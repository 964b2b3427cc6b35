"""Where the demo left what it made, and how to see more."""

from pathlib import Path

from recouvrement.demo.play import Played, mail_folder


def places(played: Played, report: Path) -> list[str]:
    """One line per thing to look at."""
    home = played.house.settings.home
    out = home / "out"
    return [
        f"E-mails      {mail_folder(played.house)} (Maildir : `mutt -f`, ou chaque fichier de new/)",
        f"Lettres      {out / 'post'} (un lot par jour : a-imprimer.pdf, bordereau-depot.csv)",
        f"Appels       {out / 'calls'}",
        *(f"Dossier      {path}" for path in played.dossiers),
        f"Témoins      {out / 'anchors'} (une feuille par soir ; dans le dossier déplié : bash verify.sh FEUILLE)",
        f"Rapport      {report}",
        f"Registre     {home / 'recouvrement.db'}",
        f"Pourquoi ?   RECOUVREMENT_HOME={home} .venv/bin/recouvrement why FA-2026-0403 --on 2026-09-17",
        "Prefect      `make serve` ouvre l'interface ; y lancer `daily-recovery`",
    ]
