"""Tables read through a mapping: the loop that every target shares."""

from collections.abc import Callable, Iterable, Iterator

from recouvrement.domain.records import BankLineRecord, CustomerRecord, InvoiceRecord, Problem, Record
from recouvrement.intake import bank_rows, customer_rows, invoice_rows, other_rows
from recouvrement.intake.mapping import Mappings
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, RecordRefusedError, problem
from recouvrement.intake.rows import Cells
from recouvrement.intake.source import Source
from recouvrement.intake.tables import Layout, Row, head_rows, layout_of_text, rows

Item = Record | Problem
BUILDERS: dict[str, Callable[[Cells], Record]] = {
    "customers": customer_rows.customer,
    "invoices": invoice_rows.invoice,
    "bank": bank_rows.bank_line,
    "history": other_rows.step,
    "lifecycle": other_rows.lifecycle,
    "documents": other_rows.document,
    "insolvency": other_rows.insolvency,
}


def text_layout(source: Source, mappings: Mappings) -> Layout | None:
    """The layout of a text table, or None when no mapping recognises it."""
    encodings = {entry.encoding for entry in mappings.entries if entry.fits_name(source.name)} - {"auto"}
    encoding = encodings.pop() if len(encodings) == 1 else source.encoding
    return layout_of_text(head_rows(source, encoding), source.name, mappings)


def read_text(source: Source, layout: Layout) -> Iterator[Item]:
    """Records and problems of a CSV file, in its order."""
    encoding = source.encoding if layout.mapping.encoding == "auto" else layout.mapping.encoding
    refuse_missing_columns(layout)
    yield from records(rows(source, layout, encoding), layout, source.name)


def refuse_missing_columns(layout: Layout) -> None:
    """FileRefusedError naming the columns that are needed and absent, with the headings understood."""
    if not layout.missing:
        return
    columns = layout.mapping.columns
    wanted = [
        " or ".join(f"{name} ({', '.join(columns[name][:4])})" if name in columns else name for name in group)
        for group in layout.missing
    ]
    message = f"missing column: {'; '.join(wanted)}"
    raise FileRefusedError(Reason.MISSING_COLUMN, message, line=layout.header_line, element="heading")


def records(table: Iterable[Row | Problem], layout: Layout, file: str) -> Iterator[Item]:
    """Records and problems of numbered rows laid out like this."""
    target = layout.mapping.target
    read = _each(table, layout, file)
    if target == "invoices" and layout.mapping.repeated == "instalments":
        yield from _once(invoice_rows.joined(read), file)  # type: ignore[arg-type]
    elif target in {"invoices", "customers"}:
        yield from _once(read, file)
    elif target == "bank":
        yield from _bank(read, file)
    else:
        yield from read


def _each(table: Iterable[Row | Problem], layout: Layout, file: str) -> Iterator[Item]:
    cells, build = Cells(layout, file), BUILDERS[layout.mapping.target]
    for row in table:
        if isinstance(row, Problem):
            yield row
            continue
        cells.turn(*row)
        try:
            record = build(cells)
        except RecordRefusedError as refusal:
            cells.notes.clear()
            yield refusal.problem(file, row[0], "row")
            continue
        yield record
        if cells.notes:
            yield from cells.drained()


def _once(items: Iterable[Item], file: str) -> Iterator[Item]:
    """Each invoice number and customer code once; later rows of the same are set aside."""
    numbers, codes = invoice_rows.Numbers(), set[str]()
    for item in items:
        try:
            if isinstance(item, InvoiceRecord):
                numbers.refuse_repeated(item)
            elif isinstance(item, CustomerRecord):
                _refuse_repeated_code(item.code, codes)
        except RecordRefusedError as refusal:
            yield refusal.problem(file, getattr(item, "line", None), "row")
        else:
            yield item


def _refuse_repeated_code(code: str, met: set[str]) -> None:
    if code in met:
        text = "this code stands twice in the file"
        raise RecordRefusedError(Reason.DUPLICATE, "code", "customer code", text, code)
    met.add(code)


def _bank(items: Iterator[Item], file: str) -> Iterator[Item]:
    accounts = bank_rows.Accounts()
    for item in bank_rows.in_bank_order(items):  # type: ignore[arg-type]
        if isinstance(item, BankLineRecord):
            accounts.seen(item)
        yield item
    for statement in accounts.statements():
        if not statement.account:
            message = "the lines name no account; they are held until a person says which"
            yield problem(file, Reason.NO_ACCOUNT, message, element="account", field="account", value_class="account")
        yield statement
