"""The encoding chain: mark, strict UTF-8, then the page in which the bytes read as French."""

import pytest

from recouvrement.intake.encodings import decoded, detected

TEXT = "Société Générale — relevé n° 12 : prélèvement à échéance, œuvre, 12 €"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_french_text_comes_back_letter_for_letter(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding))[0] == TEXT


@pytest.mark.parametrize("encoding", ["iso8859-15", "cp850", "mac_roman"])
def test_older_pages_are_told_apart(encoding: str) -> None:
    text = "Créance réglée à l'échéance, déjà rapprochée, élève, août, façade"
    assert decoded(text.encode(encoding))[0] == text


def test_one_byte_lost_does_not_turn_a_utf_8_file_into_nonsense() -> None:
    text = "Société Béta à Orléans, réglée, déjà reçue, créée à l'été, " * 5
    data = text.encode()
    spoiled = data[:40] + data[40:].replace("é".encode(), b"\xc3", 1)
    assert detected([spoiled]) == "utf-8"
    assert decoded(spoiled)[0].count("é") == text.count("é") - 1


def test_a_character_cut_between_two_pieces_is_still_utf_8() -> None:
    data = "é".encode()
    assert detected([data[:1], data[1:]]) == "utf-8"
