"""Amounts and days: what is written is what is read, to the cent and to the day; the rest is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.intake import values

CENTS = st.integers(min_value=-(10**13), max_value=10**13)


@given(CENTS)
def test_a_french_amount_is_read_to_the_cent(cents: int) -> None:
    whole = f"{abs(cents) // 100:,}".replace(",", "\u202f")
    text = f"{'-' if cents < 0 else ''}{whole},{abs(cents) % 100:02d} €"
    assert values.amount(text, ",") == cents
    assert values.amount(text) == cents


@given(CENTS)
def test_an_english_amount_is_read_to_the_cent(cents: int) -> None:
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    assert values.amount(text, ".") == cents
    assert values.amount(text) == cents


@given(CENTS)
def test_a_plain_amount_is_read_to_the_cent(cents: int) -> None:
    sign = "-" if cents < 0 else ""
    assert values.amount(f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}", ".") == cents
    assert values.amount(f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}", ",") == cents


@given(st.text(max_size=20))
def test_any_text_gives_cents_or_a_value_error(text: str) -> None:
    for decimal in ("auto", ",", "."):
        try:
            found = values.amount(text, decimal)
        except ValueError:
            continue
        assert isinstance(found, int)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "",
        "1,2,3",
        "1.2.3",
        "12..5",
        "1,23.456,7",
        "1 2O0",
        "12 34",
        "1 23,50",
        "١٢",
        "NaN",
        "1e5",
        "--5",
        "0x10",
        "1.005",
        "9" * 40,
    ],
)
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.amount(text)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12,345", "-1.000"])
def test_an_amount_with_two_readings_is_refused_until_the_mapping_says_which(text: str) -> None:
    with pytest.raises(values.AmbiguousAmountError):
        values.amount(text)
    thousands = "," if "." in text else "."
    assert values.amount(text, thousands) == int(text.replace(".", "").replace(",", "")) * 100


@given(st.dates(min_value=date(1960, 1, 1), max_value=date(2059, 12, 31)))
def test_a_day_is_read_in_every_form(day: date) -> None:
    for text in (f"{day}", f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%Y%m%d}", f"{day:%d.%m.%y}", f"{day}T10:00:00"):
        assert values.day(text) == day


@pytest.mark.parametrize(
    "text", ["31/02/2026", "2026-02-30", "00/01/2026", "2026", "yesterday", "12/13/2026", "1/1/20266", ""]
)
def test_a_day_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        values.day(text)


def test_the_form_of_the_mapping_decides_between_day_and_month() -> None:
    assert values.day("03/04/2026") == date(2026, 4, 3)
    assert values.day("03/04/2026", ("MM/DD/YYYY",)) == date(2026, 3, 4)
    with pytest.raises(ValueError):
        values.day("2026-03-04", ("MM/DD/YYYY",))
