"""Sizes that a file may have before any parser sees it."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, rows and characters accepted; what streams may be large, what is held in memory may not."""

    document_bytes: int = 20 * MEGABYTE  # XML and PDF documents, JSON
    stream_bytes: int = 1024 * MEGABYTE  # bank files and CSV
    sheet_bytes: int = 50 * MEGABYTE  # Excel and ODS as they lie on disk
    unpacked_bytes: int = 400 * MEGABYTE  # the same once unzipped
    unpacked_ratio: int = 200  # unzipped size over zipped size
    sheet_cells: int = 10_000_000  # the rectangle that the cells of a sheet spread over
    line_characters: int = 1_000_000
    cell_characters: int = 100_000
    record_lines: int = 200  # physical lines that one quoted CSV record may span
    kept_problems: int = 10_000  # further ones are counted, not kept
    lenient_einvoices: bool = False  # True: what a customer might refuse is a warning, not a rejection
