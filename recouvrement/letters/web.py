"""A message as HTML for mail: one column, real text, inline styles, nothing fetched from elsewhere."""

from collections.abc import Iterable, Iterator
from html import escape

from recouvrement.letters.blocks import Block, Facts, Lines, Paragraph, Style, Table

FONT = "font-family:Arial,'Liberation Sans',Helvetica,sans-serif;color:#1c1c1c"
CELL = "padding:6px 8px;border-bottom:1px solid #8a8a8a;vertical-align:top"


def web_page(subject: str, stage: str, blocks: Iterable[Block], language: str) -> str:
    """Return the page: language, title and one article, 16 px text, tables with headings."""
    body = "\n".join(_pieces(blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language)}" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(subject)}</title>\n</head>\n"
        '<body style="margin:0;padding:0;background:#ffffff">\n'
        f'<div role="article" aria-roledescription="email" aria-label="{escape(subject)}" lang="{escape(language)}" '
        f'style="max-width:640px;margin:0 auto;padding:24px 16px;font-size:16px;line-height:1.5;{FONT}">\n'
        f'<h1 style="font-size:20px;line-height:1.3;margin:0 0 20px 0">{escape(stage)}</h1>\n'
        f"{body}\n</div>\n</body>\n</html>\n"
    )


def _pieces(blocks: Iterable[Block]) -> Iterator[str]:
    items: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.style is Style.ITEM:
            items.append(f'<li style="margin:0 0 6px 0">{_spans(block)}</li>')
            continue
        if items:
            yield _list(items)
            items = []
        yield _block(block)
    if items:
        yield _list(items)


def _list(items: list[str]) -> str:
    return f'<ul style="margin:0 0 16px 0;padding-left:24px">{"".join(items)}</ul>'


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _paragraph(block)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Facts):
        return _facts(block)
    return _lines(block)


def _paragraph(paragraph: Paragraph) -> str:
    if paragraph.style is Style.HEADING:
        return f'<h2 style="font-size:18px;margin:24px 0 8px 0">{_spans(paragraph)}</h2>'
    size = ";font-size:16px;color:#4d4d4d" if paragraph.style is Style.SMALL else ""
    return f'<p style="margin:0 0 16px 0{size}">{_spans(paragraph)}</p>'


def _spans(paragraph: Paragraph) -> str:
    return "".join(f"<strong>{escape(s.text)}</strong>" if s.bold else escape(s.text) for s in paragraph.spans)


def _table(table: Table) -> str:
    """Two columns on any screen: what the row is, with its details below, and its last amount."""
    first, last = table.columns[0].title, table.columns[-1].title
    head = _head(first, "left") + _head(last, "right")
    rows = "".join(f"<tr>{_row(table, row, with_details=True)}</tr>\n" for row in table.rows)
    foot = ""
    if table.total:
        foot = f'<tfoot><tr style="font-weight:bold">{_row(table, table.total, with_details=False)}</tr></tfoot>\n'
    notes = "".join(f'<p style="margin:0 0 16px 0;font-size:16px;color:#4d4d4d">{escape(n)}</p>\n' for n in table.notes)
    return f"{_opening(table.title)}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n{foot}</table>\n{notes}"


def _opening(title: str) -> str:
    return (
        '<table style="border-collapse:collapse;width:100%;font-size:16px;margin:0 0 16px 0">\n'
        f'<caption style="text-align:left;font-weight:bold;padding:0 0 6px 0">{escape(title)}</caption>\n'
    )


def _head(title: str, align: str) -> str:
    return f'<th scope="col" style="{CELL};text-align:{align};background:#f1f1ee">{escape(title)}</th>'


def _row(table: Table, row: tuple[str, ...], *, with_details: bool) -> str:
    details = ""
    if with_details:
        pairs = zip(table.columns[1:-1], row[1:-1], strict=True)
        said = " · ".join(f"{column.title} {cell}" for column, cell in pairs if cell)
        details = f'<br><span style="font-weight:normal;color:#4d4d4d">{escape(said)}</span>' if said else ""
    return (
        f'<th scope="row" style="{CELL};text-align:left;overflow-wrap:anywhere">{escape(row[0])}{details}</th>'
        f'<td style="{CELL};text-align:right;white-space:nowrap">{escape(row[-1])}</td>'
    )


def _facts(facts: Facts) -> str:
    rows = []
    for rank, (label, value) in enumerate(facts.pairs, start=1):
        weight = "bold" if facts.stress_last and rank == len(facts.pairs) else "normal"
        shown = escape(value)
        if value.startswith("https://"):
            shown = f'<a href="{shown}" style="color:#0b4a8f">{shown}</a>'
        side = "text-align:right;white-space:nowrap" if facts.stress_last else "text-align:left;overflow-wrap:anywhere"
        rows.append(
            f'<tr><th scope="row" style="{CELL};text-align:left;font-weight:{weight}">{escape(label)}</th>'
            f'<td style="{CELL};{side};font-weight:{weight}">{shown}</td></tr>\n'
        )
    return f"{_opening(facts.title)}<tbody>\n{''.join(rows)}</tbody></table>"


def _lines(lines: Lines) -> str:
    return f'<p style="margin:0 0 16px 0">{"<br>".join(escape(line) for line in lines.lines)}</p>'
