"""The guides of the credit controller say the same in both languages, and name only what exists."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = ("guide.fr.md", "guide.en.md")
DEPLOYMENTS = {d["name"] for d in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]}
PICTURE = re.compile(r"!\[([^\]]+)\]\((pictures/[\w-]+\.png)\)")


def text(guide: str) -> str:
    return (DOCS / guide).read_text(encoding="utf-8")


def deployments_named(guide: str) -> list[str]:
    """Words in code that look like a deployment: two words joined by a hyphen."""
    return re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text(guide))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_form_it_names_exists(guide: str) -> None:
    named = set(deployments_named(guide))

    assert len(named) > 10
    assert named <= DEPLOYMENTS


@pytest.mark.parametrize("guide", GUIDES)
def test_every_picture_is_there_and_has_words(guide: str) -> None:
    found = PICTURE.findall(text(guide))

    assert len(found) >= 8
    assert all(len(words) > 10 for words, _ in found)
    for _, path in found:
        assert (DOCS / path).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n", path


def test_both_guides_have_the_same_parts_forms_and_pictures() -> None:
    french, english = (text(guide) for guide in GUIDES)

    assert len(re.findall(r"^## ", french, re.MULTILINE)) == len(re.findall(r"^## ", english, re.MULTILINE))
    assert deployments_named(GUIDES[0]) == deployments_named(GUIDES[1])
    assert [path for _, path in PICTURE.findall(french)] == [path for _, path in PICTURE.findall(english)]
