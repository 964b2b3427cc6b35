"""The bundled fonts and the characters they draw, read from the `cmap` tables (OpenType 1.9, format 4)."""

import struct
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FONTS = TEMPLATES / "fonts"


def drawn_by_all(folder: Path) -> frozenset[int]:
    """Return the code points that every TrueType font of the folder draws.

    Raises:
        FileNotFoundError: the folder holds no font.
        ValueError: a font has no Windows Unicode BMP table.
    """
    fonts = sorted(folder.glob("*.ttf"))
    if not fonts:
        raise FileNotFoundError(f"no font in {folder}")
    return frozenset.intersection(*(_code_points(font.read_bytes()) for font in fonts))


def _code_points(font: bytes) -> frozenset[int]:
    table = _bmp_table(font)
    double_count = struct.unpack_from(">H", table, 6)[0]
    count = double_count // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + double_count)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 2 * double_count)
    offsets_at = 16 + 3 * double_count
    offsets = struct.unpack_from(f">{count}H", table, offsets_at)
    points: set[int] = set()
    for rank, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for point in range(start, min(end, 0xFFFE) + 1):
            if offset == 0:
                glyph = (point + delta) & 0xFFFF
            else:
                at = offsets_at + 2 * rank + offset + 2 * (point - start)
                raw = struct.unpack_from(">H", table, at)[0]
                glyph = (raw + delta) & 0xFFFF if raw else 0
            if glyph:
                points.add(point)
    return frozenset(points)


def _bmp_table(font: bytes) -> bytes:
    for rank in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, start, length = struct.unpack_from(">4sIII", font, 12 + 16 * rank)
        if tag == b"cmap":
            return _windows_bmp(font[start : start + length])
    raise ValueError("the font has no cmap table")


def _windows_bmp(cmap: bytes) -> bytes:
    for rank in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, start = struct.unpack_from(">HHI", cmap, 4 + 8 * rank)
        if (platform, encoding) == (3, 1) and struct.unpack_from(">H", cmap, start)[0] == 4:
            return cmap[start:]
    raise ValueError("the font has no Windows Unicode BMP table")
