"""One row of a table seen through its mapping: text by field, with the checks that every target shares."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake import values
from recouvrement.intake.mapping import Mapping, plain_heading
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import RecordRefusedError, problem
from recouvrement.intake.tables import Layout

CURRENCIES = {"EUR": "EUR", "": "EUR", "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "$": "USD", "£": "GBP"}
KEPT_WORDS = 1000


class Cells:
    """Takes the mapped fields out of a row; `notes` gathers what is worth saying about the row in hand."""

    def __init__(self, layout: Layout, file: str) -> None:
        self.mapping: Mapping = layout.mapping
        self.file = file
        self.line = 0
        self.notes: list[Problem] = []
        self._names = tuple(layout.placed)
        positions = tuple(layout.placed.values())
        pick = itemgetter(*positions)
        self._pick: Callable[[Sequence[str]], Sequence[str]] = (
            pick if len(positions) > 1 else lambda row: (pick(row),)  # itemgetter of one gives no tuple
        )
        self._constants = dict(self.mapping.constants)
        self._known = frozenset(self._names) | frozenset(self._constants)
        self._row: dict[str, str] = {}
        self._words: dict[tuple[str, str], str] = {}
        self.decimal = self.mapping.decimal
        self.dates = self.mapping.dates

    def knows(self, names: frozenset[str]) -> bool:
        """Whether any of these fields has a column or a constant."""
        return not names.isdisjoint(self._known)

    def turn(self, line: int, row: Sequence[str]) -> None:
        """Look at this row from now on."""
        self.line = line
        self._row = dict(zip(self._names, map(str.strip, self._pick(row)), strict=True))

    def text(self, name: str) -> str:
        """The field without outer spaces, the constant of the mapping where it is empty, or ''."""
        return self._row.get(name) or self._constants.get(name) or ""

    def optional(self, name: str) -> str | None:
        """The same, None when empty."""
        return self.text(name) or None

    def needed(self, name: str, value_class: str) -> str:
        """The same; the record is refused when empty."""
        found = self.text(name)
        if not found:
            raise RecordRefusedError(Reason.MISSING_VALUE, name, value_class, f"{name} is empty")
        return found

    def amount(self, name: str) -> int | None:
        """Cents, None when empty; the record is refused when it is not an amount."""
        found = self.text(name)
        if not found:
            return None
        try:
            return values.amount(found, self.decimal)
        except values.AmbiguousAmountError as error:
            raise RecordRefusedError(Reason.AMBIGUOUS_AMOUNT, name, "amount", f"{name}: {error}") from None
        except ValueError as error:
            raise RecordRefusedError(Reason.INVALID_AMOUNT, name, "amount", f"{name}: {error}") from None

    def day(self, name: str) -> date | None:
        """A date, None when empty; the record is refused when the day does not exist."""
        found = self.text(name)
        if not found:
            return None
        try:
            return values.day(found, self.dates)
        except ValueError as error:
            raise RecordRefusedError(Reason.INVALID_DATE, name, "date", f"{name}: {error}") from None

    def needed_day(self, name: str) -> date:
        """A date; the record is refused when empty or impossible."""
        found = self.day(name)
        if found is None:
            raise RecordRefusedError(Reason.MISSING_VALUE, name, "date", f"{name} is empty")
        return found

    def word(self, name: str, default: str, allowed: frozenset[str]) -> str:
        """A coded word after the mapping's translation; the record is refused when it stays unknown."""
        found = self.text(name)
        if not found:
            return default
        ours = self._words.get((name, found))
        if ours is None:
            plain = plain_heading(found)
            ours = self.mapping.values.get(name, {}).get(plain) or plain.replace(" ", "_")
            if len(self._words) < KEPT_WORDS:
                self._words[name, found] = ours
        if ours not in allowed:
            raise RecordRefusedError(Reason.UNKNOWN_VALUE, name, "code", f"{name} holds a word that is not known")
        return ours

    def currency(self) -> str:
        """ISO 4217 letters, EUR when the table does not say."""
        found = self.text("currency").upper()
        code = CURRENCIES.get(found, found)
        if len(code) != 3 or not code.isalpha() or not code.isascii():
            raise RecordRefusedError(Reason.INVALID_CURRENCY, "currency", "currency", "not a code of ISO 4217")
        return code

    def checked(self, name: str, check: Callable[[str], str | None], reason: Reason, subject: str) -> str | None:
        """The field in its valid form; when it fails its check the record keeps going without it, with a warning."""
        found = self.text(name)
        if not found:
            return None
        valid = check(found)
        if valid is None:
            self.warn(reason, name, f"the {name} fails its check and was left out", subject)
        return valid

    def warn(self, reason: Reason, name: str, message: str, subject: str = "") -> None:
        """Note a problem that lets the record in."""
        self.notes.append(
            problem(
                self.file,
                reason,
                message,
                line=self.line,
                element="row",
                field=name,
                value_class=name,
                severity=Severity.WARNING,
                subject=subject,
            )
        )

    def drained(self) -> Iterator[Problem]:
        """The notes since the last call."""
        notes, self.notes = self.notes, []
        yield from notes
