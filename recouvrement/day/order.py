"""The order of the day: intake, matching, positions, decisions, contacts, cases; each a plain function."""

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from recouvrement.channels.account import LOOPBACK
from recouvrement.clock import today_in_paris
from recouvrement.day.cases import Sealed, propose_cases, seal_dossier
from recouvrement.day.contacts import Acting, PlanTally, plan
from recouvrement.day.control import control
from recouvrement.day.decisions import Shard, Tallies, decide_range, ranges
from recouvrement.day.hold_out import enrol_newcomers
from recouvrement.day.house import House, law_text, policy_text
from recouvrement.day.matching import MatchTally, match
from recouvrement.day.withdrawals import propose_withdrawals
from recouvrement.ledger.following import follow
from recouvrement.ledger.marks import Mark, marked
from recouvrement.ledger.positions import Range
from recouvrement.ledger.restore import pause_when_behind
from recouvrement.ledger.runs import DECIDES, Run, complete_run, keep_decisions, know_more, record_event, start_run
from recouvrement.ledger.single_flight import single_flight
from recouvrement.ledger.waits import end_waits
from recouvrement.policy.law_warnings import law_warnings


class Mode(StrEnum):
    """Whether a run only decides and reports, or also plans contacts that may leave."""

    REHEARSE = "rehearse"
    LIVE = "live"


class LiveRefused(Exception):
    """A live run may not start; the reason is a code with a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class DayReport:
    """What a run did, in counts, codes and cents; `digest` is the SHA-256 over its decisions."""

    run_id: str
    on: date
    mode: Mode
    known_to: int = 0
    digest: str = ""
    tallies: Tallies = field(default_factory=Tallies)
    matched: MatchTally = field(default_factory=MatchTally)
    planned: PlanTally = field(default_factory=PlanTally)
    control: dict[str, object] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    cases: list[str] = field(default_factory=list)
    dossiers: list[Sealed] = field(default_factory=list)
    paused: str = ""
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The object that `recouvrement run --json` prints and that the run's last event keeps."""
        t = self.tallies
        return {
            "run": self.run_id,
            "on": self.on.isoformat(),
            "mode": self.mode.value,
            "known_to": self.known_to,
            "decisions": t.items,
            "decisions_sha256": self.digest,
            "actions": dict(sorted(t.actions.items())),
            "reasons": dict(sorted(t.reasons.items())),
            "buckets": t.buckets,
            "stages": t.stages,
            "contacts": t.contacts,
            "matching": self.matched.as_json(),
            "control": self.control,
            "planned": self.planned.as_json(),
            "waits": self.waits,
            "cases": len(self.cases),
            "dossiers": [s.case_code for s in self.dossiers],
            "paused": self.paused,
            "warnings": self.warnings,
        }


def may_run_live(house: House, on: date) -> str | None:
    """Why a live run on that day is refused, or None.

    Live means today, in a ledger that went live; another day only in a ledger with a simulated clock, whose mail can
    only reach this machine.
    """
    with house.ledger.reading() as connection:
        sending = marked(connection, Mark.SENDING)
    if house.simulated:
        return None if house.settings.smtp_host in LOOPBACK else "simulated_ledgers_send_to_loopback_only"
    if on != today_in_paris():
        return "live_is_for_today_only"
    return None if sending == "live" else "not_gone_live"


@contextmanager
def a_run(house: House, *, on: date, mode: Mode, actor: str) -> Iterator[Run]:
    """Hold the single flight of the day and a run row; a run that fails says so in its last event."""
    if mode is Mode.LIVE and (reason := may_run_live(house, on)):
        raise LiveRefused(reason)
    with single_flight(house.ledger):
        owner = f"{actor}@{socket.gethostname()}:{os.getpid()}"
        run = start_run(
            house.ledger,
            kind="daily",
            on=on,
            mode=mode.value,
            policy=policy_text(house),
            texts=house.policies.texts.values(),
            law=law_text(house),
            owner=owner,
        )
        try:
            yield run
        except BaseException as error:
            with house.ledger.act("run_failed", actor) as act:
                record_event(act, run.id, "failed", detail={"error": type(error).__name__})
            raise


Mapped = Callable[[Callable[[Range], Shard], list[Range]], Iterable[Shard]]


def decide_day(house: House, run: Run, report: DayReport, mapped: Mapped = map) -> Acting:
    """Decide for every open item and keep the decisions; `mapped` may spread the ranges over tasks.

    Shards only read; this one writer keeps their parts in order, so that the digest does not depend on them.
    """
    creditor_id = house.creditor()
    report.known_to = run.known_to
    report.warnings = [f"{w.code}: {w.message}" for w in law_warnings(house.law, run.on)]
    parts = ranges(house, creditor_id, run.known_to)
    digest = sha256()
    acting: Acting = []

    def one(part: Range) -> Shard:
        return decide_range(house, creditor_id, part, on=run.on, known_to=run.known_to)

    for number, shard in enumerate(mapped(one, parts)):
        digest.update(shard.lines)
        report.tallies.merge(shard.tallies)
        acting += shard.acting
        with house.ledger.act("keep_decisions", "run") as act:
            keep_decisions(act, run.id, number, shard.parquet, rows=shard.rows, digest=sha256(shard.lines).hexdigest())
    report.digest = digest.hexdigest()
    return acting


def before_deciding(house: House, run: Run, report: DayReport, *, actor: str) -> Run:
    """What comes before decisions: waits end, money is matched, promises are judged; the run then knows all of it.

    A rehearsal matches, but ends neither waits nor promises.
    """
    if report.mode is Mode.LIVE:
        report.paused = pause_when_behind(house.ledger, house.witness())
        with house.ledger.act("end_waits", actor) as act:
            report.waits = end_waits(act, house.policies.of_sha256, on=run.on)
    report.matched = match(house, on=run.on)
    report.control = control(house, on=run.on).counts()
    if report.mode is Mode.LIVE:
        enrol_newcomers(house, on=run.on, actor=actor)
        with house.ledger.act("follow_facts", actor) as act:
            report.waits |= follow(act, house.policy, on=run.on)
        report.waits |= propose_withdrawals(house, on=run.on, actor=actor)
    with house.ledger.act("decide", actor) as act:
        record_event(act, run.id, DECIDES)
    return know_more(run, act.id)


def after_deciding(house: House, run: Run, report: DayReport, acting: Acting, *, actor: str) -> None:
    """What follows from decisions in a live run: contacts into the outbox, cases with their dossiers."""
    if report.mode is Mode.LIVE and not report.paused:
        report.planned = plan(house, acting, on=run.on, run_id=run.id, known_to=run.known_to, actor=actor)
        report.cases = propose_cases(house, acting, on=run.on, actor=actor)
        report.dossiers = [seal_dossier(house, case_id, on=run.on, actor=actor) for case_id in report.cases]
    with house.ledger.act("complete_run", actor) as act:
        complete_run(act, run.id, report.as_json())


def run_day(house: House, *, on: date, mode: Mode, actor: str = "operator") -> DayReport:
    """Run one day from matching to cases; sending is apart (`drain`). Running it again plans nothing twice.

    Raises LiveRefused, AlreadyRunning.
    """
    house = house.on_day(on)
    with a_run(house, on=on, mode=mode, actor=actor) as run:
        report = DayReport(run.id, on, mode)
        run = before_deciding(house, run, report, actor=actor)
        acting = decide_day(house, run, report)
        after_deciding(house, run, report, acting, actor=actor)
    return report
