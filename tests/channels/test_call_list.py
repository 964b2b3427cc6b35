"""The telephone list goes out harmless and comes back row by row."""

from datetime import date

import pytest

from recouvrement.channels.call_list import (
    COLUMNS,
    CallMade,
    CallOutcome,
    CallProblem,
    CallToMake,
    as_page,
    as_sheet,
    read_calls,
)
from recouvrement.channels.sheets import Unreadable, read, written

LISTED, ON = date(2026, 3, 2), date(2026, 3, 4)
CALLS = [
    CallToMake("K1", "SARL DUPONT", "Mme Durand", "+33 2 40 00 00 00", 120_000, "EUR", 12, ("FA-1", "FA-2")),
    CallToMake(
        "K2", '=HYPERLINK("http://x")', "", "", 980_050, "EUR", 31, ("FA-3",), ("A promis le 3.", "@Relancer\r\n")
    ),
]


def filled(key: str, **cells: str) -> bytes:
    rows = read(as_sheet(CALLS), COLUMNS)
    assert not isinstance(rows, Unreadable)
    changed = [dict(row.cells) | (cells if row["cle"] == key else {}) for row in rows]
    return written(COLUMNS, [[row[column] for column in COLUMNS] for row in changed])


def test_the_largest_sum_comes_first_and_no_cell_is_a_formula() -> None:
    lines = as_sheet(CALLS).decode("utf-8-sig").split("\r\n")
    assert lines[1].startswith('K2;"\'=HYPERLINK(""http://x"")";;;9800,50;EUR;31;FA-3;A promis le 3. @Relancer;')
    assert "'+33 2 40 00 00 00" in lines[2].split(";")


def test_the_page_can_be_read_aloud() -> None:
    page = as_page(CALLS, LISTED).replace("\u00a0", " ")
    assert "Appels à passer le 02/03/2026 : 2" in page
    assert "  2. SARL DUPONT : 1 200,00 €, 12 jours de retard\n     Mme Durand : +33 2 40 00 00 00" in page
    assert "interlocuteur à trouver : numéro à trouver" in page
    assert max(map(len, page.splitlines())) <= 100
    assert "\r" not in page


def test_a_filled_row_is_a_call_made() -> None:
    cells = {"resultat": "Promesse", "date_appel": "03/03/2026", "date_promise": "2026-03-13", "operateur": "ML"}
    back = read_calls(filled("K1", **cells, note="rappelle lundi"), ["K1", "K2"], {"ML"}, LISTED, ON)
    assert back.taken == (
        CallMade("K1", CallOutcome.PROMISED, date(2026, 3, 3), "ML", date(2026, 3, 13), "rappelle lundi"),
    )
    assert (back.refused, back.pending) == ((), ("K2",))
    assert "rappelle" not in repr(back)


@pytest.mark.parametrize(
    ("written_as", "meant"),
    [
        ("déjà payé", CallOutcome.PAID_ALREADY),
        ("SANS RÉPONSE", CallOutcome.NO_ANSWER),
        ("conteste", CallOutcome.DISPUTED),
    ],
)
def test_outcomes_as_clerks_write_them(written_as: str, meant: CallOutcome) -> None:
    back = read_calls(
        filled("K1", resultat=written_as, date_appel="2026-03-03", operateur="ML"), ["K1"], {"ML"}, LISTED, ON
    )
    assert [call.outcome for call in back.taken] == [meant]


GOOD = {"resultat": "sans réponse", "date_appel": "2026-03-03", "operateur": "ML"}
BAD = [
    (CallProblem.NOT_ON_THE_LIST, {"cle": "K9"}),
    (CallProblem.ROW_TWICE, {"cle": "K2"}),
    (CallProblem.OUTCOME_MISSING, {"resultat": ""}),
    (CallProblem.OUTCOME_UNKNOWN, {"resultat": "bof"}),
    (CallProblem.OPERATOR_UNKNOWN, {"operateur": "ZZ"}),
    (CallProblem.DAY_MISSING, {"date_appel": ""}),
    (CallProblem.DAY_MALFORMED, {"date_appel": "mardi"}),
    (CallProblem.BEFORE_THE_LIST, {"date_appel": "2026-03-01"}),
    (CallProblem.IN_THE_FUTURE, {"date_appel": "2026-03-05"}),
    (CallProblem.PROMISE_WITHOUT_DAY, {"resultat": "promesse"}),
    (CallProblem.PROMISE_DAY_MALFORMED, {"resultat": "promesse", "date_promise": "bientôt"}),
    (CallProblem.PROMISE_BEFORE_CALL, {"resultat": "promesse", "date_promise": "2026-03-02"}),
]


@pytest.mark.parametrize(("problem", "change"), BAD, ids=lambda value: value if isinstance(value, str) else "")
def test_a_bad_row_is_refused_with_its_reason(problem: CallProblem, change: dict[str, str]) -> None:
    octets = filled("K1", **(GOOD | change))
    if problem is CallProblem.ROW_TWICE:
        octets = octets.replace(b";;;;;\r\n", b";sans reponse;2026-03-03;;ML;\r\n")
    back = read_calls(octets, ["K1", "K2"], {"ML"}, LISTED, ON)
    assert {row.problem for row in back.refused} == {problem}
    assert back.taken == ()


def test_what_is_no_list_is_refused_whole() -> None:
    back = read_calls(b"bonjour", ["K1"], {"ML"}, LISTED, ON)
    assert ([row.problem for row in back.refused], back.pending) == ([CallProblem.COLUMNS_MISSING], ("K1",))
