"""The fields that a mapping may fill, per target, and those without which a table is refused."""

# of an invoice: absent from most tables, so that most rows need not look for them
RARER = frozenset(
    [
        "delivery_on",
        "received_on",
        "order_reference",
        "customer_reference",
        "discount",
        "discount_until",
        "preceding_invoice",
        "customer_siren",
        "customer_vat",
    ]
)
FIELDS: dict[str, frozenset[str]] = {
    "customers": frozenset(
        [
            "code",
            "name",
            "kind",
            "siren",
            "siret",
            "vat_number",
            "iban",
            "ibans",
            "email",
            "phone",
            "address",
            "address_1",
            "address_2",
            "address_3",
            "address_4",
            "postcode",
            "city",
            "country",
            "language",
            "region",
            "policy",
            "legal_form",
            "registry",
            "representative",
            "aliases",
        ]
    ),
    "invoices": frozenset(
        [
            "number",
            "kind",
            "customer_code",
            "customer_name",
            "issue_on",
            "due_on",
            "gross",
            "open",
            "paid",
            "currency",
            "status",
            "source_id",
        ]
    )
    | RARER,
    "bank": frozenset(
        [
            "account",
            "booking_on",
            "value_on",
            "amount",
            "debit",
            "credit",
            "direction",
            "currency",
            "label",
            "remittance",
            "counterparty_name",
            "counterparty_iban",
            "end_to_end_id",
            "structured_reference",
            "bank_reference",
            "transaction_code",
            "balance",
            "status",
        ]
    ),
    "history": frozenset({"invoice_number", "step", "done_on", "channel", "proof"}),
    "lifecycle": frozenset({"invoice_number", "status_code", "on", "reason_code", "amount", "currency", "message_id"}),
    "documents": frozenset({"path", "role", "invoice_number", "customer_code", "document_on", "title"}),
    "insolvency": frozenset(
        {
            "notice_id",
            "notice_kind",
            "siren",
            "debtor_name",
            "nature",
            "judgment",
            "judgment_on",
            "published_on",
            "court",
            "family",
        }
    ),
}

# Each group needs one of its fields.
REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "customers": (("code",), ("name",)),
    "invoices": (("number",), ("customer_code",), ("issue_on",), ("due_on",), ("gross", "open")),
    "bank": (("booking_on",), ("amount", "debit", "credit"), ("label",)),
    "history": (("invoice_number",), ("step",), ("done_on",), ("channel",)),
    "lifecycle": (("invoice_number",), ("status_code",)),
    "documents": (("path",), ("role",), ("invoice_number", "customer_code")),
    "insolvency": (("siren",), ("nature", "judgment"), ("published_on",)),
}
