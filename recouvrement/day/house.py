"""The opened house: settings, ledger, policy and law in one frozen value that every step of the day takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from recouvrement.clock import PARIS, now
from recouvrement.domain.journal_events import HOUSE, JournalEvent
from recouvrement.domain.ladder import StepCode
from recouvrement.domain.policy import Policy
from recouvrement.domain.rates import MissingRate, Semester
from recouvrement.ledger import journal
from recouvrement.ledger.book import Ledger
from recouvrement.ledger.engine import open_engine, sqlite_file
from recouvrement.ledger.marks import Mark, mark, marked
from recouvrement.ledger.migrate import upgrade, versions
from recouvrement.ledger.parties import creditors, record_creditor
from recouvrement.ledger.restore import witness
from recouvrement.ledger.ulid import ulid
from recouvrement.ledger.witness import Witness
from recouvrement.letters.types import MessageCode
from recouvrement.policy.ladder import PolicyRefused, load_policy
from recouvrement.policy.law import Law, load_law
from recouvrement.policy.law_wording import lint_templates
from recouvrement.policy.policies import Policies, load_policies
from recouvrement.settings import Settings

OPENING_HOUR = time(8, 30)
STEPS = tuple(code.value for code in StepCode)
MESSAGES = frozenset(code.value for code in MessageCode)


class NoLedger(Exception):
    """There is no ledger where the settings point, or it is of another version; only `init` makes one."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything a step needs. `simulated` ledgers date their acts by the day they play."""

    settings: Settings
    ledger: Ledger
    policies: Policies
    law: Law
    simulated: bool

    @property
    def policy(self) -> Policy:
        """The firm's own policy: the limits of the house, and the ladder of whoever has no other."""
        return self.policies.default

    @property
    def inbox(self) -> Path:
        """The drop folder."""
        return self.settings.home / "inbox"

    def witness(self) -> Witness:
        """The restore witness of this ledger on this machine."""
        return witness(self.ledger, self.settings.witness_folder)

    def creditor(self) -> str:
        """The id of the one creditor; NoLedger when there is none or several (name one)."""
        with self.ledger.reading() as connection:
            found = creditors(connection)
        if len(found) != 1:
            raise NoLedger(f"the ledger has {len(found)} creditors; name one")
        return next(iter(found.values()))

    def rates_known(self, on: date) -> bool:
        """Whether the rate that penalties bear on a day is published: a formal notice never rests on a guess."""
        return not isinstance(self.law.penalties.rates.ecb_of(Semester.of(on)), MissingRate)

    def on_day(self, on: date) -> "House":
        """The same house, its acts dated on a day when the ledger's clock is simulated."""
        if not self.simulated:
            return self
        return House(
            self.settings, Ledger(self.ledger.engine, simulated_clock(on)), self.policies, self.law, simulated=True
        )


def simulated_clock(on: date) -> Callable[[], datetime]:
    """A clock that stands at the opening hour of a day in Paris."""
    moment = datetime.combine(on, OPENING_HOUR, PARIS).astimezone(UTC)
    return lambda: moment


def open_house(settings: Settings) -> House:
    """Open the ledger that the settings name; raise NoLedger, which says what to do, when there is none."""
    file = sqlite_file(settings.url)
    if file is not None and not file.exists():
        raise NoLedger(f"no ledger in {settings.home}: run `recouvrement init` first, or set RECOUVREMENT_HOME")
    engine = open_engine(settings.url, workers=settings.workers)
    current, newest = versions(engine)
    if current != newest:
        raise NoLedger(
            f"the ledger is of version {current or 'none'}, the software of {newest}: run `recouvrement init --upgrade`"
        )
    ledger = Ledger(engine, now)
    with ledger.reading() as connection:
        simulated = marked(connection, Mark.CLOCK) == "simulated"
    law = load_law(settings.data)
    return House(settings, ledger, usable_policies(settings, law), law, simulated)


def usable_policies(settings: Settings, law: Law) -> Policies:
    """Every policy of the house, with the rules that choose; raise PolicyRefused for the first that cannot be used."""
    policies = load_policies(settings.data / "policies", settings.policy)
    check_steps(settings, policies.by_name.values(), law)
    return policies


def usable_policy(settings: Settings, file: Path, law: Law) -> Policy:
    """A policy whose every step has its texts, in wording that the law allows; raise PolicyRefused otherwise."""
    policy = load_policy(file)
    check_steps(settings, [policy], law)
    return policy


def check_steps(settings: Settings, policies: Iterable[Policy], law: Law) -> None:
    """Raise PolicyRefused when a step is unknown, has no text, or one whose wording the law does not allow."""
    wanted: set[str] = set()
    for policy in policies:
        odd = [step.code for step in policy.steps if step.code not in STEPS]
        if odd:
            raise PolicyRefused(f"{policy.name}.toml: unknown step {', '.join(odd)}; there are {', '.join(STEPS)}")
        spoken = [step.template for step in policy.steps if step.channels]
        absent = [
            name
            for name in spoken
            if name not in MESSAGES or not (settings.templates / "fr" / f"{name}.md.j2").is_file()
        ]
        if absent:
            raise PolicyRefused(f"{policy.name}.toml: no template for {', '.join(absent)}")
        wanted |= set(spoken)
    if findings := lint_templates(settings.templates, law.wording, steps=wanted):
        raise PolicyRefused(f"{findings[0].step}: wording of {findings[0]}")


def init(
    settings: Settings,
    *,
    creditor: dict[str, object],
    simulated_clock_: bool = False,
    demo: bool = False,
    on: date | None = None,
) -> House:
    """Create the ledger and its creditor; ValueError when one exists already."""
    settings.home.mkdir(parents=True, exist_ok=True)
    for folder in ("inbox", "inbox/notes", "out"):
        (settings.home / folder).mkdir(parents=True, exist_ok=True)
    file = sqlite_file(settings.url)
    if file is not None and file.exists():
        raise ValueError(f"a ledger exists already: {file.name} in {settings.home}")
    upgrade(settings.url)
    clock = simulated_clock(on) if simulated_clock_ and on else now
    ledger = Ledger(open_engine(settings.url, workers=settings.workers), clock)
    code = str(creditor.pop("code", "house"))
    with ledger.act("init", "system") as act:
        mark(act, Mark.LEDGER_ID, ulid(act.at))
        mark(act, Mark.CLOCK, "simulated" if simulated_clock_ else "real")
        mark(act, Mark.HOME, "demo" if demo else "firm")
        mark(act, Mark.SENDING, "live" if demo else "rehearse")
        record_creditor(act, code, **creditor)
        journal.append(act, HOUSE, JournalEvent.LEDGER_OPENED, {"clock": "simulated" if simulated_clock_ else "real"})
    return open_house(settings)


def policy_text(house: House) -> tuple[str, bytes]:
    """The digest and the bytes of the manifest of the policies in force; their texts are in `house.policies.texts`."""
    return house.policies.sha256, house.policies.manifest


def law_text(house: House) -> tuple[str, bytes]:
    """The digest and the bytes of the law data in force."""
    texts = [path.read_bytes() for path in sorted((house.settings.data / "law").glob("*.toml"))]
    return house.law.sha256, b"\n".join(texts)
