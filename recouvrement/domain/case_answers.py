"""What a person may answer about a case: conditions of the routes, and the fields of the drafts that no ledger holds."""

YES_OR_NO = frozenset(
    {
        "creditor_is_trader",
        "debtor_is_trader",
        "goods_under_retention_of_title",
        "guarantor",
        "local_authority",
        "opposition_likely",
        "recovery_threatened",
        "worth_pursuing",
    }
)
"""Conditions of `data/law/routes.toml` that only a person knows; a wrong kind of debtor is corrected in the ledger."""

TEXTS = frozenset(
    {
        "accessory_costs",
        "agency",
        "agency_account",
        "agency_declaration",
        "agency_fee",
        "agency_insurance",
        "agency_payment",
        "agency_reporting",
        "agency_transfer",
        "agent",
        "amicable_steps",
        "authorising_officer",
        "basis",
        "chorus_status",
        "contract_reference",
        "court",
        "court_seised",
        "creditor_birth",
        "credit_limit",
        "delays_accepted",
        "extension",
        "jurisdiction_clause",
        "jurisdiction_ground",
        "l111_8",
        "opposition_court",
        "penal_clause",
        "policy_number",
        "prefect",
        "public_accountant",
        "rebate_accepted",
        "retention_of_title",
        "securities",
        "to_fall_due",
        "transfer_choice",
        "trustee",
        "undisputed",
    }
)
"""Fields of `templates/dossier/routes` that stand as written in the drafts."""

ANSWERS = YES_OR_NO | TEXTS
