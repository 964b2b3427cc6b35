"""What banks give: statements with balances as MT940 text, which the control sheet checks, and the head of a table of lines."""

from datetime import date

ACCOUNT = "FR7630006000011234567890189"
HEAD = "line_id,account,booking_date,value_date,amount,currency,label,remittance,counterparty_name,counterparty_iban,end_to_end_id\n"
Line = tuple[date, int, str]  # booking day, cents, label


def mt940(number: int, opening: int, lines: list[Line], *, closing: int | None = None, account: str = ACCOUNT) -> str:
    """One statement; the closing balance is what the lines make of the opening one when not given."""
    first, last = lines[0][0], lines[-1][0]
    end = opening + sum(cents for _, cents, _ in lines) if closing is None else closing
    body = [f":20:R{number}", f":25:{account}", f":28C:{number:05d}/001", f":60F:{_balance(first, opening)}"]
    for on, cents, label in lines:
        body += [f":61:{on:%y%m%d%m%d}{_signed(cents)}NTRFNONREF", f":86:{label}"]
    return "\n".join([*body, f":62F:{_balance(last, end)}", "-", ""])


def _balance(on: date, cents: int) -> str:
    return f"{'D' if cents < 0 else 'C'}{on:%y%m%d}EUR{_amount(cents)}"


def _signed(cents: int) -> str:
    return f"{'D' if cents < 0 else 'C'}{_amount(cents)}"


def _amount(cents: int) -> str:
    return f"{abs(cents) // 100},{abs(cents) % 100:02d}"
