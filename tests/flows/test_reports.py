"""Reports in the console: a page on this machine, artifacts without names of persons; a simulation that refuses early."""

from flows.simulate_policy import simulate_policy
from flows.weekly_report import weekly_report
from recouvrement.day.acts import record_promise
from recouvrement.day.limits import grant_limit
from recouvrement.day.matching import match
from tests.flows.conftest import MakeLedger, Server, count
from tests.flows.small_ledger import DAY, PERSON, POISON


def test_the_week_in_figures_and_a_candidate_beside_the_policy_in_force(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    match(house, on=DAY)
    record_promise(house, "F-103", cents=340_50, due_on=DAY, on=DAY, operator="owner")
    grant_limit(
        house, "C2", kind="credit", cents=1_00, on=DAY, operator="owner"
    )  # so that the person is named somewhere
    state = weekly_report(on=DAY.isoformat(), language="fr", return_state=True)
    assert state.name == "Completed", state.message
    page = (house.settings.home / "out" / "reports" / "report-2026-11-20-fr.html").read_text("utf-8")
    assert PERSON in page
    played = simulate_policy(candidate="serial_late", start="2026-11-16", end="2026-11-20", return_state=True)
    assert played.name == "Completed", played.message
    assert "Nothing was sent" in str(played.message)
    assert count(house, "contact") == 0
    shown = server.artifacts()
    assert {"weekly-aged", "weekly-forecast", "weekly-limits", "weekly-figures", "simulation"} <= set(shown)
    assert "data:image/svg+xml;base64," in shown["weekly-aged"]
    assert "C2" in shown["weekly-limits"]
    assert "standard" in shown["simulation"]
    for secret in (PERSON, POISON):
        assert secret.encode() not in server.kept()


def test_what_cannot_be_simulated_is_refused_before_anything_is_written(server: Server, ledger: MakeLedger) -> None:
    house = ledger()
    for asked, why in (
        ({"candidate": "nothing"}, "policy_not_usable"),
        ({"candidate": "standard", "start": "2026-11-20", "end": "2026-11-19"}, "start_after_end"),
        ({"candidate": "standard", "instead_of": "nobody"}, "unknown_policy"),
        ({"candidate": "../x"}, "candidate_not_usable"),
    ):
        state = simulate_policy(**{"start": "2026-11-19", "end": "2026-11-20", **asked}, return_state=True)
        assert (state.name, why in str(state.message)) == ("Refused", True), state.message
    assert not (house.settings.home / "out" / "reports").exists()
