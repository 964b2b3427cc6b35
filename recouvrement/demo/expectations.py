"""What the story must show, judged from the ledger, the mailbox and the files, never from what was printed."""

import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recouvrement.day.showing import explain
from recouvrement.demo.facts import Left, contacts_left, mailbox, promises_ended, words_of
from recouvrement.demo.play import Played
from recouvrement.domain.ladder import StepCode
from recouvrement.domain.money import printed
from recouvrement.domain.reasons import Action, Reason, sentence
from recouvrement.dossier.verify import verify_zip
from recouvrement.reports.words import word

DEBTORS = (
    "ALPAGE", "BREVENT", "CORVIN", "DURET", "EPINETTE", "FARIO", "GRANDPRE", "IRONBRIDGE", "JASMIN", "KERMOR", "LORIOT",
    "MELEZE", "NAVARRE", "VARIN",
)  # fmt: skip
LADDER = tuple(step.value for step in StepCode if step is not StepCode.HAND_OFF)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing that the story must show: what, whether it did, and what was seen."""

    what: str
    holds: bool
    shown: str


@dataclass(frozen=True, slots=True)
class _Story:
    played: Played
    left: list[Left]

    def of(self, debtor: str, *, after: date = date.min, upto: date = date.max) -> list[Left]:
        return [one for one in self.left if one.debtor == debtor and after < one.on <= upto]

    def reasons(self, number: str) -> dict[date, tuple[Action, Reason]]:
        """The decision about an invoice on each day on which it was open."""
        return {
            on: (one.decision.action, one.decision.reason)
            for on, seen in self.played.decided.items()
            for one in seen
            if one.number == number
        }


def judged(played: Played) -> list[Expectation]:
    """Judge every expectation of the story."""
    story = _Story(played, contacts_left(played.house, DEBTORS))
    checks: tuple[Callable[[_Story], Expectation], ...] = (
        _ladder, _paid_on_time, _paid_between, _in_doubt, _disputed, _promise_kept, _promise_broken, _in_credit, _unknown_kind,
        _no_email, _no_address, _english, _consumer, _nothing_paid, _mailbox, _again, _files, _dossier,
    )  # fmt: skip
    return [check(story) for check in checks]


def _named(codes: Iterable[str]) -> str:
    return ", ".join(word(code, "fr") for code in codes)


def _ladder(s: _Story) -> Expectation:
    steps = [one.step for one in s.of("ALPAGE")]
    return Expectation("Chaque étape de l'échelle, dans l'ordre", steps == list(LADDER), _named(steps))


def _paid_on_time(s: _Story) -> Expectation:
    about = [
        one for one in s.of("CORVIN", after=date(2026, 9, 7)) if any(i.number == "FA-2026-0404" for i in one.items)
    ]
    found = explain(s.played.house, "FA-2026-0404", on=date(2026, 9, 10))[0]
    holds = not about and found["reason"] == "nothing_open"
    return Expectation(
        "Un client qui paie à l'heure est laissé tranquille", holds, f"FA-2026-0404 : {len(about)} relance"
    )


def _paid_between(s: _Story) -> Expectation:
    found = explain(s.played.house, "FA-2026-0403", on=date(2026, 9, 17))[0]
    quiet = not s.of("BREVENT", after=date(2026, 9, 10), upto=date(2026, 10, 14))
    paid = [(row["on"], row["cents"]) for row in found["applied"]]
    holds = quiet and found["reason"] == "nothing_open" and paid == [("2026-09-15", 219_600)]
    shown = ", ".join(f"{printed(cents)} reçus le {on}" for on, cents in paid)
    return Expectation("Payé entre deux dates : plus de relance, et le registre dit pourquoi", holds, shown)


def _in_doubt(s: _Story) -> Expectation:
    held = {on for on, verdict in s.reasons("FA-2026-0413").items() if verdict == (Action.HOLD, Reason.MONEY_IN_DOUBT)}
    after = [one.step for one in s.of("NAVARRE", after=date(2026, 9, 18))]
    holds = date(2026, 9, 22) in held and after == ["receipt_in_doubt"]
    return Expectation("Argent reçu mais ambigu : aucune relance, une question", holds, f"ensuite : {_named(after)}")


def _disputed(s: _Story) -> Expectation:
    days = [on for on, verdict in s.reasons("FA-2026-0405").items() if verdict == (Action.HOLD, Reason.DISPUTED)]
    quiet = not s.of("DURET", after=date(2026, 9, 17), upto=date(2026, 10, 22))
    return Expectation(
        "Une facture contestée attend", bool(quiet and len(days) >= 3), f"{len(days)} passages, rien d'envoyé"
    )


def _promise_kept(s: _Story) -> Expectation:
    held = [on for on, verdict in s.reasons("FA-2026-0406").items() if verdict == (Action.HOLD, Reason.PROMISED)]
    after = [one for one in s.of("EPINETTE", after=date(2026, 9, 17)) for i in one.items if i.number == "FA-2026-0406"]
    holds = bool(held) and not after and promises_ended(s.played.house, "EPINETTE") == ["kept"]
    return Expectation("Une promesse tenue", holds, "relance suspendue le " + ", ".join(f"{d:%d/%m}" for d in held))


def _promise_broken(s: _Story) -> Expectation:
    held = [on for on, verdict in s.reasons("FA-2026-0407").items() if verdict == (Action.HOLD, Reason.PROMISED)]
    after = s.of("FARIO", after=date(2026, 9, 28))
    quoted = [m for m in mailbox(s.played.house) if "28 septembre 2026" in words_of(m) and "fario" in str(m["To"])]
    resumed = after[:1] != [] and after[0].step == "firm_reminder"
    holds = bool(held and quoted) and resumed and promises_ended(s.played.house, "FARIO") == ["broken"]
    return Expectation("Une promesse rompue : la relance reprend et la rappelle", holds, _named(o.step for o in after))


def _in_credit(s: _Story) -> Expectation:
    days = [on for on, (_, reason) in s.reasons("FA-2026-0418").items() if reason is Reason.CREDIT_COVERS]
    asked = [one for one in s.of("MELEZE", upto=date(2026, 10, 27)) if one.step != StepCode.COURTESY]
    return Expectation("Un client créditeur n'est pas relancé", bool(days and not asked), f"{len(days)} passages")


def _unknown_kind(s: _Story) -> Expectation:
    days = [on for on, (_, reason) in s.reasons("FA-2026-0410").items() if reason is Reason.KIND_UNKNOWN]
    steps = [one.step for one in s.of("JASMIN", upto=date(2026, 10, 13))]
    holds = bool(days) and not {"firm_reminder", "last_reminder", "mise_en_demeure"} & set(steps)
    return Expectation("Nature inconnue : étapes amiables seulement", holds, _named(steps))


def _no_email(s: _Story) -> Expectation:
    channels = {one.channel for one in s.of("KERMOR")}
    return Expectation("Sans adresse e-mail : par lettre", channels == {"letter"}, _named(sorted(channels)))


def _no_address(s: _Story) -> Expectation:
    reasons = {reason for _, reason in s.reasons("FA-2026-0412").values()}
    holds = Reason.NO_ADDRESS in reasons and not s.of("LORIOT")
    return Expectation(
        "Sans aucune adresse : demandé à une personne", holds, " ".join(sentence(reason) for reason in sorted(reasons))
    )


def _english(s: _Story) -> Expectation:
    mails = [words_of(m) for m in mailbox(s.played.house) if "ironbridge" in str(m["To"])]
    holds = bool(mails) and all("Dear Sir or Madam" in text for text in mails)
    return Expectation("Un client anglais est écrit en anglais", holds, f"{len(mails)} e-mails")


def _consumer(s: _Story) -> Expectation:
    mails = [words_of(m) for m in mailbox(s.played.house) if "varin" in str(m["To"])]
    holds = bool(mails) and not any("40,00 €" in text or "L441-10" in text for text in mails)
    return Expectation("À un particulier, ni pénalités ni 40 €", holds, f"{len(mails)} e-mails")


def _nothing_paid(s: _Story) -> Expectation:
    wrong = [i.number for one in s.left for i in one.items if i.cents != i.open_then or i.open_then <= 0]
    count = sum(len(one.items) for one in s.left)
    return Expectation(
        "Rien de payé n'est réclamé, chaque montant est le bon", not wrong, " ".join([f"{count} lignes relues", *wrong])
    )


def _mailbox(s: _Story) -> Expectation:
    sent = sorted(one.message_id for one in s.left if one.channel == "email")
    caught = sorted(str(mail["Message-ID"]) for mail in mailbox(s.played.house))
    return Expectation(
        "La boîte aux lettres et le registre disent la même chose", sent == caught, f"{len(caught)} e-mails"
    )


def _again(s: _Story) -> Expectation:
    extra = sum(s.played.left_again.values())
    return Expectation(
        "Chaque date rejouée n'envoie rien", extra == 0, f"{len(s.played.left_again)} dates, {extra} envoi"
    )


def _files(s: _Story) -> Expectation:
    bad = s.played.files_refused
    return Expectation("Chaque fichier est lu", not bad, ", ".join(bad) or "aucun refus")


def _dossier(s: _Story) -> Expectation:
    what = "Un dossier que `sha256sum -c` accepte"
    if len(s.played.dossiers) != 1:
        return Expectation(what, holds=False, shown=f"{len(s.played.dossiers)} dossiers")
    path = s.played.dossiers[0]
    ours = verify_zip(path)
    theirs, said = _sha256sum(path)
    return Expectation(what, ours.ok and theirs, f"{path.name} : {said}")


def _sha256sum(path: Path) -> tuple[bool, str]:
    """What the machine's own tool says of the unpacked dossier (`shasum` where there is no `sha256sum`)."""
    tool = ["sha256sum"] if shutil.which("sha256sum") else ["shasum", "-a", "256"]
    if not shutil.which(tool[0]):
        return True, "vérifié par le programme ; ni sha256sum ni shasum sur cette machine"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        sums = next(Path(folder).rglob("SHA256SUMS"))
        done = subprocess.run([*tool, "-c", sums.name], cwd=sums.parent, capture_output=True, text=True, check=False)
    good = sum(line.endswith(("OK", "Réussi", ": OK")) for line in done.stdout.splitlines())
    return (
        done.returncode == 0,
        f"{' '.join(tool)} -c : {good} fichiers, {'tous conformes' if done.returncode == 0 else 'ÉCHEC'}",
    )
