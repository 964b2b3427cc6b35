"""Reports as tasks: the file on this machine may name debtors, artifacts go by codes unless firms may be named (law 10)."""

from dataclasses import replace
from datetime import date

from prefect.artifacts import create_markdown_artifact, update_progress_artifact

from recouvrement.day.house import House
from recouvrement.day.reporting import Naming, Shown, safe_code
from recouvrement.day.simulation import candidate_policy, simulate, write_simulation
from recouvrement.day.weekly import write_report
from recouvrement.domain.money import printed
from recouvrement.ledger.as_of import AsOf
from recouvrement.policy.ladder import PolicyRefused
from recouvrement.reports.figures import Figures
from recouvrement.reports.page import Grid, Report, Section, markdown_of
from recouvrement.reports.report_words import say
from recouvrement.reports.simulated import Simulation, hours, simulation_report
from recouvrement.reports.simulation_words import say as of_simulation
from recouvrement.reports.weekly_report import report_of
from tasks.guard import house_task
from tasks.showing import firms_may_be_named


@house_task("weekly-report", retries=2)
def write_weekly(house: House, on: date, language: str) -> tuple[str, int]:
    """Write the page under the home, then an artifact a section; the name of the file and how many artifacts."""
    path, figures = write_report(house, on=on, language=language)
    report = for_console(house, figures, language)
    figures_told = Grid(
        ("", "", ""), tuple((label, value, note) for label, value, note in report.tiles), figures_from=3
    )
    head = Section("figures", report.title, report.told, (figures_told,))
    for section in (head, *report.sections):
        told = markdown_of(section, nothing=say("nothing", language))
        create_markdown_artifact(told, key=f"weekly-{section.key}", description=f"{section.title}, {on}")
    return path.name, 1 + len(report.sections)


def for_console(house: House, figures: Figures, language: str) -> Report:
    """The report as Prefect may show it: natural persons by code, firms named only where the setting lets them be."""
    as_of = AsOf(figures.on, house.ledger.known_to())
    name = Naming(house, figures.debtors(), as_of, Shown(language, firms_may_be_named()))
    cases = tuple(replace(case, code=safe_code(case.code, case.debtor)) for case in figures.cases)
    return report_of(replace(figures, cases=cases), name, language)


class Candidate:
    """What to simulate; opaque, so that Prefect does not walk through it."""

    def __init__(self, name: str, start: date, end: date, instead_of: str) -> None:
        self.name, self.start, self.end, self.instead_of = name, start, end, instead_of


def is_usable(house: House, name: str) -> bool:
    """Whether the candidate exists and holds as a policy."""
    try:
        candidate_policy(house, name)
    except PolicyRefused:
        return False
    return True


@house_task("simulate-policy")
def play_candidate(house: House, candidate: Candidate, language: str, bar: object) -> tuple[dict[str, int], str]:
    """Replay, write the page and the list on this machine, show counts; give back the counts and the list's name."""

    def moved(done: int, all_: int) -> None:
        if done == all_ or done % 10 == 0:
            update_progress_artifact(artifact_id=bar, progress=100.0 * done / all_)  # type: ignore[arg-type]

    policy = candidate_policy(house, candidate.name)
    found = simulate(
        house, policy, candidate.start, candidate.end, instead_of=candidate.instead_of, progress=moved
    )  # fmt: skip
    written = write_simulation(house, found, language=language)
    told = simulation_markdown(found, written.differences.name, language)
    create_markdown_artifact(told, key="simulation", description=f"{policy.name}, {candidate.start} to {candidate.end}")
    return found.counts(), written.differences.name


def simulation_markdown(found: Simulation, file: str, language: str) -> str:
    """Counts, what is assumed, contacts by step and channel; the differences themselves stay in the file."""
    counts, money = found.counts(), found.costs.currency
    sides = ("current", "candidate")
    rows = (
        (of_simulation("contacts", language), *(str(counts[f"contacts_{side}"]) for side in sides)),
        (of_simulation("cost", language), *(printed(counts[f"cost_cents_{side}"], money, language) for side in sides)),
        (of_simulation("work", language), *(hours(counts[f"minutes_{side}"], language) for side in sides)),
        (of_simulation("escalated_earlier", language), "", str(counts["earlier"] + counts["only_candidate"])),
        (of_simulation("escalated_later", language), "", str(counts["later"] + counts["only_current"])),
        (of_simulation("differences_count", language), "", str(counts["differences"])),
    )
    head = (of_simulation("figure", language), of_simulation("ours", language), of_simulation("theirs", language))
    report = simulation_report(found, lambda _: "", language)
    first = Section("counts", report.title, f"{report.told} out/reports/{file}", (Grid(head, rows),))
    nothing = of_simulation("nothing", language)
    return "\n\n".join(markdown_of(section, nothing=nothing) for section in (first, *report.sections[:2]))
