"""Opening balance plus movements must be the closing balance, or the file stays out."""

from recouvrement.domain.records import Problem, Severity
from recouvrement.intake.reasons import Reason
from recouvrement.intake.refusals import FileRefusedError, problem


def agreed(opening: int | None, moved: int, closing: int | None) -> bool | None:
    """True or False when both balances are known, else None.

    >>> agreed(100, -30, 70), agreed(100, -30, 71), agreed(None, 5, 5)
    (True, False, None)
    """
    return None if opening is None or closing is None else opening + moved == closing


def refuse_unbalanced(
    opening: int | None, moved: int, closing: int | None, element: str, line: int | None = None
) -> None:
    """FileRefusedError when both balances are known and disagree with the movements."""
    if agreed(opening, moved, closing) is False and opening is not None and closing is not None:
        gap = closing - opening - moved
        raise FileRefusedError(
            Reason.BALANCES_DISAGREE,
            f"opening balance plus movements misses the closing balance by {gap} hundredths",
            line=line,
            element=element,
        )


def no_balance(file: str, element: str) -> Problem:
    """The note that nothing could be checked."""
    message = "no pair of booked balances: completeness could not be checked"
    return problem(file, Reason.NO_BALANCE, message, element=element, severity=Severity.NOTE)
