"""Made-up contacts for a ledger that only plays: real customers never get one."""

from dataclasses import replace
from hashlib import sha256

from recouvrement.domain.records import CustomerRecord


def with_demo_contact(record: CustomerRecord) -> CustomerRecord:
    """Give a customer without one a made-up kind, language, e-mail and address, always the same for the same code."""
    chance = int(sha256(record.code.encode()).hexdigest()[:8], 16)
    return replace(
        record,
        kind=record.kind or ("consumer" if chance % 23 == 0 else "artisan" if chance % 11 == 0 else "business"),
        language=record.language or ("en" if chance % 13 == 0 else "fr"),
        email=record.email or f"compta.{record.code.lower()}@client.example",
        phone=record.phone or f"01 99 00 {chance % 90 + 10} {chance // 90 % 90 + 10}",
        address_lines=record.address_lines or (f"{chance % 98 + 1} rue de l'Exemple",),
        postcode=record.postcode or f"{chance % 95 + 1:02d}000",
        city=record.city or "Villexemple",
    )
