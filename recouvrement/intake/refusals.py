"""How a reader stops: a whole file refused, or one record set aside, each with its reason."""

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake.reasons import REMEDIES, Reason


class FileRefusedError(Exception):
    """The file stays out, whole; raised inside readers, turned into a problem by `reading`."""

    def __init__(self, reason: Reason, message: str, *, line: int | None = None, element: str = "file") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.line = line
        self.element = element

    def problem(self, file: str) -> Problem:
        """The same as a record."""
        return problem(
            file, self.reason, self.message, line=self.line, element=self.element, severity=Severity.REJECTED
        )


class RecordRefusedError(Exception):
    """One record stays out; the rest of its file goes in."""

    def __init__(self, reason: Reason, field: str, value_class: str, message: str, subject: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.field = field
        self.value_class = value_class
        self.message = message
        self.subject = subject
        self.severity = Severity.NOTE if reason is Reason.NOT_BOOKED else Severity.SET_ASIDE

    def problem(self, file: str, line: int | None, element: str, subject: str = "") -> Problem:
        """The same as a record."""
        return problem(
            file,
            self.reason,
            self.message,
            line=line,
            element=element,
            field=self.field,
            value_class=self.value_class,
            severity=self.severity,
            subject=self.subject or subject,
        )


def problem(
    file: str,
    reason: Reason,
    message: str,
    *,
    line: int | None = None,
    element: str = "file",
    field: str = "",
    value_class: str = "",
    severity: Severity = Severity.WARNING,
    subject: str = "",
) -> Problem:
    """A problem with the remedy that its reason carries."""
    return Problem(
        file=file,
        line=line,
        element=element,
        field=field,
        value_class=value_class,
        reason=reason.value,
        message=message,
        remedy=REMEDIES[reason],
        severity=severity,
        subject=subject,
    )
