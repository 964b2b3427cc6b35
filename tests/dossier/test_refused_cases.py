"""What is not sealed: another debtor's data, and a case that contradicts itself."""

from dataclasses import replace

import pytest

from recouvrement.dossier.build import build_dossier
from recouvrement.dossier.types import CaseFile, IncoherentCaseError
from tests.dossier.sample_case import DEBTOR, members_of, other, sample, with_exhibits, words_of

MARKER = "AUTRE-DEBITEUR-7f3a"


def marked_cases() -> dict[str, CaseFile]:
    case = sample()
    stranger = replace(other(MARKER, MARKER.encode(), "text/plain"), owner="01JAUTRE")
    lines = tuple(line.replace(DEBTOR, "01JAUTRE") for line in case.journal_lines[:1])
    return {
        "an exhibit of another debtor": replace(case, exhibits=(*case.exhibits, stranger)),
        "a journal of another debtor": replace(
            case, journal_lines=lines, anchors=(), anchor_salts=(), exhibits=(), events=()
        ),
    }


@pytest.mark.parametrize("name", marked_cases())
def test_data_of_another_debtor_are_refused(name: str) -> None:
    with pytest.raises(IncoherentCaseError) as refused:
        build_dossier(marked_cases()[name])
    assert any("autre débiteur" in reason for reason in refused.value.reasons)
    assert MARKER not in str(refused.value), "the message may reach a log"


def test_a_dossier_made_after_anothers_holds_nothing_of_it() -> None:
    """Compilers and fonts are kept between dossiers; words must not be."""
    case = sample()
    marked = replace(
        case,
        debtor=replace(case.debtor, name=MARKER, representative=MARKER),
        letter_text=(MARKER,),
        events=(replace(case.events[0], what=MARKER),),
    )
    first = members_of(build_dossier(with_exhibits(marked, other(MARKER, MARKER.encode(), "text/plain"))))
    assert MARKER in words_of(first["lecture/combine.pdf"])
    after = build_dossier(case)
    for name, content in [*members_of(after).items(), ("letter.pdf", after.covering_letter)]:
        text = words_of(content) if name.endswith(".pdf") else content.decode("utf-8", "replace")
        assert MARKER not in text, name
        assert MARKER.encode() not in content, name


def contradictory_cases() -> dict[str, tuple[CaseFile, str]]:
    case = sample()
    first, *rest = case.items
    bad_item = replace(first, principal=first.principal + 1)
    segment = replace(first.segments[0], days=30)
    return {
        "total": (replace(case, amounts=replace(case.amounts, penalties=1)), "total penalties"),
        "principal": (replace(case, items=(bad_item, *rest)), "principal 298000, recalculé 297999"),
        "segment": (
            replace(case, items=(replace(first, segments=(segment, *first.segments[1:])), *rest)),
            "30 jours annoncés",
        ),
        "journal": (replace(case, journal_lines=case.journal_lines[1:]), "journal, ligne 1"),
        "anchor": (replace(case, anchors=case.anchors[:2] + case.anchors[3:]), "ancre n° 3"),
        "salt": (
            replace(case, anchor_salts=tuple(replace(s, seq=s.seq - 1) for s in case.anchor_salts)),
            "n'y figure pas",
        ),
        "payload": (
            replace(case, exhibits=tuple(replace(e, payload_salt="0" * 64) for e in case.exhibits)),
            "ne connaît pas ces octets",
        ),
        "chronology": (replace(case, events=(replace(case.events[0], exhibits=("?",)),)), "pièce inconnue"),
        "zone": (replace(case, moment=case.moment.replace(tzinfo=None)), "fuseau"),
        "number": (replace(case, exhibits=(replace(case.exhibits[0], number=4), *case.exhibits[1:])), "n° 4"),
    }


@pytest.mark.parametrize("name", contradictory_cases())
def test_a_case_that_contradicts_itself_is_not_sealed(name: str) -> None:
    case, expected = contradictory_cases()[name]
    with pytest.raises(IncoherentCaseError) as refused:
        build_dossier(case)
    assert any(expected in reason for reason in refused.value.reasons), refused.value.reasons
