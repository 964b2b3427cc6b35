"""Typst behind one door: data in, frozen PDF bytes out, or a refusal that names what stands in the way."""

from recouvrement.typesetting.characters import presentable, unsupported_characters
from recouvrement.typesetting.fonts import FONTS, TEMPLATES
from recouvrement.typesetting.press import (
    LAYOUTS,
    Attachment,
    LayoutFault,
    UnsupportedCharacters,
    Untypesettable,
    pictures,
    typeset,
)

__all__ = [
    "FONTS",
    "LAYOUTS",
    "TEMPLATES",
    "Attachment",
    "LayoutFault",
    "UnsupportedCharacters",
    "Untypesettable",
    "pictures",
    "presentable",
    "typeset",
    "unsupported_characters",
]
