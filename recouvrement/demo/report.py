"""The demo's report: one page of HTML that holds everything in itself, amounts as the ledger has them."""

from html import escape
from pathlib import Path

from recouvrement.day.showing import balances
from recouvrement.demo.facts import Left, contacts_left
from recouvrement.demo.play import Played
from recouvrement.demo.story import DAYS
from recouvrement.domain.lateness import buckets
from recouvrement.domain.money import printed
from recouvrement.domain.reasons import Action, sentence
from recouvrement.ledger.cases import case_items, cases_of
from recouvrement.reports.charts import Bar, bars, colour_of
from recouvrement.reports.words import word

STYLE = """
body { font: 15px/1.45 "Liberation Sans", Arial, sans-serif; color: #23272f; max-width: 62rem; margin: 2rem auto;
       padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2.2rem }
table { border-collapse: collapse; width: 100%; font-size: .87rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
th { background: #f1f1ee } td.n, th.n { text-align: right; white-space: nowrap }
tr.total td { font-weight: bold } p.note { color: #5b6472 }
"""
NOTE = """Tout est inventé : firme, clients, montants. Les montants sont en principal ; un avoir ou un trop-perçu
compte en moins."""
Cells = list[str]


def write_report(played: Played, debtors: tuple[str, ...]) -> Path:
    """Write `out/report.html` as of the last day of the story, and return its path."""
    last = DAYS[-1].on
    rows = balances(played.house, on=last)
    parts = [
        f"<h1>Ateliers Valmorin : recouvrement au {last:%d/%m/%Y}</h1>",
        f'<p class="note">{NOTE}</p>',
        bars("Montant ouvert par retard", _bars(played, rows)),
        "<h2>Balance âgée</h2>", _aged(played, rows),
        "<h2>Ce qui est parti</h2>", _contacts(contacts_left(played.house, debtors)),
        "<h2>Qui n'est pas relancé ce jour-là, et pourquoi</h2>", _held(played),
        "<h2>Dossiers</h2>", _cases(played),
    ]  # fmt: skip
    head = f'<meta charset="utf-8"><title>Recouvrement au {last:%d/%m/%Y}</title><style>{STYLE}</style>'
    page = f'<!doctype html>\n<html lang="fr"><head>{head}</head><body>{"".join(parts)}</body></html>\n'
    path = played.house.settings.home / "out" / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def _table(heads: Cells, rows: list[Cells], *, numbers: int = 0, total: bool = False) -> str:
    """A table whose last `numbers` columns are figures; the last row is a total when said so."""
    first = len(heads) - numbers

    def cells(values: Cells, tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if n >= first else ''}>{escape(v)}</{tag}>" for n, v in enumerate(values))

    body = "".join(
        f"<tr{' class=total' if total and n == len(rows) - 1 else ''}>{cells(row, 'td')}</tr>"
        for n, row in enumerate(rows)
    )
    return f"<table><thead><tr>{cells(heads, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def _names(played: Played) -> Cells:
    return list(buckets(played.house.policy.edges))


def _bars(played: Played, rows: list[dict[str, object]]) -> list[Bar]:
    names = _names(played)
    sums = {name: sum(_cell(row, name) for row in rows) for name in names}
    return [
        Bar(word(name, "fr"), sums[name], printed(sums[name]), colour_of(n, len(names))) for n, name in enumerate(names)
    ]


def _cell(row: dict[str, object], name: str) -> int:
    cells = row["buckets"]
    assert isinstance(cells, dict)
    return int(cells.get(name, 0))


def _aged(played: Played, rows: list[dict[str, object]]) -> str:
    names = [name for name in _names(played) if any(_cell(row, name) for row in rows)]
    lines = [
        [str(row["name"]), *(printed(_cell(row, n)) if _cell(row, n) else "" for n in names), printed(sum(_cell(row, n) for n in names))]
        for row in rows
    ]  # fmt: skip
    sums = [sum(_cell(row, n) for row in rows) for n in names]
    lines.append(["Total", *map(printed, sums), printed(sum(sums))])
    heads = ["Client", *(word(n, "fr") for n in names), "Total"]
    return _table(heads, lines, numbers=len(names) + 1, total=True)


def _contacts(left: list[Left]) -> str:
    rows = [
        [
            f"{one.on:%d/%m/%Y}", one.debtor, word(one.template, "fr"), word(one.channel, "fr"),
            ", ".join(item.number for item in one.items), printed(sum(item.cents for item in one.items)),
        ]
        for one in left
    ]  # fmt: skip
    return _table(["Jour", "Client", "Message", "Canal", "Factures", "Principal ouvert"], rows, numbers=1)


def _held(played: Played) -> str:
    seen = played.decided[DAYS[-1].on]
    rows = [
        [
            one.name,
            one.number,
            sentence(one.decision.reason),
            f"{max(one.decision.days_late, 0)}",
            printed(one.decision.open_cents),
        ]
        for one in seen
        if one.decision.action not in {Action.CONTACT, Action.HAND_OFF}
    ]
    return _table(["Client", "Facture", "Pourquoi", "Jours de retard", "Ouvert"], rows, numbers=2)


def _cases(played: Played) -> str:
    with played.house.ledger.reading() as connection:
        rows = [
            [
                row.code,
                f"{row.effective_on:%d/%m/%Y}",
                printed(sum(i.open_cents for i in case_items(connection, row.id))),
            ]
            for row in cases_of(connection)
        ]
    return _table(["Dossier", "Ouvert le", "Principal"], rows, numbers=1)
