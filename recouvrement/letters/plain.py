"""A message as text/plain: complete by itself, read in any font, by any reader."""

from collections.abc import Iterable, Iterator

from recouvrement.letters.blocks import Block, Facts, Lines, Paragraph, Style, Table


def plain_text(stage: str, blocks: Iterable[Block], colon: str) -> str:
    """Return the whole message as text; a row is one line "first cell: title value · title value"."""
    parts = [stage]
    previous: Block | None = None
    for block in blocks:
        gap = "\n" if _is_item(block) and _is_item(previous) else "\n\n"
        parts.append(gap + "\n".join(_lines(block, colon)))
        previous = block
    return "".join(parts) + "\n"


def _is_item(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and block.style is Style.ITEM


def _lines(block: Block, colon: str) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield ("- " if block.style is Style.ITEM else "") + block.text
    elif isinstance(block, Table):
        yield from _table(block, colon)
    elif isinstance(block, Facts):
        yield f"{block.title}{colon.rstrip()}"
        yield from (f"- {label}{colon}{value}" for label, value in block.pairs)
    elif isinstance(block, Lines):
        yield from block.lines


def _table(table: Table, colon: str) -> Iterator[str]:
    titles = [column.title for column in table.columns]
    yield f"{table.title}{colon.rstrip()}"
    for row in (*table.rows, *([table.total] if table.total else [])):
        cells = [f"{title} {cell}" for title, cell in zip(titles[1:], row[1:], strict=True) if cell]
        yield f"- {row[0]}{colon}{' · '.join(cells)}"
    yield from table.notes
