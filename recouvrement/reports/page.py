"""A report as one page that holds all it needs: sections with a picture and the same figures in a table below it.

Everything that comes from outside is escaped here and nowhere else; the page loads nothing and runs nothing.
"""

import base64
from dataclasses import dataclass
from hashlib import sha256
from html import escape

from recouvrement.reports.charts import data_uri

STYLE = """
:root{color-scheme:light dark;--ink:#23272f;--quiet:#5b6472;--line:#d9d5ca;--paper:#fff;--tile:#f4f2ec;--mark:#8f1d2c}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e1;--quiet:#a9afba;--line:#3a404b;--paper:#16191f;--tile:#20252d;--mark:#ff9d9d}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1060px;padding:28px 24px 60px;background:var(--paper);color:var(--ink);
font:15px/1.5 "Liberation Sans",Arial,Helvetica,sans-serif}
h1{font-size:27px;margin:0 0 2px}h2{font-size:19px;margin:44px 0 4px;padding-top:14px;border-top:1px solid var(--line)}
p{margin:4px 0 14px;color:var(--quiet);max-width:82ch}
nav{margin:18px 0 8px;line-height:2}nav a{margin-right:14px;white-space:nowrap;color:inherit}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px;margin:20px 0}
.tile{background:var(--tile);border-radius:8px;padding:12px 14px}.tile b{display:block;font-size:20px;white-space:nowrap}
.tile span{color:var(--quiet);font-size:13px}
figure{margin:12px 0}figure img{max-width:100%;height:auto;border-radius:8px;display:block}
.wide{overflow-x:auto}
table{border-collapse:collapse;min-width:min(100%,560px);margin:10px 0;font-size:14px}
caption{text-align:left;color:var(--quiet);font-size:13px;padding:4px 0}
th,td{padding:5px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;white-space:nowrap}
td:first-child{min-width:7em}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.warn{color:var(--mark)}
@media print{body{max-width:none}h2{break-after:avoid}figure,tr{break-inside:avoid}nav{display:none}}
"""


SHOWN = str.maketrans("|\n[]`", "/ ()'") | {ord("<"): "&lt;"}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its head, its rows of text, and from which column on figures stand (aligned to the right)."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures_from: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what it means, a picture (SVG) with its text for those who cannot see it, and tables."""

    key: str
    title: str
    told: str
    grids: tuple[Grid, ...] = ()
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: title, what it is about, the key figures (label, figure, remark) and the sections."""

    title: str
    told: str
    tiles: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]


def html_of(report: Report, *, language: str, nothing: str) -> str:
    """The report as one HTML page; `nothing` stands for an empty table."""
    digest = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    tiles = "".join(
        f'<div class="tile"><span>{escape(label)}</span><b>{escape(value)}</b><span>{escape(note)}</span></div>'
        for label, value, note in report.tiles
    )
    links = "".join(f'<a href="#{escape(s.key, quote=True)}">{escape(s.title)}</a> ' for s in report.sections)
    body = "".join(_section(section, nothing) for section in report.sections)
    return (
        f'<!doctype html>\n<html lang="{escape(language, quote=True)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(report.title)}</title><style>{STYLE}</style></head><body>"
        f'<header><h1>{escape(report.title)}</h1><p>{escape(report.told)}</p></header><div class="tiles">{tiles}</div>'
        f"<nav>{links}</nav><main>{body}</main></body></html>\n"
    )


def _section(section: Section, nothing: str) -> str:
    picture = (
        f'<figure><img src="{data_uri(section.picture)}" alt="{escape(section.alt, quote=True)}"></figure>'
        if section.picture
        else ""
    )
    grids = "".join(_grid(grid, nothing) for grid in section.grids)
    return (
        f'<section id="{escape(section.key, quote=True)}"><h2>{escape(section.title)}</h2>'
        f"<p>{escape(section.told)}</p>{picture}{grids}</section>"
    )


def _grid(grid: Grid, nothing: str) -> str:
    if not grid.rows:
        return f"<p>{escape(nothing)}</p>"

    def line(tag: str, cells: tuple[str, ...]) -> str:
        kinds = [' class="n"' if n >= grid.figures_from else "" for n in range(len(cells))]
        told = [f"<{tag}{kind}>{escape(cell)}</{tag}>" for kind, cell in zip(kinds, cells, strict=True)]
        return f"<tr>{''.join(told)}</tr>"

    rows = "".join(line("td", row) for row in grid.rows)
    return f'<div class="wide"><table><thead>{line("th", grid.head)}</thead><tbody>{rows}</tbody></table></div>'


def markdown_of(section: Section, *, nothing: str, most: int = 100) -> str:
    """A section for an artifact of the console: the picture in itself, then its tables."""
    parts = [f"## {_plain(section.title)}", _plain(section.told)]
    if section.picture:
        parts.append(f"![{_plain(section.alt)}]({data_uri(section.picture)})")
    for grid in section.grids:
        if not grid.rows:
            parts.append(nothing)
            continue
        mark = [":---" if n < grid.figures_from else "---:" for n in range(len(grid.head))]
        lines = [grid.head, tuple(mark), *grid.rows[:most]]
        parts.append("\n".join("| " + " | ".join(_plain(cell) for cell in row) + " |" for row in lines))
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    r"""Text that markdown shows as it is.

    >>> _plain("a|b\n[c](d) <e>")
    'a/b (c)(d) &lt;e>'
    """
    return text.translate(SHOWN)
