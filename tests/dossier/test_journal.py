"""The journal and its anchors: what is written once cannot change unseen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.domain.journal import (
    GENESIS,
    Broken,
    Intact,
    anchor_sheet,
    append,
    blinded_head,
    digest,
    event_of,
    payload_hash,
    sheet_name,
    verify_chain,
    verify_sheets,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
events = st.lists(
    st.dictionaries(st.text().filter(lambda k: k not in {"chain", "seq"}), json_values, max_size=4),
    min_size=1,
    max_size=8,
)


def chain_of(contents: list[dict[str, object]]) -> list[str]:
    lines: list[str] = []
    for content in contents:
        lines.append(append(lines[-1] if lines else None, {**content, "chain": "D1"}))
    return lines


@given(events)
def test_any_events_make_an_intact_chain_that_gives_them_back(contents: list[dict[str, object]]) -> None:
    lines = chain_of(contents)
    assert verify_chain(lines) == Intact(len(lines), digest(lines[-1]))
    assert [event_of(line) for line in lines] == [{**c, "chain": "D1", "seq": n} for n, c in enumerate(contents, 1)]
    assert all(line.isascii() and line.count("\n") == 1 for line in lines)


@given(events, st.data())
def test_any_single_changed_character_is_found_unless_it_is_in_the_last_line(
    contents: list[dict[str, object]], data: st.DataObject
) -> None:
    lines = chain_of([*contents, {"kind": "last"}])
    at = data.draw(st.integers(0, len(lines) - 2))
    where = data.draw(st.integers(0, len(lines[at]) - 1))
    new = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda c: c != lines[at][where]))
    lines[at] = lines[at][:where] + new + lines[at][where + 1 :]
    verdict = verify_chain(lines)
    assert isinstance(verdict, Broken)
    assert verdict.seq in {at + 1, at + 2}


def test_a_line_removed_added_or_moved_is_found() -> None:
    lines = chain_of([{"kind": str(n)} for n in range(5)])
    assert verify_chain(lines[:2] + lines[3:]) == Broken(3, "the link does not match the line before")
    assert verify_chain([lines[0], *lines]) == Broken(2, "the link does not match the line before")
    assert not verify_chain([lines[1], lines[0], *lines[2:]]).ok
    assert verify_chain(lines[1:]) == Broken(1, "the link does not match the line before")
    assert verify_chain(lines[3:], after=lines[2]) == Intact(5, digest(lines[4]))


def test_a_relinked_line_still_needs_the_right_number_chain_and_writing() -> None:
    first = append(None, {"chain": "D1"})
    link = digest(first)
    assert verify_chain([first, f'{link} {{"chain":"D1","seq":3}}\n']) == Broken(2, "the number does not follow")
    assert verify_chain([first, f'{link} {{"chain":"D2","seq":2}}\n']) == Broken(2, "a line of another chain")
    assert verify_chain([first, f'{link} {{"seq":2,"chain":"D1"}}\n']) == Broken(2, "not the canonical writing")
    assert verify_chain([first, f'{link} {{"chain":"D1","seq":2.0}}\n']) == Broken(2, "not a journal line")


@pytest.mark.parametrize(
    "line", ["", "\n", "x" * 70 + "\n", GENESIS + " []\n", GENESIS + " {}\n", GENESIS + ' {"chain":"D","seq":1}']
)
def test_what_is_not_a_line_is_named_so(line: str) -> None:
    assert verify_chain([line]) == Broken(1, "not a journal line")


def test_an_event_of_another_chain_a_wrong_number_or_a_float_is_refused() -> None:
    first = append(None, {"chain": "D1"})
    with pytest.raises(ValueError, match="chain"):
        append(first, {"chain": "D2"})
    with pytest.raises(ValueError, match="next number of this chain is 2"):
        append(first, {"chain": "D1", "seq": 3})
    with pytest.raises(ValueError, match="chain"):
        append(None, {"kind": "no chain"})
    with pytest.raises(TypeError, match="no float"):
        append(first, {"chain": "D1", "amount": [1.5]})


def test_an_empty_chain_is_intact_and_has_no_head() -> None:
    assert verify_chain([]) == Intact(0, GENESIS)


def test_salts_are_whole_and_lowercase() -> None:
    for salt in ("", "ab", "G" * 64, "A" * 64):
        with pytest.raises(ValueError, match="salt"):
            payload_hash(salt, b"x")
    assert payload_hash("a" * 64, b"x") == digest(b"a" * 64 + b"x")


def test_a_month_of_sheets_holds_and_a_replaced_one_is_found() -> None:
    sheets: list[tuple[str, bytes]] = []
    for n in range(30):
        heads = [blinded_head(digest(f"salt {n} {k}"), digest(f"head {n} {k}")) for k in range(n % 4)]
        sheets.append(
            (sheet_name(date(2026, 1, 1) + timedelta(n)), anchor_sheet(sheets[-1][1] if sheets else None, heads))
        )
    assert verify_sheets(sheets).ok
    assert verify_sheets(sheets[10:20]).ok, "part of the sheets is enough"
    other = anchor_sheet(sheets[11][1], ["f" * 64])
    assert verify_sheets([*sheets[:12], (sheets[12][0], other), *sheets[13:]]) == Broken(
        14, "the sheet does not link to the one before"
    )
    assert verify_sheets([*sheets[:12], *sheets[13:]]) == Broken(13, "the sheet does not link to the one before")
    assert verify_sheets([sheets[1], sheets[0]]) == Broken(2, "sheets out of order")
